/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One modem: its machine, what tells it events, and who does what it says. */
#ifndef M2MD_UNIT_H
#define M2MD_UNIT_H

#include "../lib/port.h"
#include "guess.h"
#include "machine.h"
#include "notify.h"

struct hand;
struct history_file;
struct dns;
struct plan;
struct plan_pdn;
struct plans;
struct session;
struct state;
struct tell;
struct unit;
struct usages;
struct winners;

/* What all units share; outlives them */
struct host {
	const char *config_directory;
	struct plans *plans;
	struct state *state;
	struct history_file *history;
	struct usages *usages;
	struct winners *winners;
	char *managed_directory;	/* of managed.h */
	struct dns *dns;
	int64_t started_ms;	/* m2md, after the host came up */
	/*
	 * A unit has read its IMEI: may it bear it? Not if another modem that is there
	 * does; one that is gone gives it up, as it stands elsewhere now.
	 */
	bool (*claim)(struct host *host, const struct unit *unit, const char *imei);
	struct hand *hand;	/* to m2m-helper */
	int64_t reboot_from;	/* by clock_ms(): not before that */
	/* whether any modem is online; for @data */
	bool (*is_online)(void *data);
	void *data;
};

/* unit_new() - a modem on the bus; unit_free() it, calls stay */
struct unit *unit_new(struct host *host, const char *usb_path);
void unit_free(struct unit *unit);

/* For the log: IMEI, else USB path */
const char *unit_name(const struct unit *unit);
/* "" while it is unknown or doubtful */
const char *unit_imei(const struct unit *unit);
const char *unit_path(const struct unit *unit);
/* Where to complain */
struct tell *unit_tell(struct unit *unit);
const struct machine *unit_machine(const struct unit *unit);
/* Its plan, never NULL; of a PDN of it, or NULL */
struct plan *unit_plan(const struct unit *unit);
const struct plan_pdn *unit_plan_pdn(const struct unit *unit, unsigned int pdn);
/* Where what is kept of it stands, by unit_name() */
struct state *unit_state(const struct unit *unit);
/*
 * unit_former() - "slot, bands": what a trial has set, or is over and not restored yet; for
 * g_free(), NULL: nothing. session-former.c
 */
char *unit_former(const struct unit *unit);
/* To m2m-helper */
struct hand *unit_hand(const struct unit *unit);
/* Where its name servers are told */
struct dns *unit_dns(const struct unit *unit);
/*
 * Access point of a candidate the machine was told; "": the network's own, NULL: it is of a
 * card that has gone, which the machine is about to hear
 */
const char *unit_apn(const struct unit *unit, unsigned int pdn, unsigned int apn);
/* What its list has of it besides the name; NULL: nothing */
const struct apn_found *unit_login(const struct unit *unit, const char *apn);
/* Hash of a PIN of the card that is in, as the machine knows it */
uint64_t unit_pin_key(const struct unit *unit, const char *pin);

/* Whether the modem is on the bus */
bool unit_is_present(const struct unit *unit);

/* unit_port() - a port of it is there, or is another now; NULL: it is gone */
void unit_port(struct unit *unit, const struct port *port);
/* unit_get_port() - the one it was told of last, NULL before that */
const struct port *unit_get_port(const struct unit *unit);
/* Its port if that is of mainline's driver, else NULL */
const struct port *unit_has_mainline(const struct unit *unit);
/* Whether that is the port it was told of last, and not gone since */
bool unit_has_port(const struct unit *unit, uint32_t port_id);
/* unit_look_at_bus() - one that is gone: whether it waits there for firmware */
void unit_look_at_bus(struct unit *unit, const char *sysfs);
/* unit_event() - tell its machine, from the main loop, in order */
void unit_event(struct unit *unit, const struct event *event);
/* unit_identify() - who it is: before EVENT_OPENED */
void unit_identify(struct unit *unit, const char *imei, const char *model);
/**
 * unit_learn() - what may be guessed of a card that is in: before its EVENT_SIM
 * @unit: its modem
 * @iccid: of the card
 * @sim: what lists know cards by; NULL: as before
 * @network: what the modem is attached with; NULL: as before
 *
 * Return: false: a call is under way that would be ended by that, ask again later
 */
bool unit_learn(struct unit *unit, const char *iccid, const struct apn_sim *sim,
		const char *network);
/* unit_match() - decide anew what is wanted of it, with the card that is in */
void unit_match(struct unit *unit);
/* unit_reconfigure() - the configuration was read again */
void unit_reconfigure(struct unit *unit);
/* unit_used() - so many bytes of its card's data; unit_look_at_quota() - at all of them */
void unit_used(struct unit *unit, uint64_t bytes);
void unit_look_at_quota(struct unit *unit);
/* unit_stop() - tell it to end, now */
void unit_stop(struct unit *unit);
/* unit_pulse() - what will step its machine */
struct pulse unit_pulse(const struct unit *unit);

#endif /* M2MD_UNIT_H */
