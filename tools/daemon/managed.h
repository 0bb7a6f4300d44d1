/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which modems are managed, as files that udev's rules look for. */
#ifndef M2MD_MANAGED_H
#define M2MD_MANAGED_H

#include <stdbool.h>

/**
 * managed_set() - say whether a modem is managed
 * @directory: of the files; where there is none nobody is told
 * @usb_path: of the modem, the file's name
 * @imei: stands in the file; "" if the modem has none, or a doubtful one; NULL: it was
 *	not asked yet, and a file that is there stays as it is
 * @managed: whether there shall be a file
 *
 * Each change leaves a file beside the directory, with ".changed" to its name, for whoever
 * tells udev and removes it. What is there already is left alone: each change is a round of
 * udev. A file that cannot be written is logged and changes nothing else.
 */
void managed_set(const char *directory, const char *usb_path, const char *imei,
		 bool managed);

#endif /* M2MD_MANAGED_H */
