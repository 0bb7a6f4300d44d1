// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns what a connection brings to the host: addresses, routes, rules, MTU. */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <net/if_arp.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <unistd.h>

#include "connection.h"
#include "resolv.h"

#define HOST_PREFIX4	32
/* Absent where the kernel was started without IPv6 */
#define IPV6_CONF	"/proc/sys/net/ipv6/conf"

static void address_of(const struct pdn_call *call, enum pdn_family f,
		       struct rt_addr *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (f == PDN_V4) {
		/* the mask is the network's fiction: nobody else is on the link */
		ret->family = AF_INET;
		ret->v4 = call->settings.addr4;
		ret->prefix = HOST_PREFIX4;
	} else {
		ret->family = AF_INET6;
		ret->v6 = call->settings.addr6;
		ret->prefix = call->settings.prefix6;
	}
}

/* On Ethernet a gateway must answer ARP; raw IP needs none */
static bool gateway_of(const struct connection *pdn, enum pdn_family f,
		       struct rt_addr *ret)
{
	const struct wds_settings *settings = &pdn->call[f].settings;

	memset(ret, 0, sizeof(*ret));
	if (pdn->link.arp_type != ARPHRD_ETHER)
		return false;
	ret->family = f == PDN_V4 ? AF_INET : AF_INET6;
	if (f == PDN_V4) {
		ret->v4 = settings->gateway4;
		return settings->gateway4.s_addr;
	}
	ret->v6 = settings->gateway6;
	return !IN6_IS_ADDR_UNSPECIFIED(&settings->gateway6);
}

uint32_t connection_metric(const struct connection *pdn)
{
	return PDN_METRIC + (pdn->mux_id ? pdn->mux_id - 1 : 0);
}

/* What is sent from the address leaves by its link, whatever the main table says */
static int add_own_table(struct connector *c, struct m2m_nl *rt, struct rt_route *route,
			 const struct connection_place *place,
			 const struct rt_addr *address)
{
	struct rt_addr source = *address;
	int err = 0;

	if (place->table != route->table) {
		route->table = place->table;
		err = rt_route_add(rt, route, &c->error);
	}
	if (err)
		return err;
	source.prefix = address->family == AF_INET ? 32 : 128;
	err = rt_rule_add(rt, &source, place->table, PDN_RULE_PRIORITY, &c->error);
	/* a kernel without policy routing still has the main table */
	return err == -EOPNOTSUPP ? 0 : err;
}

static int add_routes(struct connector *c, const struct connection_want *want,
		      const struct connection *pdn, enum pdn_family f,
		      const struct rt_addr *address)
{
	struct m2m_nl *rt = connection_rt(c, pdn);
	struct connection_place place;
	struct rt_addr gateway;
	struct rt_route route = {
		.ifindex = pdn->link.ifindex,
		.table = RT_TABLE_MAIN,
		.metric = want->metric ? want->metric : connection_metric(pdn),
		.family = address->family,
		.source = address,
	};
	int err;

	err = connection_place(c, want, pdn, &place);
	if (err)
		return err;
	if (place.vrf)
		route.table = place.table;
	if (gateway_of(pdn, f, &gateway))
		route.gateway = &gateway;
	err = rt_route_add(rt, &route, &c->error);
	/* in a VRF the kernel has a rule of its own */
	if (err || place.vrf)
		return err;
	return add_own_table(c, rt, &route, &place, address);
}

static int apply_call(struct connector *c, const struct connection_want *want,
		      const struct connection *pdn, enum pdn_family f)
{
	struct rt_addr address;
	int err;

	address_of(&pdn->call[f], f, &address);
	err = rt_addr_add(connection_rt(c, pdn), pdn->link.ifindex, &address, &c->error);
	if (!err)
		err = add_routes(c, want, pdn, f, &address);
	if (err)
		m2m_error_prefix(&c->error, "IPv%d on %s",
				 pdn_family_number(f), pdn->link.name);
	return err;
}

/* The address comes from the modem; advertisements must not add another. */
static void refuse_advertisements(const char *ifname)
{
	g_autofree char *path = g_strdup_printf(IPV6_CONF "/%s/accept_ra", ifname);
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	/* absent where IPv6 is off, and then there is nothing to refuse */
	if (fd < 0)
		return;
	if (write(fd, "0", 1) != 1)
		g_debug("%s not written", path);
	close(fd);
}

/* Also an MTU takes IPv6 from a link, and another one gives it back: that does not count */
bool connection_has_ipv6(const struct connection *pdn)
{
	g_autofree char *path = g_strdup_printf(IPV6_CONF "/%s/disable_ipv6", pdn->link.name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char off = '0';

	if (fd < 0)
		return !access(IPV6_CONF, F_OK);
	if (read(fd, &off, 1) != 1)
		g_debug("%s not read", path);
	close(fd);
	return off == '0';
}

static unsigned int mtu_of(const struct connection_want *want,
			   const struct connection *pdn)
{
	unsigned int mtu = 0;

	for (int f = 0; f < PDN_FAMILIES; f++) {
		unsigned int theirs = pdn->call[f].settings.mtu;

		if (pdn->call[f].up && theirs && (!mtu || theirs < mtu))
			mtu = theirs;
	}
	return want->mtu ? want->mtu : mtu;
}

/* Routes go with the interface down, addresses of IPv4 do not; rules do with neither */
static int clear(struct connector *c, const struct connection *pdn)
{
	const struct rt_change down = { .down = true };
	struct m2m_nl *rt = connection_rt(c, pdn);
	unsigned int ifindex = pdn->link.ifindex;
	int err;

	err = connection_forget_rules(rt, ifindex, &c->error);
	if (err || !(pdn->link.flags & IFF_UP))
		return err;
	err = rt_link_set(rt, ifindex, &down, &c->error);
	return err ? err : rt_addr_flush(rt, ifindex, &c->error);
}

/* While it has no address: the kernel would move those in its own way */
static int move(struct connector *c, const struct connection_want *want,
		struct connection *pdn)
{
	struct rt_change change = { .move = true };
	struct connection_place place;
	struct m2m_nl *rt;
	int err;

	err = connection_enter(c, want, pdn);
	if (!err)
		err = connection_place(c, want, pdn, &place);
	if (err)
		return err;
	rt = connection_rt(c, pdn);
	err = rt_link_get(rt, NULL, pdn->link.ifindex, &pdn->link, &c->error);
	if (err || pdn->link.master == place.vrf)
		return err;
	change.master = place.vrf;
	return rt_link_set(rt, pdn->link.ifindex, &change, &c->error);
}

/* What only who is in a namespace can do or see there */
static int settle_here(struct connector *c, const struct connection *pdn)
{
	refuse_advertisements(pdn->link.name);
	/* also what modems left that were pulled out with a call up */
	return rt_rule_sweep(c->rt, PDN_RULE_PRIORITY, PDN_TABLE, &c->error);
}

int connection_apply(struct connector *c, const struct connection_want *want,
		     struct connection *pdn)
{
	const struct rt_change quiet = { .no_link_local = true };
	const struct rt_change up = { .up = true, .mtu = mtu_of(want, pdn) };
	struct m2m_error ignored;
	struct m2m_nl *rt;
	int err;

	err = clear(c, pdn);
	if (!err)
		err = move(c, want, pdn);
	if (err)
		return err;
	rt = connection_rt(c, pdn);
	/* a kernel without IPv6 has no such setting */
	rt_link_set(rt, pdn->link.ifindex, &quiet, &ignored);
	if (!pdn->netns)
		err = settle_here(c, pdn);
	if (!err)
		err = rt_link_set(rt, pdn->link.ifindex, &up, &c->error);
	/* opening wwan%d may have made it another type of interface */
	if (!err)
		err = rt_link_get(rt, NULL, pdn->link.ifindex, &pdn->link, &c->error);
	for (int f = 0; f < PDN_FAMILIES && !err; f++)
		if (pdn->call[f].up)
			err = apply_call(c, want, pdn, f);
	return err;
}

int connection_apply_more(struct connector *c, const struct connection_want *want,
			  struct connection *pdn, enum pdn_family family)
{
	const struct rt_change change = { .mtu = mtu_of(want, pdn) };
	int err;

	err = rt_link_set(connection_rt(c, pdn), pdn->link.ifindex, &change, &c->error);
	return err ? err : apply_call(c, want, pdn, family);
}

void connection_servers(const struct connection *pdn, struct resolv_link *link)
{
	const struct pdn_call *v4 = &pdn->call[PDN_V4];
	const struct pdn_call *v6 = &pdn->call[PDN_V6];

	for (unsigned int i = 0; v4->up && i < v4->settings.n_dns4; i++)
		resolv_add(link, &(struct resolv_server){
			.family = AF_INET, .v4 = v4->settings.dns4[i],
		});
	for (unsigned int i = 0; v6->up && i < v6->settings.n_dns6; i++)
		resolv_add(link, &(struct resolv_server){
			.family = AF_INET6, .v6 = v6->settings.dns6[i],
		});
}
