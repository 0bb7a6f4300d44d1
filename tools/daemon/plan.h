/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the configuration wants of one modem with one card in it. */
#ifndef M2MD_PLAN_H
#define M2MD_PLAN_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../lib/error.h"

#define PLAN_PDNS_MAX	4
#define PLAN_ORDER_MAX	4	/* slots of Order= */
#define PLAN_PIN_SIZE	64	/* of a PIN's line, far more than any has */

/* Texts belong to the plan; NULL where nothing was said */
struct plan_pdn {
	char name[IF_NAMESIZE];		/* also of the interface */
	char *apn;			/* NULL: to be guessed */
	char *user, *password_file;
	int auth;			/* enum config_auth */
	bool has_auth;
	bool v4, v6;
	char **dns;			/* NULL: the network's */
	uint32_t metric, mtu, table;	/* 0: the defaults */
	char *vrf, *netns;
	uint8_t mux_id;			/* 0: any */
};

/* What the modem is to attach with */
struct plan_attach {
	char *apn;			/* NULL: whatever it does */
	char *user, *password_file;
	int auth;			/* enum config_auth */
	bool v4, v6;
};

struct plan {
	unsigned int refs;
	bool managed;
	bool tried;		/* it counts on trial: what it writes is to be undone */
	char *alias;		/* what its file is called; NULL: none fits, or several do */
	char *why_not;		/* a sentence if a file fits and cannot be used */
	bool of_card;		/* by a file that names cards */
	bool guess;		/* AutoConnect=yes */
	int roaming;		/* enum config_roaming */
	uint8_t slot;		/* 0: the one in use */
	uint8_t n_order;	/* 0: none */
	uint8_t order[PLAN_ORDER_MAX];
	/* as struct nas_wish has them; NULL: as the modem is set */
	char *operator, *modes, *bands;
	char *pin_file;
	struct plan_attach attach;
	int64_t spread_s;
	bool port_power, host_reboot, hook, set_clock;
	bool redial;		/* what is up and carries nothing */
	uint16_t rungs;		/* as ladder_rungs() has them */
	uint8_t max_resets;	/* a day */
	uint64_t quota_bytes;		/* 0: as much as it likes */
	int quota_period;		/* enum quota_period */
	bool quota_cut;
	char *target;			/* NULL: nothing is asked */
	int probe;			/* enum probe_kind */
	int64_t interval_ms;
	size_t n_pdns;
	struct plan_pdn pdns[PLAN_PDNS_MAX];
};

/* What is known of a modem; NULL or "" is not known */
struct plan_modem {
	const char *imei, *iccid, *path, *model;
};

/* The configuration as it was read last */
struct plans;

/* plans_load() - read a directory; what is wrong is logged, with file and line */
struct plans *plans_load(const char *directory);
void plans_free(struct plans *plans);
/* plans_allow_resolv_file() - ResolvFile=yes */
bool plans_allow_resolv_file(const struct plans *plans);
/*
 * plans_left_ms() - a configuration that is tried counts so long (../lib/config-trial.h)
 * and is to be loaded again then; NEVER if this is none
 */
int64_t plans_left_ms(const struct plans *plans);
/* plans_want_any() - there is a file, or AutoConnect=yes */
bool plans_want_any(const struct plans *plans);

/* plan_new() - what is wanted of a modem; plan_unref() it */
struct plan *plan_new(const struct plans *plans, const struct plan_modem *modem);
/* For who still works after it: another plan may take its place at any time */
struct plan *plan_ref(struct plan *plan);
void plan_unref(struct plan *plan);

/* plan_pdn_same_link() - whether a link made for one needs nothing for the other */
bool plan_pdn_same_link(const struct plan_pdn *a, const struct plan_pdn *b);

/**
 * plan_pdn_call() - a number for what a call is made with besides APN and families
 * @pdn: another number is another call
 * @password: what stands for its password, as it could be read last, 0 before; renewed. A
 *	file that cannot be read now is no other password: what is up with it stays
 */
uint64_t plan_pdn_call(const struct plan_pdn *pdn, uint64_t *password);

/* plan_guesses() - whether it has a PDN whose access point nobody wrote down */
bool plan_guesses(const struct plan *plan);
/* plan_may_guess() - or there may be one once more is known of modem or card */
bool plan_may_guess(const struct plan *plan);

/* plan_same_settings() - whether both want the same of the modem's memory */
bool plan_same_settings(const struct plan *a, const struct plan *b);

/* plan_secret() - the first line of a file of the plan; the caller wipes it */
int plan_secret(const char *file, char *ret, size_t size, struct m2m_error *error);

#endif /* M2MD_PLAN_H */
