/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the commands about the network share. */
#ifndef M2MCTL_NET_H
#define M2MCTL_NET_H

#include "../lib/nas-select.h"
#include "ctl.h"

/* "26201", "310260": as many digits as the network's own numbers have */
void net_plmn_text(const struct nas_plmn *plmn, char *ret, size_t size);

/* net_say_preference() - the section of what the modem may choose from */
void net_say_preference(struct out *out, const struct nas_preference *p);

#endif /* M2MCTL_NET_H */
