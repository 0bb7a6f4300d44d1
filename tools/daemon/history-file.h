/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The history of this boot, also over m2md's restarts. */
#ifndef M2MD_HISTORY_FILE_H
#define M2MD_HISTORY_FILE_H

#include "history.h"

struct history_file;

/**
 * history_file_open() - begin with what the file has
 * @path: in a directory that a reboot empties; NULL: keep it in memory alone
 *
 * Lines that are none, of another boot, or from the future are left out. Always begins.
 */
struct history_file *history_file_open(const char *path);
void history_file_close(struct history_file *file);

/**
 * history_file_add() - it happens now
 * @file: writes it, or else keeps it in memory alone; NULL is fine
 * @event: whose number and times are filled in here
 */
void history_file_add(struct history_file *file, const struct history_event *event);

/* What there is */
const struct history *history_file_history(const struct history_file *file);

/* wall_clock() - CLOCK_REALTIME in ms, and whether something has set it */
int64_t wall_clock(bool *ret_trusted);

#endif /* M2MD_HISTORY_FILE_H */
