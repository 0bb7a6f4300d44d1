// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the reading of requests; nothing in them is believed. */
#include <glib.h>
#include <json-glib/json-glib.h>
#include <stdbool.h>

#include "request.h"

#define DEPTH_MAX	16

struct request {
	JsonParser *parser;
	JsonObject *object;	/* of parser */
};

/* The parser calls itself for each level, and older ones know no end of it */
static bool is_too_deep(const char *line, size_t len)
{
	unsigned int depth = 0;

	for (size_t i = 0; i < len; i++)
		if ((line[i] == '{' || line[i] == '[') && ++depth > DEPTH_MAX)
			return true;
	return false;
}

static JsonNode *member(const struct request *request, const char *name, GType type)
{
	JsonNode *node = json_object_get_member(request->object, name);

	return node && JSON_NODE_HOLDS_VALUE(node) &&
	       json_node_get_value_type(node) == type ? node : NULL;
}

const char *request_text(const struct request *request, const char *name)
{
	JsonNode *node = member(request, name, G_TYPE_STRING);

	return node ? json_node_get_string(node) : NULL;
}

int64_t request_number(const struct request *request, const char *name,
		       int64_t otherwise)
{
	JsonNode *node = member(request, name, G_TYPE_INT64);

	return node ? json_node_get_int(node) : otherwise;
}

const char *request_method(const struct request *request)
{
	return request_text(request, "method");
}

struct request *request_parse(const char *line, size_t len)
{
	struct request *request;
	JsonNode *root;

	if (is_too_deep(line, len))
		return NULL;
	request = g_new0(struct request, 1);
	request->parser = json_parser_new();
	if (json_parser_load_from_data(request->parser, line, len, NULL)) {
		root = json_parser_get_root(request->parser);
		if (root && JSON_NODE_HOLDS_OBJECT(root))
			request->object = json_node_get_object(root);
	}
	if (request->object && request_method(request) &&
	    request_number(request, "schema", 0) == REQUEST_SCHEMA)
		return request;
	request_free(request);
	return NULL;
}

void request_free(struct request *request)
{
	if (!request)
		return;
	g_object_unref(request->parser);
	g_free(request);
}
