// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the judgement of a scenario before any of it happens. */
#include <errno.h>
#include <stdio.h>

#include "rehearsal.h"
#include "vmodem.h"

/* A rule that waits for what never happens would test nothing, and pass. */
static int check_event(const struct scenario_rule *rule, char *err, size_t err_len)
{
	if (!*rule->event || vmodem_has_event(rule->event))
		return 0;
	snprintf(err, err_len, "there is no event \"%s\"", rule->event);
	return -EINVAL;
}

int rehearse(const struct vmodem_config *config, char *err, size_t err_len)
{
	const struct scenario *scenario = &config->scenario;
	char text[200] = "";
	int ret = 0;
	size_t i;

	for (i = 0; i < scenario->n_rules && !ret; i++) {
		ret = check_event(&scenario->rules[i], text, sizeof(text));
		if (ret)
			snprintf(err, err_len, "%u: %s", scenario->rules[i].line, text);
	}
	return ret;
}
