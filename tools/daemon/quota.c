// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the calendar of quotas. Pure. */
#include "policy.h"
#include "quota.h"

#define DAY_S		(24 * 60 * 60)
/* 1970 began on a Thursday */
#define EPOCH_WEEKDAY	3

/* Days since 1970 of the first of a month; years count from March, as leap days end them */
static int64_t days_of(int64_t year, int64_t month)
{
	int64_t y = month < 3 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t day = (153 * (month < 3 ? month + 9 : month - 3) + 2) / 5;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + day - 719468;
}

/* First of the month that a day is in, and of the next */
static void month_of(int64_t days, int64_t *ret_first, int64_t *ret_next)
{
	int64_t year = 1970 + days / 366, month = 1;

	while (days_of(year + 1, 1) <= days)
		year++;
	while (month < 12 && days_of(year, month + 1) <= days)
		month++;
	*ret_first = days_of(year, month);
	*ret_next = month < 12 ? days_of(year, month + 1) : days_of(year + 1, 1);
}

static void bounds(enum quota_period period, int64_t wall_ms, int64_t *ret_start_s,
		   int64_t *ret_end_s)
{
	int64_t days = wall_ms / DAY, first = days, next = days + 1;

	switch (period) {
	case QUOTA_DAY:
		break;
	case QUOTA_WEEK:
		first = days - (days + EPOCH_WEEKDAY) % 7;
		next = first + 7;
		break;
	case QUOTA_MONTH:
		month_of(days, &first, &next);
		break;
	}
	*ret_start_s = first * DAY_S;
	*ret_end_s = next * DAY_S;
}

/* Where nobody knows the time */
static int64_t length_ms(enum quota_period period)
{
	switch (period) {
	case QUOTA_DAY:
		return DAY;
	case QUOTA_WEEK:
		return 7 * DAY;
	case QUOTA_MONTH:
		break;
	}
	return 31 * DAY;
}

static bool is_time(const struct quota_now *now)
{
	return now->trusted && now->wall_ms > 0;
}

bool quota_roll(struct quota_usage *usage, enum quota_period period, int64_t passed_ms,
		const struct quota_now *now)
{
	int64_t start = 0, end;
	bool over;

	usage->age_ms += passed_ms > 0 ? passed_ms : 0;
	if (is_time(now))
		bounds(period, now->wall_ms, &start, &end);
	over = start ? usage->start_s && start > usage->start_s :
		       usage->age_ms >= length_ms(period);
	if (over) {
		usage->bytes = 0;
		usage->age_ms = 0;
		usage->warned = false;
	}
	if (start || over)
		usage->start_s = start;
	return over;
}

int64_t quota_left_ms(const struct quota_usage *usage, enum quota_period period,
		      const struct quota_now *now)
{
	int64_t left = length_ms(period) - usage->age_ms, start, end;

	if (is_time(now)) {
		bounds(period, now->wall_ms, &start, &end);
		left = end * SECOND - now->wall_ms;
	}
	return left > SECOND ? left : SECOND;
}
