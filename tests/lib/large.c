// SPDX-License-Identifier: GPL-2.0-or-later
/* Builds packets of several segments and hands them to a network device. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <sys/socket.h>

#include "large.h"

#define IP_LEN		20
#define TCP_CHECK	16

static void put_sums(struct large *packet)
{
	u8 *ip = packet->ip;
	u16 len = get16(ip + 2);

	put16(ip + 10, 0);
	put16(ip + 10, ~ones(ip, IP_LEN, 0));
	/* of the pseudo header: what a device begins with */
	put16(ip + IP_LEN + TCP_CHECK, ones(ip + 12, 8, IPPROTO_TCP + len - IP_LEN));
}

void large_make(struct large *packet, u32 from, u32 to, u16 port, unsigned int segments)
{
	static const u8 head[LARGE_HEAD] = {
		0x45, 0, 0, 0, 0, 1, 0x40, 0, 64, IPPROTO_TCP, 0, 0,
		[32] = 0x50, 0x10, 1,
	};

	memset(packet, 0, sizeof(*packet));
	memcpy(packet->ip, head, sizeof(head));
	put16(packet->ip + 2, LARGE_HEAD + segments * LARGE_PAYLOAD);
	put32(packet->ip + 12, from);
	put32(packet->ip + 16, to);
	put16(packet->ip + IP_LEN, port);
	put16(packet->ip + IP_LEN + 2, port);
	packet->offload = (struct virtio_net_hdr) {
		.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
		.csum_start = IP_LEN,
		.csum_offset = TCP_CHECK,
	};
	if (segments > 1) {
		packet->offload.gso_type = VIRTIO_NET_HDR_GSO_TCPV4;
		packet->offload.hdr_len = LARGE_HEAD;
		packet->offload.gso_size = LARGE_PAYLOAD;
	}
	put_sums(packet);
}

void large_go_on(struct large *packet)
{
	u16 payload = get16(packet->ip + 2) - LARGE_HEAD;
	u8 *seq = packet->ip + IP_LEN + 4;

	put16(packet->ip + 4, get16(packet->ip + 4) + payload / LARGE_PAYLOAD);
	put32(seq, get32(seq) + payload);
	put_sums(packet);
}

int large_open(void)
{
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0), on = 1;

	if (fd < 0 || setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)))
		return -1;
	return fd;
}

int large_send(int fd, const char *device, const struct large *packet, int flags)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETHERTYPE_IP),
		.sll_ifindex = (int)if_nametoindex(device),
	};
	size_t len = sizeof(packet->offload) + get16(packet->ip + 2);

	if (!to.sll_ifindex)
		return -ENODEV;
	if (sendto(fd, packet, len, flags, (struct sockaddr *)&to, sizeof(to)) < 0)
		return -errno;
	return 0;
}
