/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What may be asked at the socket. */
#ifndef M2MD_METHODS_H
#define M2MD_METHODS_H

#include "role.h"

struct history;
struct plans;
struct request;
struct unit;

/* What methods work on: the daemon's */
struct desk {
	struct unit * const *units;
	unsigned int n_units;
	const struct history *history;
	const struct plans *plans;
	void (*reload)(void *data);	/* read the configuration again */
	void *data;
};

/**
 * method_run() - do what is asked
 * @request: in which nothing is believed
 * @role: of who asks, not ROLE_NONE
 * @desk: what it may be about
 *
 * Return: an answer for free(), a refusal too; NULL if there is no such method.
 */
char *method_run(const struct request *request, enum role role, const struct desk *desk);

#endif /* M2MD_METHODS_H */
