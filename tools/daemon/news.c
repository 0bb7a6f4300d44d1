// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns how many lines a modem's changes are worth. Pure. */
#include <string.h>

#include "news.h"
#include "policy.h"
#include "verdict.h"

/* At once, and then one in so long: together 59 in 24 hours */
struct allowance {
	uint8_t most;
	int64_t every_ms;
};

static const struct allowance lines = { 20, HOUR };
static const struct allowance great_lines = { 4, 6 * HOUR };
static const struct allowance complaint_lines = { 3, 6 * HOUR };

static void fill(struct news_bucket *bucket, const struct allowance *allowance,
		 int64_t now)
{
	while (bucket->left < allowance->most &&
	       now - bucket->refilled >= allowance->every_ms) {
		bucket->refilled += allowance->every_ms;
		bucket->left++;
	}
	/* a full one collects nothing */
	if (bucket->left == allowance->most)
		bucket->refilled = now;
}

static bool spend(struct news_bucket *bucket, const struct allowance *allowance,
		  int64_t now)
{
	fill(bucket, allowance, now);
	if (!bucket->left)
		return false;
	bucket->left--;
	return true;
}

void news_init(struct news *news, int64_t now)
{
	memset(news, 0, sizeof(*news));
	/* nothing stands so: the first look is news */
	for (int i = 0; i < NEWS_SUBJECTS; i++) {
		news->seen[i].state = UINT8_MAX;
		news->said[i].state = UINT8_MAX;
	}
	news->line = (struct news_bucket){ lines.most, now };
	news->great = (struct news_bucket){ great_lines.most, now };
	news->complaint = (struct news_bucket){ complaint_lines.most, now };
}

static struct news_item item_of(const struct machine *m, unsigned int subject)
{
	const struct pdn *pdn = subject ? &m->pdn[subject - 1] : NULL;
	const struct cause *cause = pdn ? &pdn->cause : &m->cause;

	return (struct news_item){
		pdn ? pdn->state : m->state, cause->kind, cause->type, cause->number,
	};
}

static bool is_same(const struct news_item *a, const struct news_item *b)
{
	return a->state == b->state && a->kind == b->kind && a->type == b->type &&
	       a->number == b->number;
}

/* On the way to somewhere, with a timer of seconds: where it leads is the news */
static bool is_passing(const struct machine *m, unsigned int subject)
{
	if (subject) {
		switch (m->pdn[subject - 1].state) {
		case PDN_ADOPTING:
		case PDN_DIALLING:
		case PDN_RELEASING:
			return true;
		default:
			return false;
		}
	}
	switch (m->state) {
	case MODEM_OPENING:
	case MODEM_SIM_STARTING:
	case MODEM_PIN_RECORDING:
	case MODEM_PIN_SENDING:
	case MODEM_WRITE_RECORDING:
	case MODEM_WRITING:
	case MODEM_RADIO_STARTING:
	case MODEM_RESET_RECORDING:
		return true;
	default:
		return false;
	}
}

/* A call that has ended and is dialled again at once waits nowhere: its end is news */
static bool is_end_of_call(const struct news *news, const struct machine *m,
			   unsigned int subject)
{
	return subject && news->said[subject].state == PDN_ONLINE &&
	       m->pdn[subject - 1].state == PDN_DIALLING;
}

bool news_look(struct news *news, const struct machine *m, unsigned int subject)
{
	const struct news_item item = item_of(m, subject);
	bool *open = &news->open[subject];

	if (is_same(&item, &news->seen[subject]))
		return false;
	news->seen[subject] = item;
	if (subject && (item.state == PDN_IDLE || item.state == PDN_ADOPTING)) {
		/*
		 * that it waits for its modem, its modem says; and what begins anew, as with
		 * another configuration, is news when it is online
		 */
		news->said[subject] = item;
		*open = false;
		return true;
	}
	*open = (!is_passing(m, subject) || is_end_of_call(news, m, subject)) &&
		!is_same(&item, &news->said[subject]);
	news->changes += *open;
	return true;
}

/* Online again, or a person has to act now */
static bool is_great(const struct news *news, const struct machine *m,
		     unsigned int subject)
{
	if (!subject)
		return verdict_of(m) == VERDICT_PERSON;
	return m->pdn[subject - 1].state == PDN_ONLINE &&
	       news->said[subject].state != PDN_ONLINE;
}

static unsigned int count_open(const struct news *news)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < NEWS_SUBJECTS; i++)
		n += news->open[i];
	return n;
}

/* A PDN that nobody wants any more: once it is wanted again all of it is news */
static void forget_rest(struct news *news, const struct machine *m)
{
	for (unsigned int i = m->pdn_count + 1; i < NEWS_SUBJECTS; i++) {
		news->seen[i].state = UINT8_MAX;
		news->said[i].state = UINT8_MAX;
		news->open[i] = false;
	}
}

int news_next(struct news *news, const struct machine *m, int64_t now,
	      unsigned int *ret_left_out)
{
	forget_rest(news, m);
	for (unsigned int i = 0; i <= m->pdn_count && i < NEWS_SUBJECTS; i++) {
		unsigned int due = count_open(news);

		if (!news->open[i])
			continue;
		if (!spend(&news->line, &lines, now) &&
		    !(is_great(news, m, i) && spend(&news->great, &great_lines, now)))
			continue;
		news->open[i] = false;
		news->said[i] = news->seen[i];
		*ret_left_out = news->changes > due ? news->changes - due : 0;
		/* the others that are due may still get theirs */
		news->changes = due - 1;
		return i;
	}
	return -1;
}

bool news_may_complain(struct news *news, int64_t now, unsigned int *ret_left_out)
{
	news->complaints++;
	if (!spend(&news->complaint, &complaint_lines, now))
		return false;
	*ret_left_out = news->complaints - 1;
	news->complaints = 0;
	return true;
}
