/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What m2md keeps on disk. */
#ifndef M2MD_STATE_H
#define M2MD_STATE_H

#include "../lib/error.h"
#include "machine.h"

struct state;

#define STATE_CHANGES_MAX	4

/*
 * state_open() - read what was kept. Always begins.
 * state_close() - once what is under way is on the disk
 */
struct state *state_open(const char *directory);
void state_close(struct state *state);

/* state_load() - what is kept of a modem; false if that is nothing */
bool state_load(const struct state *state, const char *id, struct saved *ret);

/* What became of it: 0 once it would survive a power cut */
typedef void (*state_fn)(void *data, uint32_t number, int err,
			 const struct m2m_error *error);

/**
 * state_save() - have it written by another thread: a disk may take seconds
 * @state: what state_load() has is this from now on
 * @id: of the modem
 * @saved: is copied
 * @fn: called from the main loop, in the order of the calls
 * @data: for @fn
 * @number: for @fn
 */
void state_save(struct state *state, const char *id, const struct saved *saved,
		state_fn fn, void *data, uint32_t number);
/*
 * state_put() - one record that nobody waits for, nor for the reserves of the disk's day;
 * state_get() has it from now on: NULL if there is none
 */
void state_put(struct state *state, const char *key, const char *value);
const char *state_get(const struct state *state, const char *key);
/* Another value of a record; NULL: the record goes */
struct state_change {
	const char *key, *value;
};

/**
 * state_change() - some records, all or none of them, with the reserves of the disk's day
 * @state: state_get() has it so from now on; one that stays on the disk is there again
 * @changes: are copied
 * @n: of @changes, STATE_CHANGES_MAX at most
 * @fn: as state_save() has it, also if nothing is new and nothing was written
 * @data: for @fn
 */
void state_change(struct state *state, const struct state_change *changes, unsigned int n,
		  state_fn fn, void *data);
/* state_forget() - written all the same, but no @fn is called with @data any more */
void state_forget(struct state *state, const void *data);

#endif /* M2MD_STATE_H */
