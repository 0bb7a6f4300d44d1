/* SPDX-License-Identifier: GPL-2.0-only */
/* Operations of the netlink family that only show. */
#ifndef M2M_GENL_DUMP_H
#define M2M_GENL_DUMP_H

struct genl_info;
struct netlink_callback;
struct sk_buff;

int m2m_genl_port_get_doit(struct sk_buff *skb, struct genl_info *info);
int m2m_genl_port_get_start(struct netlink_callback *cb);
int m2m_genl_port_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int m2m_genl_client_get_dumpit(struct sk_buff *skb,
			       struct netlink_callback *cb);
int m2m_genl_ring_get_start(struct netlink_callback *cb);
int m2m_genl_ring_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* M2M_GENL_DUMP_H */
