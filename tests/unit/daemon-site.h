/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A site without a site: one machine, a modem, a card, a network, a disk and a host that
 * may lose power, all of it function calls and time that passes by itself.
 *
 * Each action is judged as it comes: budgets in the site's own time (which no jump and no
 * reboot fools), the PIN by the card, the disk by what stands on it. site.broken counts
 * the rules that did not hold.
 */
#ifndef TESTS_DAEMON_SITE_H
#define TESTS_DAEMON_SITE_H

#include "../../tools/daemon/machine.h"
#include "../../tools/daemon/policy.h"

#define SITE_QUEUE	64
#define SITE_LOG	128

/* What the network does with a call */
enum site_answer {
	SITE_ACCEPTS,
	SITE_REFUSES,		/* with @end */
	SITE_IGNORES,
	SITE_IS_STRICT,		/* refuses with @end what it does not allow */
};

/* What is in a slot, and what the network has to do with it */
struct site_card {
	uint8_t sim;		/* SIM_ABSENT: nothing */
	char iccid[ICCID_SIZE];
	uint64_t pin;		/* 0: wants none */
	uint8_t tries;
	bool verified;
	uint8_t reg;		/* enum registration it gives */
	int16_t reject;
	enum site_answer answer;
};

struct site_event {
	int64_t at;
	bool firmware;		/* dies with the modem's present life */
	uint32_t life, plug;
	struct event event;
};

/* The last times something was done, in the site's time */
struct site_log {
	unsigned int count;
	int64_t at[SITE_LOG];
};

struct site {
	struct machine m;
	struct config config;
	struct saved disk;
	struct saved run;	/* below /run: lives as long as the host is up */
	bool disk_fails;
	int64_t now;		/* the site's, never jumps */
	int64_t clock_skew;	/* what the machine is shown besides */
	int64_t timer_at;
	uint32_t random;

	/* host and bus */
	bool plugged, off;
	int64_t ready_ms, register_ms, sim_ms;
	uint32_t life;
	uint32_t plug;		/* how often it left the bus */

	/* firmware */
	bool up, deaf, hard;	/* hard: only a power cycle of the port helps */
	bool latched;		/* refuses until the radio was off */
	bool radio_on, forgets;	/* forgets: writes change nothing */
	uint32_t stubborn;	/* settings that no write changes */
	bool fixed;		/* the card's power cannot be switched */
	bool boots_off;		/* the radio */
	bool hides_card;	/* while the radio is off */
	bool maker_lock;	/* the radio cannot be switched on */
	uint8_t mute;		/* PDNs that it does not say of whether they are up: a mask */
	bool offline, strands;	/* until a reset; a reset by QMI ends there */
	uint32_t revision;
	uint32_t differ;

	/* cards in the slots that are not in use; 0 slots: the modem says nothing of them */
	uint8_t slots, active;
	struct site_card cards[SLOTS_MAX];

	/* card */
	uint8_t sim;
	char iccid[ICCID_SIZE];
	uint64_t card_pin;	/* 0: wants none */
	uint8_t tries, tries_told;	/* told: a lie if not 0 */
	bool verified;

	/* network */
	uint8_t reg;		/* enum registration it gives */
	int16_t reject;
	bool registered;
	enum site_answer answer;
	struct cause end;
	struct cause other_end;	/* of PDNs but the first */
	int64_t network_ms;
	uint8_t allows;		/* families */
	uint8_t call[PDN_MAX];	/* that are up */
	uint8_t spared;		/* PDNs whose calls are accepted all the same: a mask */
	bool bearer_dead, far_dead;
	int64_t drop_ms;	/* each call ends after so long; 0: never */
	bool in_the_way;	/* a call of somebody, until it is ended by force */
	bool ipv6_off;		/* on the host */
	uint8_t host_refuses;	/* to put the address of these families on its link */

	/* judged */
	uint8_t steady;		/* PDNs that were so before the step, see judge_steady() */
	unsigned int broken;
	char why_broken[128];
	unsigned int zero_timers;
	unsigned int steps, says, pins, pins_wrong;
	unsigned int calls;	/* one a family, whatever became of it */
	uint64_t tally[ACTIONS];
	struct site_log dialled, resets[BUDGET_KINDS], records;
	struct site_log by_outcome[PDN_MAX][OUTCOMES];	/* of the first of an access point */
	int64_t online_ms, online_since;

	/* NULL, or what becomes of what is saved on its way to the disk and back */
	void (*through)(struct saved *saved);

	/* NULL, or told after each step, before its actions are done */
	void (*watch)(struct site *site, const struct event *event);

	unsigned int queued;
	struct site_event queue[SITE_QUEUE];
};

/* site_init() - a good modem, a card, a network, one PDN with a configured APN */
void site_init(struct site *site, uint32_t seed);
/* site_start() - m2md begins; with a boot it has what is on the disk */
void site_start(struct site *site, enum boot boot);
/* site_run() - let time pass until @at, or @ms of it */
void site_run_until(struct site *site, int64_t at);
void site_run(struct site *site, int64_t ms);
/* site_event() - something happens now */
void site_event(struct site *site, const struct event *event);
void site_happens(struct site *site, enum event_type type);
/* site_queue() - something happens in @ms; @firmware: unless that restarts before */
void site_queue(struct site *site, int64_t ms, struct event event, bool firmware);
/* site_config() - hand the configuration to the machine */
void site_config(struct site *site);

void site_plug(struct site *site);
void site_unplug(struct site *site);
/* site_crash() - firmware starts anew */
void site_crash(struct site *site);
/* site_drop() - the network ends all calls; site_drop_pdn() - those of one PDN */
void site_drop(struct site *site, int type, int number);
void site_drop_pdn(struct site *site, unsigned int pdn, int type, int number);
/* site_network() - what it gives from now on; told to the modem in register_ms */
void site_network(struct site *site, enum registration reg, int reject);
/* site_card() - another card, or none ("") */
void site_card(struct site *site, const char *iccid);
/* site_cards() - the modem has @slots of them, all good, the first one in use */
void site_cards(struct site *site, unsigned int slots);
/* site_put() - another card into a slot, whichever is in use; with its network */
void site_put(struct site *site, unsigned int slot, const struct site_card *card);
/* site_power_cut() - the host goes away as it stands; @record: what was in flight lands */
void site_power_cut(struct site *site, bool record);
/* site_kill() - m2md goes away as it stands, and comes back */
void site_kill(struct site *site);

/* site_begin() - a good site, just plugged in */
void site_begin(struct site *site);
/* site_go_online() - a good site, a quarter of an hour after it was plugged in */
void site_go_online(struct site *site);

/* site_is_online() - any PDN; site_is_whole() - each of them */
bool site_is_online(const struct site *site);
bool site_is_whole(const struct site *site);
/* site_resets() - of the modem by any means, and of the host */
uint64_t site_resets(const struct site *site);
/* site_cause() - what its first PDN says */
struct word site_cause(const struct site *site);
/* site_count() - entries of a log in the @ms before now */
unsigned int site_count(const struct site *site, const struct site_log *log, int64_t ms);
/* site_random() - the site's own numbers */
uint32_t site_random(struct site *site);

#endif /* TESTS_DAEMON_SITE_H */
