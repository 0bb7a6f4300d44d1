/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line that came in at the socket: what is asked, and with which words. */
#ifndef M2MD_REQUEST_H
#define M2MD_REQUEST_H

#include <stddef.h>
#include <stdint.h>

#define REQUEST_SCHEMA	1

struct request;

/* request_parse() - NULL if the line is no object with schema and method */
struct request *request_parse(const char *line, size_t len);
void request_free(struct request *request);

const char *request_method(const struct request *request);
/* The text of a member; NULL if there is none or it is something else */
const char *request_text(const struct request *request, const char *name);
/* The whole number of a member; @otherwise if there is none or it is something else */
int64_t request_number(const struct request *request, const char *name,
		       int64_t otherwise);

#endif /* M2MD_REQUEST_H */
