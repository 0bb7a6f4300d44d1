/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packets of TCP over IPv4 that are several segments, for network devices with TSO. */
#ifndef TESTS_LARGE_H
#define TESTS_LARGE_H

#include <linux/virtio_net.h>
#include <stddef.h>

#include "packet.h"

#define LARGE_SEGMENTS	8
#define LARGE_PAYLOAD	1360
#define LARGE_HEAD	40

struct large {
	struct virtio_net_hdr offload;
	u8 ip[LARGE_HEAD + LARGE_SEGMENTS * LARGE_PAYLOAD];
};

/* Checksums are left to the device. Addresses are numbers; one segment: no large one. */
void large_make(struct large *packet, u32 from, u32 to, u16 port, unsigned int segments);
/* What @from sends next, which goes on with sequence numbers and ids */
void large_go_on(struct large *packet);

/* A socket that sends them, or -1 with errno set */
int large_open(void);
/* @flags: of sendto(). Returns 0 or a negative errno. */
int large_send(int fd, const char *device, const struct large *packet, int flags);

#endif /* TESTS_LARGE_H */
