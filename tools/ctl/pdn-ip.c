// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns what a PDN brings to the host: addresses, routes, rules, MTU. */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <net/if_arp.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <unistd.h>

#include "pdn.h"

#define HOST_PREFIX4	32

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
static bool gateway_of(const struct pdn *pdn, enum pdn_family f,
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

static int add_routes(struct ctl *ctl, struct m2m_nl *rt, struct pdn *pdn,
		      enum pdn_family f, const struct rt_addr *address)
{
	uint32_t own_metric = PDN_METRIC + (pdn->mux_id ? pdn->mux_id - 1 : 0);
	uint32_t table = PDN_TABLE + pdn->link.ifindex;
	struct rt_addr gateway, source = *address;
	struct rt_route route = {
		.ifindex = pdn->link.ifindex,
		.table = RT_TABLE_MAIN,
		.metric = args_number(ctl->args, "metric", own_metric),
		.family = address->family,
		.source = address,
	};
	int err;

	if (gateway_of(pdn, f, &gateway))
		route.gateway = &gateway;
	err = rt_route_add(rt, &route, &ctl->error);
	if (err)
		return err;
	route.table = table;
	err = rt_route_add(rt, &route, &ctl->error);
	if (err)
		return err;
	source.prefix = f == PDN_V4 ? 32 : 128;
	err = rt_rule_add(rt, &source, table, PDN_RULE_PRIORITY, &ctl->error);
	/* a kernel without policy routing still has the main table */
	return err == -EOPNOTSUPP ? 0 : err;
}

static int apply_call(struct ctl *ctl, struct m2m_nl *rt, struct pdn *pdn,
		      enum pdn_family f)
{
	struct rt_addr address;
	int err;

	address_of(&pdn->call[f], f, &address);
	err = rt_addr_add(rt, pdn->link.ifindex, &address, &ctl->error);
	if (!err)
		err = add_routes(ctl, rt, pdn, f, &address);
	if (err)
		m2m_error_prefix(&ctl->error, "IPv%d on %s",
				 pdn_family_number(f), pdn->link.name);
	return err;
}

/* The address comes from the modem; advertisements must not add another. */
static void refuse_advertisements(const char *ifname)
{
	g_autofree char *path = g_strdup_printf("/proc/sys/net/ipv6/conf/%s/accept_ra",
						ifname);
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	/* absent where IPv6 is off, and then there is nothing to refuse */
	if (fd < 0)
		return;
	if (write(fd, "0", 1) != 1)
		g_debug("%s not written", path);
	close(fd);
}

static unsigned int mtu_of(struct ctl *ctl, const struct pdn *pdn)
{
	unsigned int mtu = 0;

	for (int f = 0; f < PDN_FAMILIES; f++) {
		unsigned int theirs = pdn->call[f].settings.mtu;

		if (pdn->call[f].up && theirs && (!mtu || theirs < mtu))
			mtu = theirs;
	}
	return args_number(ctl->args, "mtu", mtu);
}

int pdn_ip_apply(struct ctl *ctl, struct m2m_nl *rt, struct pdn *pdn)
{
	const struct rt_change quiet = { .no_link_local = true };
	const struct rt_change up = { .up = true, .mtu = mtu_of(ctl, pdn) };
	struct m2m_error ignored;
	int err;

	/* a kernel without IPv6 has no such setting */
	rt_link_set(rt, pdn->link.ifindex, &quiet, &ignored);
	refuse_advertisements(pdn->link.name);
	/* also what modems left that were pulled out with a call up */
	err = rt_rule_sweep(rt, PDN_RULE_PRIORITY, PDN_TABLE, &ctl->error);
	if (!err)
		err = rt_rule_flush(rt, PDN_TABLE + pdn->link.ifindex,
				    &ctl->error);
	if (!err)
		err = rt_link_set(rt, pdn->link.ifindex, &up, &ctl->error);
	/* opening wwan%d may have made it another type of interface */
	if (!err)
		err = rt_link_get(rt, NULL, pdn->link.ifindex, &pdn->link,
				  &ctl->error);
	for (int f = 0; f < PDN_FAMILIES && !err; f++)
		if (pdn->call[f].up)
			err = apply_call(ctl, rt, pdn, f);
	return err;
}
