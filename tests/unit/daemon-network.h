/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls at a site: each PDN has its own, and the network answers for all of them. */
#ifndef TESTS_DAEMON_NETWORK_H
#define TESTS_DAEMON_NETWORK_H

#include "daemon-site.h"

/* What the machine asks for */
void network_dial(struct site *site, const struct action *action);
void network_hang_up(struct site *site, const struct action *action);
/* network_comes_true() - a call is answered or ends as the event is told; false: not told */
bool network_comes_true(struct site *site, const struct event *event);

#endif /* TESTS_DAEMON_NETWORK_H */
