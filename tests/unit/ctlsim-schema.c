// SPDX-License-Identifier: GPL-2.0-or-later
/* What m2mctl prints, held to what it says that it prints. */
#include <glib.h>
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../tools/ctl/args.h"
#include "../../tools/ctl/schema.h"
#include "../lib/harness.h"
#include "ctlsim.h"

/* Beyond it a number is not what readers make of it */
#define INTEGER_MAX	(1ll << 53)

static void check(JsonObject *schema, JsonNode *value, const char *path);

static void complain(const char *path, const char *what)
{
	harness_fail(__FILE__, __LINE__, false, "%s: %s", path, what);
}

static bool is_of_type(JsonNode *value, const char *type)
{
	GType held = JSON_NODE_HOLDS_VALUE(value) ? json_node_get_value_type(value) : 0;

	if (!strcmp(type, "null"))
		return JSON_NODE_HOLDS_NULL(value);
	if (!strcmp(type, "object"))
		return JSON_NODE_HOLDS_OBJECT(value);
	if (!strcmp(type, "array"))
		return JSON_NODE_HOLDS_ARRAY(value);
	if (!strcmp(type, "string"))
		return held == G_TYPE_STRING;
	if (!strcmp(type, "boolean"))
		return held == G_TYPE_BOOLEAN;
	if (!strcmp(type, "number"))
		return held == G_TYPE_INT64 || held == G_TYPE_DOUBLE;
	return held == G_TYPE_INT64 && llabs(json_node_get_int(value)) < INTEGER_MAX;
}

static bool is_allowed(JsonNode *types, JsonNode *value)
{
	JsonArray *array;

	if (JSON_NODE_HOLDS_VALUE(types))
		return is_of_type(value, json_node_get_string(types));
	array = json_node_get_array(types);
	for (guint i = 0; i < json_array_get_length(array); i++)
		if (is_of_type(value, json_array_get_string_element(array, i)))
			return true;
	return false;
}

static void check_members(JsonObject *schema, JsonObject *object, const char *path)
{
	JsonObject *properties = json_object_get_object_member(schema, "properties");
	JsonArray *required = json_object_get_array_member(schema, "required");
	JsonObjectIter iter;
	const char *name;
	JsonNode *member;

	for (guint i = 0; i < json_array_get_length(required); i++)
		if (!json_object_has_member(object, json_array_get_string_element(required, i)))
			complain(path, json_array_get_string_element(required, i));
	json_object_iter_init(&iter, object);
	while (json_object_iter_next(&iter, &name, &member)) {
		g_autofree char *below = g_strconcat(path, ".", name, NULL);

		if (json_object_has_member(properties, name))
			check(json_object_get_object_member(properties, name), member, below);
		else
			complain(below, "not in the schema");
	}
}

static void check(JsonObject *schema, JsonNode *value, const char *path)
{
	JsonArray *array;

	if (!is_allowed(json_object_get_member(schema, "type"), value)) {
		complain(path, "of another type");
		return;
	}
	if (JSON_NODE_HOLDS_OBJECT(value))
		check_members(schema, json_node_get_object(value), path);
	if (!JSON_NODE_HOLDS_ARRAY(value))
		return;
	array = json_node_get_array(value);
	for (guint i = 0; i < json_array_get_length(array); i++)
		check(json_object_get_object_member(schema, "items"),
		      json_array_get_element(array, i), path);
}

static JsonParser *parse(const char *text)
{
	JsonParser *parser = json_parser_new();

	ASSERT_TRUE(json_parser_load_from_data(parser, text, -1, NULL));
	return parser;
}

void ctlsim_check_schema(const struct command *command, const char *text)
{
	g_autofree char *name = g_strjoin(" ", command->object, command->verb, NULL);
	JsonParser *schema, *document;
	char *printed = NULL;
	size_t size;
	FILE *to = open_memstream(&printed, &size);

	ASSERT_EQ(0, schema_print(to, command));
	fclose(to);
	schema = parse(printed);
	document = parse(text);
	check(json_node_get_object(json_parser_get_root(schema)),
	      json_parser_get_root(document), name);
	g_object_unref(document);
	g_object_unref(schema);
	free(printed);
}
