/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenario files: what happens to the modem, and when; the parser is pure. */
#ifndef SIM_SCENARIO_H
#define SIM_SCENARIO_H

#include <stddef.h>

enum scenario_when {
	SCENARIO_START,			/* before the modem is powered */
	SCENARIO_AT,			/* @ms after the start */
	SCENARIO_EVERY,			/* each @ms */
	SCENARIO_AFTER,			/* the first @event, @ms later */
	SCENARIO_WHENEVER,		/* each @event, @ms later */
};

#define SCENARIO_WORD_MAX	256
/* A sentence that repeats one */
#define SCENARIO_ERROR_MAX	(SCENARIO_WORD_MAX + 100)

struct scenario_rule {
	enum scenario_when when;
	unsigned int line;
	unsigned int ms;
	char event[SCENARIO_WORD_MAX];
	char key[SCENARIO_WORD_MAX];
	char value[SCENARIO_WORD_MAX];
};

struct scenario {
	struct scenario_rule *rules;
	size_t n_rules;
};

struct scenario_error {
	unsigned int line;
	char text[SCENARIO_ERROR_MAX];
};

/*
 * Parses @text. Returns 0, -EINVAL with @ret_error filled, or -ENOMEM. The
 * result is freed by scenario_exit().
 */
int scenario_parse(const char *text, struct scenario *ret_scenario,
		   struct scenario_error *ret_error);
void scenario_exit(struct scenario *scenario);

#endif /* SIM_SCENARIO_H */
