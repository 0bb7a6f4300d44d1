// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns what the tools say to rtnetlink. */
#include <errno.h>
#include <glib.h>
#include <ifaddrs.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/m2m_wwan.h>
#include <linux/rtnetlink.h>
#include <netlink/addr.h>
#include <netlink/msg.h>
#include <netlink/route/addr.h>
#include <netlink/route/nexthop.h>
#include <netlink/route/route.h>
#include <netlink/route/rule.h>
#include <string.h>

#include "nl.h"
#include "rt.h"

/* Of rules of ours; the kernel's own are below 16, and no routing daemon has it */
#define RULE_PROTOCOL	109

struct addr_list {
	unsigned int ifindex;
	struct rt_addr *addrs;
	size_t n;
};

/* Objects of a dump that are to be deleted */
struct doomed {
	bool (*matches)(struct nlmsghdr *msg, const struct doomed *doomed);
	uint32_t key;
	uint32_t priority;
	const struct rt_addr *sources;
	size_t n;
	const struct ifaddrs *local;
	GPtrArray *messages;
};

int rt_open(struct m2m_nl **ret_rt, struct m2m_error *error)
{
	return m2m_nl_open(NULL, ret_rt, error);
}

/* --- links ------------------------------------------------------------------ */

static struct nl_msg *link_request(int type, int flags, unsigned int ifindex)
{
	struct ifinfomsg info = { .ifi_index = ifindex };
	struct nl_msg *msg = nlmsg_alloc_simple(type, NLM_F_REQUEST | flags);

	if (!msg || nlmsg_append(msg, &info, sizeof(info), NLMSG_ALIGNTO))
		g_error("out of memory");
	return msg;
}

static void parse_vrf(struct nlattr *attr, struct rt_link *ret)
{
	struct nlattr *data[IFLA_VRF_MAX + 1];

	if (!nla_parse_nested(data, IFLA_VRF_MAX, attr, NULL) && data[IFLA_VRF_TABLE] &&
	    nla_len(data[IFLA_VRF_TABLE]) >= 4)
		ret->vrf_table = nla_get_u32(data[IFLA_VRF_TABLE]);
}

static void parse_linkinfo(struct nlattr *attr, struct rt_link *ret)
{
	struct nlattr *info[IFLA_INFO_MAX + 1];
	struct nlattr *data[IFLA_M2M_MUX_MAX + 1];

	if (!attr || nla_parse_nested(info, IFLA_INFO_MAX, attr, NULL) ||
	    !info[IFLA_INFO_KIND])
		return;
	nla_strlcpy(ret->kind, info[IFLA_INFO_KIND], sizeof(ret->kind));
	if (!strcmp(ret->kind, "vrf") && info[IFLA_INFO_DATA])
		parse_vrf(info[IFLA_INFO_DATA], ret);
	if (strcmp(ret->kind, M2M_WWAN_LINK_KIND) || !info[IFLA_INFO_DATA] ||
	    nla_parse_nested(data, IFLA_M2M_MUX_MAX, info[IFLA_INFO_DATA],
			     NULL))
		return;
	if (data[IFLA_M2M_MUX_ID] && nla_len(data[IFLA_M2M_MUX_ID]) >= 1)
		ret->mux_id = nla_get_u8(data[IFLA_M2M_MUX_ID]);
}

static int parse_link(struct nlmsghdr *msg, void *data)
{
	const struct ifinfomsg *info = nlmsg_data(msg);
	struct rtnl_link_stats64 stats;
	struct nlattr *tb[IFLA_MAX + 1];
	struct rt_link *ret = data;

	if (msg->nlmsg_type != RTM_NEWLINK ||
	    nlmsg_parse(msg, sizeof(*info), tb, IFLA_MAX, NULL))
		return -EBADMSG;
	memset(ret, 0, sizeof(*ret));
	ret->ifindex = info->ifi_index;
	ret->flags = info->ifi_flags;
	ret->arp_type = info->ifi_type;
	if (tb[IFLA_IFNAME])
		nla_strlcpy(ret->name, tb[IFLA_IFNAME], sizeof(ret->name));
	if (tb[IFLA_IFALIAS])
		nla_strlcpy(ret->alias, tb[IFLA_IFALIAS], sizeof(ret->alias));
	if (tb[IFLA_MTU])
		ret->mtu = nla_get_u32(tb[IFLA_MTU]);
	if (tb[IFLA_LINK])
		ret->lower = nla_get_u32(tb[IFLA_LINK]);
	if (tb[IFLA_MASTER])
		ret->master = nla_get_u32(tb[IFLA_MASTER]);
	if (tb[IFLA_STATS64]) {
		nla_memcpy(&stats, tb[IFLA_STATS64], sizeof(stats));
		ret->rx_bytes = stats.rx_bytes;
		ret->tx_bytes = stats.tx_bytes;
	}
	parse_linkinfo(tb[IFLA_LINKINFO], ret);
	return 0;
}

int rt_link_get(struct m2m_nl *rt, const char *name, unsigned int ifindex,
		struct rt_link *ret, struct m2m_error *error)
{
	struct nl_msg *msg = link_request(RTM_GETLINK, 0, name ? 0 : ifindex);

	if (name)
		nla_put_string(msg, IFLA_IFNAME, name);
	return m2m_nl_do(rt, msg, parse_link, ret, error);
}

int rt_mux_add(struct m2m_nl *rt, unsigned int lower, const char *name,
	       uint8_t mux_id, struct m2m_error *error)
{
	struct nl_msg *msg = link_request(RTM_NEWLINK,
					  NLM_F_CREATE | NLM_F_EXCL, 0);
	struct nlattr *info, *data;

	nla_put_u32(msg, IFLA_LINK, lower);
	nla_put_string(msg, IFLA_IFNAME, name);
	info = nla_nest_start(msg, IFLA_LINKINFO);
	nla_put_string(msg, IFLA_INFO_KIND, M2M_WWAN_LINK_KIND);
	data = nla_nest_start(msg, IFLA_INFO_DATA);
	nla_put_u8(msg, IFLA_M2M_MUX_ID, mux_id);
	nla_nest_end(msg, data);
	nla_nest_end(msg, info);
	return m2m_nl_do(rt, msg, NULL, NULL, error);
}

static void put_no_link_local(struct nl_msg *msg)
{
	struct nlattr *spec = nla_nest_start(msg, IFLA_AF_SPEC);
	struct nlattr *inet6 = nla_nest_start(msg, AF_INET6);

	nla_put_u8(msg, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
	nla_nest_end(msg, inet6);
	nla_nest_end(msg, spec);
}

int rt_link_set(struct m2m_nl *rt, unsigned int ifindex,
		const struct rt_change *change, struct m2m_error *error)
{
	struct nl_msg *msg = link_request(RTM_NEWLINK, 0, ifindex);
	struct ifinfomsg *info = nlmsg_data(nlmsg_hdr(msg));

	if (change->up || change->down) {
		info->ifi_change = IFF_UP;
		info->ifi_flags = change->up ? IFF_UP : 0;
	}
	if (change->move)
		nla_put_u32(msg, IFLA_MASTER, change->master);
	if (change->mtu)
		nla_put_u32(msg, IFLA_MTU, change->mtu);
	if (change->netns_fd)
		nla_put_u32(msg, IFLA_NET_NS_FD, change->netns_fd);
	if (change->netns_pid)
		nla_put_u32(msg, IFLA_NET_NS_PID, change->netns_pid);
	if (change->alias)
		nla_put(msg, IFLA_IFALIAS, strlen(change->alias),
			change->alias);
	if (change->no_link_local)
		put_no_link_local(msg);
	return m2m_nl_do(rt, msg, NULL, NULL, error);
}

int rt_link_del(struct m2m_nl *rt, unsigned int ifindex,
		struct m2m_error *error)
{
	return m2m_nl_do(rt, link_request(RTM_DELLINK, 0, ifindex), NULL, NULL,
			 error);
}

/* --- addresses -------------------------------------------------------------- */

static struct nl_addr *to_nl(const struct rt_addr *addr, int prefix)
{
	size_t len = addr->family == AF_INET ? sizeof(addr->v4) :
					       sizeof(addr->v6);
	struct nl_addr *nl = nl_addr_build(addr->family, &addr->v4, len);

	if (!nl)
		g_error("out of memory");
	nl_addr_set_prefixlen(nl, prefix);
	return nl;
}

static int host_bits(int family)
{
	return family == AF_INET ? 32 : 128;
}

int rt_addr_add(struct m2m_nl *rt, unsigned int ifindex,
		const struct rt_addr *addr, struct m2m_error *error)
{
	struct nl_addr *local = to_nl(addr, addr->prefix);
	struct rtnl_addr *object = rtnl_addr_alloc();
	struct nl_msg *msg = NULL;
	int err;

	rtnl_addr_set_ifindex(object, ifindex);
	rtnl_addr_set_local(object, local);
	rtnl_addr_set_flags(object, addr->family == AF_INET6 ?
			    IFA_F_NODAD | IFA_F_NOPREFIXROUTE :
			    IFA_F_NOPREFIXROUTE);
	err = rtnl_addr_build_add_request(object, NLM_F_REPLACE, &msg);
	nl_addr_put(local);
	rtnl_addr_put(object);
	if (err)
		return m2m_error_set(error, -EINVAL, "address: %s",
				     nl_geterror(err));
	return m2m_nl_do(rt, msg, NULL, NULL, error);
}

/*
 * Asks for a list, again where it changes while it is told; @forget drops what @fn has taken
 * of it so far
 */
static int dump(struct m2m_nl *rt, struct nl_msg *request, m2m_nl_fn fn,
		void (*forget)(void *data), void *data, struct m2m_error *error)
{
	int tries = M2M_NL_DUMP_TRIES;
	int err;

	do {
		struct nl_msg *once = nlmsg_convert(nlmsg_hdr(request));

		if (!once)
			g_error("out of memory");
		forget(data);
		err = m2m_nl_do(rt, once, fn, data, error);
	} while (err == -EINTR && --tries);
	nlmsg_free(request);
	return err;
}

static struct nl_msg *addr_dump(void)
{
	struct ifaddrmsg info = { .ifa_family = AF_UNSPEC };
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_GETADDR, NLM_F_REQUEST |
						NLM_F_DUMP);

	if (!msg || nlmsg_append(msg, &info, sizeof(info), NLMSG_ALIGNTO))
		g_error("out of memory");
	return msg;
}

static int take_addr(struct nlmsghdr *msg, void *data)
{
	const struct ifaddrmsg *info = nlmsg_data(msg);
	struct nlattr *tb[IFA_MAX + 1];
	struct addr_list *list = data;
	struct rt_addr *addr;
	struct nlattr *local;
	int size;

	if (msg->nlmsg_type != RTM_NEWADDR ||
	    nlmsg_parse(msg, sizeof(*info), tb, IFA_MAX, NULL))
		return -EBADMSG;
	if (info->ifa_index != list->ifindex || list->n == RT_ADDRS_MAX ||
	    info->ifa_scope != RT_SCOPE_UNIVERSE)
		return 0;
	size = info->ifa_family == AF_INET ? 4 : 16;
	local = tb[IFA_LOCAL] ? tb[IFA_LOCAL] : tb[IFA_ADDRESS];
	if (!local || nla_len(local) != size)
		return 0;
	addr = &list->addrs[list->n++];
	addr->family = info->ifa_family;
	addr->prefix = info->ifa_prefixlen;
	memcpy(&addr->v4, nla_data(local), size);
	return 0;
}

static void forget_addrs(void *data)
{
	struct addr_list *list = data;

	list->n = 0;
}

int rt_addr_list(struct m2m_nl *rt, unsigned int ifindex,
		 struct rt_addr ret_addrs[RT_ADDRS_MAX], size_t *ret_n,
		 struct m2m_error *error)
{
	struct addr_list list = { .ifindex = ifindex, .addrs = ret_addrs };
	int err;

	err = dump(rt, addr_dump(), take_addr, forget_addrs, &list, error);
	*ret_n = err ? 0 : list.n;
	return err;
}

/* --- flushing --------------------------------------------------------------- */

static int take_doomed(struct nlmsghdr *msg, void *data)
{
	struct doomed *doomed = data;

	if (doomed->matches(msg, doomed))
		g_ptr_array_add(doomed->messages,
				g_memdup2(msg, msg->nlmsg_len));
	return 0;
}

static void forget_doomed(void *data)
{
	struct doomed *doomed = data;

	g_ptr_array_set_size(doomed->messages, 0);
}

/* Dumps with @request and sends what matches back as a request to delete */
static int flush(struct m2m_nl *rt, struct nl_msg *request, int delete_type,
		 struct doomed *doomed, struct m2m_error *error)
{
	int err;

	doomed->messages = g_ptr_array_new_with_free_func(g_free);
	err = dump(rt, request, take_doomed, forget_doomed, doomed, error);
	for (guint i = 0; !err && i < doomed->messages->len; i++) {
		struct nlmsghdr *object = doomed->messages->pdata[i];
		struct nl_msg *msg = nlmsg_alloc_simple(delete_type,
							NLM_F_REQUEST);

		if (!msg || nlmsg_append(msg, nlmsg_data(object),
					 nlmsg_datalen(object), NLMSG_ALIGNTO))
			g_error("out of memory");
		err = m2m_nl_do(rt, msg, NULL, NULL, error);
		/* gone meanwhile is as good */
		if (err == -ENOENT || err == -EADDRNOTAVAIL)
			err = 0;
	}
	g_ptr_array_unref(doomed->messages);
	return err;
}

static bool addr_matches(struct nlmsghdr *msg, const struct doomed *doomed)
{
	const struct ifaddrmsg *info = nlmsg_data(msg);

	return msg->nlmsg_type == RTM_NEWADDR &&
	       nlmsg_datalen(msg) >= (int)sizeof(*info) &&
	       info->ifa_index == doomed->key;
}

int rt_addr_flush(struct m2m_nl *rt, unsigned int ifindex,
		  struct m2m_error *error)
{
	struct doomed doomed = { .matches = addr_matches, .key = ifindex };

	return flush(rt, addr_dump(), RTM_DELADDR, &doomed, error);
}

static uint32_t rule_u32(struct nlmsghdr *msg, int type)
{
	struct nlattr *attr = nlmsg_find_attr(msg, sizeof(struct fib_rule_hdr),
					      type);

	return attr && nla_len(attr) >= 4 ? nla_get_u32(attr) : 0;
}

static bool is_rule(struct nlmsghdr *msg)
{
	return msg->nlmsg_type == RTM_NEWRULE &&
	       nlmsg_datalen(msg) >= (int)sizeof(struct fib_rule_hdr);
}

static bool rule_matches(struct nlmsghdr *msg, const struct doomed *doomed)
{
	return is_rule(msg) && rule_u32(msg, FRA_TABLE) == doomed->key;
}

/* The address of a rule of ours that is for one */
static bool own_source(struct nlmsghdr *msg, struct rt_addr *ret)
{
	const struct fib_rule_hdr *hdr = nlmsg_data(msg);
	struct nlattr *protocol = nlmsg_find_attr(msg, sizeof(*hdr), FRA_PROTOCOL);
	struct nlattr *source = nlmsg_find_attr(msg, sizeof(*hdr), FRA_SRC);
	int size = hdr->family == AF_INET ? 4 : 16;

	if (!protocol || nla_len(protocol) < 1 || nla_get_u8(protocol) != RULE_PROTOCOL ||
	    !source || nla_len(source) != size || hdr->src_len != size * 8)
		return false;
	memset(ret, 0, sizeof(*ret));
	ret->family = hdr->family;
	memcpy(&ret->v4, nla_data(source), size);
	return true;
}

static bool rule_is_from(struct nlmsghdr *msg, const struct doomed *doomed)
{
	struct rt_addr source;

	if (!is_rule(msg) || !own_source(msg, &source))
		return false;
	for (size_t i = 0; i < doomed->n; i++)
		if (doomed->sources[i].family == source.family &&
		    !memcmp(&doomed->sources[i].v4, &source.v4,
			    source.family == AF_INET ? 4 : 16))
			return true;
	return false;
}

static bool is_local(const struct ifaddrs *at, const struct rt_addr *addr)
{
	for (; at; at = at->ifa_next) {
		const struct sockaddr_in6 *in6 = (const void *)at->ifa_addr;
		const struct sockaddr_in *in = (const void *)at->ifa_addr;

		if (!at->ifa_addr || at->ifa_addr->sa_family != addr->family)
			continue;
		if (addr->family == AF_INET ?
		    !memcmp(&in->sin_addr, &addr->v4, sizeof(addr->v4)) :
		    !memcmp(&in6->sin6_addr, &addr->v6, sizeof(addr->v6)))
			return true;
	}
	return false;
}

static bool rule_is_orphan(struct nlmsghdr *msg, const struct doomed *doomed)
{
	char name[IF_NAMESIZE];
	struct rt_addr source;
	uint32_t table;

	if (!is_rule(msg) || rule_u32(msg, FRA_PRIORITY) != doomed->priority)
		return false;
	if (doomed->local && own_source(msg, &source) && !is_local(doomed->local, &source))
		return true;
	table = rule_u32(msg, FRA_TABLE);
	return table > doomed->key &&
	       !if_indextoname(table - doomed->key, name) && errno == ENXIO;
}

static int rule_flush_family(struct m2m_nl *rt, int family,
			     struct doomed doomed, struct m2m_error *error)
{
	struct fib_rule_hdr hdr = { .family = family };
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_GETRULE, NLM_F_REQUEST |
						NLM_F_DUMP);
	int err;

	if (!msg || nlmsg_append(msg, &hdr, sizeof(hdr), NLMSG_ALIGNTO))
		g_error("out of memory");
	err = flush(rt, msg, RTM_DELRULE, &doomed, error);
	/* a kernel without policy routing has no rules to leave behind */
	return err == -EOPNOTSUPP ? 0 : err;
}

static int rule_flush(struct m2m_nl *rt, struct doomed doomed,
		      struct m2m_error *error)
{
	int err4 = rule_flush_family(rt, AF_INET, doomed, error);
	int err6 = rule_flush_family(rt, AF_INET6, doomed, error);

	return err4 ? err4 : err6;
}

int rt_rule_flush(struct m2m_nl *rt, uint32_t table, struct m2m_error *error)
{
	return rule_flush(rt, (struct doomed) {
		.matches = rule_matches,
		.key = table,
	}, error);
}

int rt_rule_flush_from(struct m2m_nl *rt, const struct rt_addr *sources, size_t n,
		       struct m2m_error *error)
{
	return rule_flush(rt, (struct doomed) {
		.matches = rule_is_from,
		.sources = sources,
		.n = n,
	}, error);
}

int rt_rule_sweep(struct m2m_nl *rt, uint32_t priority, uint32_t base,
		  struct m2m_error *error)
{
	struct ifaddrs *local = NULL;
	int err;

	/* without the list no rule is known to be of no use */
	if (getifaddrs(&local))
		local = NULL;
	err = rule_flush(rt, (struct doomed) {
		.matches = rule_is_orphan,
		.key = base,
		.priority = priority,
		.local = local,
	}, error);
	freeifaddrs(local);
	return err;
}

/* --- routes and rules ------------------------------------------------------- */

int rt_route_add(struct m2m_nl *rt, const struct rt_route *route,
		 struct m2m_error *error)
{
	struct rtnl_nexthop *hop = rtnl_route_nh_alloc();
	struct rtnl_route *object = rtnl_route_alloc();
	struct rt_addr any = { .family = route->family };
	struct nl_addr *dst = to_nl(&any, 0);
	struct nl_addr *via = NULL, *src = NULL;
	struct nl_msg *msg = NULL;
	int err;

	rtnl_route_set_family(object, route->family);
	rtnl_route_set_dst(object, dst);
	rtnl_route_set_table(object, route->table);
	rtnl_route_set_priority(object, route->metric);
	rtnl_route_set_protocol(object, RTPROT_STATIC);
	rtnl_route_set_scope(object, route->gateway ? RT_SCOPE_UNIVERSE :
						      RT_SCOPE_LINK);
	rtnl_route_nh_set_ifindex(hop, route->ifindex);
	if (route->gateway) {
		via = to_nl(route->gateway, host_bits(route->family));
		rtnl_route_nh_set_gateway(hop, via);
		rtnl_route_nh_set_flags(hop, RTNH_F_ONLINK);
	}
	rtnl_route_add_nexthop(object, hop);
	if (route->source) {
		src = to_nl(route->source, host_bits(route->family));
		rtnl_route_set_pref_src(object, src);
	}
	err = rtnl_route_build_add_request(object, NLM_F_APPEND, &msg);
	nl_addr_put(dst);
	nl_addr_put(via);
	nl_addr_put(src);
	rtnl_route_put(object);
	if (err)
		return m2m_error_set(error, -EINVAL, "route: %s",
				     nl_geterror(err));
	return m2m_nl_do(rt, msg, NULL, NULL, error);
}

int rt_rule_add(struct m2m_nl *rt, const struct rt_addr *source, uint32_t table,
		uint32_t priority, struct m2m_error *error)
{
	struct nl_addr *src = to_nl(source, source->prefix);
	struct rtnl_rule *object = rtnl_rule_alloc();
	struct nl_msg *msg = NULL;
	int err;

	rtnl_rule_set_family(object, source->family);
	rtnl_rule_set_src(object, src);
	rtnl_rule_set_table(object, table);
	rtnl_rule_set_prio(object, priority);
	rtnl_rule_set_action(object, FR_ACT_TO_TBL);
	rtnl_rule_set_protocol(object, RULE_PROTOCOL);
	err = rtnl_rule_build_add_request(object, NLM_F_EXCL, &msg);
	nl_addr_put(src);
	rtnl_rule_put(object);
	if (err)
		return m2m_error_set(error, -EINVAL, "rule: %s",
				     nl_geterror(err));
	return m2m_nl_do(rt, msg, NULL, NULL, error);
}
