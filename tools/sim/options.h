/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line of m2msim. */
#ifndef SIM_OPTIONS_H
#define SIM_OPTIONS_H

#include <stdint.h>

#include "identity.h"
#include "scenario.h"

#define OPTIONS_SETTINGS_MAX	64

struct setting {
	char key[SCENARIO_WORD_MAX];
	const char *value;
};

struct options {
	const struct identity *identity;
	struct modem_config firmware;
	const char *scenario_path;
	struct scenario scenario;
	const char *control;
	const char *usbredir;		/* NULL: vhci */
	enum usb_speed speed;
	const char *tap;
	uint64_t seed;
	bool daemon;
	struct setting settings[OPTIONS_SETTINGS_MAX];
	size_t n_settings;
};

/*
 * Returns 0, 1 if the program shall end well (--help), or a negative errno
 * after saying on standard error what is wrong. Strings stay in @argv.
 */
int options_parse(int argc, char **argv, struct options *ret_options);
void options_exit(struct options *options);

#endif /* SIM_OPTIONS_H */
