// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the table of what cards have used, and when it is written. */
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "history-file.h"
#include "plan.h"
#include "policy.h"
#include "quota.h"
#include "say.h"
#include "state.h"
#include "usage.h"

/* Of more cards the one that was seen least lately is forgotten */
#define CARDS_MAX	16
/* Disks wear: twelve times a day and card at most, and when a limit is passed */
#define WRITE_MS	(2 * HOUR)

struct card {
	struct quota_usage usage;
	int64_t seen_ms;	/* by clock_ms() */
	int64_t written_ms;
	bool changed;
};

struct usages {
	struct state *state;
	struct card cards[CARDS_MAX];
};

static void put(struct usages *usages, struct card *card)
{
	const struct quota_usage *usage = &card->usage;
	char key[16], value[128];

	snprintf(key, sizeof(key), "usage/%u", (unsigned int)(card - usages->cards));
	snprintf(value, sizeof(value), "%s %llu %lld %lld %d", usage->iccid,
		 (unsigned long long)usage->bytes, (long long)usage->start_s,
		 (long long)usage->age_ms, usage->warned);
	state_put(usages->state, key, value);
	card->changed = false;
	card->written_ms = clock_ms();
}

static void take(struct usages *usages, unsigned int i)
{
	struct quota_usage *usage = &usages->cards[i].usage;
	unsigned long long bytes;
	long long start_s, age_ms;
	const char *value;
	char key[16];
	int warned;

	snprintf(key, sizeof(key), "usage/%u", i);
	value = state_get(usages->state, key);
	if (!value || sscanf(value, "%23s %llu %lld %lld %d", usage->iccid, &bytes, &start_s,
			     &age_ms, &warned) != 5) {
		memset(usage, 0, sizeof(*usage));
		return;
	}
	usage->bytes = bytes;
	usage->start_s = start_s;
	usage->age_ms = CLAMP(age_ms, 0, 31 * DAY);
	usage->warned = warned;
}

static struct card *card_of(struct usages *usages, const char *iccid)
{
	struct card *oldest = usages->cards;
	int64_t now = clock_ms();

	for (unsigned int i = 0; i < CARDS_MAX; i++) {
		struct card *card = &usages->cards[i];

		if (!strcmp(card->usage.iccid, iccid))
			return card;
		if (card->seen_ms < oldest->seen_ms ||
		    (!card->usage.iccid[0] && oldest->usage.iccid[0]))
			oldest = card;
	}
	*oldest = (struct card){ .seen_ms = now, .written_ms = now };
	g_strlcpy(oldest->usage.iccid, iccid, sizeof(oldest->usage.iccid));
	return oldest;
}

void usages_add(struct usages *usages, const char *iccid, uint64_t bytes)
{
	struct card *card;

	if (!*iccid || !bytes)
		return;
	card = card_of(usages, iccid);
	card->usage.bytes += MIN(bytes, UINT64_MAX - card->usage.bytes);
	card->changed = true;
}

/* Said once a period; on disk, so that a restart says nothing */
static void warn(struct usages *usages, struct card *card, const struct plan *plan,
		 const char *name)
{
	say(SAY_WARNING, "%s: the data of this period is used up: %llu of %llu bytes; %s",
	    name, (unsigned long long)card->usage.bytes,
	    (unsigned long long)plan->quota_bytes,
	    plan->quota_cut ? "its PDNs go down" : "nothing is done about it");
	card->usage.warned = true;
	put(usages, card);
}

int64_t usages_look(struct usages *usages, const char *iccid, const struct plan *plan,
		    const char *name)
{
	int64_t now_ms = clock_ms();
	struct quota_now now;
	struct card *card;
	bool over;

	if (!*iccid || !plan->quota_bytes)
		return 0;
	now.wall_ms = wall_clock(&now.trusted);
	card = card_of(usages, iccid);
	/* of one from the disk it is not known for how long the host was off */
	if (quota_roll(&card->usage, plan->quota_period,
		       card->seen_ms ? now_ms - card->seen_ms : 0, &now))
		card->changed = true;
	card->seen_ms = now_ms;
	over = card->usage.bytes >= plan->quota_bytes;
	/* a limit may be raised */
	card->usage.warned = card->usage.warned && over;
	if (over && !card->usage.warned)
		warn(usages, card, plan, name);
	else if (card->changed && now_ms - card->written_ms >= WRITE_MS)
		put(usages, card);
	return over && plan->quota_cut ?
		       quota_left_ms(&card->usage, plan->quota_period, &now) : 0;
}

struct usages *usages_new(struct state *state)
{
	struct usages *usages = g_new0(struct usages, 1);

	usages->state = state;
	for (unsigned int i = 0; i < CARDS_MAX; i++)
		take(usages, i);
	return usages;
}

void usages_free(struct usages *usages)
{
	for (unsigned int i = 0; i < CARDS_MAX; i++)
		if (usages->cards[i].changed)
			put(usages, &usages->cards[i]);
	g_free(usages);
}
