/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine that keeps a modem online: pure, step(state, event, now) -> actions.
 *
 * DOC: Who does what
 *
 * The shell around it tells what happened (struct event) and does what it is told
 * (struct action); it decides nothing. The machine knows no clock, no file and no
 * descriptor. There is one machine a modem and in it one smaller machine a PDN; the
 * transitions of both are rows of a table (modem-table.c, pdn-table.c), from which
 * Documentation/m2md-machine.rst is made.
 *
 * Time. @now of a step is boot time. The machine keeps a clock of its own that follows
 * it, but never backwards and never past the timer it asked for: a jump beyond that is
 * no time at all. It forgives nothing and postpones nothing by more than one step.
 *
 * Disk. What must survive a power cut (struct saved) is written at ACTION_RECORD, and
 * what depends on it (a PIN, a reset, a write to the modem) is done only after
 * EVENT_RECORDED has come back.
 */
#ifndef M2MD_MACHINE_H
#define M2MD_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "apn.h"
#include "backoff.h"
#include "budget.h"
#include "cause.h"
#include "health.h"
#include "ladder.h"
#include "pin.h"
#include "slots.h"

#define PDN_MAX		4
#define KEPT_MAX	16	/* APNs that are remembered */
#define ACTIONS_MAX	48

enum modem_state {
	MODEM_ROUTE,		/* never rests here: decides where to */
	MODEM_GONE,
	MODEM_MISSING,
	MODEM_STARTING,
	MODEM_SILENT,
	MODEM_OPENING,
	MODEM_REOPENING,
	MODEM_WATCHING,
	MODEM_DEAF,
	MODEM_SIM_STARTING,
	MODEM_SIM_FAULTY,
	MODEM_SIM_ABSENT,
	MODEM_SIM_USELESS,
	MODEM_PIN_RECORDING,
	MODEM_PIN_SENDING,
	MODEM_PIN_NEEDED,
	MODEM_PUK_NEEDED,
	MODEM_WRITE_RECORDING,
	MODEM_WRITING,
	MODEM_SLOT_WRONG,
	MODEM_RADIO_STARTING,
	MODEM_RADIO_LOCKED,
	MODEM_RADIO_OFFLINE,
	MODEM_SEARCHING,
	MODEM_DENIED,
	MODEM_REGISTERED,
	MODEM_REATTACHING,
	MODEM_RADIO_CYCLE,
	MODEM_SIM_CYCLE,
	MODEM_RESET_RECORDING,
	MODEM_RESETTING,
	MODEM_HELD,
	MODEM_UPDATING,
	MODEM_SUSPENDED,
	MODEM_STOPPED,
	MODEM_STATES,
	MODEM_SAME = MODEM_STATES,	/* in a row: stay */
	MODEM_ANY,			/* in a row: from each state but stopped */
};

enum pdn_state {
	PDN_ROUTE,
	PDN_IDLE,		/* the modem is not there yet */
	PDN_ADOPTING,
	PDN_SPREAD,
	PDN_WAITING,
	PDN_REFUSED,
	PDN_NO_APN,
	PDN_DIALLING,
	PDN_ONLINE,
	PDN_RELEASING,
	PDN_STATES,
	PDN_SAME = PDN_STATES,
	PDN_ANY,
};

enum event_type {
	EVENT_SETTLE,		/* the machine's own: look where facts lead */
	EVENT_TIMER,		/* the time of ACTION_TIMER has come */
	EVENT_ATTACHED,		/* the driver's events */
	EVENT_GONE,
	EVENT_READY,
	EVENT_RESTARTED,
	EVENT_HUNG,
	EVENT_SUSPENDED,
	EVENT_RESUMED,
	EVENT_OPENED,		/* @revision */
	EVENT_OPEN_FAILED,	/* @busy: somebody else has the lease */
	EVENT_SIM,		/* @sim, @card, @mcc, @fixed */
	EVENT_PIN_RESULT,	/* @ok: the card took it */
	EVENT_RADIO,		/* @radio */
	EVENT_REGISTRATION,	/* @registration, @number of a reject */
	EVENT_SETTINGS,		/* @differ; @slot of @slots; @ok: read after ACTION_WRITE */
	EVENT_PDN_UP,		/* @pdn, @families; 0: asked for, and none is up */
	EVENT_PDN_END,		/* @pdn, @families, @cause, @network_ms */
	EVENT_ANSWERED,		/* @pdn, @test */
	EVENT_SILENCE,		/* @pdn, @test */
	EVENT_QUOTA,		/* @ms: no data for so long; 0: none is held back */
	EVENT_QMI_TIMEOUT,	/* any request but a call's */
	EVENT_RECORDED,		/* @record is on disk */
	EVENT_RECORD_FAILED,
	EVENT_HOLD,		/* @ms */
	EVENT_RELEASE,
	EVENT_UPDATE,		/* it waits for firmware, or has it written */
	EVENT_CONFIG,		/* @config, for this modem and this card */
	EVENT_SHUTDOWN,
	EVENTS,
};

enum sim {
	SIM_UNKNOWN,
	SIM_INITIALISING,
	SIM_ABSENT,
	SIM_ERROR,
	SIM_WANTS_PIN,
	SIM_WANTS_PUK,
	SIM_LOCKED,		/* to an operator */
	SIM_BLOCKED,		/* PUK used up */
	SIM_ILLEGAL,
	SIM_READY,
};

enum radio {
	RADIO_UNKNOWN,
	RADIO_ON,
	RADIO_OFF,
	RADIO_LOCKED,		/* by hardware, or until the maker's lock is opened */
	RADIO_OFFLINE,		/* until a reset */
	RADIO_REFUSED,		/* only told: to switch it on, which makes it locked */
};

/* Settings in the modem's memory, as EVENT_SETTINGS has them: a bit each */
#define SETTING_ATTACH	1	/* what it attaches with */
#define SETTING_AUTOCONNECT	2	/* it makes calls by itself */
#define SETTING_NETWORK	4	/* which operator, modes and bands it may take */
#define SETTING_SLOT	8	/* which card is in use: before anything else */
#define SETTING_FORMER	16	/* what it had before a configuration was tried on it */

enum registration {
	REG_UNKNOWN,
	REG_SEARCHING,
	REG_DENIED,
	REG_HOME,
	REG_ROAMING,
};

struct pdn_config {
	uint64_t call;		/* a number for what else a call is made with */
	uint8_t families;	/* FAMILY_ mask that is wanted */
	uint8_t apn_count;
	struct apn apn[APN_MAX];
};

struct config {
	bool managed;		/* a file or AutoConnect covers this modem */
	bool port_power;
	bool host_reboot;
	bool redial;		/* a call that is up and carries nothing is ended */
	uint16_t rungs;		/* as struct ladder_facts has them */
	uint8_t max_resets;
	uint8_t roaming;	/* enum roaming */
	uint8_t order_count;	/* of Order= */
	uint8_t order[SLOTS_MAX];
	uint64_t pin;		/* hash, 0 if none */
	int64_t spread_ms;	/* BootSpread= */
	int64_t cut_ms;		/* as EVENT_QUOTA has it */
	uint8_t pdn_count;
	struct pdn_config pdn[PDN_MAX];
};

struct event {
	uint8_t type;		/* enum event_type */
	uint8_t pdn;
	uint8_t families;
	uint8_t sim, radio, registration, test;
	uint8_t slot, slots;	/* in use, 0 if that is not said; that there are */
	bool ok, busy;
	bool fixed;		/* the card's power cannot be switched */
	uint16_t mcc;
	int16_t number;
	uint32_t random;	/* any number; every event needs one */
	uint32_t differ;	/* mask of SETTING_ that are not as configured */
	uint32_t revision;	/* fingerprint of the firmware */
	uint32_t record;
	int64_t ms, network_ms;
	struct cause cause;
	struct pin_card card;
	const struct config *config;
};

enum action_type {
	ACTION_OPEN,		/* lease, identity, indications; tell what is there */
	ACTION_LET_GO,		/* the lease; calls stay */
	ACTION_POLL,		/* ask again for all that indications tell */
	ACTION_MATCH,		/* this card is new: send its EVENT_CONFIG */
	ACTION_PIN,
	ACTION_WRITE,		/* settings that differ to the modem's memory; tell them then */
	ACTION_RADIO_ON,
	ACTION_RADIO_OFF,
	ACTION_REATTACH,
	ACTION_SIM_ON,
	ACTION_SIM_OFF,
	ACTION_RESET_MODEM,
	ACTION_RESET_USB,
	ACTION_PORT_POWER,
	ACTION_REBOOT,
	ACTION_ADOPT,		/* @pdn: ask what is up; answer with EVENT_PDN_UP */
	ACTION_DIAL,		/* @pdn, @families, @apn */
	ACTION_HANG_UP,		/* @pdn: our call */
	ACTION_HANG_UP_ALL,	/* @pdn: and any that is in its way; it may be anybody's */
	ACTION_RECORD,		/* struct saved to disk, then EVENT_RECORDED(@record) */
	ACTION_TIMER,		/* send EVENT_TIMER in @ms */
	ACTION_SAY,		/* a state or cause has changed: one line of log */
	ACTIONS,
};

struct action {
	uint8_t type;		/* enum action_type */
	uint8_t pdn;
	uint8_t families;
	uint8_t apn;		/* index of the candidate */
	uint32_t record;
	int64_t ms;
};

struct actions {
	unsigned int count;
	struct action list[ACTIONS_MAX];
};

/* An access point and what came of it */
struct line {
	struct backoff backoff;
	struct cause cause;	/* why its last wait began */
	bool called;		/* by this PDN, since the host came up */
	uint8_t families;	/* that the network allows; 0: not known */
	int64_t families_at;
};

struct pdn {
	struct pdn_config config;
	uint8_t state;		/* enum pdn_state */
	uint8_t apn;		/* index of the candidate in use */
	uint8_t asked, up, failed;	/* FAMILY_ masks of the call */
	uint8_t redials;	/* since it was online for good */
	bool adopt;		/* something may be up that we do not know */
	bool narrowed;		/* a family was given up since it was online */
	bool reattach;		/* the network asked for it */
	bool settled;		/* online for ten minutes */
	bool silent;		/* up, and nothing comes in */
	struct cause cause;	/* why it is not online, or not wholly */
	int64_t network_ms;	/* the longest wait that its last refusals asked for */
	struct health health;
	int64_t since, due, asked_at;
	struct line line[APN_MAX];
};

/* What outlives a restart, of an access point; all PDNs that use it share it */
struct kept {
	uint64_t key;
	uint8_t temporary, permanent;
	struct activations activations;
};

/*
 * Outlives the process and the power. Times are ages: now is 0. On disk it is as old as
 * the last ACTION_RECORD; below /run it may be written after each step.
 */
struct saved {
	uint32_t version;
	bool clean;		/* m2md was stopped, nothing broke */
	bool same_boot;		/* the host has not come up since: of who reads it */
	uint8_t kept_next;
	struct strikes strikes[BUDGET_KINDS];
	struct tally writes;
	uint32_t revision;	/* of the firmware, as it was opened last */
	struct pin_memory pins;
	struct kept kept[KEPT_MAX];
};

#define SAVED_VERSION	1

struct machine {
	int64_t clock, last_now;
	int64_t since, due;
	uint8_t state;		/* enum modem_state */
	struct cause cause;

	/* facts */
	bool present, ready, opened;
	bool sim_seen;		/* a card answered since the modem was attached */
	bool sim_fixed;		/* as the last EVENT_SIM said */
	bool in_use;		/* somebody else has the lease */
	bool clean;		/* what stands on disk, or is about to */
	bool booted;		/* the host came up, and may have done so a moment ago, too */
	uint8_t calls_saved;	/* enum calls: what the disk has */
	uint8_t unsaved;	/* activations that it has not */
	uint8_t sim, radio, registration;
	uint8_t timeouts;
	uint8_t pin_cause;	/* why none was sent */
	uint16_t mcc;
	int16_t reject;
	uint32_t revision;
	uint32_t differ;	/* settings that do; before the last write; */
	uint32_t written;
	uint32_t futile;	/* settings that a write left as they were: not written */
	int64_t futile_until;	/* before */
	uint32_t record, recorded;	/* asked for, and confirmed */
	uint32_t need;		/* the one that something waits for */
	struct pin_card card;
	struct pin_card asked;	/* the card a PIN is recorded for, or was sent to */
	uint64_t asked_pin;
	bool doubted;		/* it was sent, and no answer came */
	int64_t sim_since;	/* the card is in this state */
	int64_t radio_on_at;
	int64_t refused_at;	/* the radio, to be switched on */
	uint8_t blind;		/* times it was switched on so that a card be seen */
	int64_t polled_at;
	int64_t hold_until;
	int64_t spread_until;
	int64_t calm_until;	/* with many calls on disk a boot's first one is not before */
	int64_t cut_until;	/* its data is used up until then */
	int64_t saved_at;

	/* what is being done */
	uint8_t rung;		/* waits for its record */
	struct ladder ladder;
	struct slots slots;
	struct saved saved;	/* times are the machine's, not ages */

	bool managed, port_power, host_reboot, redial;
	uint16_t rungs;
	uint8_t max_resets;
	uint8_t roaming;
	uint64_t pin;
	int64_t spread_ms;
	uint32_t loops;		/* steps that did not come to rest: a bug */
	uint8_t pdn_count;
	struct pdn pdn[PDN_MAX];
};

/* How a machine that begins stands to the boot of its host */
enum boot {
	BOOT_NONE,		/* m2md began anew; the host has been up for longer */
	BOOT_NOW,		/* the host came up, and the modem with it, as others did */
	BOOT_LATER,		/* m2md runs since then; the modem came by itself */
};

/* boot_of() - by the times the host was up, ms: as m2md began, and now */
enum boot boot_of(int64_t started_ms, int64_t now_ms);

/**
 * machine_init() - a machine for a modem that nobody has seen yet
 * @m: to be filled
 * @saved: what the disk has; NULL or another version: nothing
 * @boot: with BOOT_NOW calls may be spread
 * @now: boot time, ms
 */
void machine_init(struct machine *m, const struct saved *saved, enum boot boot,
		  int64_t now);

/**
 * machine_step() - something happened
 * @m: the machine
 * @event: what; nothing in it is trusted
 * @now: boot time, ms
 * @ret_actions: what to do, in this order; always has one ACTION_TIMER unless the
 *	machine was stopped
 */
void machine_step(struct machine *m, const struct event *event, int64_t now,
		  struct actions *ret_actions);

/* machine_save() - what ACTION_RECORD puts on disk, and /run may have at any time */
void machine_save(const struct machine *m, struct saved *ret_saved);

/*
 * machine_repair() - a file may hold anything: what cannot be is forgotten the strict way.
 * Of what the disk has, where times are ages
 */
void machine_repair(struct saved *saved);

/* What `why` shows */
struct why {
	const char *state;	/* stable token */
	struct cause cause;
	int64_t since_ms;	/* so long */
	const char *next;	/* what is tried next: stable token */
	int64_t next_ms;	/* in so long; NEVER if a person has to act */
};

/* machine_why() - of the modem; machine_why_pdn() - of one PDN; @now: boot time, ms */
struct why machine_why(const struct machine *m, int64_t now);
struct why machine_why_pdn(const struct machine *m, unsigned int pdn, int64_t now);

/* What it shows besides of a modem with an order of slots */
struct why_slot {
	uint8_t active;		/* in use; 0: not known, or there is no order */
	uint8_t next;		/* that is tried next; 0: there is no other */
	int64_t next_ms;	/* in so long, if it stays as it is; NEVER: no change is due */
};

struct why_slot machine_why_slot(const struct machine *m, int64_t now);

/* machine_is_cut() - its data is used up */
bool machine_is_cut(const struct machine *m);

/* machine_online() - is any PDN up */
bool machine_online(const struct machine *m);

/* modem_token(), pdn_token(), event_token(), action_token() - stable words */
const char *modem_token(unsigned int state);
const char *pdn_token(unsigned int state);
const char *event_token(unsigned int type);
const char *action_token(unsigned int type);

#endif /* M2MD_MACHINE_H */
