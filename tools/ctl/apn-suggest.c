// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the command that says which APN a SIM may want. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "../lib/apn-db.h"
#include "../lib/words.h"
#include "apn.h"
#include "sim.h"

/* Tests have files of their own. */
#ifndef APN_PROVIDERS
#define APN_PROVIDERS	"/usr/share/mobile-broadband-provider-info/serviceproviders.xml"
#endif
#ifndef APN_DIRECTORY
#define APN_DIRECTORY	"/usr/share/m2m/apn.d"
#endif

#define PROVIDERS_MAX	(16 * 1024 * 1024)	/* bytes; it has half a million */

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

static void note(struct suggestion *s, const char *file, const char *why)
{
	struct asked asked = { .file = g_strdup(file), .is_read = !why };

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
	struct m2m_error ignored;
	struct uim_sim sim;
	struct card card;
	uint8_t slot;
	int err;

	err = sim_open(ctl, &card);
	if (err)
		return err;
	err = card_sim_get(&card, &sim, &slot, &ctl->error);
	if (!err)
		err = sim_usable(ctl, &sim);
	if (!err)
		err = card_imsi_get(&card, ret->imsi, sizeof(ret->imsi), &ctl->error);
	/* what a card does not have tells nothing */
	if (!err && card_iccid_get(&card, ret->iccid, sizeof(ret->iccid), &ignored))
		ret->iccid[0] = '\0';
	if (!err && card.uim) {
		if (uim_mnc_len_get(card.uim, &ret->mnc_len, &ignored))
			ret->mnc_len = 0;
		if (uim_gid1_get(card.uim, ret->gid1, sizeof(ret->gid1), &ignored))
			ret->gid1[0] = '\0';
		if (uim_spn_get(card.uim, ret->spn, sizeof(ret->spn), &ignored))
			ret->spn[0] = '\0';
	}
	sim_close(&card);
	return err;
}

static int read_network(struct ctl *ctl, struct apn_list *list)
{
	struct wds_attach attach;
	struct m2m_client *wds;
	int err;

	err = ctl_open(ctl, QMI_WDS, &wds);
	if (err)
		return err;
	err = wds_attach_get(wds, &attach, &ctl->error);
	if (!err && attach.has_used)
		apn_add_network(list, attach.apn);
	m2m_client_close(wds, false);
	return err;
}

/* --- the lists ---------------------------------------------------------------- */

static bool read_file(struct suggestion *s, const char *file, char **ret, gsize *ret_len)
{
	g_autoptr(GError) why = NULL;

	if (!g_file_get_contents(file, ret, ret_len, &why)) {
		note(s, file, why->code == G_FILE_ERROR_NOENT ? "is not there" :
						       why->message);
		return false;
	}
	if (*ret_len <= PROVIDERS_MAX)
		return true;
	note(s, file, "is too long");
	g_clear_pointer(ret, g_free);
	return false;
}

static void read_providers(struct suggestion *s)
{
	g_autofree char *xml = NULL;
	struct m2m_error error;
	gsize len;
	int err;

	if (!read_file(s, APN_PROVIDERS, &xml, &len))
		return;
	err = apn_read_providers(xml, len, &s->sim, &s->list, &error);
	note(s, APN_PROVIDERS, err ? error.msg : NULL);
}

static void read_own_file(struct suggestion *s, const char *file)
{
	struct conf_notes notes = { 0 };
	g_autofree char *bytes = NULL;
	g_autofree char *why = NULL;
	gsize len;

	if (!read_file(s, file, &bytes, &len))
		return;
	apn_read_conf(file, bytes, len, &s->sim, &s->list, &notes);
	if (notes.n)
		why = g_strdup_printf("line %u: %s", notes.notes[0].line,
				      notes.notes[0].text);
	note(s, file, why);
	conf_notes_clear(&notes);
}

static gint by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void read_own(struct suggestion *s)
{
	g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
	GDir *dir = g_dir_open(APN_DIRECTORY, 0, NULL);
	const char *name;

	if (!dir) {
		note(s, APN_DIRECTORY, "is not there");
		return;
	}
	while ((name = g_dir_read_name(dir)))
		if (g_str_has_suffix(name, ".conf"))
			g_ptr_array_add(files, g_build_filename(APN_DIRECTORY, name,
								NULL));
	g_dir_close(dir);
	g_ptr_array_sort(files, by_name);
	for (guint i = 0; i < files->len; i++)
		read_own_file(s, files->pdata[i]);
}

/* --- what is said ------------------------------------------------------------- */

static const char *source_word(enum apn_source source)
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
	int err;

	err = read_card(ctl, &s->sim);
	if (!err)
		err = read_network(ctl, &s->list);
	if (err)
		return err;
	read_providers(s);
	read_own(s);
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
