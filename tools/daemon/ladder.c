// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the ladder: which rung a fault reaches, and after how long. */
#include <stddef.h>

#include "ladder.h"
#include "policy.h"

#define NO	(-1)

enum group {
	GROUP_NONE,
	GROUP_NETWORK,
	GROUP_REFUSED,
	GROUP_SIM,
	GROUP_LINK,
};

struct fault_row {
	uint8_t group;
	int16_t after_min[RUNGS];	/* after its group began; NO: never */
};

/*
 * A modem that merely searches, or is not let in, is not reset within the hour: of ten
 * modems that lost their cell two need up to 50 minutes. What a person has to put right
 * climbs nowhere: once a day the radio is switched off and on, as firmware remembers
 * refusals. A host reboot helps nobody whom the network rejects. A modem that is offline may
 * be in the hands of a program that is about to reset it.
 */
static const struct fault_row faults[FAULTS] = {
	/*                                    -  att rad sim mod  usb  port reboot */
	[FAULT_NONE] =        { GROUP_NONE, { NO, NO, NO, NO, NO, NO, NO, NO } },
	[FAULT_KEEP] =        { GROUP_NONE, { NO, NO, NO, NO, NO, NO, NO, NO } },
	[FAULT_CALL] =        { GROUP_NETWORK, { NO, 10, 20, NO, 60, 120, 240, 360 } },
	[FAULT_SEARCHING] =   { GROUP_NETWORK, { NO, 10, 20, NO, 60, 120, 240, 360 } },
	[FAULT_DENIED] =      { GROUP_NETWORK, { NO, 10, 20, NO, 60, 120, 240, 360 } },
	[FAULT_REJECTED] =    { GROUP_NETWORK, { NO, 10, 20, NO, 60, NO, NO, NO } },
	[FAULT_REFUSED] =     { GROUP_REFUSED, { NO, NO, 1440, NO, NO, NO, NO, NO } },
	[FAULT_SIM] =         { GROUP_SIM, { NO, NO, NO, 2, 60, 120, 240, NO } },
	[FAULT_CARD] =        { GROUP_SIM, { NO, NO, NO, 2, NO, NO, NO, NO } },
	[FAULT_DEAF] =        { GROUP_LINK, { NO, NO, NO, NO, 0, 2, 4, 360 } },
	[FAULT_DEAF_ONLINE] = { GROUP_LINK, { NO, NO, NO, NO, 60, 62, NO, NO } },
	[FAULT_ABSENT] =      { GROUP_LINK, { NO, NO, NO, NO, NO, NO, 10, 360 } },
	[FAULT_SILENT] =      { GROUP_LINK, { NO, NO, NO, NO, NO, 0, 4, 360 } },
	[FAULT_OFFLINE] =     { GROUP_LINK, { NO, NO, NO, NO, 5, 10, 20, 360 } },
};

/* Before it is done again; budgets hold besides */
static const int64_t again_ms[RUNGS] = {
	[RUNG_REATTACH] = HOUR,
	[RUNG_RADIO] = HOUR,
	[RUNG_SIM_POWER] = HOUR,
};

/* What was done is given time to help */
static const int64_t gap_ms = 2 * MINUTE;

void ladder_init(struct ladder *ladder)
{
	*ladder = (struct ladder){ .not_before = LONG_AGO, .hopeless = LONG_AGO };
	for (int i = 0; i < RUNGS; i++)
		ladder->done[i] = LONG_AGO;
}

void ladder_fault(struct ladder *ladder, enum fault fault, int64_t now)
{
	uint8_t group = faults[fault].group;

	if (fault == FAULT_KEEP || group == ladder->group)
		return;
	ladder->group = group;
	ladder->since = now;
}

void ladder_hopeless(struct ladder *ladder, int64_t now)
{
	ladder->hopeless = now;
}

void ladder_pause(struct ladder *ladder, int64_t ms)
{
	ladder->since += ms;
	ladder->hopeless += ms;
}

enum budget_kind rung_budget(enum rung rung)
{
	switch (rung) {
	case RUNG_MODEM_RESET:
		return BUDGET_MODEM_RESET;
	case RUNG_USB_RESET:
		return BUDGET_USB_RESET;
	case RUNG_PORT_POWER:
		return BUDGET_PORT_POWER;
	case RUNG_HOST_REBOOT:
		return BUDGET_HOST_REBOOT;
	case RUNG_NONE:
	case RUNG_REATTACH:
	case RUNG_RADIO:
	case RUNG_SIM_POWER:
	case RUNGS:
		break;
	}
	return BUDGET_KINDS;
}

uint16_t ladder_rungs(enum rung highest)
{
	return (2u << highest) - (2u << RUNG_NONE);
}

/* Whatever resets the modem, from inside or from outside */
static bool is_reset(enum rung rung)
{
	return rung == RUNG_MODEM_RESET || rung == RUNG_USB_RESET ||
	       rung == RUNG_PORT_POWER;
}

static bool usable(enum rung rung, const struct ladder_facts *facts)
{
	if (faults[facts->fault].after_min[rung] < 0 || !(facts->rungs & 1u << rung))
		return false;
	if (is_reset(rung) && !facts->max_resets)
		return false;
	if (rung == RUNG_REATTACH)
		return facts->fault != FAULT_CALL || facts->may_reattach;
	if (rung == RUNG_PORT_POWER)
		return facts->port_power;
	return rung != RUNG_HOST_REBOOT || facts->host_reboot;
}

/* When one rung is due */
static int64_t due(const struct ladder *ladder, enum rung rung,
		   const struct ladder_facts *facts,
		   const struct strikes strikes[BUDGET_KINDS], int64_t now)
{
	enum budget_kind budget = rung_budget(rung);
	int64_t at = ladder->since, again = again_ms[rung];

	if (rung == RUNG_HOST_REBOOT)
		at = later(at, ladder->hopeless);
	at += faults[facts->fault].after_min[rung] * MINUTE;
	if (facts->fault == FAULT_REFUSED)
		again = DAY;
	at = later(at, ladder->done[rung] + again);
	for (int i = 0; i < RUNGS; i++)
		at = later(at, ladder->done[i] + gap_ms);
	if (is_reset(rung))
		at = later(at, budget_next_of(&strikes[budget], budget,
					      facts->max_resets, now));
	else if (budget != BUDGET_KINDS)
		at = later(at, budget_next(&strikes[budget], budget, now));
	return later(at, ladder->not_before);
}

enum rung ladder_next(const struct ladder *ladder, const struct ladder_facts *facts,
		      const struct strikes strikes[BUDGET_KINDS], int64_t now,
		      int64_t *ret_at)
{
	enum rung next = RUNG_NONE;
	int64_t when = NEVER;

	for (int rung = RUNG_REATTACH; rung < RUNGS; rung++) {
		int64_t at;

		if (!usable(rung, facts))
			continue;
		/* what is due already is done from below */
		at = later(due(ladder, rung, facts, strikes, now), now);
		if (at < when) {
			when = at;
			next = rung;
		}
	}
	*ret_at = when;
	return next;
}

void ladder_done(struct ladder *ladder, enum rung rung, int64_t now)
{
	ladder->done[rung] = now;
}

const char *rung_token(enum rung rung)
{
	static const char * const tokens[RUNGS] = {
		[RUNG_NONE] = "none",
		[RUNG_REATTACH] = "re-attach",
		[RUNG_RADIO] = "radio-cycle",
		[RUNG_SIM_POWER] = "sim-power",
		[RUNG_MODEM_RESET] = "modem-reset",
		[RUNG_USB_RESET] = "usb-reset",
		[RUNG_PORT_POWER] = "port-power",
		[RUNG_HOST_REBOOT] = "host-reboot",
	};

	return rung < RUNGS ? tokens[rung] : "unknown";
}
