// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the requests of the SIM service and what its long answers mean. */
#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "pin-value.h"
#include "qmi-tlv.h"
#include "sms-text.h"
#include "uim.h"

#define READ_TRANSPARENT	0x0020
#define SET_PIN_PROTECTION	0x0025
#define VERIFY_PIN		0x0026
#define UNBLOCK_PIN		0x0027
#define CHANGE_PIN		0x0028
#define REGISTER_EVENTS		0x002e
#define GET_CARD_STATUS		0x002f
#define POWER_OFF		0x0030
#define POWER_ON		0x0031
#define SWITCH_SLOT		0x0046
#define GET_SLOT_STATUS		0x0047

#define EVENT_CARD_STATUS	0x01
#define EVENT_SLOT_STATUS	0x10

#define EF_ICCID		0x2fe2
#define EF_IMSI			0x6f07
#define EF_GID1			0x6f3e
#define EF_SPN			0x6f46
#define EF_AD			0x6fad
/* A name of the service provider, and how one begins that is in UCS-2 */
#define SPN_MAX			16
#define SPN_UCS2		0x80
/* Unknown, in progress, ready; above are codes that somebody has to give */
#define PERSO_READY		2
/* No card gives more; a modem that says so says nonsense */

/* --- parsing ---------------------------------------------------------------- */

static void parse_app(struct tlv *tlv, struct uim_app *ret)
{
	ret->type = tlv_u8(tlv);
	ret->state = tlv_u8(tlv);
	ret->perso_state = tlv_u8(tlv);
	tlv_bytes(tlv, 3);		/* feature, tries, unblock tries */
	tlv_bytes(tlv, tlv_u8(tlv));	/* AID */
	ret->upin_replaces_pin1 = tlv_u8(tlv);
	ret->pin1.state = tlv_u8(tlv);
	ret->pin1.tries = tlv_u8(tlv);
	ret->pin1.puk_tries = tlv_u8(tlv);
	tlv_bytes(tlv, 3);		/* PIN2 */
}

static void parse_card(struct tlv *tlv, struct uim_card *ret)
{
	struct uim_app spare;
	unsigned int n;

	ret->state = tlv_u8(tlv);
	ret->upin.state = tlv_u8(tlv);
	ret->upin.tries = tlv_u8(tlv);
	ret->upin.puk_tries = tlv_u8(tlv);
	ret->error = tlv_u8(tlv);
	ret->n_apps = 0;
	for (n = tlv_u8(tlv); n && !tlv->bad; n--)
		parse_app(tlv, ret->n_apps < UIM_APPS_MAX ?
			  &ret->apps[ret->n_apps++] : &spare);
}

int uim_status_parse(QmiMessage *message, struct uim_status *ret)
{
	struct uim_card spare;
	struct tlv tlv;
	unsigned int n;

	memset(ret, 0, sizeof(*ret));
	ret->empty = !tlv_find(message, 0x10, &tlv);
	if (ret->empty)
		return 0;
	ret->primary = tlv_u16(&tlv);
	tlv_bytes(&tlv, 3 * 2);		/* 1X and the secondary ones */
	for (n = tlv_u8(&tlv); n && !tlv.bad; n--)
		parse_card(&tlv, ret->n_cards < UIM_CARDS_MAX ?
			   &ret->cards[ret->n_cards++] : &spare);
	return tlv.bad ? -EBADMSG : 0;
}

/* Swapped nibbles up to the filling; nothing if one is above @max */
static void nibbles(const uint8_t *bytes, size_t len, uint8_t max, char *ret,
		    size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < 2 * len && n < size - 1; i++) {
		uint8_t digit = i & 1 ? bytes[i / 2] >> 4 : bytes[i / 2] & 0xf;

		if (digit == 0xf)
			break;
		if (digit > max) {
			n = 0;
			break;
		}
		ret[n++] = "0123456789ABCDE"[digit];
	}
	ret[n] = '\0';
}

void uim_bcd(const uint8_t *bytes, size_t len, char *ret, size_t size)
{
	nibbles(bytes, len, 9, ret, size);
}

void uim_iccid(const uint8_t *bytes, size_t len, char *ret, size_t size)
{
	nibbles(bytes, len, 0xe, ret, size);
}

static void parse_slot(struct tlv *tlv, struct uim_slot *ret)
{
	const uint8_t *iccid;
	uint8_t len;

	ret->present = tlv_u32(tlv) == 2;
	ret->active = tlv_u32(tlv) == 1;
	ret->logical = tlv_u8(tlv);
	len = tlv_u8(tlv);
	iccid = tlv_bytes(tlv, len);
	ret->iccid[0] = '\0';
	if (iccid)
		uim_iccid(iccid, len, ret->iccid, sizeof(ret->iccid));
}

static void parse_eid(struct tlv *tlv, struct uim_slot *ret)
{
	uint8_t len = tlv_u8(tlv);
	const uint8_t *eid = tlv_bytes(tlv, len);
	size_t n = 0;

	/* not swapped, as EUICC-ID is */
	for (size_t i = 0; eid && i < len && n + 2 < sizeof(ret->eid); i++) {
		ret->eid[n++] = '0' + (eid[i] >> 4) % 10;
		ret->eid[n++] = '0' + (eid[i] & 0xf) % 10;
	}
	ret->eid[n] = '\0';
}

int uim_slots_parse(QmiMessage *message, struct uim_slots *ret)
{
	struct uim_slot spare;
	struct tlv tlv, eids;
	unsigned int n;

	memset(ret, 0, sizeof(*ret));
	tlv_find(message, 0x10, &tlv);
	for (n = tlv_u8(&tlv); n && !tlv.bad; n--)
		parse_slot(&tlv, ret->n < UIM_SLOTS_MAX ?
			   &ret->slots[ret->n++] : &spare);
	if (tlv.bad)
		return -EBADMSG;
	tlv_find(message, 0x12, &eids);
	n = tlv_u8(&eids);
	for (unsigned int i = 0; i < n && i < ret->n && !eids.bad; i++)
		parse_eid(&eids, &ret->slots[i]);
	return 0;
}

/* --- meaning ---------------------------------------------------------------- */

static const struct uim_app *primary_app(const struct uim_status *status,
					 const struct uim_card **ret_card)
{
	unsigned int card = status->primary >> 8;
	unsigned int app = status->primary & 0xff;

	*ret_card = NULL;
	if (status->primary != UIM_INDEX_NONE && card < status->n_cards) {
		*ret_card = &status->cards[card];
		return app < (*ret_card)->n_apps ? &(*ret_card)->apps[app] :
						   NULL;
	}
	/* no session yet: the first card that is not absent counts */
	for (card = 0; card < status->n_cards; card++) {
		if (status->cards[card].state == UIM_CARD_ABSENT)
			continue;
		*ret_card = &status->cards[card];
		return NULL;
	}
	if (status->n_cards)
		*ret_card = &status->cards[0];
	return NULL;
}

static enum uim_sim_state app_meaning(const struct uim_app *app,
				      const struct uim_pin *pin)
{
	switch (app->state) {
	case UIM_APP_PIN:
		return UIM_SIM_PIN;
	case UIM_APP_PUK:
		return pin->puk_tries ? UIM_SIM_PUK : UIM_SIM_BLOCKED;
	case UIM_APP_PERSO:
		/* between PIN and ready the personalisation is just checked */
		return app->perso_state <= PERSO_READY ? UIM_SIM_INITIALIZING :
							 UIM_SIM_PERSO;
	case UIM_APP_BLOCKED:
		return UIM_SIM_BLOCKED;
	case UIM_APP_ILLEGAL:
		return UIM_SIM_ILLEGAL;
	case UIM_APP_READY:
		return UIM_SIM_READY;
	default:
		return UIM_SIM_INITIALIZING;
	}
}

void uim_sim_of(const struct uim_status *status, struct uim_sim *ret)
{
	const struct uim_card *card;
	const struct uim_app *app;
	const struct uim_pin *pin;

	*ret = (struct uim_sim) {
		.state = UIM_SIM_INITIALIZING,
		.app_type = -1,
		.pin_state = -1,
		.pin_tries = UIM_TRIES_UNKNOWN,
		.puk_tries = UIM_TRIES_UNKNOWN,
	};
	if (status->empty)
		ret->state = UIM_SIM_ABSENT;
	app = primary_app(status, &card);
	if (!card)
		return;
	ret->card_error = card->error;
	if (card->state != UIM_CARD_PRESENT) {
		ret->state = card->state == UIM_CARD_ABSENT ? UIM_SIM_ABSENT :
							      UIM_SIM_ERROR;
		return;
	}
	if (!app)
		return;
	pin = app->upin_replaces_pin1 ? &card->upin : &app->pin1;
	ret->state = app_meaning(app, pin);
	ret->app_type = app->type;
	ret->pin_state = pin->state;
	ret->pin_tries = pin_sane_tries(pin->tries);
	ret->puk_tries = pin_sane_tries(pin->puk_tries);
}

const char *uim_sim_word(enum uim_sim_state state)
{
	static const char * const words[] = {
		[UIM_SIM_INITIALIZING] = "initializing",
		[UIM_SIM_ABSENT] = "absent",
		[UIM_SIM_ERROR] = "error",
		[UIM_SIM_PIN] = "pin-required",
		[UIM_SIM_PUK] = "puk-required",
		[UIM_SIM_BLOCKED] = "blocked",
		[UIM_SIM_PERSO] = "network-locked",
		[UIM_SIM_ILLEGAL] = "illegal",
		[UIM_SIM_READY] = "ready",
	};

	return words[state];
}

/* --- requests --------------------------------------------------------------- */

int uim_status_get(struct m2m_client *uim, struct uim_status *ret,
		   struct m2m_error *error)
{
	QmiMessage *answer;
	int err;

	err = m2m_client_call(uim, qmi_request(QMI_UIM, GET_CARD_STATUS),
			      QMI_TIMEOUT_MS, &answer, error);
	if (!err && uim_status_parse(answer, ret))
		err = m2m_error_set(error, -EBADMSG,
				    "the modem's card status is malformed");
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

int uim_slots_get(struct m2m_client *uim, struct uim_slots *ret,
		  struct m2m_error *error)
{
	QmiMessage *answer;
	int err;

	err = m2m_client_call(uim, qmi_request(QMI_UIM, GET_SLOT_STATUS),
			      QMI_TIMEOUT_MS, &answer, error);
	if (!err && uim_slots_parse(answer, ret))
		err = m2m_error_set(error, -EBADMSG,
				    "the modem's slot status is malformed");
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

int uim_indications_on(struct m2m_client *uim, struct m2m_error *error)
{
	static const uint32_t masks[] = {
		EVENT_CARD_STATUS | EVENT_SLOT_STATUS,
		EVENT_CARD_STATUS,	/* firmware older than slots */
	};
	QmiMessage *request;
	int err = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(masks); i++) {
		request = qmi_request(QMI_UIM, REGISTER_EVENTS);
		tlv_put_u32(request, 0x01, masks[i]);
		err = m2m_client_call(uim, request, QMI_TIMEOUT_MS, NULL, error);
		if (!err || !error->qmi)
			break;
	}
	return err;
}

/* Session TLV: primary provisioning session, whose AID is empty */
static void put_session(QmiMessage *request)
{
	static const uint8_t session[] = { 0, 0 };

	tlv_put(request, 0x01, session, sizeof(session));
}

/* A transparent file; path are the directories above it, little endian */
static int read_file(struct m2m_client *uim, uint16_t file,
		     const uint8_t *path, uint8_t path_len,
		     QmiMessage **ret_answer, struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_UIM, READ_TRANSPARENT);
	static const uint8_t whole[4] = { 0 };
	uint8_t id[16] = { file & 0xff, file >> 8, path_len };

	memcpy(id + 3, path, path_len);
	put_session(request);
	tlv_put(request, 0x02, id, 3u + path_len);
	tlv_put(request, 0x03, whole, sizeof(whole));
	return m2m_client_call(uim, request, QMI_TIMEOUT_MS, ret_answer, error);
}

/* Contents of Read Transparent's answer */
static const uint8_t *file_contents(QmiMessage *answer, size_t *ret_len)
{
	struct tlv tlv;

	tlv_find(answer, 0x11, &tlv);
	*ret_len = tlv_u16(&tlv);
	return tlv_bytes(&tlv, *ret_len);
}

int uim_iccid_get(struct m2m_client *uim, char *ret, size_t size,
		  struct m2m_error *error)
{
	static const uint8_t path[] = { 0x00, 0x3f };
	const uint8_t *bytes;
	QmiMessage *answer;
	size_t len;
	int err;

	err = read_file(uim, EF_ICCID, path, sizeof(path), &answer, error);
	if (!err) {
		bytes = file_contents(answer, &len);
		*ret = '\0';
		if (bytes)
			uim_iccid(bytes, len, ret, size);
		if (!*ret)
			err = m2m_error_set(error, -EBADMSG,
					    "the SIM's ICCID is malformed");
	}
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

/* The application's directory */
static const uint8_t adf[] = { 0x00, 0x3f, 0xff, 0x7f };

int uim_imsi_get(struct m2m_client *uim, char *ret, size_t size,
		 struct m2m_error *error)
{
	char digits[24] = "";
	const uint8_t *bytes;
	QmiMessage *answer;
	size_t len;
	int err;

	err = read_file(uim, EF_IMSI, adf, sizeof(adf), &answer, error);
	if (!err) {
		/* length, then a parity nibble before the first digit */
		bytes = file_contents(answer, &len);
		if (bytes && len > 1 && bytes[0] && bytes[0] < len)
			uim_bcd(bytes + 1, bytes[0], digits, sizeof(digits));
		if (strlen(digits) > 1)
			g_strlcpy(ret, digits + 1, size);
		else
			err = m2m_error_set(error, -EBADMSG,
					    "the SIM's IMSI is malformed");
	}
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

void uim_spn(const uint8_t *bytes, size_t len, char *ret, size_t size)
{
	enum sms_encoding encoding = SMS_GSM7;
	char text[SMS_TEXT_MAX(SPN_MAX)] = "";
	size_t n = 0;

	/* whether to show it, then the name, filled up with FF */
	if (len && len <= 1 + SPN_MAX) {
		bytes++;
		len--;
		if (len && *bytes == SPN_UCS2) {
			encoding = SMS_UCS2;
			bytes++;
			len = (len - 1) & ~1u;
		}
		if (encoding == SMS_UCS2)
			while (n < len && (bytes[n] != 0xff || bytes[n + 1] != 0xff))
				n += 2;
		else
			while (n < len && !(bytes[n] & 0x80))
				n++;
		sms_text(bytes, n, encoding, text);
	}
	g_strlcpy(ret, g_strstrip(text), size);
}

int uim_spn_get(struct m2m_client *uim, char *ret, size_t size, struct m2m_error *error)
{
	const uint8_t *bytes;
	QmiMessage *answer;
	size_t len;
	int err;

	err = read_file(uim, EF_SPN, adf, sizeof(adf), &answer, error);
	if (!err) {
		*ret = '\0';
		bytes = file_contents(answer, &len);
		if (bytes)
			uim_spn(bytes, len, ret, size);
		if (!*ret)
			err = m2m_error_set(error, -EBADMSG,
					    "the SIM names no service provider");
	}
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

int uim_gid1_get(struct m2m_client *uim, char *ret, size_t size, struct m2m_error *error)
{
	const uint8_t *bytes;
	QmiMessage *answer;
	size_t len;
	int err;

	err = read_file(uim, EF_GID1, adf, sizeof(adf), &answer, error);
	if (!err) {
		bytes = file_contents(answer, &len);
		while (bytes && len && bytes[len - 1] == 0xff)
			len--;
		if (!bytes || !len || 2 * len >= size)
			err = m2m_error_set(error, -EBADMSG, "the SIM names no group");
		for (size_t i = 0; i < len && !err; i++)
			snprintf(ret + 2 * i, 3, "%02x", bytes[i]);
	}
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

int uim_mnc_len_get(struct m2m_client *uim, unsigned int *ret_len,
		    struct m2m_error *error)
{
	const uint8_t *bytes;
	QmiMessage *answer;
	size_t len;
	int err;

	err = read_file(uim, EF_AD, adf, sizeof(adf), &answer, error);
	if (!err) {
		bytes = file_contents(answer, &len);
		/* old cards do not have the byte */
		if (bytes && len >= 4 && ((bytes[3] & 0xf) == 2 || (bytes[3] & 0xf) == 3))
			*ret_len = bytes[3] & 0xf;
		else
			err = m2m_error_set(error, -EBADMSG,
					    "the SIM does not say how long its MNC is");
	}
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

int uim_power(struct m2m_client *uim, uint8_t slot, bool on, bool *ret_was_so,
	      struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_UIM, on ? POWER_ON : POWER_OFF);
	int err;

	tlv_put_u8(request, 0x01, slot);
	err = m2m_client_call(uim, request, QMI_TIMEOUT_MS, NULL, error);
	if (ret_was_so && (!err || err == -EALREADY))
		*ret_was_so = err;
	return err == -EALREADY ? 0 : err;
}

int uim_slot_switch(struct m2m_client *uim, uint8_t slot, struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_UIM, SWITCH_SLOT);
	int err;

	tlv_put_u8(request, 0x01, 1);	/* the logical one */
	tlv_put_u32(request, 0x02, slot);
	err = m2m_client_call(uim, request, QMI_TIMEOUT_MS, NULL, error);
	return err == -EALREADY ? 0 : err;
}

uint8_t uim_slot_of(const struct uim_status *status)
{
	uint8_t card = status->primary >> 8;

	return status->primary == UIM_INDEX_NONE || card >= UIM_CARDS_MAX ? 1 : card + 1;
}

static QmiMessage *pin_request(uint16_t msgid)
{
	QmiMessage *request = qmi_request(QMI_UIM, msgid);

	put_session(request);
	return request;
}

int uim_pin_verify(struct m2m_client *uim, const char *pin, int *ret_tries,
		   struct m2m_error *error)
{
	struct pin_value value = { .bytes = { PIN1 }, .len = 1 };
	struct uim_tries tries;
	int err;

	pin_value_add(&value, pin);
	err = pin_value_call(uim, pin_request(VERIFY_PIN), 0x02, &value, &tries, error);
	*ret_tries = tries.pin;
	return err;
}

int uim_pin_protect(struct m2m_client *uim, const char *pin, bool on,
		    struct uim_tries *ret_tries, struct m2m_error *error)
{
	struct pin_value value = { .bytes = { PIN1, on }, .len = 2 };

	pin_value_add(&value, pin);
	return pin_value_call(uim, pin_request(SET_PIN_PROTECTION), 0x02, &value, ret_tries, error);
}

int uim_pin_change(struct m2m_client *uim, const char *pin, const char *new_pin,
		   struct uim_tries *ret_tries, struct m2m_error *error)
{
	struct pin_value value = { .bytes = { PIN1 }, .len = 1 };

	pin_value_add(&value, pin);
	pin_value_add(&value, new_pin);
	return pin_value_call(uim, pin_request(CHANGE_PIN), 0x02, &value, ret_tries, error);
}

int uim_pin_unblock(struct m2m_client *uim, const char *puk, const char *new_pin,
		    struct uim_tries *ret_tries, struct m2m_error *error)
{
	struct pin_value value = { .bytes = { PIN1 }, .len = 1 };

	pin_value_add(&value, puk);
	pin_value_add(&value, new_pin);
	return pin_value_call(uim, pin_request(UNBLOCK_PIN), 0x02, &value, ret_tries, error);
}
