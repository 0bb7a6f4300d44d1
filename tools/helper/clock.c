// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the host's clock where nobody else does. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>

#include "helper.h"

/* 2025 and 2100: a network that tells another time is not believed */
#define FIRST	INT64_C(1735689600)
#define LAST	INT64_C(4102444800)

/*
 * Forward alone: a modem may know no more than the time at which it registered, and what
 * lives by the clock, such as what is left of a quota, is not to be had twice.
 */
int clock_set(const struct host *host, const struct helper_request *request, int *ret_fds,
	      struct m2m_error *error)
{
	int64_t wanted = strtoll(request->words[0], NULL, 10);
	struct timex timex = { .modes = 0 };

	if (wanted < FIRST || wanted >= LAST)
		return m2m_error_set(error, -EPERM, "that is not the time");
	/* it tells the time, too */
	if (host->adjtimex(&timex) < 0)
		return m2m_error_set(error, -EIO, "the clock: %s", strerror(errno));
	if (!(timex.status & STA_UNSYNC))
		return m2m_error_set(error, -EPERM, "somebody keeps the clock already");
	if (wanted <= timex.time.tv_sec)
		return m2m_error_set(error, -EPERM, "the clock is not set back");
	wanted -= timex.time.tv_sec;
	timex = (struct timex){ .modes = ADJ_SETOFFSET, .time.tv_sec = wanted };
	if (host->adjtimex(&timex) < 0)
		return m2m_error_set(error, -EIO, "the clock: %s", strerror(errno));
	return 0;
}
