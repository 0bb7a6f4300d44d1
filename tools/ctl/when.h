/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times as JSON has them: RFC 3339 in UTC, by the host's clock, beside ages that no clock moves. */
#ifndef M2MCTL_WHEN_H
#define M2MCTL_WHEN_H

#include "../lib/out.h"

/* "2026-11-29T22:30:00Z", with milliseconds if @fraction; NULL for no year. For g_free() */
char *when_text(int64_t unix_ms, bool fraction);

/* when_uptime_ms() - of the clock that ages are counted on, which also runs in sleep */
int64_t when_uptime_ms(void);
/* when_age() - @key: seconds since @since_ms of that clock */
void when_age(struct out *out, const char *key, int64_t since_ms);

/* when_now() - "time_seconds", "time" and "uptime_s" of what happens now */
void when_now(struct out *out);

/* when_from_now() - @key: so many seconds from now on, or before it if negative */
void when_from_now(struct out *out, const char *key, int64_t seconds);

#endif /* M2MCTL_WHEN_H */
