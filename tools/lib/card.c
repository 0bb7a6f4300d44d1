// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the choice between the two services that know the SIM, and DMS's part of it. */
#include <errno.h>
#include <string.h>

#include "card.h"
#include "dms.h"
#include "pin-value.h"
#include "qmi-tlv.h"

#define UIM_SET_PIN_PROTECTION	0x0027	/* messages of DMS */
#define UIM_VERIFY_PIN		0x0028
#define UIM_UNBLOCK_PIN		0x0029
#define UIM_CHANGE_PIN		0x002a
#define UIM_GET_PIN_STATUS	0x002b
#define UIM_GET_ICCID		0x003c
#define UIM_GET_IMSI		0x0043
#define UIM_GET_STATE		0x0044

#define STATE_READY		0x00
#define STATE_ABSENT		0x02

/* The modem has no such service or message, or does not mean by it what we do */
static bool is_unknown(int err)
{
	return err == -EOPNOTSUPP || err == -EBADMSG;
}

static void unknown_sim(struct uim_sim *ret, enum uim_sim_state state)
{
	*ret = (struct uim_sim) {
		.state = state,
		.app_type = -1,
		.pin_state = -1,
		.pin_tries = UIM_TRIES_UNKNOWN,
		.puk_tries = UIM_TRIES_UNKNOWN,
	};
}

int card_pin_status_parse(QmiMessage *answer, struct uim_sim *ret)
{
	static const uint8_t states[] = {
		UIM_SIM_INITIALIZING,	/* not initialised */
		UIM_SIM_PIN,		/* not verified */
		UIM_SIM_READY,		/* verified */
		UIM_SIM_READY,		/* disabled */
		UIM_SIM_PUK,		/* blocked */
		UIM_SIM_BLOCKED,	/* for good */
		UIM_SIM_READY,		/* unblocked */
		UIM_SIM_READY,		/* changed */
	};
	uint8_t state, tries, puk_tries;
	struct tlv tlv;

	tlv_find(answer, 0x11, &tlv);
	state = tlv_u8(&tlv);
	tries = tlv_u8(&tlv);
	puk_tries = tlv_u8(&tlv);
	if (tlv.bad)
		return -EBADMSG;
	unknown_sim(ret, state < G_N_ELEMENTS(states) ? states[state] :
							UIM_SIM_INITIALIZING);
	/* UIM has no states for the last two, of an enabled PIN that was right */
	ret->pin_state = state > UIM_PIN_BLOCKED_FOR_GOOD ? UIM_PIN_VERIFIED : state;
	ret->pin_tries = pin_sane_tries(tries);
	ret->puk_tries = pin_sane_tries(puk_tries);
	return 0;
}

static int ask_dms(const struct card *card, uint16_t msgid, QmiMessage **ret_answer,
		   struct m2m_error *error)
{
	return m2m_client_call(card->dms, qmi_request(QMI_DMS, msgid), QMI_TIMEOUT_MS,
			       ret_answer, error);
}

/* Where there is no status of a PIN there may be no card, or no such message either */
static int dms_state_get(const struct card *card, int why, struct uim_sim *ret,
			 struct m2m_error *error)
{
	struct m2m_error ignored;
	QmiMessage *answer;
	uint8_t state;
	int err;

	err = ask_dms(card, UIM_GET_STATE, &answer, &ignored);
	if (!err && !tlv_get_u8(answer, 0x01, &state))
		err = -EBADMSG;
	g_clear_pointer(&answer, qmi_message_unref);
	if (!err)
		unknown_sim(ret, state == STATE_ABSENT ? UIM_SIM_ABSENT :
				 state == STATE_READY ? UIM_SIM_READY :
							UIM_SIM_INITIALIZING);
	else if (is_unknown(err) && is_unknown(why))
		/* the network will say what it thinks of the card */
		unknown_sim(ret, UIM_SIM_READY);
	else
		return is_unknown(err) ? why : m2m_error_copy(error, &ignored);
	return 0;
}

static int dms_sim_get(const struct card *card, struct uim_sim *ret,
		       struct m2m_error *error)
{
	QmiMessage *answer;
	int err;

	err = ask_dms(card, UIM_GET_PIN_STATUS, &answer, error);
	if (!err)
		err = card_pin_status_parse(answer, ret);
	g_clear_pointer(&answer, qmi_message_unref);
	if (!err || err == -ETIMEDOUT || err == -EINTR || err == -ENODEV)
		return err;
	return dms_state_get(card, err, ret, error);
}

int card_sim_get(const struct card *card, struct uim_sim *ret, uint8_t *ret_slot,
		 struct m2m_error *error)
{
	struct uim_status status;
	int err = -EOPNOTSUPP;

	if (card->uim)
		err = uim_status_get(card->uim, &status, error);
	if (is_unknown(err) && card->dms) {
		err = dms_sim_get(card, ret, error);
		if (!err)
			*ret_slot = 0;
		return err;
	}
	if (err)
		return err;
	uim_sim_of(&status, ret);
	*ret_slot = status.empty ? 0 : uim_slot_of(&status);
	return 0;
}

/* A number that firmware may have padded */
static int dms_digits_get(const struct card *card, uint16_t msgid, char *ret, size_t size,
			  struct m2m_error *error)
{
	char text[32] = "";
	QmiMessage *answer;
	int err;

	err = ask_dms(card, msgid, &answer, error);
	if (!err) {
		tlv_get_string(answer, 0x01, text, sizeof(text));
		text[strspn(text, "0123456789")] = '\0';
		if (text[0])
			g_strlcpy(ret, text, size);
		else
			err = m2m_error_set(error, -EBADMSG,
					    "the SIM's number is malformed");
	}
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

int card_iccid_get(const struct card *card, char *ret, size_t size,
		   struct m2m_error *error)
{
	int err = -EOPNOTSUPP;

	if (card->uim)
		err = uim_iccid_get(card->uim, ret, size, error);
	return is_unknown(err) ? dms_digits_get(card, UIM_GET_ICCID, ret, size, error) :
				 err;
}

int card_imsi_get(const struct card *card, char *ret, size_t size,
		  struct m2m_error *error)
{
	int err = -EOPNOTSUPP;

	if (card->uim)
		err = uim_imsi_get(card->uim, ret, size, error);
	return is_unknown(err) ? dms_digits_get(card, UIM_GET_IMSI, ret, size, error) :
				 err;
}

/* --- PINs ------------------------------------------------------------------- */

/* One that was refused as unknown was not shown to the card */
static bool is_for_dms(const struct card *card, int err)
{
	return err == -EOPNOTSUPP && card->dms;
}

int card_pin_verify(const struct card *card, const char *pin, int *ret_tries,
		    struct m2m_error *error)
{
	struct pin_value value = { .bytes = { PIN1 }, .len = 1 };
	struct uim_tries tries;
	int err = -EOPNOTSUPP;

	if (card->uim)
		err = uim_pin_verify(card->uim, pin, ret_tries, error);
	if (!is_for_dms(card, err))
		return err;
	pin_value_add(&value, pin);
	err = pin_value_call(card->dms, qmi_request(QMI_DMS, UIM_VERIFY_PIN), 0x01, &value,
			     &tries, error);
	*ret_tries = tries.pin;
	return err;
}

int card_pin_protect(const struct card *card, const char *pin, bool on,
		     struct uim_tries *ret_tries, struct m2m_error *error)
{
	struct pin_value value = { .bytes = { PIN1, on }, .len = 2 };
	int err = -EOPNOTSUPP;

	if (card->uim)
		err = uim_pin_protect(card->uim, pin, on, ret_tries, error);
	if (!is_for_dms(card, err))
		return err;
	pin_value_add(&value, pin);
	return pin_value_call(card->dms, qmi_request(QMI_DMS, UIM_SET_PIN_PROTECTION), 0x01, &value,
			      ret_tries, error);
}

int card_pin_change(const struct card *card, const char *pin, const char *new_pin,
		    struct uim_tries *ret_tries, struct m2m_error *error)
{
	struct pin_value value = { .bytes = { PIN1 }, .len = 1 };
	int err = -EOPNOTSUPP;

	if (card->uim)
		err = uim_pin_change(card->uim, pin, new_pin, ret_tries, error);
	if (!is_for_dms(card, err))
		return err;
	pin_value_add(&value, pin);
	pin_value_add(&value, new_pin);
	return pin_value_call(card->dms, qmi_request(QMI_DMS, UIM_CHANGE_PIN), 0x01, &value,
			      ret_tries, error);
}

int card_pin_unblock(const struct card *card, const char *puk, const char *new_pin,
		     struct uim_tries *ret_tries, struct m2m_error *error)
{
	struct pin_value value = { .bytes = { PIN1 }, .len = 1 };
	int err = -EOPNOTSUPP;

	if (card->uim)
		err = uim_pin_unblock(card->uim, puk, new_pin, ret_tries, error);
	if (!is_for_dms(card, err))
		return err;
	pin_value_add(&value, puk);
	pin_value_add(&value, new_pin);
	return pin_value_call(card->dms, qmi_request(QMI_DMS, UIM_UNBLOCK_PIN), 0x01, &value,
			      ret_tries, error);
}
