// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns how times are written. */
#include <glib.h>
#include <time.h>

#include "when.h"

static int64_t clock_ms(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

char *when_text(int64_t unix_ms, bool fraction)
{
	g_autofree char *seconds = NULL;
	GDateTime *time;

	time = g_date_time_new_from_unix_utc(unix_ms / 1000);
	if (!time)
		return NULL;
	/* digits, whatever the locale writes numbers with */
	seconds = g_strdup_printf("%04d-%02d-%02dT%02d:%02d:%02d",
				  g_date_time_get_year(time), g_date_time_get_month(time),
				  g_date_time_get_day_of_month(time),
				  g_date_time_get_hour(time), g_date_time_get_minute(time),
				  g_date_time_get_second(time));
	g_date_time_unref(time);
	return fraction ? g_strdup_printf("%s.%03dZ", seconds, (int)(unix_ms % 1000)) :
			  g_strconcat(seconds, "Z", NULL);
}

int64_t when_uptime_ms(void)
{
	return clock_ms(CLOCK_BOOTTIME);
}

void when_age(struct out *out, const char *key, int64_t since_ms)
{
	out_real(out, key, NULL, (when_uptime_ms() - since_ms) / 1000.0);
}

void when_now(struct out *out)
{
	int64_t now_ms = clock_ms(CLOCK_REALTIME);
	g_autofree char *text = when_text(now_ms, true);

	out_real(out, "time_seconds", NULL, now_ms / 1000.0);
	out_string(out, "time", NULL, text);
	out_real(out, "uptime_s", NULL, when_uptime_ms() / 1000.0);
}

void when_from_now(struct out *out, const char *key, int64_t seconds)
{
	g_autofree char *text = NULL;

	/* what m2md says is not believed: there are 9999 years */
	if (seconds > -G_MAXINT32 && seconds < G_MAXINT32)
		text = when_text(clock_ms(CLOCK_REALTIME) + seconds * 1000, false);
	out_string(out, key, NULL, text);
}
