/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What m2md keeps on disk. */
#ifndef M2MD_STATE_H
#define M2MD_STATE_H

#include "../lib/error.h"
#include "machine.h"

struct state;

/* state_open() - read what was kept; state_close() it. Always begins. */
struct state *state_open(const char *directory);
void state_close(struct state *state);

/* state_load() - what is kept of a modem; false if that is nothing */
bool state_load(const struct state *state, const char *id, struct saved *ret);
/* state_save() - 0 once it would survive a power cut */
int state_save(struct state *state, const char *id, const struct saved *saved,
	       struct m2m_error *error);

#endif /* M2MD_STATE_H */
