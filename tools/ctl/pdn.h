/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A PDN between two processes: what it is called, where its state is kept. */
#ifndef M2MCTL_PDN_H
#define M2MCTL_PDN_H

#include <net/if.h>

#include "../lib/rt.h"
#include "../lib/wda.h"
#include "../lib/wds.h"
#include "ctl.h"

/*
 * DOC: where a PDN lives when nobody holds it
 *
 * m2mctl pdn up ends with the call up and keeps no file. What it leaves:
 *
 *   kept WDS clients "pdn/NAME/4" and "pdn/NAME/6" in the driver, which own the
 *   calls; a mux link NAME, or wwan%d itself where the modem has no QMAP; and
 *   the alias of that link, "m2m pdn=NAME v4=HANDLE v6=HANDLE", with the packet
 *   data handles. Each of them goes away with the modem, none with a process.
 *
 * If the alias is lost, releasing the clients still ends the calls.
 */

enum pdn_family {
	PDN_V4,
	PDN_V6,
	PDN_FAMILIES,
};

#define PDN_KEEP_MAX	32
/* Routing tables of PDNs: this plus the link's ifindex */
#define PDN_TABLE	20000
#define PDN_RULE_PRIORITY	2048
#define PDN_METRIC	2048

/* What the alias says */
struct pdn_alias {
	char name[IF_NAMESIZE];
	bool has[PDN_FAMILIES];
	uint32_t handle[PDN_FAMILIES];
};

struct pdn_call {
	struct m2m_client *wds;
	bool up;
	uint32_t handle;
	struct wds_settings settings;
	struct wds_reason reason;	/* why it is not up */
	struct m2m_error error;		/* the same as a sentence, or 0 */
};

struct pdn {
	char name[IF_NAMESIZE];
	bool has_link;
	struct rt_link link;	/* mux link, or wwan%d */
	uint8_t mux_id;		/* 0: wwan%d itself */
	bool has_alias;
	struct pdn_alias alias;
	struct pdn_call call[PDN_FAMILIES];
};

/* 4 or 6 */
int pdn_family_number(enum pdn_family family);
void pdn_keep_name(const char *name, enum pdn_family family,
		   char ret[PDN_KEEP_MAX]);
/* The other way; false for a name that is not a PDN's */
bool pdn_keep_parse(const char *keep, char ret_name[IF_NAMESIZE],
		    enum pdn_family *ret_family);
void pdn_alias_format(const struct pdn_alias *alias, char ret[RT_ALIAS_MAX]);
bool pdn_alias_parse(const char *text, struct pdn_alias *ret);
/* Whether it can be an interface and a PDN */
bool pdn_name_is_valid(const char *name);

/**
 * pdn_find() - what there is of a PDN of the chosen modem
 * @ctl: ctl->port is read again
 * @rt: rtnetlink socket
 * @name: of the PDN
 * @ret_pdn: clients taken over; a call is up if the modem says connected.
 *	pdn_close() it, also after a failure
 *
 * Return: 0 also if there is nothing; -EBUSY if another program has a client.
 */
int pdn_find(struct ctl *ctl, struct m2m_nl *rt, const char *name,
	     struct pdn *ret_pdn);
/* Lets go of the clients; what is kept lives on */
void pdn_close(struct pdn *pdn);

/**
 * pdn_remove() - end the calls, release the clients, delete the link
 * @ctl: for the error
 * @rt: rtnetlink socket
 * @pdn: as found or half made; closed
 *
 * Goes on at failures; returns the first that left something behind.
 */
int pdn_remove(struct ctl *ctl, struct m2m_nl *rt, struct pdn *pdn);

/* Addresses, routes, rules and MTU of the calls that are up */
int pdn_ip_apply(struct ctl *ctl, struct m2m_nl *rt, struct pdn *pdn);

/**
 * pdn_format() - put the data pipe into the best format both sides speak
 * @ctl: its port; with links or a call up the format in force is taken
 * @ret_mux: whether the format has mux ids
 */
int pdn_format(struct ctl *ctl, bool *ret_mux);

/* The fields of a PDN, into an open section or row */
void pdn_report(struct out *out, const struct pdn *pdn);

#endif /* M2MCTL_PDN_H */
