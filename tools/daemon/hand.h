/* SPDX-License-Identifier: GPL-2.0-or-later */
/* m2md's requests to m2m-helper: sent, not waited for, and their answers logged. */
#ifndef M2MD_HAND_H
#define M2MD_HAND_H

struct hand;

/* hand_new() - @socket: of the helper, copied; hand_free() forgets what is under way */
struct hand *hand_new(const char *socket);
void hand_free(struct hand *hand);

/* hand_path() - the helper's socket, for helper_netns() */
const char *hand_path(const struct hand *hand);

/**
 * hand_ask() - have something done
 * @hand: to whom
 * @name: of the modem, for the log
 * @format: of the request, see ../lib/helper.h
 */
void hand_ask(struct hand *hand, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif /* M2MD_HAND_H */
