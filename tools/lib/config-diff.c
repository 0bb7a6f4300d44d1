// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the difference of two configurations. Pure. */
#include <glib.h>
#include <string.h>

#include "config.h"

static void add(struct config_changes *changes, const struct config_change *change,
		enum config_effect effect)
{
	changes->changes = g_renew(struct config_change, changes->changes,
				   changes->n + 1);
	changes->changes[changes->n++] = *change;
	changes->effect = MAX(changes->effect, effect);
}

/* The keys of one section, or of one PDN */
static void diff_section(enum config_section_id section, const void *from,
			 const void *to, struct config_change change,
			 struct config_changes *changes)
{
	change.kind = CONFIG_CHANGED;
	for (const struct config_key *key = config_keys; key->name; key++) {
		if (key->section != section || config_value_equal(key, from, to))
			continue;
		change.key = key;
		add(changes, &change, key->effect);
	}
}

static size_t find_pdn(const struct config_modem *modem, const char *name)
{
	size_t i = 0;

	while (i < modem->n_pdns && strcmp(modem->pdns[i].name, name))
		i++;
	return i;
}

static void diff_pdns(const struct config_modem *from, const struct config_modem *to,
		      struct config_changes *changes)
{
	struct config_change change = { .modem = to->name };

	for (size_t i = 0; i < to->n_pdns; i++) {
		size_t before = find_pdn(from, to->pdns[i].name);

		change.pdn = to->pdns[i].name;
		change.kind = CONFIG_ADDED;
		if (before == from->n_pdns)
			add(changes, &change, CONFIG_EFFECT_CALL);
		else
			diff_section(CONFIG_PDN, &from->pdns[before], &to->pdns[i],
				     change, changes);
	}
	for (size_t i = 0; i < from->n_pdns; i++) {
		change.pdn = from->pdns[i].name;
		change.kind = CONFIG_REMOVED;
		if (find_pdn(to, change.pdn) == to->n_pdns)
			add(changes, &change, CONFIG_EFFECT_CALL);
	}
}

static void diff_modem(const struct config_modem *from, const struct config_modem *to,
		       struct config_changes *changes)
{
	struct config_change change = { .modem = to->name };

	for (int id = 0; id < CONFIG_SECTIONS; id++) {
		if (id == CONFIG_PDN || config_section_is_main(id))
			continue;
		/* not changed here; the struct of a section has one way to it */
		diff_section(id, config_modem_section((struct config_modem *)from, id, 0),
			     config_modem_section((struct config_modem *)to, id, 0),
			     change, changes);
	}
	diff_pdns(from, to, changes);
}

static const struct config_modem *find_modem(const struct config *config,
					     const char *name)
{
	for (size_t i = 0; i < config->n_modems; i++)
		if (!strcmp(config->modems[i].name, name))
			return &config->modems[i];
	return NULL;
}

void config_diff(const struct config *from, const struct config *to,
		 struct config_changes *ret_changes)
{
	struct config_change change = { .kind = CONFIG_CHANGED };

	memset(ret_changes, 0, sizeof(*ret_changes));
	diff_section(CONFIG_MANAGER, &from->manager, &to->manager, change, ret_changes);
	diff_section(CONFIG_HELPER, &from->helper, &to->helper, change, ret_changes);
	for (size_t i = 0; i < to->n_modems; i++) {
		const struct config_modem *before = find_modem(from, to->modems[i].name);

		change.modem = to->modems[i].name;
		change.kind = CONFIG_ADDED;
		if (before)
			diff_modem(before, &to->modems[i], ret_changes);
		else
			add(ret_changes, &change, CONFIG_EFFECT_MATCH);
	}
	for (size_t i = 0; i < from->n_modems; i++) {
		change.modem = from->modems[i].name;
		change.kind = CONFIG_REMOVED;
		if (!find_modem(to, change.modem))
			add(ret_changes, &change, CONFIG_EFFECT_MATCH);
	}
}

void config_modem_diff(const struct config_modem *from, const struct config_modem *to,
		       struct config_changes *ret_changes)
{
	memset(ret_changes, 0, sizeof(*ret_changes));
	diff_modem(from, to, ret_changes);
}

void config_changes_clear(struct config_changes *changes)
{
	g_free(changes->changes);
	memset(changes, 0, sizeof(*changes));
}
