// SPDX-License-Identifier: GPL-2.0-or-later
/* Profiles and the LTE attach list as WDS reads and writes them. */
#include <string.h>

#include <glib.h>

#include "wds.h"

#define TYPE_3GPP		0
#define FAMILY_EMBEDDED		0
#define FAMILY_TETHERED		1
#define ATTACH_MAX		4
#define NAME_KEPT		14	/* bytes, where names are cut */

/* Extended error codes, TLV 0xe0 */
#define DS_INVALID_TYPE		4
#define DS_INVALID_NUMBER	5
#define DS_ACCESS		1002
#define DS_OUT_OF_PROFILES	1006

/* What happened to a profile */
#define PROFILE_CREATED		1
#define PROFILE_DELETED		2
#define PROFILE_MODIFIED	3

static struct profiles *profiles_of(struct request *rq)
{
	return &rq->modem->pdn.profiles;
}

static enum qmi_error refuse(struct request *rq, uint16_t code)
{
	qmi_tlv_u16(rq->msg, 0xe0, code);
	return QMI_EXTENDED_INTERNAL;
}

struct event {
	uint8_t number, what;
};

static bool fill_event(struct client *client, struct qmi_msg *msg,
		       const void *data)
{
	const struct event *event = data;

	qmi_tlv_begin(msg, 0x10);
	qmi_put_u8(msg, TYPE_3GPP);
	qmi_put_u8(msg, event->number);
	qmi_put_u8(msg, event->what);
	qmi_tlv_end(msg);
	return client->wds.profile_events;
}

static void written(struct request *rq, uint8_t number, uint8_t what)
{
	struct event event = { number, what };

	modem_nv_write(rq->modem);
	modem_indicate(rq->modem, QMI_WDS, 0x00a8, fill_event, &event);
}

/* Type and number of an existing profile, TLV 0x01 */
static enum qmi_error identify(struct request *rq, uint8_t *ret_number,
			       struct profile **ret_profile)
{
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);
	uint8_t type;

	if (error)
		return error;
	type = qmi_get_u8(&v);
	*ret_number = qmi_get_u8(&v);
	if (v.overrun || v.left)
		return QMI_MALFORMED_MESSAGE;
	if (type != TYPE_3GPP)
		return refuse(rq, DS_INVALID_TYPE);
	*ret_profile = profile_find(profiles_of(rq), *ret_number);
	return *ret_profile ? QMI_OK : refuse(rq, DS_INVALID_NUMBER);
}

/* TLVs that Create and Modify share; @p changes even on an error. */
static enum qmi_error profile_read(struct request *rq, struct profile *p)
{
	const struct qmi_frame *frame = rq->frame;
	const struct qmi_flag flags[] = {
		{ 0x2f, &p->disabled },
		{ 0x3e, &p->no_roaming },
	};
	struct qmi_value v;
	enum qmi_error error;

	error = qmi_opt_string(frame, 0x10, p->name, sizeof(p->name), NULL);
	if (modem_lies(rq->modem, LIE_NAME_CUT))
		p->name[NAME_KEPT] = '\0';
	if (!error)
		error = qmi_opt_u8(frame, 0x11, &p->pdp, NULL);
	if (!error)
		error = qmi_opt_string(frame, 0x14, p->apn, sizeof(p->apn),
				       NULL);
	if (!error)
		error = qmi_opt_string(frame, 0x1b, p->user, sizeof(p->user),
				       NULL);
	if (!error)
		error = qmi_opt_string(frame, 0x1c, p->password,
				       sizeof(p->password), NULL);
	if (!error)
		error = qmi_opt_u8(frame, 0x1d, &p->auth, NULL);
	if (!error)
		error = qmi_opt_flags(frame, flags, G_N_ELEMENTS(flags));
	if (error)
		return error;
	if (qmi_find(frame, 0xdd, &v)) {
		p->apn_types = qmi_get_u64(&v);
		if (v.overrun || v.left)
			return QMI_MALFORMED_MESSAGE;
	}
	if (p->pdp > PROFILE_IPV4V6 || p->pdp == 1 || p->auth > 3)
		return QMI_INVALID_ARGUMENT;
	return QMI_OK;
}

enum qmi_error wds_create_profile(struct request *rq)
{
	struct profile p = { .used = true, .pdp = PROFILE_IPV4V6 };
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);
	unsigned int number;

	if (error)
		return error;
	if (v.left != 1)
		return QMI_MALFORMED_MESSAGE;
	if (qmi_get_u8(&v) != TYPE_3GPP)
		return refuse(rq, DS_INVALID_TYPE);
	error = profile_read(rq, &p);
	if (error)
		return error;
	number = profile_free_number(profiles_of(rq));
	if (!number)
		return refuse(rq, DS_OUT_OF_PROFILES);
	if (!modem_lies(rq->modem, LIE_SET_IGNORED))
		profiles_of(rq)->slot[number] = p;
	qmi_tlv_begin(rq->msg, 0x01);
	qmi_put_u8(rq->msg, TYPE_3GPP);
	qmi_put_u8(rq->msg, number);
	qmi_tlv_end(rq->msg);
	written(rq, number, PROFILE_CREATED);
	return QMI_OK;
}

enum qmi_error wds_modify_profile(struct request *rq)
{
	struct profile *profile, p;
	enum qmi_error error;
	uint8_t number;

	error = identify(rq, &number, &profile);
	if (error)
		return error;
	p = *profile;
	error = profile_read(rq, &p);
	if (error || modem_lies(rq->modem, LIE_SET_IGNORED))
		return error;
	*profile = p;
	written(rq, number, PROFILE_MODIFIED);
	return QMI_OK;
}

enum qmi_error wds_delete_profile(struct request *rq)
{
	struct profiles *all = profiles_of(rq);
	struct profile *profile;
	enum qmi_error error;
	uint8_t number;

	error = identify(rq, &number, &profile);
	if (error)
		return error;
	if (number == all->default_tethered || number == all->default_embedded)
		return refuse(rq, DS_ACCESS);
	if (modem_lies(rq->modem, LIE_SET_IGNORED))
		return QMI_OK;
	memset(profile, 0, sizeof(*profile));
	written(rq, number, PROFILE_DELETED);
	return QMI_OK;
}

enum qmi_error wds_get_profile_list(struct request *rq)
{
	const struct profiles *all = profiles_of(rq);
	uint8_t type = TYPE_3GPP;
	enum qmi_error error = qmi_opt_u8(rq->frame, 0x10, &type, NULL);
	unsigned int i, n = 0;

	if (error)
		return error;
	for (i = 1; type == TYPE_3GPP && i <= PROFILES_MAX; i++)
		n += all->slot[i].used;
	qmi_tlv_begin(rq->msg, 0x01);
	qmi_put_u8(rq->msg, n);
	for (i = 1; n && i <= PROFILES_MAX; i++) {
		if (!all->slot[i].used)
			continue;
		qmi_put_u8(rq->msg, TYPE_3GPP);
		qmi_put_u8(rq->msg, i);
		qmi_put_string8(rq->msg, all->slot[i].name);
	}
	qmi_tlv_end(rq->msg);
	return QMI_OK;
}

static void put_profile(struct modem *modem, struct qmi_msg *msg, const struct profile *p)
{
	qmi_tlv_string(msg, 0x10, p->name);
	qmi_tlv_u8(msg, 0x11, p->pdp);
	qmi_tlv_string(msg, 0x14, p->apn);
	qmi_tlv_string(msg, 0x1b, p->user);
	if (!modem_lies(modem, LIE_PASSWORD_HIDDEN))
		qmi_tlv_string(msg, 0x1c, p->password);
	if (!modem_lies(modem, LIE_AUTH_HIDDEN))
		qmi_tlv_u8(msg, 0x1d, p->auth);
	qmi_tlv_u8(msg, 0x2f, p->disabled);
	qmi_tlv_u8(msg, 0x3e, p->no_roaming);
	qmi_tlv_u64(msg, 0xdd, p->apn_types);
}

enum qmi_error wds_get_profile_settings(struct request *rq)
{
	struct profile *profile;
	enum qmi_error error;
	uint8_t number;

	error = identify(rq, &number, &profile);
	if (!error)
		put_profile(rq->modem, rq->msg, profile);
	return error;
}

/* What an empty Create would make */
enum qmi_error wds_get_default_settings(struct request *rq)
{
	static const struct profile fresh = { .pdp = PROFILE_IPV4V6 };
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);

	if (error)
		return error;
	if (v.left != 1)
		return QMI_MALFORMED_MESSAGE;
	if (qmi_get_u8(&v) != TYPE_3GPP)
		return refuse(rq, DS_INVALID_TYPE);
	put_profile(rq->modem, rq->msg, &fresh);
	return QMI_OK;
}

/* Default profile of each family */

static enum qmi_error default_of(struct request *rq, struct qmi_value *v,
				 uint8_t **ret_number)
{
	struct profiles *all = profiles_of(rq);
	uint8_t type, family;

	type = qmi_get_u8(v);
	family = qmi_get_u8(v);
	if (v->overrun)
		return QMI_MALFORMED_MESSAGE;
	if (type != TYPE_3GPP)
		return refuse(rq, DS_INVALID_TYPE);
	if (family > FAMILY_TETHERED)
		return QMI_INVALID_ARGUMENT;
	*ret_number = family == FAMILY_TETHERED ? &all->default_tethered :
						  &all->default_embedded;
	return QMI_OK;
}

enum qmi_error wds_get_default_profile(struct request *rq)
{
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);
	uint8_t *number;

	if (!error)
		error = default_of(rq, &v, &number);
	if (error)
		return error;
	qmi_tlv_u8(rq->msg, 0x01, *number);
	return QMI_OK;
}

enum qmi_error wds_set_default_profile(struct request *rq)
{
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);
	uint8_t *number, wanted;

	if (!error)
		error = default_of(rq, &v, &number);
	if (error)
		return error;
	wanted = qmi_get_u8(&v);
	if (v.overrun || v.left)
		return QMI_MALFORMED_MESSAGE;
	if (!profile_find(profiles_of(rq), wanted))
		return refuse(rq, DS_INVALID_NUMBER);
	if (modem_lies(rq->modem, LIE_SET_IGNORED))
		return QMI_OK;
	*number = wanted;
	modem_nv_write(rq->modem);
	return QMI_OK;
}

/* LTE attach */

enum qmi_error wds_get_lte_attach_parameters(struct request *rq)
{
	struct profiles *all = profiles_of(rq);
	const struct profile *p;

	p = profile_find(all, all->n_attach ? all->attach[0] :
					      all->default_tethered);
	if (!network_is_registered(rq->modem) || !p ||
	    rq->modem->net.rat != NET_LTE)
		return QMI_INFORMATION_UNAVAILABLE;
	qmi_tlv_string(rq->msg, 0x10, p->apn);
	qmi_tlv_u8(rq->msg, 0x11, p->pdp == PROFILE_IPV4 ? 0 :
				  p->pdp == PROFILE_IPV6 ? 1 : 2);
	qmi_tlv_u8(rq->msg, 0x12, 1);
	return QMI_OK;
}

enum qmi_error wds_get_max_attach_pdn(struct request *rq)
{
	qmi_tlv_u8(rq->msg, 0x10, ATTACH_MAX);
	return QMI_OK;
}

static void put_numbers(struct qmi_msg *msg, uint8_t type,
			const uint16_t *numbers, unsigned int n)
{
	unsigned int i;

	qmi_tlv_begin(msg, type);
	qmi_put_u8(msg, n);
	for (i = 0; i < n; i++)
		qmi_put_u16(msg, numbers[i]);
	qmi_tlv_end(msg);
}

enum qmi_error wds_get_attach_pdn_list(struct request *rq)
{
	const struct profiles *all = profiles_of(rq);

	put_numbers(rq->msg, 0x10, all->attach, all->n_attach);
	put_numbers(rq->msg, 0x11, all->pending, all->n_pending);
	return QMI_OK;
}

static enum qmi_error attach_read(struct request *rq, uint16_t *numbers,
				  uint8_t *ret_n)
{
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x01, &v);
	unsigned int i, n;

	if (error)
		return error;
	n = qmi_get_u8(&v);
	if (n > ATTACH_MAX)
		return QMI_ARGUMENT_TOO_LONG;
	for (i = 0; i < n; i++)
		numbers[i] = qmi_get_u16(&v);
	if (v.overrun || v.left)
		return QMI_MALFORMED_MESSAGE;
	for (i = 0; i < n; i++)
		if (!profile_find(profiles_of(rq), numbers[i]))
			return QMI_INVALID_PROFILE;
	*ret_n = n;
	return QMI_OK;
}

static bool fill_attach_result(struct client *client, struct qmi_msg *msg,
			       const void *data)
{
	qmi_tlv_u8(msg, 0x01, 1);
	return client == data;
}

/* Action 2 detaches and uses the list at once, else the next attach does. */
enum qmi_error wds_set_attach_pdn_list(struct request *rq)
{
	struct profiles *all = profiles_of(rq);
	uint16_t numbers[ATTACH_MAX];
	uint32_t action = 1;
	enum qmi_error error;
	uint8_t n = 0;

	error = attach_read(rq, numbers, &n);
	if (!error)
		error = qmi_opt_u32(rq->frame, 0x10, &action, NULL);
	if (error || modem_lies(rq->modem, LIE_SET_IGNORED))
		return error;
	modem_nv_write(rq->modem);
	if (action == 2) {
		memcpy(all->attach, numbers, n * sizeof(*numbers));
		all->n_attach = n;
		all->n_pending = 0;
		network_restart(rq->modem);
	} else {
		memcpy(all->pending, numbers, n * sizeof(*numbers));
		all->n_pending = n;
	}
	modem_indicate(rq->modem, QMI_WDS, 0x0093, fill_attach_result,
		       rq->client);
	return QMI_OK;
}

enum qmi_error wds_configure_profile_events(struct request *rq)
{
	struct qmi_value v;
	enum qmi_error error = qmi_need(rq->frame, 0x10, &v);
	unsigned int n;

	if (error)
		return error;
	n = qmi_get_u8(&v);
	if (v.left != 2 * n)
		return QMI_MALFORMED_MESSAGE;
	rq->client->wds.profile_events = n;
	return QMI_OK;
}
