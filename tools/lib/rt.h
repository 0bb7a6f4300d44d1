/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Links, addresses, routes and rules, over rtnetlink. */
#ifndef M2M_RT_H
#define M2M_RT_H

#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

struct m2m_nl;

#define RT_ALIAS_MAX	256

struct rt_link {
	unsigned int ifindex;
	unsigned int lower;	/* ifindex of the link below, 0 without */
	unsigned int master;	/* ifindex of the link it is a part of, 0 without */
	uint32_t vrf_table;	/* of a VRF, else 0 */
	char name[IF_NAMESIZE];
	char kind[32];		/* "" for a device */
	char alias[RT_ALIAS_MAX];
	unsigned int flags;	/* IFF_UP ... */
	unsigned int arp_type;	/* ARPHRD_NONE for raw IP */
	unsigned int mtu;
	uint8_t mux_id;		/* of a mux link, else 0 */
	uint64_t rx_bytes, tx_bytes;
};

/* What rt_link_set() changes; zeros change nothing */
struct rt_change {
	bool up, down;
	bool no_link_local;	/* no IPv6 address of the kernel's own making */
	bool move;		/* to @master, 0: out of any */
	unsigned int master;
	unsigned int mtu;
	int netns_fd;		/* into this network namespace; never 0 */
	int netns_pid;		/* into that of this process */
	const char *alias;	/* "" removes it */
};

struct rt_addr {
	int family;		/* AF_INET, AF_INET6 */
	union {
		struct in_addr v4;
		struct in6_addr v6;
	};
	uint8_t prefix;
};

#define RT_ADDRS_MAX	16

struct rt_route {
	unsigned int ifindex;
	uint32_t table;		/* 254 is main */
	uint32_t metric;
	const struct rt_addr *gateway;	/* NULL: the link itself */
	const struct rt_addr *source;	/* NULL: the kernel's choice */
	int family;
};

/* rt_open() - a socket for all of these; m2m_nl_free() closes it */
int rt_open(struct m2m_nl **ret_rt, struct m2m_error *error);

/* -ENODEV if there is none; by name if @name, else by index */
int rt_link_get(struct m2m_nl *rt, const char *name, unsigned int ifindex,
		struct rt_link *ret, struct m2m_error *error);
/* rt_mux_add() - make a mux link; iproute2 cannot give the id */
int rt_mux_add(struct m2m_nl *rt, unsigned int lower, const char *name,
	       uint8_t mux_id, struct m2m_error *error);
int rt_link_set(struct m2m_nl *rt, unsigned int ifindex,
		const struct rt_change *change, struct m2m_error *error);
int rt_link_del(struct m2m_nl *rt, unsigned int ifindex,
		struct m2m_error *error);

/* Without duplicate detection and without a route to its prefix */
int rt_addr_add(struct m2m_nl *rt, unsigned int ifindex,
		const struct rt_addr *addr, struct m2m_error *error);
/* Global addresses of a link, at most RT_ADDRS_MAX */
int rt_addr_list(struct m2m_nl *rt, unsigned int ifindex,
		 struct rt_addr ret_addrs[RT_ADDRS_MAX], size_t *ret_n,
		 struct m2m_error *error);
int rt_addr_flush(struct m2m_nl *rt, unsigned int ifindex,
		  struct m2m_error *error);

/* A default route */
int rt_route_add(struct m2m_nl *rt, const struct rt_route *route,
		 struct m2m_error *error);

/* What comes from @source is looked up in @table; known as ours by its protocol */
int rt_rule_add(struct m2m_nl *rt, const struct rt_addr *source, uint32_t table,
		uint32_t priority, struct m2m_error *error);
/* Rules of both families that lead to @table */
int rt_rule_flush(struct m2m_nl *rt, uint32_t table, struct m2m_error *error);
/* Rules of ours for these addresses, wherever they lead */
int rt_rule_flush_from(struct m2m_nl *rt, const struct rt_addr *sources, size_t n,
		       struct m2m_error *error);
/*
 * Rules of @priority that lead to table @base + ifindex of an interface that is
 * gone, and those of ours for an address that no interface has: the kernel removes
 * their routes, and leaves these
 */
int rt_rule_sweep(struct m2m_nl *rt, uint32_t priority, uint32_t base,
		  struct m2m_error *error);

#endif /* M2M_RT_H */
