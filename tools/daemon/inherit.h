/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a modem was done before it said who it is. Pure. */
#ifndef M2MD_INHERIT_H
#define M2MD_INHERIT_H

#include "machine.h"

/**
 * inherit() - a modem known by its USB path has said its IMEI
 * @heir: what is kept of the IMEI; what the path's budgets spent is spent of its own, its
 *	waits are the longer ones of both, its calls those of both, and a PIN that was sent
 *	and not accepted, or may not have been, counts for it
 * @path: what is kept of the path; what went to @heir is not there any more
 *
 * Both as the disk has them: times are ages, and what cannot be is repaired first.
 *
 * Return: whether there was anything to inherit
 */
bool inherit(struct saved *heir, struct saved *path);

#endif /* M2MD_INHERIT_H */
