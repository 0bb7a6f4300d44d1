/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A connection: the call, the link and the addresses of one PDN. */
#ifndef M2M_CONNECTION_H
#define M2M_CONNECTION_H

#include <net/if.h>

#include "port.h"
#include "rt.h"
#include "wds.h"

struct resolv_link;

/*
 * DOC: where a PDN lives when nobody holds it
 *
 * Whoever connects may end with the call up and keep no file. What is left:
 *
 *   kept WDS clients "pdn/NAME/4" and "pdn/NAME/6" in the driver, which own the
 *   calls; a mux link NAME, or wwan%d itself where the modem has no QMAP; and
 *   the alias of that link, "m2m pdn=NAME v4=HANDLE v6=HANDLE", with the packet
 *   data handles, what was asked for that nobody could read back ("metric=N" and
 *   "table=N"), and "by=m2md" after them where m2md keeps it up, or else
 *   "dns=WHOM,METRIC" where the host's names are asked through it. Each of them goes
 *   away with the modem, none with a process. Everybody may read an alias: of user
 *   name and password nothing stands there, not even a sum. The modem tells the name.
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

/* Whom m2mctl has told of a PDN's DNS servers */
enum pdn_dns {
	PDN_DNS_NOBODY,
	PDN_DNS_RESOLVED,	/* systemd-resolved */
	PDN_DNS_RESOLVCONF,
	PDN_DNS_WAYS,
};

/* What was asked for and shows nowhere else; 0: nothing */
struct pdn_asked {
	uint32_t metric, table;
};

/* What the alias says */
struct pdn_alias {
	char name[IF_NAMESIZE];
	bool has[PDN_FAMILIES];
	uint32_t handle[PDN_FAMILIES];
	struct pdn_asked asked;
	bool by_m2md;	/* ends where m2md is removed; tells of DNS servers itself */
	enum pdn_dns dns;
	uint32_t metric;	/* of the default routes, with @dns */
};

struct pdn_call {
	struct m2m_client *wds;
	bool up;
	bool dialled;			/* the modem was asked for it */
	bool unknown;			/* whether it is: the modem does not say, see error */
	uint32_t handle;
	struct wds_settings settings;
	struct wds_login login;		/* connection_logins() */
	unsigned int dropped;		/* settings without sense, not used */
	struct wds_reason reason;	/* why it is not up */
	struct m2m_error error;		/* the same as a sentence, or 0 */
};

/* A network namespace of others, and a way to configure in it without entering */
struct connection_netns {
	unsigned int refs;
	int fd;
	uint64_t inode;			/* which it is */
	char name[64];			/* who opened it may say; "" */
	struct m2m_nl *rt;
};

struct connection {
	char name[IF_NAMESIZE];
	bool has_link;
	struct connection_netns *netns;	/* where the link is; NULL: here. It has a ref */
	struct rt_link link;	/* mux link, or wwan%d */
	uint8_t mux_id;		/* 0: wwan%d itself */
	bool has_alias;
	struct pdn_alias alias;
	struct pdn_call call[PDN_FAMILIES];
};

/* What is asked for; zeros and NULL leave it to modem, network and defaults */
struct connection_want {
	const char *apn, *user;
	const char *password;	/* the caller wipes it */
	enum wds_auth auth;
	uint8_t mux_id;
	uint32_t metric, mtu;
	uint32_t table;		/* of the rules; 0: PDN_TABLE + ifindex */
	const char *vrf;	/* which the link is made a part of; excludes @table */
	struct connection_netns *netns;	/* where the link belongs; NULL: here */
};

/* The way to the modem; its owner's sockets, as long as the connection is worked on */
struct connector {
	struct m2m_nl *nl;	/* of the driver's family, for lists */
	struct m2m_nl *rt;	/* rtnetlink */
	struct m2m_qmi *qmi;
	struct port *port;	/* read again where that matters */
	struct connection_netns *netns;	/* where links are looked for besides, or NULL */
	bool manages;		/* we have the lease */
	bool no_mux;		/* the modem binds no call to a mux id */
	bool raised;		/* by connection_link(): wwan%d was down before */
	bool m2md;		/* what is remembered is m2md's to keep up */
	struct m2m_error error;	/* of the function that failed last */
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
/* "systemd-resolved"; NULL for nobody */
const char *pdn_dns_word(enum pdn_dns dns);
/* Whether it can be an interface and a PDN */
bool pdn_name_is_valid(const char *name);

/* All of these return 0, or a negative errno with @c->error filled in */

/**
 * connection_find() - what there is of a connection
 * @c: the way; @c->port is read again
 * @name: of the PDN
 * @ret: clients taken over; a call is up if the modem says connected, and unknown
 *	if it says nothing. connection_close() it, also after a failure
 *
 * Return: 0 also if there is nothing; -EBUSY if another program has a client;
 * -EEXIST if an interface of that name is not this modem's.
 */
int connection_find(struct connector *c, const char *name, struct connection *ret);
/*
 * connection_logins() - ask the modem with which user and authentication its calls are up;
 * one that refuses the question tells neither
 */
int connection_logins(struct connector *c, struct connection *pdn);
/* Lets go of the clients and the namespace; what is kept lives on */
void connection_close(struct connection *connection);
/* Whether there is a link, a call or a client of it */
bool connection_is_anything(const struct connection *connection);

/* connection_format() - put the data pipe into the best format both sides speak */
int connection_format(struct connector *c, bool *ret_mux);

/**
 * connection_format_set() - put it into one format and no other
 * @c: the way; nobody uses the format in force
 * @link_layer: M2M_WWAN_LINK_...
 * @aggregation: M2M_WWAN_AGG_...
 *
 * Return: 0 once modem and driver both run in it; -EOPNOTSUPP if either does not take it:
 * then the former one is in force again; -EBUSY if it is another program's to set.
 */
int connection_format_set(struct connector *c, uint32_t link_layer, uint32_t aggregation);

/* connection_format_in_use() - whether there is a link, or a call on the port without one */
int connection_format_in_use(struct connector *c, bool *ret_up);

/**
 * connection_link() - give it a link, made in the best data format
 * @c: the way; with links or a call up the format in force is taken
 * @want: its mux_id
 * @connection: its name; gets the link
 *
 * Return: -EBUSY if all ids, or the one without, are taken; -EOPNOTSUPP if the
 * modem has no mux ids and one is wanted, or speaks no format of ours; -EEXIST.
 */
int connection_link(struct connector *c, const struct connection_want *want,
		    struct connection *connection);

/**
 * connection_call() - start the call of one family
 * @c: the way; for the port's number
 * @want: APN and the like
 * @connection: has a link
 * @family: which
 *
 * Return: 0 with an address; else the reason is in the call's error and reason,
 * and nothing is left of it.
 */
int connection_call(struct connector *c, const struct connection_want *want,
		    struct connection *connection, enum pdn_family family);

/**
 * connection_settings() - read the address and the rest of a call that is up
 * @connection: of the call
 * @family: which
 *
 * Return: 0; -ENODATA if it has no usable address, also after a while; else what was
 * known stays. The call's error says it.
 */
int connection_settings(struct connection *connection, enum pdn_family family);

/**
 * connection_clear() - end whatever call of one family stands where a new one is to be
 * @c: the way
 * @connection: its own calls are ended
 * @family: which
 *
 * That is the call of whoever uses its mux id, and one without a mux id, which modems make
 * by themselves. Firmware may take more calls along.
 */
int connection_clear(struct connector *c, const struct connection *connection,
		     enum pdn_family family);

/* End the call of one family and release its client; what is gone is no error */
int connection_hang_up(struct connector *c, struct connection *connection,
		       enum pdn_family family);

/**
 * connection_netns_new() - a namespace that somebody has opened
 * @fd: of it; taken over
 * @rt: a route netlink socket that was made in it; taken over
 * @ret: connection_netns_unref() it
 * @error: filled on failure
 */
int connection_netns_new(int fd, int rt, struct connection_netns **ret,
			 struct m2m_error *error);
struct connection_netns *connection_netns_ref(struct connection_netns *netns);
void connection_netns_unref(struct connection_netns *netns);
bool connection_netns_equal(const struct connection_netns *a,
			    const struct connection_netns *b);
/* connection_rt() - the socket that reaches the connection's link */
struct m2m_nl *connection_rt(const struct connector *c, const struct connection *pdn);
/*
 * connection_enter() - move the link to the namespace that is wanted; it is down then, without
 * addresses, and may have another ifindex
 */
int connection_enter(struct connector *c, const struct connection_want *want,
		     struct connection *pdn);

/* Where a link belongs on this host */
struct connection_place {
	unsigned int vrf;	/* ifindex, 0: none */
	uint32_t table;		/* of the VRF, or for what is sent from the addresses */
};

/**
 * connection_place() - find the place that is wanted for a link
 * @c: the way
 * @want: its table or VRF
 * @pdn: the link; may have none yet
 * @ret: the place
 *
 * Return: 0; -ENOENT if there is no such VRF, it is none, or it is down.
 */
int connection_place(struct connector *c, const struct connection_want *want,
		     const struct connection *pdn, struct connection_place *ret);

/* connection_has_ipv6() - whether this host takes an IPv6 address on the link, which is here */
bool connection_has_ipv6(const struct connection *connection);

/* Addresses, routes, rules and MTU of the calls that are up, in place of any before */
int connection_apply(struct connector *c, const struct connection_want *want,
		     struct connection *connection);

/* The same of a family whose call has come up beside one that was applied */
int connection_apply_more(struct connector *c, const struct connection_want *want,
			  struct connection *connection, enum pdn_family family);

/* connection_forget_rules() - the rules for the addresses that a link has now */
int connection_forget_rules(struct m2m_nl *rt, unsigned int ifindex,
			    struct m2m_error *error);

/* Of its default routes where nothing else is wanted: by mux id */
uint32_t connection_metric(const struct connection *connection);

/* connection_servers() - add the DNS servers that the network told for the calls that are up */
void connection_servers(const struct connection *connection, struct resolv_link *link);

/*
 * Write into the link's alias what the next process has to know; of DNS what the alias
 * has already
 */
int connection_remember(struct connector *c, struct connection *connection);

/* connection_unlink() - delete the link, or what a PDN put on wwan%d; calls stay */
int connection_unlink(struct connector *c, struct connection *connection);

/*
 * End the calls, release the clients, delete the link; closed then. Goes on at
 * failures and returns the first that left something behind.
 */
int connection_remove(struct connector *c, struct connection *connection);

#endif /* M2M_CONNECTION_H */
