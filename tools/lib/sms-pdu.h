/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Short messages as modems keep them: PDUs taken apart and made. */
#ifndef M2M_SMS_PDU_H
#define M2M_SMS_PDU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "sms-text.h"

/* Pure; 3GPP TS 23.040. A PDU is the service centre's address and a TPDU. */

#define SMS_PDU_MAX	176
#define SMS_UNITS_MAX	160	/* of one message: septets; 140 octets */
#define SMS_NUMBER_MAX	40	/* 20 digits, or 11 characters of UTF-8 */
#define SMS_PARTS_MAX	32	/* that we send */
#define SMS_JOINED_MAX	255	/* that others may */

enum sms_kind {
	SMS_DELIVER,		/* came from the network */
	SMS_SUBMIT,		/* goes there */
	SMS_REPORT,		/* what became of one that went */
};

struct sms_time {
	bool known;
	int64_t unix_s;
};

struct sms_pdu {
	enum sms_kind kind;
	char smsc[SMS_NUMBER_MAX];	/* "" if none is named */
	char number[SMS_NUMBER_MAX];	/* sender or recipient; "+" before an international one */
	struct sms_time time;		/* the service centre's */
	struct sms_time discharge;	/* of a report */
	uint8_t reference;		/* that a report and what it is about share */
	uint8_t status;			/* of a report: sms_delivery() */
	int class;			/* 0 to 3, -1: none */
	enum sms_encoding encoding;
	bool is_part;
	uint16_t group;			/* that the parts share */
	uint8_t n_parts, part;		/* part counts from 1 */
	uint8_t units[SMS_UNITS_MAX];
	size_t n_units;
};

/**
 * sms_pdu_parse() - take a PDU of a store apart
 * @pdu: bytes nobody has looked at
 * @len: how many; more than the message needs is padding
 * @ret: filled on success
 *
 * Return: 0, or -EBADMSG for one that promises more than it has.
 */
int sms_pdu_parse(const uint8_t *pdu, size_t len, struct sms_pdu *ret);

/* sms_tpdu_parse() - the same of a TPDU alone, as a modem hands it over */
int sms_tpdu_parse(const uint8_t *tpdu, size_t len, struct sms_pdu *ret);

/* What a report says */
enum sms_delivery {
	SMS_DELIVERED,
	SMS_FORWARDED,		/* and not known whether it arrived */
	SMS_REPLACED,
	SMS_TRYING,
	SMS_FAILED,
};

enum sms_delivery sms_delivery(uint8_t status);

/* sms_is_same() - whether both are parts of one message */
bool sms_is_same(const struct sms_pdu *a, const struct sms_pdu *b);

/**
 * sms_join() - the text of a message
 * @parts: by number; NULL for one that is missing; all of one encoding
 * @n: how many
 *
 * Return: the text for free(), with U+2026 for what is missing; NULL if it is not text,
 * or is in an alphabet we have not.
 */
char *sms_join(const struct sms_pdu * const *parts, size_t n);

/* sms_number_is_valid() - "+" if it is an international one, and 1 to 20 digits */
bool sms_number_is_valid(const char *number);

/* A text, cut into parts */
struct sms_plan {
	enum sms_encoding encoding;
	unsigned int n;			/* parts */
	size_t start[SMS_PARTS_MAX + 1];	/* where each begins, and the end */
	uint8_t units[SMS_PARTS_MAX * SMS_UNITS_MAX];
};

/**
 * sms_plan() - cut a text into as few parts as it needs
 * @text: UTF-8, not empty
 * @want: SMS_GSM7 or SMS_UCS2, or -1 for the shorter that has all its characters
 * @ret: filled on success
 * @error: -EINVAL with what is wrong with the text
 */
int sms_plan(const char *text, int want, struct sms_plan *ret, struct m2m_error *error);

/* How a message is sent */
struct sms_submit {
	const char *number;	/* valid */
	uint8_t group;		/* of the parts */
	bool report;		/* the network is to tell what became of it */
};

/**
 * sms_submit() - the PDU of one part, for the card's own service centre
 * @plan: the text
 * @part: from 0
 * @how: to whom
 * @ret: filled
 *
 * Return: its length.
 */
size_t sms_submit(const struct sms_plan *plan, unsigned int part,
		  const struct sms_submit *how, uint8_t ret[SMS_PDU_MAX]);

#endif /* M2M_SMS_PDU_H */
