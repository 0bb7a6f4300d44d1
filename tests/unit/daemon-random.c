// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * m2md's machine in years of trouble that nobody chose: faults of every kind begin and
 * end by chance, alone and on top of each other. The site judges each action. Whenever
 * nothing was wrong for two hours, it has to be online.
 *
 * $M2M_SEEDS and $M2M_YEARS say how much of it; `M2M_SEEDS=1000 M2M_YEARS=10` is the
 * whole run, $M2M_FIRST_SEED a part of it.
 */
#include <kselftest_harness.h>
#include <stdio.h>
#include <stdlib.h>

#include "../lib/harness.h"
#include "daemon-site.h"

#define YEAR	(365 * DAY)

/* Trouble that lasts */
enum trouble {
	SEARCHING,
	DENIED,
	REJECTED,
	REFUSED_FOR_NOW,
	REFUSED_FOR_GOOD,
	THROTTLED,
	IGNORED,
	DROPPING,
	ROAMING_AROUND,
	ONE_FAMILY,
	DEAF,
	DEAF_AND_HARD,
	UNPLUGGED,
	NO_CARD,
	CARD_ERROR,
	DISK_FULL,
	SLOW_NETWORK,
	TROUBLES,
};

/* Trouble of a moment */
enum moment {
	DROP,
	CRASH,
	REPLUG,
	POWER_CUT,
	POWER_CUT_WITH_RECORD,
	STOP_AND_START,
	KILL,
	HUNG,
	TIME_OUT,
	SILENCE,
	ANSWER,
	HOLD,
	UPDATE,
	SLEEP,
	FORWARD,
	BACKWARD,
	OTHER_CARD,
	LATCHED,
	FORGETS,
	RADIO_OFF_BY_ITSELF,
	NEW_CONFIG,
	NOISE,
	MOMENTS,
};

static struct site site;
static unsigned int active;		/* mask of what lasts */
static int64_t well_since;
static bool remembers;			/* firmware did, since then */
static uint8_t pdns;			/* that there may be */
static uint64_t steps, checks;

static void event(enum event_type type)
{
	site_happens(&site, type);
}

/* The end of one trouble leaves the others. */
static void apply_network(void)
{
	enum registration reg = REG_HOME;

	if (active & (1 << ROAMING_AROUND))
		reg = REG_ROAMING;
	if (active & (1 << DENIED | 1 << REJECTED))
		reg = REG_DENIED;
	if (active & (1 << SEARCHING))
		reg = REG_SEARCHING;
	site_network(&site, reg, active & (1 << REJECTED) ? 8 : 15);
}

static void apply_calls(void)
{
	site.answer = SITE_ACCEPTS;
	site.network_ms = 0;
	if (active & (1 << REFUSED_FOR_NOW | 1 << REFUSED_FOR_GOOD | 1 << THROTTLED))
		site.answer = SITE_REFUSES;
	site.other_end = (struct cause){ CAUSE_CALL_END, 6, 26 };
	if (active & (1 << REFUSED_FOR_NOW))
		site.end = site.other_end;
	if (active & (1 << REFUSED_FOR_GOOD))
		site.end = (struct cause){ CAUSE_CALL_END, 6, 33 };
	if (active & (1 << THROTTLED)) {
		site.end = (struct cause){ CAUSE_CALL_END, 2, 209 };
		site.network_ms = 20 * MINUTE;
	}
	if (active & (1 << IGNORED))
		site.answer = SITE_IGNORES;
	site.drop_ms = active & (1 << DROPPING) ? 5 * SECOND : 0;
	site.allows = active & (1 << ONE_FAMILY) ? FAMILY_V6 : FAMILY_BOTH;
	for (unsigned int i = 0; i < PDN_MAX; i++)
		if (site.answer != SITE_ACCEPTS && !(site.spared & 1 << i))
			site_drop_pdn(&site, i, 6, 36);
}

static void apply_device(void)
{
	bool deaf = active & (1 << DEAF | 1 << DEAF_AND_HARD);

	site.hard = site.hard && deaf;
	if (active & (1 << DEAF_AND_HARD))
		site.hard = true;
	if (deaf && !site.deaf)
		for (int i = 0; i < POLICY_DEAF; i++)
			event(EVENT_QMI_TIMEOUT);
	if (!deaf && site.deaf)
		event(EVENT_READY);
	site.deaf = deaf;
	site.disk_fails = active & (1 << DISK_FULL);
	site.register_ms = active & (1 << SLOW_NETWORK) ? 4 * MINUTE : 8 * SECOND;
	if (active & (1 << UNPLUGGED))
		site_unplug(&site);
	else
		site_plug(&site);
}

/* In each slot another one; the first is that of a modem without slots */
static const char * const iccids[] = {
	"89490200001234567890", "89490200001234567891", "89490200001234567892",
};

static void apply_card(void)
{
	site_card(&site, active & (1 << NO_CARD) ? "" : iccids[site.active]);
	if (active & (1 << CARD_ERROR))
		site.sim = SIM_ERROR;
}

/* Trouble is that of the card in use, and of its network; the others are well by its end */
static void restore_cards(void)
{
	for (unsigned int i = 0; i < site.slots; i++) {
		struct site_card *card = &site.cards[i];

		card->sim = SIM_READY;
		snprintf(card->iccid, sizeof(card->iccid), "%s", iccids[i + 1]);
		card->reg = REG_HOME;
		card->reject = 0;
		card->answer = SITE_ACCEPTS;
	}
}

/* One of those that there are */
static unsigned int some_pdn(void)
{
	return site.config.pdn_count > 1 ? site_random(&site) % site.config.pdn_count : 0;
}

static void toggle(enum trouble trouble)
{
	active ^= 1 << trouble;
	if (!(active & 1 << trouble))
		restore_cards();
	/* a network has something against some of them */
	if (pdns > 1)
		site.spared = site_random(&site);
	if (trouble == NO_CARD || trouble == CARD_ERROR)
		apply_card();
	if (trouble <= REJECTED || trouble == ROAMING_AROUND)
		apply_network();
	apply_calls();
	apply_device();
}

/* What a modem can say without meaning it */
static void noise(void)
{
	struct event noise = { .revision = 1, .card.settled = true };

	/* one draw after the other: an initialiser leaves their order to the compiler */
	noise.type = site_random(&site) % EVENTS;
	noise.pdn = site_random(&site) % (PDN_MAX + 1);
	noise.families = site_random(&site);
	noise.sim = site_random(&site) % 12;
	noise.slot = site_random(&site) % 4;
	noise.slots = site_random(&site) % 3;
	noise.radio = site_random(&site) % 5;
	noise.registration = site_random(&site) % 6;
	noise.test = site_random(&site) % 3;
	noise.number = site_random(&site);
	noise.record = site_random(&site);
	noise.network_ms = site_random(&site) % HOUR;
	noise.cause.kind = CAUSE_CALL_END;
	noise.cause.type = site_random(&site) % 10;
	noise.cause.number = site_random(&site) % 300;
	noise.card.tries = site_random(&site);
	/* what the shell says stays true, or a PIN and a record would be no one's */
	switch (noise.type) {
	case EVENT_ATTACHED:
	case EVENT_GONE:
	case EVENT_READY:
	case EVENT_SHUTDOWN:
	case EVENT_RECORDED:
	case EVENT_HOLD:
	case EVENT_SUSPENDED:
	case EVENT_UPDATE:
	case EVENT_HUNG:
		return;
	default:
		site_event(&site, &noise);
	}
}

static void happen(enum moment moment)
{
	struct event held = { .type = EVENT_HOLD, .ms = 30 * MINUTE };
	struct event test = { .type = EVENT_SILENCE, .pdn = some_pdn(),
			      .test = site_random(&site) % HEALTH_TESTS };

	switch (moment) {
	case DROP:
		site_drop_pdn(&site, test.pdn, 6, 36);
		break;
	case CRASH:
		site_crash(&site);
		break;
	case REPLUG:
		site_unplug(&site);
		apply_device();
		break;
	case POWER_CUT:
	case POWER_CUT_WITH_RECORD:
		site_power_cut(&site, moment == POWER_CUT_WITH_RECORD);
		break;
	case STOP_AND_START:
		event(EVENT_SHUTDOWN);
		site_run(&site, SECOND);
		site_kill(&site);
		break;
	case KILL:
		site_kill(&site);
		break;
	case HUNG:
		event(EVENT_HUNG);
		site_run(&site, site_random(&site) % (5 * MINUTE));
		event(EVENT_READY);
		break;
	case TIME_OUT:
		event(EVENT_QMI_TIMEOUT);
		break;
	case ANSWER:
		test.type = EVENT_ANSWERED;
		site_event(&site, &test);
		break;
	case SILENCE:
		site_event(&site, &test);
		break;
	case HOLD:
		site_event(&site, &held);
		break;
	case UPDATE:
		event(EVENT_UPDATE);
		break;
	case SLEEP:
		event(EVENT_SUSPENDED);
		site_run(&site, site_random(&site) % HOUR);
		event(EVENT_RESUMED);
		break;
	case FORWARD:
		site.clock_skew += 56 * YEAR;
		break;
	case BACKWARD:
		site.clock_skew -= HOUR;
		break;
	case OTHER_CARD:
		site_card(&site, "89330100009999999999");
		apply_card();
		break;
	case LATCHED:
		site.latched = true;
		site_drop(&site, 6, 36);
		break;
	case FORGETS:
		site.forgets = !site.forgets;
		site.differ = 1 + site_random(&site) % 7;
		break;
	case RADIO_OFF_BY_ITSELF:
		site.radio_on = false;
		site_drop(&site, 2, 219);
		break;
	case NEW_CONFIG:
		site.config.pdn[test.pdn].families = 1 + site_random(&site) % 3;
		if (pdns > 1)
			site.config.pdn_count = 1 + site_random(&site) % pdns;
		site_config(&site);
		break;
	case NOISE:
		noise();
		break;
	case MOMENTS:
		break;
	}
}

/* Where it may not roam it is not online, and nothing is wrong with that */
static bool may_serve_abroad(unsigned int pdn)
{
	return apn_may_roam(site.config.roaming, site.config.pdn[pdn].apn[0].guessed, 262);
}

/* A network that takes IPv6 alone serves a PDN that wants IPv4 alone in vain. */
static bool can_serve(unsigned int pdn)
{
	unsigned int harmless = 1 << SLOW_NETWORK;

	if (may_serve_abroad(pdn))
		harmless |= 1 << ROAMING_AROUND;
	return !(active & ~harmless) && !site.latched;
}

static void expect_online(unsigned int pdn)
{
	struct why why;

	if (!can_serve(pdn))
		return;
	checks++;
	if (site.m.pdn[pdn].state == PDN_ONLINE || site.broken)
		return;
	why = machine_why_pdn(&site.m, pdn, site.now);
	/* who forbids to switch the card off and on is asked about its tries */
	if (why.cause.kind == CAUSE_PIN_HISTORY &&
	    !(site.config.rungs & 1u << RUNG_SIM_POWER))
		return;
	printf("# after %lld h without trouble: PDN %u %s, %s\n",
	       (long long)((site.now - well_since) / HOUR), pdn, why.state,
	       cause_token(&why.cause).s);
	site.broken++;
}

static void expect_recovery(void)
{
	/* what firmware remembers, a day's radio cycle clears */
	if (site.now - well_since < (remembers ? 26 : 2) * HOUR)
		return;
	for (unsigned int i = 0; i < site.config.pdn_count; i++)
		expect_online(i);
}

/* Bursts of trouble, some of it for a day or two, and quiet weeks between them */
static int64_t pause_ms(void)
{
	static const int64_t trouble[] = { MINUTE, 20 * MINUTE, HOUR, 3 * HOUR, 12 * HOUR };
	static const int64_t quiet[] = { MINUTE, 3 * HOUR, 8 * DAY, 20 * DAY, 60 * DAY };
	const int64_t *most = active ? trouble : quiet;
	int64_t ms = (int64_t)site_random(&site) * 7919;

	return 1 + ms % most[site_random(&site) % ARRAY_SIZE(quiet)];
}

/* As many as some sites have; the third shares an access point with the first */
static void configure_pdns(uint32_t seed)
{
	static const uint8_t counts[] = { 1, 1, 2, 1, 3, 1, 4 };
	struct pdn_config *pdn = site.config.pdn;

	pdns = counts[seed % ARRAY_SIZE(counts)];
	site.config.pdn_count = pdns;
	for (unsigned int i = 0; i < PDN_MAX; i++) {
		pdn[i] = pdn[0];
		pdn[i].families = 1 + (seed + i) % 3;
		pdn[i].apn[0].key += i == 2 ? 0 : i;
	}
	pdn[3].apn[0].guessed = true;
}

/* Two cards, and which is the better one */
static void configure_slots(uint32_t seed)
{
	site_cards(&site, 2);
	site.config.order_count = 2;
	site.config.order[0] = 1 + seed % 2;
	site.config.order[1] = 2 - seed % 2;
}

static void live(uint32_t seed, int64_t years)
{
	int64_t end = years * YEAR;

	site_init(&site, seed);
	configure_pdns(seed);
	site.config.port_power = seed & 1;
	site.config.host_reboot = seed & 2;
	/* what firmware remembers is never cured from below the radio */
	if (seed % 5 == 3) {
		site.config.rungs = ladder_rungs(RUNG_RADIO + seed % 6);
		site.config.max_resets = seed % (RESETS_MAX + 1);
	}
	if (seed % 4 == 1)
		site.config.roaming = ROAMING_HOME;
	if (seed & 4) {
		site.card_pin = 1234;
		site.config.pin = 1234;
	}
	if (seed % 3 == 0)
		configure_slots(seed);
	active = 0;
	well_since = 0;
	site_plug(&site);
	site_start(&site, BOOT_NOW);
	while (site.now < end && !site.broken) {
		site_run(&site, pause_ms());
		expect_recovery();
		if (site_random(&site) & 1)
			toggle(site_random(&site) % TROUBLES);
		else
			happen(site_random(&site) % MOMENTS);
		/* whatever lasts, does not last for ever */
		if (site_random(&site) % 4 == 0)
			while (active)
				toggle(__builtin_ctz(active));
		well_since = site.now;
		remembers = site.latched;
	}
	steps += site.steps;
}

static int64_t from_environment(const char *name, int64_t otherwise)
{
	const char *value = getenv(name);

	return value && atoi(value) > 0 ? atoi(value) : otherwise;
}

TEST_TIMEOUT(years_of_trouble, 3600)
{
	int64_t seeds = from_environment("M2M_SEEDS", 10);
	int64_t years = from_environment("M2M_YEARS", 10);
	int64_t first = from_environment("M2M_FIRST_SEED", 1);

	for (int64_t seed = first; seed <= seeds; seed++) {
		live(seed, years);
		if (site.broken)
			printf("# seed %lld: %s\n", (long long)seed, site.why_broken);
		ASSERT_EQ(0, site.broken);
	}
	printf("# seeds %lld to %lld, %lld years each: %llu steps, %llu times well for two hours\n",
	       (long long)first, (long long)seeds, (long long)years,
	       (unsigned long long)steps, (unsigned long long)checks);
}

TEST_HARNESS_MAIN
