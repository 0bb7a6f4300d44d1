// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns where a link belongs: in a VRF or out of any, and which table is its own. */
#include <errno.h>
#include <string.h>

#include "connection.h"

static int find_vrf(struct connector *c, const char *name, struct connection_place *ret)
{
	struct rt_link vrf;
	int err;

	err = rt_link_get(c->rt, name, 0, &vrf, &c->error);
	if (err == -ENODEV)
		return m2m_error_set(&c->error, -ENOENT, "there is no VRF %s", name);
	if (err)
		return err;
	if (!vrf.vrf_table)
		return m2m_error_set(&c->error, -ENOENT, "%s is no VRF", name);
	/* what is in it reaches nobody then */
	if (!(vrf.flags & IFF_UP))
		return m2m_error_set(&c->error, -ENOENT, "the VRF %s is down", name);
	ret->vrf = vrf.ifindex;
	ret->table = vrf.vrf_table;
	return 0;
}

int connection_place(struct connector *c, const struct connection_want *want,
		     const struct connection *pdn, struct connection_place *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (want->vrf)
		return find_vrf(c, want->vrf, ret);
	ret->table = want->table ? want->table : PDN_TABLE + pdn->link.ifindex;
	return 0;
}
