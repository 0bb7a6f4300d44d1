/* SPDX-License-Identifier: GPL-2.0-or-later */
/* m2md's requests to m2m-helper: sent, not waited for, and their answers logged. */
#ifndef M2MD_HAND_H
#define M2MD_HAND_H

#include "../lib/error.h"

struct hand;

/* hand_new() - @socket: of the helper, copied; hand_free() forgets what is under way */
struct hand *hand_new(const char *socket);
void hand_free(struct hand *hand);

/**
 * hand_netns() - have a network namespace opened; only in a task, which waits
 * @hand: to whom
 * @name: as below /run/netns
 * @ret_fds: HELPER_FDS: of the namespace, and a route netlink socket that was made in
 *	it; the caller closes them
 * @error: filled on failure
 */
int hand_netns(struct hand *hand, const char *name, int *ret_fds, struct m2m_error *error);

/**
 * hand_ask() - have something done
 * @hand: to whom
 * @name: of the modem, for the log
 * @format: of the request, see ../lib/helper.h
 */
void hand_ask(struct hand *hand, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* What became of it; @why not, or NULL */
typedef void (*hand_fn)(void *data, const char *request, const char *why);

/**
 * hand_ask_for() - have something done, and tell somebody instead of the log
 * @hand: to whom
 * @fn: called once, maybe at once, unless hand_forget() comes before
 * @data: for @fn
 * @format: of the request
 */
void hand_ask_for(struct hand *hand, hand_fn fn, void *data, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* hand_forget() - what is asked goes on, but no @fn is called with @data any more */
void hand_forget(struct hand *hand, const void *data);

/*
 * hand_ask_quietly() - what is asked often: only a failure that is another is logged. It is
 * asked again some minutes later, unless something is asked quietly meanwhile
 */
void hand_ask_quietly(struct hand *hand, const char *name, const char *request);

#endif /* M2MD_HAND_H */
