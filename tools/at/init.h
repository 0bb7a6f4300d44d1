/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What AtInit= wants of one modem, done to it. */
#ifndef M2M_AT_INIT_H
#define M2M_AT_INIT_H

#include <stdbool.h>

#include "../lib/config.h"
#include "../lib/error.h"

struct init_options {
	const char *sysfs, *dev;		/* "/sys", "/dev" */
	const char *state_directory;
	const struct config *config;
	int wait_ms;		/* for a port that answers */
	int answer_ms;		/* for any answer at most; 0: as long as modems need */
	bool dry_run;		/* says what it would do; asks, and writes nothing */
	bool named;		/* by a person: nothing to do is worth a word */
};

/**
 * init_modem() - have a modem as its .modem file wants it
 * @options: how
 * @path: on USB
 * @interface: of the port to use, -1 to choose one
 *
 * Says on standard error what it did and what is wrong.
 * Return: 0, or the first error; the commands behind one that was refused are sent
 * nevertheless, those behind one without an answer are not.
 */
int init_modem(const struct init_options *options, const char *path, int interface);

#endif /* M2M_AT_INIT_H */
