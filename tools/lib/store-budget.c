// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns how much may be written to the disk in a day. Pure. */
#include <errno.h>
#include <string.h>

#include "store.h"

#define HOUR_S		3600

/* Forgets the hours that are more than a day back */
static void advance(struct store_budget *budget, uint64_t uptime_s)
{
	uint64_t from = budget->uptime_s / HOUR_S, to = uptime_s / HOUR_S;

	for (uint64_t hour = from + 1; hour <= to && hour <= from + STORE_HOURS; hour++) {
		budget->writes[hour % STORE_HOURS] = 0;
		budget->bytes[hour % STORE_HOURS] = 0;
	}
}

/* Minutes until the oldest hour with a write in it is forgotten */
static int minutes_left(const struct store_budget *budget, uint64_t uptime_s)
{
	uint64_t hour = uptime_s / HOUR_S, oldest = hour + 1;

	while (oldest < hour + STORE_HOURS && !budget->writes[oldest % STORE_HOURS])
		oldest++;
	return ((oldest - hour) * HOUR_S - uptime_s % HOUR_S + 59) / 60;
}

int store_budget_spend(struct store_budget *budget, uint64_t uptime_s, size_t bytes,
		       bool precious, struct m2m_error *error)
{
	uint64_t now_s = uptime_s > budget->uptime_s ? uptime_s : budget->uptime_s;
	unsigned int most_writes = STORE_WRITES_A_DAY;
	uint64_t most_bytes = STORE_BYTES_A_DAY;
	struct store_budget after = *budget;
	unsigned int writes = 0;
	uint64_t sum = 0;

	advance(&after, now_s);
	for (int i = 0; i < STORE_HOURS; i++) {
		writes += after.writes[i];
		sum += after.bytes[i];
	}
	if (!precious) {
		most_writes -= STORE_WRITES_RESERVE;
		most_bytes -= STORE_BYTES_RESERVE;
	}
	if (writes + 1 > most_writes || bytes > most_bytes || sum > most_bytes - bytes)
		return m2m_error_set(error, -EDQUOT,
				     "%u writes with %llu bytes within a day, of %u with %llu, are enough; more in %d min",
				     writes, (unsigned long long)sum, most_writes,
				     (unsigned long long)most_bytes,
				     minutes_left(&after, now_s));
	after.uptime_s = now_s;
	after.writes[now_s / HOUR_S % STORE_HOURS]++;
	after.bytes[now_s / HOUR_S % STORE_HOURS] += bytes;
	*budget = after;
	return 0;
}
