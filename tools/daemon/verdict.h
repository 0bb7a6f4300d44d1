/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether m2md does all it may for a modem: what `m2mctl health` goes by. Pure. */
#ifndef M2MD_VERDICT_H
#define M2MD_VERDICT_H

#include <stdbool.h>

struct machine;

/* From good to bad; the worst of a modem and its PDNs counts */
enum verdict {
	VERDICT_WATCHED,	/* nobody asked for it: not counted */
	VERDICT_ONLINE,		/* every PDN that is wanted is up */
	VERDICT_HELD,		/* by a person, an update, a sleeping host: ends by itself */
	VERDICT_TRYING,		/* what is left to try will be tried */
	VERDICT_PERSON,		/* nothing m2md may do brings it online */
};

/**
 * verdict_of() - judge a modem
 * @m: its machine
 *
 * VERDICT_PERSON is where m2md waits for somebody to change the card, the PIN, the
 * configuration, the host or the place. What only the network can change is
 * VERDICT_TRYING, however permanent the network calls it: that ends without anybody
 * at the site, and m2md tries for ever.
 */
enum verdict verdict_of(const struct machine *m);

/* verdict_is_well() - whether nobody needs to look */
bool verdict_is_well(enum verdict verdict);

/* A stable word */
const char *verdict_token(enum verdict verdict);

#endif /* M2MD_VERDICT_H */
