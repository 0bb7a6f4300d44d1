/* SPDX-License-Identifier: GPL-2.0-only */
/* The one place that knows kernels apart; Kbuild probes the headers at hand. */
#ifndef M2M_COMPAT_H
#define M2M_COMPAT_H

#include <linux/hrtimer.h>
#include <linux/netdevice.h>
#include <net/genetlink.h>
#include <net/gro.h>
#include <net/rtnetlink.h>
#include <net/udp.h>

/* Before it got a name that says what it is */
#ifndef M2M_HAS_SYSTEM_PERCPU_WQ
#define system_percpu_wq system_wq
#endif

/* A timer of the monotonic clock whose function runs in hard interrupt, but for PREEMPT_RT */
static inline void m2m_compat_hrtimer_setup(struct hrtimer *timer,
					    enum hrtimer_restart (*function)(struct hrtimer *))
{
#ifdef M2M_HAS_HRTIMER_SETUP
	hrtimer_setup(timer, function, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
#else
	hrtimer_init(timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	timer->function = function;
#endif
}

/* Attributes of a dump request */
static inline struct nlattr **m2m_dump_attrs(struct netlink_callback *cb)
{
#ifdef M2M_HAS_GENL_INFO_DUMP
	return genl_info_dump(cb)->attrs;
#else
	return genl_dumpit_info(cb)->attrs;
#endif
}

/* Does GRO hold no packet of a NAPI instance? Context: its poll. */
static inline bool m2m_compat_gro_is_empty(const struct napi_struct *napi)
{
#ifdef M2M_HAS_GRO_NODE
	return !napi->gro.bitmask;
#else
	return !napi->gro_bitmask;
#endif
}

/* May anybody want UDP of a network device merged: a socket, a tunnel, a person? */
static inline bool m2m_compat_udp_wants_gro(const struct net_device *net)
{
#ifdef M2M_HAS_UDP_ENCAP_KEYS
	return static_branch_unlikely(&udp_encap_needed_key) ||
	       static_branch_unlikely(&udpv6_encap_needed_key) ||
	       net->features & (NETIF_F_GRO_FRAGLIST | NETIF_F_GRO_UDP_FWD);
#else
	return true;
#endif
}

/* Keep a network device in the namespace it is made in. */
static inline void m2m_compat_keep_in_netns(struct net_device *net)
{
#if defined(M2M_HAS_NETNS_IMMUTABLE)
	net->netns_immutable = true;
#elif defined(M2M_HAS_NETNS_LOCAL)
	net->netns_local = true;
#else
	net->features |= NETIF_F_NETNS_LOCAL;
#endif
}

/*
 * Define name(), a newlink of struct rtnl_link_ops, that calls
 * @in(net of IFLA_LINK, device, tb, data, extack).
 */
#ifdef M2M_HAS_NEWLINK_PARAMS
#define M2M_COMPAT_NEWLINK(name, in)					\
static int name(struct net_device *net,					\
		struct rtnl_newlink_params *params,			\
		struct netlink_ext_ack *extack)				\
{									\
	return in(rtnl_newlink_link_net(params), net, params->tb,	\
		  params->data, extack);				\
}
#else
#define M2M_COMPAT_NEWLINK(name, in)					\
static int name(struct net *src_net, struct net_device *net,		\
		struct nlattr *tb[], struct nlattr *data[],		\
		struct netlink_ext_ack *extack)				\
{									\
	return in(src_net, net, tb, data, extack);			\
}
#endif

#endif /* M2M_COMPAT_H */
