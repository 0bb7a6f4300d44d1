/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The slots of a site's modem: a card in each, with a network of its own. */
#ifndef TESTS_DAEMON_CARDS_H
#define TESTS_DAEMON_CARDS_H

#include "daemon-site.h"

/* cards_write() - the machine has another slot written */
void cards_write(struct site *site);

#endif /* TESTS_DAEMON_CARDS_H */
