// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the judgement of a scenario before any of it happens. */
#include <errno.h>
#include <stdio.h>

#include "action.h"
#include "rehearsal.h"
#include "vmodem.h"

/*
 * DOC: Rehearsal
 *
 * Each rule is told to a modem of the same model that nobody hears: its parsers judge the
 * words, and what it then does is thrown away. Whether there is room, or a network, only
 * shows when the rule is due.
 */

static void hear_frame(void *usb, unsigned int port, const uint8_t *frame, size_t len)
{
}

static void hear_format(void *usb, unsigned int port, const struct modem_format *format)
{
}

static void hear_call(void *usb, const struct modem_call *call, bool up)
{
}

static void hear_event(void *usb, const char *name)
{
}

static void hear_reboot(void *usb, unsigned int down_ms)
{
}

static const struct modem_ops nobody = {
	.ctrl_out = hear_frame,
	.format = hear_format,
	.call = hear_call,
	.event = hear_event,
	.reboot = hear_reboot,
};

/* A rule that waits for what never happens would test nothing, and pass. */
static int check_event(const struct scenario_rule *rule, char *err, size_t err_len)
{
	if (!*rule->event || vmodem_has_event(rule->event))
		return 0;
	snprintf(err, err_len, "there is no event \"%s\"", rule->event);
	return -EINVAL;
}

static int check_action(struct modem *modem, unsigned int n_ports,
			const struct scenario_rule *rule, char *err, size_t err_len)
{
	struct action action;
	int ret;

	ret = action_parse(rule->key, rule->value, &action, err, err_len);
	if (!ret)
		return action_check_port(&action, n_ports, err, err_len);
	if (ret != -ENOENT)
		return ret;
	ret = modem_set(modem, rule->key, rule->value, err, err_len);
	return ret == -ENOENT || ret == -EINVAL ? ret : 0;
}

int rehearse(const struct vmodem_config *config, char *err, size_t err_len)
{
	const struct scenario *scenario = &config->scenario;
	const struct modem_config *firmware = &config->firmware;
	char text[SCENARIO_ERROR_MAX] = "";
	struct modem *modem;
	int ret = 0;
	size_t i;

	modem = modem_new(firmware, &nobody, NULL);
	/* What it begins then, timers above all, ends with its power. */
	modem_power_on(modem);
	for (i = 0; i < scenario->n_rules && !ret; i++) {
		ret = check_event(&scenario->rules[i], text, sizeof(text));
		if (!ret)
			ret = check_action(modem, firmware->n_ports, &scenario->rules[i],
					   text, sizeof(text));
		if (ret)
			snprintf(err, err_len, "%u: %s", scenario->rules[i].line, text);
	}
	modem_free(modem);
	return ret;
}
