// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the reading of what tells a SIM's APN: of the card, the attach, and files. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "apn-facts.h"

#define FILE_MAX	(16 * 1024 * 1024)	/* bytes; the list has half a million */

/* Who asks for lists */
struct reader {
	const struct apn_places *places;
	const struct apn_sim *sim;
	struct apn_list *list;
	apn_asked_fn fn;
	void *data;
};

/* --- the card and the network ------------------------------------------------- */

int apn_sim_get(const struct card *card, struct apn_sim *ret, struct m2m_error *error)
{
	struct apn_sim sim = { 0 };
	struct m2m_error ignored;
	int err;

	err = card_imsi_get(card, sim.imsi, sizeof(sim.imsi), error);
	if (err)
		return err;
	/* what a card does not have tells nothing */
	if (card_iccid_get(card, sim.iccid, sizeof(sim.iccid), &ignored))
		sim.iccid[0] = '\0';
	if (card->uim) {
		if (uim_mnc_len_get(card->uim, &sim.mnc_len, &ignored))
			sim.mnc_len = 0;
		if (uim_gid1_get(card->uim, sim.gid1, sizeof(sim.gid1), &ignored))
			sim.gid1[0] = '\0';
		if (uim_spn_get(card->uim, sim.spn, sizeof(sim.spn), &ignored))
			sim.spn[0] = '\0';
	}
	*ret = sim;
	return 0;
}

int apn_network_get(struct m2m_client *wds, struct apn_list *list,
		    struct m2m_error *error)
{
	struct wds_attach attach;
	int err;

	err = wds_attach_get(wds, &attach, error);
	if (!err && attach.has_used)
		apn_add_network(list, attach.apn);
	return err;
}

/* --- the lists ---------------------------------------------------------------- */

static void note(const struct reader *r, const char *file, const char *why)
{
	if (r->fn)
		r->fn(file, why, r->data);
}

static bool read_file(const struct reader *r, const char *file, char **ret,
		      gsize *ret_len)
{
	g_autoptr(GError) why = NULL;

	if (!g_file_get_contents(file, ret, ret_len, &why)) {
		note(r, file, why->code == G_FILE_ERROR_NOENT ? "is not there" :
								why->message);
		return false;
	}
	if (*ret_len <= FILE_MAX)
		return true;
	note(r, file, "is too long");
	g_clear_pointer(ret, g_free);
	return false;
}

static void read_providers(const struct reader *r)
{
	g_autofree char *xml = NULL;
	const char *file = r->places->providers;
	struct m2m_error error;
	gsize len;
	int err;

	if (!read_file(r, file, &xml, &len))
		return;
	err = apn_read_providers(xml, len, r->sim, r->list, &error);
	note(r, file, err ? error.msg : NULL);
}

static void read_own_file(const struct reader *r, const char *file)
{
	struct conf_notes notes = { 0 };
	g_autofree char *bytes = NULL;
	g_autofree char *why = NULL;
	gsize len;

	if (!read_file(r, file, &bytes, &len))
		return;
	apn_read_conf(file, bytes, len, r->sim, r->list, &notes);
	if (notes.n)
		why = g_strdup_printf("line %u: %s", notes.notes[0].line,
				      notes.notes[0].text);
	note(r, file, why);
	conf_notes_clear(&notes);
}

static gint by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void read_own(const struct reader *r)
{
	g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
	const char *directory = r->places->directory;
	GDir *dir = g_dir_open(directory, 0, NULL);
	const char *name;

	if (!dir) {
		note(r, directory, "is not there");
		return;
	}
	while ((name = g_dir_read_name(dir)))
		if (g_str_has_suffix(name, ".conf"))
			g_ptr_array_add(files, g_build_filename(directory, name, NULL));
	g_dir_close(dir);
	g_ptr_array_sort(files, by_name);
	for (guint i = 0; i < files->len; i++)
		read_own_file(r, files->pdata[i]);
}

void apn_read_lists(const struct apn_places *places, const struct apn_sim *sim,
		    struct apn_list *list, apn_asked_fn fn, void *data)
{
	const struct reader r = { places, sim, list, fn, data };

	read_providers(&r);
	read_own(&r);
}
