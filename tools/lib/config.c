// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the way from sections and keys to typed values. Pure. */
#include <glib.h>
#include <net/if.h>
#include <string.h>

#include "config.h"

#define REASON_MAX	256

/* What a section of the text is about */
struct target {
	bool known;
	enum config_section_id id;
	void *base;		/* NULL: its keys go nowhere */
};

/* --- life -------------------------------------------------------------------- */

static void set_defaults(enum config_section_id section, void *base)
{
	char reason[REASON_MAX];

	for (const struct config_key *key = config_keys; key->name; key++)
		if (key->section == section)
			config_value_set(key, "", base, reason, sizeof(reason));
}

static void clear_section(enum config_section_id section, void *base)
{
	for (const struct config_key *key = config_keys; key->name; key++)
		if (key->section == section)
			config_value_clear(key, base);
}

void *config_modem_section(struct config_modem *modem, enum config_section_id section,
			   size_t pdn)
{
	switch (section) {
	case CONFIG_MATCH:
		return &modem->match;
	case CONFIG_SIM:
		return &modem->sim;
	case CONFIG_ATTACH:
		return &modem->attach;
	case CONFIG_NETWORK:
		return &modem->network;
	case CONFIG_PDN:
		return pdn < modem->n_pdns ? &modem->pdns[pdn] : NULL;
	case CONFIG_SUPERVISE:
		return &modem->supervise;
	case CONFIG_QUOTA:
		return &modem->quota;
	case CONFIG_MODEM:
		return &modem->init;
	case CONFIG_MANAGER:
	case CONFIG_HELPER:
	case CONFIG_SECTIONS:
		break;
	}
	return NULL;
}

static void clear_modem(struct config_modem *modem)
{
	for (size_t i = 0; i < modem->n_pdns; i++) {
		clear_section(CONFIG_PDN, &modem->pdns[i]);
		g_free(modem->pdns[i].name);
	}
	for (int id = 0; id < CONFIG_SECTIONS; id++)
		if (id != CONFIG_PDN && !config_section_is_main(id))
			clear_section(id, config_modem_section(modem, id, 0));
	conf_clear(&modem->source);
	g_free(modem->pdns);
	g_free(modem->name);
	g_free(modem->file);
}

struct config *config_new(void)
{
	struct config *config = g_new0(struct config, 1);

	set_defaults(CONFIG_MANAGER, &config->manager);
	set_defaults(CONFIG_HELPER, &config->helper);
	return config;
}

void config_free(struct config *config)
{
	if (!config)
		return;
	for (size_t i = 0; i < config->n_modems; i++)
		clear_modem(&config->modems[i]);
	clear_section(CONFIG_MANAGER, &config->manager);
	clear_section(CONFIG_HELPER, &config->helper);
	conf_clear(&config->source);
	g_free(config->modems);
	g_free(config);
}

/* --- sections ---------------------------------------------------------------- */

static bool find_id(const char *name, enum config_section_id *ret_id)
{
	for (int id = 0; id < CONFIG_SECTIONS; id++) {
		if (strcmp(config_section_name(id), name))
			continue;
		*ret_id = id;
		return true;
	}
	return false;
}

static bool is_pdn_name(const char *name)
{
	if (!*name || strlen(name) >= IF_NAMESIZE || strchr("-.", *name))
		return false;
	for (; *name; name++)
		if (!g_ascii_isalnum(*name) && !strchr("._-", *name))
			return false;
	return true;
}

static void note_unknown_section(struct conf_notes *notes,
				 const struct conf_section *section)
{
	const char *near = NULL;

	for (int id = 0; id < CONFIG_SECTIONS; id++)
		if (!g_ascii_strcasecmp(config_section_name(id), section->name))
			near = config_section_name(id);
	if (near)
		conf_note(notes, CONF_WARNING, section->file, section->line,
			  "unknown section [%s], which is left out; did you mean [%s]?",
			  section->name, near);
	else
		conf_note(notes, CONF_WARNING, section->file, section->line,
			  "unknown section [%s], which is left out", section->name);
}

/* Which section of ours it is; one that is none of them, or stands wrongly, is told */
static struct target find_target(const struct conf_section *section, bool main,
				 struct conf_notes *notes)
{
	struct target target = { 0 };

	target.known = find_id(section->name, &target.id);
	if (!target.known) {
		note_unknown_section(notes, section);
	} else if (config_section_is_main(target.id) != main) {
		conf_note(notes, CONF_WARNING, section->file, section->line,
			  "[%s] belongs into %s, and is left out here",
			  section->name, main ? "a .modem file" : CONFIG_MAIN);
		target.known = false;
	} else if (target.id != CONFIG_PDN && *section->argument) {
		conf_note(notes, CONF_ERROR, section->file, section->line,
			  "[%s] takes no name, not \"%s\"", section->name,
			  section->argument);
		target.known = false;
	} else if (target.id == CONFIG_PDN && !is_pdn_name(section->argument)) {
		conf_note(notes, CONF_ERROR, section->file, section->line,
			  "[PDN name] takes the name of an interface: 1 to %d letters, digits, - . and _",
			  IF_NAMESIZE - 1);
		target.known = false;
	}
	return target;
}

static bool add_pdn(struct config_modem *modem, const struct conf_section *section,
		    struct conf_notes *notes)
{
	struct config_pdn *pdn;

	if (modem->n_pdns == CONFIG_PDNS_MAX) {
		conf_note(notes, CONF_ERROR, section->file, section->line,
			  "[PDN %s] is one too many: a modem has at most %d of them",
			  section->argument, CONFIG_PDNS_MAX);
		return false;
	}
	pdn = &modem->pdns[modem->n_pdns++];
	pdn->name = g_strdup(section->argument);
	set_defaults(CONFIG_PDN, pdn);
	return true;
}

/* --- keys -------------------------------------------------------------------- */

static void note_unknown(struct conf_notes *notes, const struct conf_entry *entry,
			 enum config_section_id section)
{
	const char *name = config_section_name(section);
	char *file = g_strconcat(entry->key, "File", NULL);
	const struct config_key *near = NULL, *elsewhere = NULL;

	for (const struct config_key *key = config_keys; key->name; key++) {
		if (key->section == section &&
		    !g_ascii_strcasecmp(key->name, entry->key))
			near = key;
		if (!strcmp(key->name, entry->key))
			elsewhere = key;
	}
	if (section == CONFIG_MATCH)
		conf_note(notes, CONF_WARNING, entry->file, entry->line,
			  "unknown key %s in [Match]: the file fits no modem", entry->key);
	else if (config_key(section, file))
		conf_note(notes, CONF_WARNING, entry->file, entry->line,
			  "unknown key %s in [%s]: a secret has a file of its own, see %s=",
			  entry->key, name, file);
	else if (near)
		conf_note(notes, CONF_WARNING, entry->file, entry->line,
			  "unknown key %s in [%s], did you mean %s?", entry->key,
			  name, near->name);
	else if (elsewhere)
		conf_note(notes, CONF_WARNING, entry->file, entry->line,
			  "unknown key %s in [%s], it belongs into [%s]", entry->key,
			  name, config_section_name(elsewhere->section));
	else
		conf_note(notes, CONF_WARNING, entry->file, entry->line,
			  "unknown key %s in [%s]", entry->key, name);
	g_free(file);
}

/* A drop-in may set what the file has set; twice in one file is an oversight */
static void note_twice(struct conf_notes *notes, const struct conf *source, size_t at)
{
	const struct conf_entry *entry = &source->entries[at];

	for (size_t i = at; i-- > 0;) {
		const struct conf_entry *before = &source->entries[i];

		if (before->section != entry->section || before->file != entry->file ||
		    strcmp(before->key, entry->key))
			continue;
		conf_note(notes, CONF_WARNING, entry->file, entry->line,
			  "%s was set in line %u; this line counts", entry->key,
			  before->line);
		return;
	}
}

/* Returns how many values of [Match] were refused */
static size_t take_entries(const struct conf *source, const struct target *targets,
			   struct conf_notes *notes)
{
	char reason[REASON_MAX];
	size_t refused = 0;

	for (size_t i = 0; i < source->n_entries; i++) {
		const struct conf_entry *entry = &source->entries[i];
		const struct target *target = &targets[entry->section];
		const struct config_key *key;

		if (!target->base)
			continue;
		key = config_key(target->id, entry->key);
		if (!key) {
			note_unknown(notes, entry, target->id);
			continue;
		}
		if (key->type != CONFIG_LIST && key->type != CONFIG_WORDS)
			note_twice(notes, source, i);
		if (!config_value_set(key, entry->value, target->base, reason,
				      sizeof(reason)))
			continue;
		conf_note(notes, CONF_ERROR, entry->file, entry->line, "%s", reason);
		refused += target->id == CONFIG_MATCH;
	}
	return refused;
}

/* Whether something was said of [Match] that was not understood */
static bool is_match_doubtful(const struct conf *source, const struct target *targets)
{
	for (size_t i = 0; i < source->n_sections; i++)
		if (!g_ascii_strcasecmp(source->sections[i].name, "Match") &&
		    !targets[i].known)
			return true;
	for (size_t i = 0; i < source->n_entries; i++) {
		const struct target *target = &targets[source->entries[i].section];

		if (target->known && target->id == CONFIG_MATCH &&
		    !config_key(CONFIG_MATCH, source->entries[i].key))
			return true;
	}
	return false;
}

/* Errors of a .modem file; those that leave open what it is for */
static void judge_modem(struct config_modem *modem, const struct target *targets,
			bool failed, bool match_failed)
{
	modem->broken = modem->source.broken || failed;
	modem->fits_none = modem->source.broken || match_failed ||
		is_match_doubtful(&modem->source, targets);
}

/* Who gives a user name and not how wants it sent */
static void choose_auth(const struct conf *source, const char *section,
			const char *argument, const char *user, int64_t *auth)
{
	const struct conf_entry *entry = conf_find(source, section, argument, "Auth");

	if (user && (!entry || !*entry->value))
		*auth = CONFIG_AUTH_BOTH;
}

void config_set_main(struct config *config, struct conf *source,
		     struct conf_notes *notes)
{
	struct target targets[CONF_SECTIONS_MAX];

	conf_clear(&config->source);
	config->source = *source;
	memset(source, 0, sizeof(*source));
	config->has_main = true;
	for (size_t i = 0; i < config->source.n_sections; i++) {
		targets[i] = find_target(&config->source.sections[i], true, notes);
		if (targets[i].known)
			targets[i].base = targets[i].id == CONFIG_MANAGER ?
				(void *)&config->manager : &config->helper;
	}
	take_entries(&config->source, targets, notes);
}

void config_add_modem(struct config *config, const char *name, const char *file,
		      struct conf *source, struct conf_notes *notes)
{
	struct target targets[CONF_SECTIONS_MAX];
	size_t errors = notes->n_errors, refused;
	struct config_modem *modem;

	config->modems = g_renew(struct config_modem, config->modems,
				 config->n_modems + 1);
	modem = &config->modems[config->n_modems++];
	memset(modem, 0, sizeof(*modem));
	modem->name = g_strdup(name);
	modem->file = g_strdup(file);
	modem->source = *source;
	memset(source, 0, sizeof(*source));
	modem->pdns = g_new0(struct config_pdn, CONFIG_PDNS_MAX);
	for (int id = 0; id < CONFIG_SECTIONS; id++)
		if (id != CONFIG_PDN && !config_section_is_main(id))
			set_defaults(id, config_modem_section(modem, id, 0));
	for (size_t i = 0; i < modem->source.n_sections; i++) {
		const struct conf_section *section = &modem->source.sections[i];

		targets[i] = find_target(section, false, notes);
		if (targets[i].known && targets[i].id == CONFIG_PDN)
			targets[i].known = add_pdn(modem, section, notes);
		if (targets[i].known)
			targets[i].base = config_modem_section(modem, targets[i].id,
							       modem->n_pdns - 1);
	}
	refused = take_entries(&modem->source, targets, notes);
	judge_modem(modem, targets, notes->n_errors > errors, refused);
	choose_auth(&modem->source, "Attach", "", modem->attach.user,
		    &modem->attach.auth);
	for (size_t i = 0; i < modem->n_pdns; i++)
		choose_auth(&modem->source, "PDN", modem->pdns[i].name,
			    modem->pdns[i].user, &modem->pdns[i].auth);
}
