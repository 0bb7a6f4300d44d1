// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the counts of events, and the rules of a scenario that wait for their time. */
#include <glib.h>
#include <stdbool.h>
#include <string.h>

#include "agenda.h"

struct agenda {
	const struct scenario *scenario;
	void (*due)(void *ctx, const struct scenario_rule *rule);
	void *ctx;
	GHashTable *events;		/* name: count */
	GHashTable *sources;		/* of rules that wait, by source id */
	bool *spent;			/* rules of SCENARIO_AFTER, by their place */
};

/* A rule that is due, on its own turn of the main loop. */
struct due {
	struct agenda *agenda;
	const struct scenario_rule *rule;
	guint source;
};

static gboolean due_run(gpointer data)
{
	struct due *due = data;

	due->agenda->due(due->agenda->ctx, due->rule);
	if (due->rule->when == SCENARIO_EVERY)
		return G_SOURCE_CONTINUE;
	return G_SOURCE_REMOVE;
}

static void due_free(gpointer data)
{
	struct due *due = data;

	g_hash_table_remove(due->agenda->sources, GUINT_TO_POINTER(due->source));
	g_free(due);
}

void agenda_schedule(struct agenda *agenda, const struct scenario_rule *rule)
{
	struct due *due = g_malloc0(sizeof(*due));

	due->agenda = agenda;
	due->rule = rule;
	due->source = g_timeout_add_full(G_PRIORITY_HIGH, rule->ms, due_run, due,
					 due_free);
	g_hash_table_add(agenda->sources, GUINT_TO_POINTER(due->source));
}

void agenda_event(struct agenda *agenda, const char *name)
{
	const struct scenario_rule *rule;
	unsigned int count;
	size_t i;

	count = agenda_event_count(agenda, name) + 1;
	g_hash_table_insert(agenda->events, g_strdup(name), GUINT_TO_POINTER(count));
	for (i = 0; i < agenda->scenario->n_rules; i++) {
		rule = &agenda->scenario->rules[i];
		if (agenda->spent[i] || strcmp(rule->event, name))
			continue;
		if (rule->when == SCENARIO_AFTER)
			agenda->spent[i] = true;
		else if (rule->when != SCENARIO_WHENEVER)
			continue;
		agenda_schedule(agenda, rule);
	}
}

unsigned int agenda_event_count(const struct agenda *agenda, const char *name)
{
	return GPOINTER_TO_UINT(g_hash_table_lookup(agenda->events, name));
}

struct agenda *agenda_new(const struct scenario *scenario,
			  void (*due)(void *ctx, const struct scenario_rule *rule),
			  void *ctx)
{
	struct agenda *agenda = g_new0(struct agenda, 1);

	agenda->scenario = scenario;
	agenda->due = due;
	agenda->ctx = ctx;
	agenda->events = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	agenda->sources = g_hash_table_new(NULL, NULL);
	agenda->spent = g_new0(bool, scenario->n_rules);
	return agenda;
}

void agenda_free(struct agenda *agenda)
{
	GList *ids, *i;

	if (!agenda)
		return;
	ids = g_hash_table_get_keys(agenda->sources);
	for (i = ids; i; i = i->next)
		g_source_remove(GPOINTER_TO_UINT(i->data));
	g_list_free(ids);
	g_hash_table_destroy(agenda->events);
	g_hash_table_destroy(agenda->sources);
	g_free(agenda->spent);
	g_free(agenda);
}
