// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the profiles of the wireless data service: read, compared, written. */
#include <errno.h>
#include <string.h>

#include "qmi-tlv.h"
#include "wds-profile.h"
#include "wds.h"

#define MODIFY_PROFILE		0x0028
#define GET_PROFILE		0x002b
#define GET_DEFAULT_PROFILE	0x0049
#define GET_ATTACH_LIST		0x0094

#define TYPE_3GPP		0
#define FAMILY_TETHERED		1
/* Where a modem says of none: what it attaches with */
#define FIRST_PROFILE		1

enum pdp_type {
	PDP_IPV4 = 0,
	PDP_IPV6 = 2,
	PDP_IPV4V6 = 3,
};

/* --- parsing ---------------------------------------------------------------- */

int wds_profile_parse(QmiMessage *answer, struct wds_profile *ret)
{
	uint8_t pdp;

	memset(ret, 0, sizeof(*ret));
	if (!tlv_get_u8(answer, 0x11, &pdp))
		return -EBADMSG;
	ret->v4 = pdp == PDP_IPV4 || pdp == PDP_IPV4V6;
	ret->v6 = pdp == PDP_IPV6 || pdp == PDP_IPV4V6;
	tlv_get_string(answer, 0x14, ret->apn, sizeof(ret->apn));
	tlv_get_string(answer, 0x1b, ret->user, sizeof(ret->user));
	ret->has_password = tlv_get_string(answer, 0x1c, ret->password,
					   sizeof(ret->password));
	tlv_get_u8(answer, 0x1d, &ret->auth);
	return 0;
}

/* What is pending counts from the next attach on */
int wds_attach_list_parse(QmiMessage *answer, uint8_t *ret_index)
{
	uint16_t index = 0;
	struct tlv tlv;

	for (uint8_t type = 0x11; type >= 0x10 && !index; type--) {
		if (!tlv_find(answer, type, &tlv) || !tlv_u8(&tlv))
			continue;
		index = tlv_u16(&tlv);
		if (tlv.bad || !index || index > UINT8_MAX)
			return -EBADMSG;
	}
	*ret_index = index;
	return 0;
}

/* What is not ASCII is read as '?' */
static bool same_text(const char *is, const char *want)
{
	for (; *is && *want; is++, want++)
		if (*is != *want && (*is != '?' || g_ascii_isprint(*want)))
			return false;
	return *is == *want;
}

/* Without authentication nobody sends a name, whatever stands there */
static bool same_name(const struct wds_profile *is, const struct wds_profile *want)
{
	if (want->auth == WDS_AUTH_NONE)
		return true;
	return same_text(is->user, want->user) &&
	       (!is->has_password || !want->has_password ||
		same_text(is->password, want->password));
}

bool wds_profile_same(const struct wds_profile *is, const struct wds_profile *want)
{
	return !g_ascii_strcasecmp(is->apn, want->apn) && is->v4 == want->v4 &&
	       is->v6 == want->v6 && is->auth == want->auth && same_name(is, want);
}

/* --- requests --------------------------------------------------------------- */

static void put_index(QmiMessage *request, uint8_t index)
{
	const uint8_t id[] = { TYPE_3GPP, index };

	tlv_put(request, 0x01, id, sizeof(id));
}

static int default_index(struct m2m_client *wds, uint8_t *ret_index,
			 struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_WDS, GET_DEFAULT_PROFILE);
	static const uint8_t id[] = { TYPE_3GPP, FAMILY_TETHERED };
	QmiMessage *answer;
	int err;

	tlv_put(request, 0x01, id, sizeof(id));
	err = m2m_client_call(wds, request, QMI_TIMEOUT_MS, &answer, error);
	if (err == -EOPNOTSUPP || (!err && (!tlv_get_u8(answer, 0x01, ret_index) ||
					    !*ret_index))) {
		*ret_index = FIRST_PROFILE;
		err = 0;
	}
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

int wds_attach_index(struct m2m_client *wds, uint8_t *ret_index, struct m2m_error *error)
{
	QmiMessage *answer;
	uint8_t index = 0;
	int err;

	err = m2m_client_call(wds, qmi_request(QMI_WDS, GET_ATTACH_LIST), QMI_TIMEOUT_MS,
			      &answer, error);
	if (!err && wds_attach_list_parse(answer, &index))
		err = m2m_error_set(error, -EBADMSG,
				    "the modem's list of attach profiles is malformed");
	g_clear_pointer(&answer, qmi_message_unref);
	if (err && err != -EOPNOTSUPP)
		return err;
	*ret_index = index;
	return index ? 0 : default_index(wds, ret_index, error);
}

int wds_profile_get(struct m2m_client *wds, uint8_t index, struct wds_profile *ret,
		    struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_WDS, GET_PROFILE);
	QmiMessage *answer;
	int err;

	put_index(request, index);
	err = m2m_client_call(wds, request, QMI_TIMEOUT_MS, &answer, error);
	if (!err && wds_profile_parse(answer, ret))
		err = m2m_error_set(error, -EBADMSG, "the modem's profile %u is malformed",
				    index);
	/* a password may stand in it */
	if (answer)
		explicit_bzero(answer->data, answer->len);
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}

int wds_profile_set(struct m2m_client *wds, uint8_t index, const struct wds_profile *profile,
		    struct m2m_error *error)
{
	QmiMessage *request = qmi_request(QMI_WDS, MODIFY_PROFILE);

	put_index(request, index);
	tlv_put_u8(request, 0x11, !profile->v6 ? PDP_IPV4 :
				  profile->v4 ? PDP_IPV4V6 : PDP_IPV6);
	tlv_put_string(request, 0x14, profile->apn);
	tlv_put_u8(request, 0x1d, profile->auth);
	/* what is empty cannot be said, and what is left out stays */
	if (*profile->user)
		tlv_put_string(request, 0x1b, profile->user);
	/* last, so that no reallocation leaves it behind */
	if (*profile->password)
		tlv_put_string(request, 0x1c, profile->password);
	return m2m_client_call(wds, request, QMI_TIMEOUT_MS, NULL, error);
}
