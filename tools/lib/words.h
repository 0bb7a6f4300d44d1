/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words for numbers: the one table of every enum that people and scripts see. */
#ifndef M2M_WORDS_H
#define M2M_WORDS_H

enum word_table {
	WORD_PORT_STATE,	/* enum m2m_wwan_state */
	WORD_EVENT,		/* enum m2m_wwan_event */
	WORD_OWNER,		/* enum m2m_wwan_owner */
	WORD_LINK_LAYER,
	WORD_AGGREGATION,
	WORD_SERVICE,
	WORD_QMI_ERROR,
	WORD_OPERATING_MODE,
	WORD_CARD_STATE,
	WORD_CARD_ERROR,
	WORD_APP_TYPE,
	WORD_APP_STATE,
	WORD_PIN_STATE,
	WORD_REGISTRATION,
	WORD_ATTACH,
	WORD_RADIO,
	WORD_SERVICE_STATUS,
	WORD_REJECT_CAUSE,
	WORD_DOMAIN,
	WORD_ROAMING,
	WORD_ACTIVE_BAND,
	WORD_CALL_STATUS,
	WORD_PDP_TYPE,
	WORD_AUTH,
	WORD_PROFILE_ERROR,
	WORD_QUALITY,		/* enum nas_quality */
	WORD_SMS_STORAGE,
	WORD_SMS_STATE,
	WORD_SMS_DELIVERY,	/* enum sms_delivery */
	WORD_RP_CAUSE,
	WORD_END_TYPE,
};

/* Long enough for every word of the tables */
struct word {
	char s[96];
};

/**
 * word() - the word of a value
 * @table: which enum
 * @value: the number
 *
 * Return: the word, "unknown-<number>" if the table has none. A value, so that
 * word(...).s may stand in an argument list.
 */
struct word word(enum word_table table, int value);

/* word_end_reason() - a verbose call end reason of a type, without the type */
struct word word_end_reason(int type, int reason);

/* word_value() - the number of a word, -ENOENT if the table has no such word */
int word_value(enum word_table table, const char *word);

#endif /* M2M_WORDS_H */
