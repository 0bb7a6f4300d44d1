// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the reading of mobile-broadband-provider-info's list. Pure: bytes in, APNs out. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "apn-db.h"

/*
 * DOC: serviceproviders.xml
 *
 *	provider ( name+  gsm ( network-id mcc= mnc=  apn value= ( plan type=
 *		usage type=  username  password  authentication method= )* )* )*
 *
 * A provider that has the card's PLMN may be its issuer, or the network that its issuer
 * rents. If its name is the one the card shows, it is the issuer. Whatever else stands
 * there is not looked at, and the order within a provider does not count.
 */

/* A provider has up to a dozen; of more nothing is known for sure anyway */
#define PROVIDER_APNS_MAX	64

struct reader {
	const struct apn_sim *sim;
	struct apn_list *list;
	bool is_providers;	/* it began as such a file does */
	bool wants_text;	/* of the element that is open */
	GString *text;

	/* of the provider that is open */
	bool in_provider, is_of_plmn, is_by_name, more;
	char name[APN_TEXT_MAX];
	GArray *apns;		/* struct apn_found */

	/* of its APN that is open */
	bool in_apn, is_internet;
	struct apn_found apn;
};

static const char *attribute(const char **names, const char **values, const char *name)
{
	for (; *names; names++, values++)
		if (!strcmp(*names, name))
			return *values;
	return "";
}

/* Whether it fitted */
static bool copy(char *ret, size_t size, const char *text)
{
	return g_strlcpy(ret, text, size) < size;
}

static void begin_provider(struct reader *r)
{
	r->in_provider = true;
	r->in_apn = false;
	r->is_of_plmn = false;
	r->is_by_name = false;
	r->more = false;
	r->name[0] = '\0';
	g_array_set_size(r->apns, 0);
}

static void begin_apn(struct reader *r, const char *apn)
{
	r->in_apn = true;
	r->is_internet = true;	/* unless it says another usage */
	r->apn = (struct apn_found) {
		.auth = WDS_AUTH_UNSET,
		.source = APN_FROM_PROVIDERS,
		.match = APN_BY_PLMN,
	};
	/* what cannot be one is left out at its end */
	if (!apn_is_valid(apn) || !copy(r->apn.apn, sizeof(r->apn.apn), apn))
		r->is_internet = false;
}

static void heard_network(struct reader *r, const char *mcc, const char *mnc)
{
	g_autofree char *plmn = g_strconcat(mcc, mnc, NULL);

	if (strlen(mcc) == 3 && apn_is_of_plmn(r->sim, plmn))
		r->is_of_plmn = true;
}

static void heard_plan(struct reader *r, const char *type)
{
	if (*r->apn.plan)
		g_strlcat(r->apn.plan, ", ", sizeof(r->apn.plan));
	g_strlcat(r->apn.plan, type, sizeof(r->apn.plan));
}

static void want_text(struct reader *r)
{
	r->wants_text = true;
	g_string_truncate(r->text, 0);
}

static void begin(GMarkupParseContext *context, const char *element, const char **names,
		  const char **values, gpointer data, GError **error)
{
	struct reader *r = data;

	r->wants_text = false;
	if (!strcmp(element, "serviceproviders"))
		r->is_providers = true;
	if (!strcmp(element, "provider") && r->is_providers)
		begin_provider(r);
	if (!r->in_provider)
		return;
	if (!strcmp(element, "network-id"))
		heard_network(r, attribute(names, values, "mcc"),
			      attribute(names, values, "mnc"));
	else if (!strcmp(element, "apn"))
		begin_apn(r, attribute(names, values, "value"));
	else if (!r->in_apn && strcmp(element, "name"))
		return;
	else if (!strcmp(element, "usage"))
		r->is_internet &= !!strstr(attribute(names, values, "type"), "internet");
	else if (!strcmp(element, "plan"))
		heard_plan(r, attribute(names, values, "type"));
	else if (!strcmp(element, "authentication"))
		r->apn.auth = !strcmp(attribute(names, values, "method"), "pap") ?
			WDS_AUTH_PAP : WDS_AUTH_CHAP;
	else
		want_text(r);
}

static void text(GMarkupParseContext *context, const char *bytes, gsize len,
		 gpointer data, GError **error)
{
	struct reader *r = data;

	if (r->wants_text)
		g_string_append_len(r->text, bytes, len);
}

/* Of several names, which are in several languages, the first is shown, each may be it */
static void heard_name(struct reader *r, const char *name)
{
	if (!*r->name)
		copy(r->name, sizeof(r->name), name);
	if (*r->sim->spn && !g_ascii_strcasecmp(name, r->sim->spn))
		r->is_by_name = true;
}

static void end_text(struct reader *r, const char *element)
{
	const char *value = g_strstrip(r->text->str);
	bool fits = true;

	if (!r->in_apn)
		heard_name(r, value);
	else if (!strcmp(element, "username"))
		fits = copy(r->apn.user, sizeof(r->apn.user), value);
	else if (!strcmp(element, "password"))
		fits = copy(r->apn.password, sizeof(r->apn.password), value);
	if (!fits)
		r->is_internet = false;
}

static void end_apn(struct reader *r)
{
	r->in_apn = false;
	if (!r->is_internet)
		return;
	if (r->apns->len == PROVIDER_APNS_MAX)
		r->more = true;
	else
		g_array_append_val(r->apns, r->apn);
}

static void end_provider(struct reader *r)
{
	r->in_provider = false;
	if (!r->is_of_plmn)
		return;
	r->list->more |= r->more;
	for (guint i = 0; i < r->apns->len; i++) {
		struct apn_found *found = &g_array_index(r->apns, struct apn_found, i);

		copy(found->issuer, sizeof(found->issuer), r->name);
		if (r->is_by_name)
			found->match = APN_BY_CARD;
		apn_add(r->list, found);
	}
}

static void end(GMarkupParseContext *context, const char *element, gpointer data,
		GError **error)
{
	struct reader *r = data;

	if (r->in_provider && r->wants_text)
		end_text(r, element);
	r->wants_text = false;
	if (!strcmp(element, "provider") && r->in_provider)
		end_provider(r);
	else if (!strcmp(element, "apn") && r->in_apn)
		end_apn(r);
}

int apn_read_providers(const char *xml, size_t len, const struct apn_sim *sim,
		       struct apn_list *list, struct m2m_error *error)
{
	static const GMarkupParser parser = {
		.start_element = begin, .end_element = end, .text = text,
	};
	struct reader r = {
		.sim = sim,
		.list = list,
		.text = g_string_new(NULL),
		.apns = g_array_new(FALSE, FALSE, sizeof(struct apn_found)),
	};
	g_autoptr(GMarkupParseContext) context = NULL;
	g_autoptr(GError) why = NULL;
	int err = 0;

	context = g_markup_parse_context_new(&parser, 0, &r, NULL);
	if (!g_markup_parse_context_parse(context, xml, len, &why) ||
	    !g_markup_parse_context_end_parse(context, &why))
		err = m2m_error_set(error, -EBADMSG, "%s", why->message);
	else if (!r.is_providers)
		err = m2m_error_set(error, -EBADMSG, "is no list of providers");
	g_array_unref(r.apns);
	g_string_free(r.text, TRUE);
	return err;
}
