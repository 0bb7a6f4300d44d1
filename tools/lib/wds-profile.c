// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the requests about profiles and about what the modem attaches with. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "qmi-tlv.h"
#include "wds-profile.h"
#include "words.h"

#define CREATE_PROFILE		0x0027
#define MODIFY_PROFILE		0x0028
#define DELETE_PROFILE		0x0029
#define GET_PROFILE_LIST	0x002a
#define GET_PROFILE_SETTINGS	0x002b
#define GET_DEFAULT_NUMBER	0x0049
#define SET_DEFAULT_NUMBER	0x004a
#define GET_ATTACH_PARAMETERS	0x0085
#define GET_ATTACH_MAX		0x0092
#define SET_ATTACH_LIST		0x0093
#define GET_ATTACH_LIST		0x0094

#define TYPE_3GPP		0
#define FAMILY_TETHERED		1
/* What a modem attaches with that tells of none */
#define FIRST_PROFILE		1
#define ACTION_NONE		1
#define ACTION_DETACH		2

/* QMI errors that stand for "no such profile" where no more is said */
#define INVALID_PROFILE		10
#define EXTENDED_INTERNAL	81
/* ... and what is said then, TLV 0xe0 */
#define DS_INVALID_NUMBER	5
#define DS_ACCESS		1002
#define DS_NOT_DEFINED		1003
#define DS_READ_ONLY		1005
#define DS_OUT_OF_PROFILES	1006

/* --- parsing ---------------------------------------------------------------- */

void wds_profile_wipe(struct wds_profile *profile)
{
	explicit_bzero(profile, sizeof(*profile));
}

int wds_profile_list_parse(QmiMessage *answer, struct wds_profile_list *ret)
{
	struct tlv tlv;
	unsigned int n;

	memset(ret, 0, sizeof(*ret));
	tlv_find(answer, 0x01, &tlv);
	for (n = tlv_u8(&tlv); n && !tlv.bad; n--) {
		uint8_t type = tlv_u8(&tlv);
		uint8_t number = tlv_u8(&tlv);

		tlv_bytes(&tlv, tlv_u8(&tlv));	/* name */
		if (!tlv.bad && type == TYPE_3GPP && ret->n < WDS_PROFILES_MAX)
			ret->number[ret->n++] = number;
	}
	return tlv.bad ? -EBADMSG : 0;
}

int wds_profile_parse(QmiMessage *answer, struct wds_profile *ret)
{
	uint8_t flag;

	memset(ret, 0, sizeof(*ret));
	tlv_get_string(answer, 0x10, ret->name, sizeof(ret->name));
	tlv_get_string(answer, 0x1b, ret->user, sizeof(ret->user));
	ret->has_password = tlv_get_string(answer, 0x1c, ret->password,
					   sizeof(ret->password));
	ret->has_auth = tlv_get_u8(answer, 0x1d, &ret->auth);
	ret->disabled = tlv_get_u8(answer, 0x2f, &flag) && flag;
	ret->no_roaming = tlv_get_u8(answer, 0x3e, &flag) && flag;
	tlv_get_string(answer, 0x14, ret->apn, sizeof(ret->apn));
	return tlv_get_u8(answer, 0x11, &ret->pdp) ? 0 : -EBADMSG;
}

int wds_attach_list_parse(QmiMessage *answer, uint8_t type, uint16_t *ret_numbers)
{
	struct tlv tlv;
	unsigned int n;

	tlv_find(answer, type, &tlv);
	n = tlv_u8(&tlv);
	if (n > WDS_ATTACH_MAX)
		return -1;
	for (unsigned int i = 0; i < n; i++)
		ret_numbers[i] = tlv_u16(&tlv);
	return tlv.bad ? -1 : (int)n;
}

/* --- requests --------------------------------------------------------------- */

static int errno_of(uint16_t code)
{
	switch (code) {
	case DS_INVALID_NUMBER:
	case DS_NOT_DEFINED:
		return -ENOENT;
	case DS_ACCESS:
	case DS_READ_ONLY:
		return -EACCES;
	case DS_OUT_OF_PROFILES:
		return -ENOSPC;
	default:
		return -EREMOTEIO;
	}
}

/* The modem's reason is in a TLV of its own where there is one. */
static int refusal(QmiMessage *answer, int err, struct m2m_error *error)
{
	uint16_t qmi = error->qmi;
	uint16_t code;

	if (!answer || !qmi)
		return err;
	if (qmi == EXTENDED_INTERNAL && tlv_get_u16(answer, 0xe0, &code)) {
		err = m2m_error_set(error, errno_of(code),
				    "the modem answered %s (QMI error %u, %u)",
				    word(WORD_PROFILE_ERROR, code).s, qmi, code);
		error->qmi = qmi;
	} else if (qmi == INVALID_PROFILE) {
		error->err = -ENOENT;
		err = error->err;
	}
	return err;
}

static int call(struct m2m_client *wds, QmiMessage *request, QmiMessage **ret_answer,
		struct m2m_error *error)
{
	QmiMessage *answer;
	int err;

	err = m2m_client_call(wds, request, QMI_TIMEOUT_MS, &answer, error);
	if (err)
		err = refusal(answer, err, error);
	if (ret_answer)
		*ret_answer = answer;
	else
		g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

static QmiMessage *request_about(uint16_t msgid, uint8_t number)
{
	QmiMessage *request = qmi_request(QMI_WDS, msgid);
	const uint8_t id[] = { TYPE_3GPP, number };

	tlv_put(request, 0x01, id, sizeof(id));
	return request;
}

int wds_profile_list_get(struct m2m_client *wds, struct wds_profile_list *ret,
			 struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_WDS, GET_PROFILE_LIST);
	QmiMessage *answer;
	int err;

	tlv_put_u8(request, 0x10, TYPE_3GPP);
	err = call(wds, request, &answer, error);
	if (!err && wds_profile_list_parse(answer, ret))
		err = m2m_error_set(error, -EBADMSG,
				    "the modem's list of profiles is malformed");
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

/* It held a password, which libqmi's unref does not wipe. */
static void answer_wipe(QmiMessage *answer)
{
	if (!answer)
		return;
	explicit_bzero(answer->data, answer->len);
	qmi_message_unref(answer);
}

int wds_profile_get(struct m2m_client *wds, uint8_t number, struct wds_profile *ret,
		    struct m2m_error *error)
{
	QmiMessage *answer;
	int err;

	err = call(wds, request_about(GET_PROFILE_SETTINGS, number), &answer, error);
	if (!err && wds_profile_parse(answer, ret)) {
		wds_profile_wipe(ret);
		err = m2m_error_set(error, -EBADMSG,
				    "the modem's profile %u lacks its type", number);
	}
	ret->number = number;
	answer_wipe(answer);
	return err;
}

/* What is not ASCII was read as '?' */
static bool text_differs(const char *now, const char *wanted)
{
	if (!wanted)
		return false;
	for (; *now && *wanted; now++, wanted++)
		if (*now != *wanted && (*now != '?' || g_ascii_isprint(*wanted)))
			return true;
	return *now != *wanted;
}

bool wds_profile_name_is_cut(const struct wds_profile *p, const char *name)
{
	g_autofree char *start = g_strndup(name, strlen(p->name));

	return strlen(p->name) < strlen(name) && !text_differs(p->name, start);
}

static bool apn_differs(const char *now, const char *wanted)
{
	return wanted && g_ascii_strcasecmp(now, wanted);
}

static bool number_differs(uint8_t now, int wanted)
{
	return wanted >= 0 && now != wanted;
}

bool wds_profile_differs(const struct wds_profile *p, const struct wds_profile_change *c)
{
	return text_differs(p->name, c->name) || apn_differs(p->apn, c->apn) ||
	       text_differs(p->user, c->user) ||
	       text_differs(p->password, c->password) ||
	       number_differs(p->pdp, c->pdp) || number_differs(p->auth, c->auth);
}

/* Appends what differs; the password last, so that no copy of it is left behind */
static void put_change(QmiMessage *request, const struct wds_profile *p,
		       const struct wds_profile_change *c)
{
	if (c->name && (!p || text_differs(p->name, c->name)))
		tlv_put_string(request, 0x10, c->name);
	if (c->pdp >= 0 && (!p || number_differs(p->pdp, c->pdp)))
		tlv_put_u8(request, 0x11, c->pdp);
	if (c->apn && (!p || apn_differs(p->apn, c->apn)))
		tlv_put_string(request, 0x14, c->apn);
	if (c->user && (!p || text_differs(p->user, c->user)))
		tlv_put_string(request, 0x1b, c->user);
	if (c->auth >= 0 && (!p || number_differs(p->auth, c->auth)))
		tlv_put_u8(request, 0x1d, c->auth);
	if (c->password && (!p || text_differs(p->password, c->password)))
		tlv_put_string(request, 0x1c, c->password);
}

int wds_profile_create(struct m2m_client *wds, const struct wds_profile_change *change,
		       uint8_t *ret_number, struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_WDS, CREATE_PROFILE);
	QmiMessage *answer;
	struct tlv tlv;
	int err;

	tlv_put_u8(request, 0x01, TYPE_3GPP);
	put_change(request, NULL, change);
	err = call(wds, request, &answer, error);
	if (!err) {
		tlv_find(answer, 0x01, &tlv);
		tlv_u8(&tlv);
		*ret_number = tlv_u8(&tlv);
		if (tlv.bad)
			err = m2m_error_set(error, -EBADMSG,
					    "the modem does not tell the profile's number");
	}
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

int wds_profile_modify(struct m2m_client *wds, const struct wds_profile *profile,
		       const struct wds_profile_change *change, struct m2m_error *error)
{
	QmiMessage *request = request_about(MODIFY_PROFILE, profile->number);

	put_change(request, profile, change);
	return call(wds, request, NULL, error);
}

int wds_profile_delete(struct m2m_client *wds, uint8_t number, struct m2m_error *error)
{
	return call(wds, request_about(DELETE_PROFILE, number), NULL, error);
}

/* --- attach ----------------------------------------------------------------- */

/* Whether the modem was asked in vain, and not only does not tell */
static bool is_mute(int err)
{
	return err == -EINTR || err == -ETIMEDOUT || err == -ENODEV ||
	       err == -ECONNRESET || err == -EPERM;
}

static int read_used(struct m2m_client *wds, struct wds_attach *ret,
		     struct m2m_error *error)
{
	/* the message counts families its own way */
	static const uint8_t pdps[] = { WDS_PDP_IPV4, WDS_PDP_IPV6, WDS_PDP_IPV4V6 };
	QmiMessage *answer;
	uint8_t type;
	int err;

	err = call(wds, qmi_request(QMI_WDS, GET_ATTACH_PARAMETERS), &answer, error);
	if (!err && tlv_get_string(answer, 0x10, ret->apn, sizeof(ret->apn)) &&
	    tlv_get_u8(answer, 0x11, &type) && type < sizeof(pdps)) {
		ret->has_used = true;
		ret->pdp = pdps[type];
	}
	g_clear_pointer(&answer, qmi_message_unref);
	return is_mute(err) ? err : 0;
}

static int read_lists(struct m2m_client *wds, struct wds_attach *ret,
		      struct m2m_error *error)
{
	QmiMessage *answer;
	uint8_t max;
	int n, err;

	err = call(wds, qmi_request(QMI_WDS, GET_ATTACH_LIST), &answer, error);
	n = err ? -1 : wds_attach_list_parse(answer, 0x10, ret->profile);
	ret->has_list = !err && n >= 0;
	ret->n = n < 0 ? 0 : n;
	n = err ? -1 : wds_attach_list_parse(answer, 0x11, ret->pending);
	ret->n_pending = n < 0 ? 0 : n;
	g_clear_pointer(&answer, qmi_message_unref);
	if (is_mute(err))
		return err;
	err = call(wds, qmi_request(QMI_WDS, GET_ATTACH_MAX), &answer, error);
	if (!err && tlv_get_u8(answer, 0x10, &max))
		ret->max = max;
	g_clear_pointer(&answer, qmi_message_unref);
	return is_mute(err) ? err : 0;
}

static int read_default(struct m2m_client *wds, struct wds_attach *ret,
			struct m2m_error *error)
{
	QmiMessage *answer;
	uint8_t number;
	int err;

	err = call(wds, request_about(GET_DEFAULT_NUMBER, FAMILY_TETHERED), &answer,
		   error);
	if (!err && tlv_get_u8(answer, 0x01, &number))
		ret->by_default = number;
	g_clear_pointer(&answer, qmi_message_unref);
	return is_mute(err) ? err : 0;
}

int wds_attach_get(struct m2m_client *wds, struct wds_attach *ret,
		   struct m2m_error *error)
{
	int err;

	*ret = (struct wds_attach) { .max = -1, .by_default = -1 };
	err = read_used(wds, ret, error);
	if (!err)
		err = read_lists(wds, ret, error);
	return err ? err : read_default(wds, ret, error);
}

uint8_t wds_attach_next(const struct wds_attach *attach)
{
	uint16_t number = 0;

	if (attach->n_pending)
		number = attach->pending[0];
	else if (attach->n)
		number = attach->profile[0];
	if (!number && attach->by_default > 0)
		number = attach->by_default;
	return number && number <= UINT8_MAX ? number : FIRST_PROFILE;
}

int wds_attach_set(struct m2m_client *wds, const uint16_t *numbers, unsigned int n,
		   bool now, struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_WDS, SET_ATTACH_LIST);
	uint8_t value[1 + 2 * WDS_ATTACH_MAX];
	size_t len = 0;

	value[len++] = n;
	for (unsigned int i = 0; i < n; i++) {
		value[len++] = numbers[i] & 0xff;
		value[len++] = numbers[i] >> 8;
	}
	tlv_put(request, 0x01, value, len);
	tlv_put_u32(request, 0x10, now ? ACTION_DETACH : ACTION_NONE);
	return call(wds, request, NULL, error);
}

int wds_default_profile_set(struct m2m_client *wds, uint8_t number,
			    struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_WDS, SET_DEFAULT_NUMBER);
	const uint8_t value[] = { TYPE_3GPP, FAMILY_TETHERED, number };

	tlv_put(request, 0x01, value, sizeof(value));
	return call(wds, request, NULL, error);
}
