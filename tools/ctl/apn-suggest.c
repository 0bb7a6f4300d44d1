// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the command that says which APN a SIM may want. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "../lib/apn-facts.h"
#include "../lib/words.h"
#include "apn.h"
#include "sim.h"

/* A list that was asked, and why not */
struct asked {
	char *file;
	bool is_read;
	char why[192];
};

struct suggestion {
	struct apn_sim sim;
	struct apn_list list;
	GArray *asked;		/* struct asked */
};

static void note(const char *file, const char *why, void *data)
{
	struct asked asked = { .file = g_strdup(file), .is_read = !why };
	struct suggestion *s = data;

	g_strlcpy(asked.why, why ? why : "", sizeof(asked.why));
	g_array_append_val(s->asked, asked);
}

static void forget(gpointer data)
{
	g_free(((struct asked *)data)->file);
}

/* --- the card and the network ------------------------------------------------- */

static int read_card(struct ctl *ctl, struct apn_sim *ret)
{
	struct uim_sim sim;
	struct card card;
	int err;

	err = sim_open(ctl, &card);
	if (err)
		return err;
	err = sim_settle(ctl, &card, &sim);
	if (!err)
		err = sim_usable(ctl, &sim);
	if (!err)
		err = apn_sim_get(&card, ret, &ctl->error);
	sim_close(&card);
	return err;
}

static int read_network(struct ctl *ctl, struct apn_list *list)
{
	struct m2m_client *wds;
	int err;

	err = ctl_open(ctl, QMI_WDS, &wds);
	if (err)
		return err;
	err = apn_network_get(wds, list, &ctl->error);
	m2m_client_close(wds, false);
	return err;
}

/* --- what is said ------------------------------------------------------------- */

static const char *source_word(enum apn_origin source)
{
	switch (source) {
	case APN_FROM_NETWORK:
		return "network";
	case APN_FROM_PROVIDERS:
		return "mobile-broadband-provider-info";
	case APN_FROM_OWN:
		return "apn.d";
	}
	return NULL;
}

static const char *match_word(enum apn_match match)
{
	switch (match) {
	case APN_BY_NETWORK:
		return "attached";
	case APN_BY_CARD:
		return "card";
	case APN_BY_PLMN:
		return "plmn";
	}
	return NULL;
}

static void say_found(struct out *out, const struct apn_found *found)
{
	out_row(out);
	out_string(out, "apn", "APN", found->apn);
	out_bool(out, "by_contract", NULL, !*found->apn);
	out_string(out, "user", "USER", found->user);
	out_string(out, "password", "PASSWORD", found->password);
	out_string(out, "auth", "AUTH", found->auth == WDS_AUTH_UNSET ? NULL :
		   word(WORD_AUTH, found->auth).s);
	out_string(out, "issuer", "ISSUER", found->issuer);
	out_string(out, "plan", "PLAN", found->plan);
	out_string(out, "matched_by", "BY", match_word(found->match));
	out_string(out, "list", "FROM", source_word(found->source));
	out_string(out, "source", NULL, found->where);
	out_row_end(out);
}

static void say_sim(struct out *out, const struct apn_sim *sim)
{
	char plmn[7] = "";

	if (sim->mnc_len)
		g_strlcpy(plmn, sim->imsi, 3 + sim->mnc_len + 1);
	out_section(out, "sim", "SIM");
	out_string(out, "iccid", "ICCID", sim->iccid);
	out_string(out, "imsi", "IMSI", sim->imsi);
	out_string(out, "plmn", "PLMN", plmn);
	out_string(out, "gid1", "GID1", sim->gid1);
	out_string(out, "spn", "SPN", sim->spn);
	out_section_end(out);
}

static void say_asked(struct out *out, const struct suggestion *s)
{
	const struct asked *asked = (struct asked *)s->asked->data;

	out_table(out, "lists", NULL);
	for (guint i = 0; i < s->asked->len; i++) {
		out_row(out);
		out_string(out, "file", NULL, asked[i].file);
		out_bool(out, "read", NULL, asked[i].is_read);
		out_string(out, "why", NULL, asked[i].why);
		out_row_end(out);
	}
	out_table_end(out);
	for (guint i = 0; i < s->asked->len; i++)
		if (!asked[i].is_read)
			out_line(out, "%s: %s", asked[i].file, asked[i].why);
}

static void say(struct ctl *ctl, const struct suggestion *s)
{
	const struct apn_found *chosen = apn_choose(&s->list);
	struct out *out = ctl->out;

	say_sim(out, &s->sim);
	out_string(out, "apn", NULL, chosen ? chosen->apn : NULL);
	out_bool(out, "ambiguous", NULL, !chosen);
	out_table(out, "candidates", NULL);
	for (size_t i = 0; i < s->list.n; i++)
		say_found(out, &s->list.found[i]);
	out_table_end(out);
	out_bool(out, "more", NULL, s->list.more);
	say_asked(out, s);
	if (chosen)
		out_line(out, "suggested: %s", chosen->apn);
	else
		out_line(out, "ambiguous: whoever issued the SIM knows which");
}

static int suggest(struct ctl *ctl, struct suggestion *s)
{
	static const struct apn_places places = { APN_PROVIDERS, APN_DIRECTORY };
	int err;

	err = read_card(ctl, &s->sim);
	if (!err)
		err = read_network(ctl, &s->list);
	if (err)
		return err;
	apn_read_lists(&places, &s->sim, &s->list, note, s);
	if (!s->list.n)
		return ctl_fail(ctl, -ENOENT, EXIT_FAILED,
				"the network's own: m2mctl pdn up NAME without an APN",
				"no list knows an APN of this SIM (PLMN %.5s or %.6s)",
				s->sim.imsi, s->sim.imsi);
	say(ctl, s);
	return 0;
}

int apn_suggest_run(struct ctl *ctl)
{
	struct suggestion *s = g_new0(struct suggestion, 1);
	int err;

	s->asked = g_array_new(FALSE, FALSE, sizeof(struct asked));
	g_array_set_clear_func(s->asked, forget);
	err = suggest(ctl, s);
	g_array_unref(s->asked);
	g_free(s);
	return err;
}
