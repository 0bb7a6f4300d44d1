/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of an archive for those who are to help. */
#ifndef M2MCTL_SUPPORT_H
#define M2MCTL_SUPPORT_H

#include <stdbool.h>

struct support_part {
	const char *name;	/* of its file; NULL ends a list */
	/* Runs in a process of its own and prints; 0, or 1 if it failed. */
	int (*print)(const char *arg, bool full);
	const char *arg;
};

/* Of the host, and of each modem; @arg of the latter is preceded by its USB path */
extern const struct support_part support_host_parts[];
extern const struct support_part support_modem_parts[];
/* Prints the USB path of each modem that the driver has, a line each */
extern const struct support_part support_modems;

#endif /* M2MCTL_SUPPORT_H */
