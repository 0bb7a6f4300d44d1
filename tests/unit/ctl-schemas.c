// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What m2mctl's JSON once had it has for ever: the schemas that it prints against those that
 * are stored, a key a line. Keys are added to the file freely; no line of it is ever changed.
 */
#include <glib.h>
#include <json-glib/json-glib.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../tools/ctl/args.h"
#include "../../tools/ctl/pdn.h"
#include "../../tools/ctl/schema.h"
#include "../lib/harness.h"
#include "ctlsim.h"

#define STORED	"tests/vectors/m2mctl-schemas.txt"
#define ALWAYS	"always"
#define MAYBE	"sometimes"

/* Of a line, a key of a document: "apn list", "profiles[].name", "string|null", ALWAYS */
enum field {
	COMMAND,
	PATH,
	TYPES,
	THERE,
	FIELDS,
};

static char *types_of(JsonObject *schema)
{
	JsonNode *node = json_object_get_member(schema, "type");
	JsonObject *items;
	JsonArray *array;
	GString *types;

	if (json_object_has_member(schema, "items")) {
		items = json_object_get_object_member(schema, "items");
		return g_strdup_printf("array of %s",
				       json_object_get_string_member(items, "type"));
	}
	if (JSON_NODE_HOLDS_VALUE(node))
		return g_strdup(json_node_get_string(node));
	array = json_node_get_array(node);
	types = g_string_new(json_array_get_string_element(array, 0));
	for (guint i = 1; i < json_array_get_length(array); i++)
		g_string_append_printf(types, "|%s", json_array_get_string_element(array, i));
	return g_string_free(types, FALSE);
}

static bool is_required(JsonObject *schema, const char *name)
{
	JsonArray *required = json_object_get_array_member(schema, "required");

	for (guint i = 0; i < json_array_get_length(required); i++)
		if (!strcmp(json_array_get_string_element(required, i), name))
			return true;
	return false;
}

/* Adds a line for each key below @path */
static void flatten(GPtrArray *lines, const char *command, const char *path,
		    JsonObject *schema)
{
	JsonObject *properties;
	JsonObjectIter iter;
	const char *name;
	JsonNode *node;

	if (!json_object_has_member(schema, "properties"))
		return;
	properties = json_object_get_object_member(schema, "properties");
	json_object_iter_init(&iter, properties);
	while (json_object_iter_next(&iter, &name, &node)) {
		g_autofree char *types = types_of(json_node_get_object(node));
		g_autofree char *own = g_strconcat(path, name, NULL);
		g_autofree char *below = g_strconcat(own, "[].", NULL);
		JsonObject *member = json_node_get_object(node);
		bool is_array = json_object_has_member(member, "items");

		g_ptr_array_add(lines, g_strdup_printf("%s\t%s\t%s\t%s", command, own, types,
						       is_required(schema, name) ? ALWAYS :
										   MAYBE));
		if (!is_array)
			strcpy(below + strlen(own), ".");
		flatten(lines, command, below, is_array ?
			json_object_get_object_member(member, "items") : member);
	}
}

static GPtrArray *printed(void)
{
	GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);

	for (const struct command *c = commands; c->object; c++) {
		g_autofree char *name = g_strjoin(" ", c->object, c->verb, NULL);
		JsonParser *parser = json_parser_new();
		char *text = NULL;
		size_t size;
		FILE *to = open_memstream(&text, &size);

		ASSERT_EQ(0, schema_print(to, c));
		fclose(to);
		ASSERT_TRUE(json_parser_load_from_data(parser, text, -1, NULL));
		flatten(lines, name, "", json_node_get_object(json_parser_get_root(parser)));
		g_object_unref(parser);
		free(text);
	}
	return lines;
}

static char **stored(void)
{
	g_autofree char *text = NULL;

	if (access(STORED, R_OK) && chdir(M2M_TOP))
		SKIP("the tree is not here");
	ASSERT_TRUE(g_file_get_contents(STORED, &text, NULL, NULL));
	return g_strsplit(g_strchomp(text), "\n", -1);
}

static bool is_among(const char *word, const char *words)
{
	g_auto(GStrv) all = g_strsplit(words, "|", -1);

	return g_strv_contains((const char *const *)all, word);
}

/* Whether who reads what was promised can read what is printed now */
static bool is_kept(char **promise, char **now)
{
	g_auto(GStrv) types = g_strsplit(now[TYPES], "|", -1);

	for (unsigned int i = 0; types[i]; i++)
		if (!is_among(types[i], promise[TYPES]))
			return false;
	return strcmp(promise[THERE], ALWAYS) || !strcmp(now[THERE], ALWAYS);
}

/* The line of the same key; NULL: it is gone */
static const char *find(const GPtrArray *lines, char **promise)
{
	g_autofree char *start = g_strdup_printf("%s\t%s\t", promise[COMMAND], promise[PATH]);

	for (guint i = 0; i < lines->len; i++)
		if (g_str_has_prefix(lines->pdata[i], start))
			return lines->pdata[i];
	return NULL;
}

/* What became of a promise, in a word */
static const char *judge(const GPtrArray *lines, const char *line)
{
	g_auto(GStrv) promise = g_strsplit(line, "\t", -1);
	g_auto(GStrv) now = NULL;
	const char *found;

	if (g_strv_length(promise) != FIELDS)
		return "not understood";
	found = find(lines, promise);
	if (!found)
		return "removed";
	now = g_strsplit(found, "\t", -1);
	return is_kept(promise, now) ? "kept" : "changed";
}

TEST(what_was_there_is_there)
{
	g_auto(GStrv) old = stored();
	GPtrArray *lines = printed();

	EXPECT_LE(500u, g_strv_length(old));
	for (unsigned int i = 0; old[i]; i++)
		if (*old[i] != '#' && strcmp(judge(lines, old[i]), "kept"))
			harness_fail(__FILE__, __LINE__, false, "%s:%u: %s: %s", STORED, i + 1,
				     judge(lines, old[i]), old[i]);
	g_ptr_array_unref(lines);
}

/* What is new is a promise as well */
TEST(what_is_there_is_stored)
{
	g_auto(GStrv) old = stored();
	GPtrArray *lines = printed();

	for (guint i = 0; i < lines->len; i++) {
		g_auto(GStrv) now = g_strsplit(lines->pdata[i], "\t", -1);
		GPtrArray all = { .pdata = (gpointer *)old, .len = g_strv_length(old) };

		if (!find(&all, now))
			harness_fail(__FILE__, __LINE__, false, "%s lacks:\n%s", STORED,
				     (char *)lines->pdata[i]);
	}
	g_ptr_array_unref(lines);
}

/* And a promise that is broken is found */
TEST(what_is_found_out)
{
	static const struct {
		const char *promise, *verdict;
	} rows[] = {
		{ "a b\tc[].d\tstring|null\tsometimes", "kept" },
		{ "a b\tc[].d\tstring\tsometimes", "kept" },
		{ "a b\tc[].d\tstring\talways", "kept" },
		{ "a b\tc[].e\tstring|null\tsometimes", "kept" },
		{ "a b\tc[].e\tstring\tsometimes", "changed" },
		{ "a b\tc[].e\tinteger|null\tsometimes", "changed" },
		{ "a b\tc[].e\tstring|null\talways", "changed" },
		{ "a b\tc[].f\tstring\talways", "removed" },
		{ "a\tc[].d\tstring\talways", "removed" },
		{ "a b\tc[].d\tstring", "not understood" },
	};
	char *now[] = {
		(char *)"a b\tc[].d\tstring\talways",
		(char *)"a b\tc[].e\tstring|null\tsometimes",
	};
	GPtrArray lines = { .pdata = (gpointer *)now, .len = ARRAY_SIZE(now) };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		EXPECT_STREQ(rows[i].verdict, judge(&lines, rows[i].promise));
}

static const struct command *command_of(const char *object, const char *verb)
{
	const struct command *c = commands;

	while (c->object && (strcmp(c->object, object) || g_strcmp0(c->verb, verb)))
		c++;
	ASSERT_TRUE(c->object);
	return c;
}

/* An interface on the modem that another program made, and of whose call nobody knows */
TEST(a_link_of_others)
{
	static const struct connection pdn = {
		.name = "other", .has_link = true, .mux_id = 7,
		.link = { .ifindex = 9, .name = "other", .mtu = 1500 },
	};
	const struct pdn_more more = { 0 };
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);
	struct out *out = out_new(to, OUT_JSON);

	out_table(out, "pdns", NULL);
	out_row(out);
	pdn_report(out, &pdn, &more);
	out_row_end(out);
	out_table_end(out);
	EXPECT_EQ(0, out_finish(out));
	fclose(to);
	ctlsim_check_schema(command_of("pdn", "show"), text);
	EXPECT_TRUE(strstr(text, "\"ifname\":\"other\",\"mux_id\":7,\"state\":\"unknown\","
			   "\"apn\":null"));
	free(text);
}

TEST_HARNESS_MAIN
