/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What of a scenario cannot happen, said before any of it does. */
#ifndef SIM_REHEARSAL_H
#define SIM_REHEARSAL_H

#include <stddef.h>

struct vmodem_config;

/*
 * Returns 0, or a negative errno with the line's number and a sentence about the first
 * rule of @config's scenario that is wrong in @err.
 */
int rehearse(const struct vmodem_config *config, char *err, size_t err_len);

#endif /* SIM_REHEARSAL_H */
