// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Large TCP packets from a ring of AF_PACKET, whose slots are filled anew as soon as
 * they are given back: a driver that looks at one after that sends another's bytes.
 *
 * usage: ring INTERFACE FROM TO NAMESPACE FAR
 *
 * The segments are looked at where they arrive, at the interface FAR of NAMESPACE. Each
 * is to hold what stood at its place. Says how many came.
 */
#include <arpa/inet.h>
#include <err.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "namespace.h"

#define PORT		5004
#define PACKETS		100
#define PAYLOAD		(32 * 1024)
#define MSS		1000
#define SLOT		65536
#define SLOTS		2
#define BLOCK		(SLOT * SLOTS)
#define SLOT_DATA	(TPACKET2_HDRLEN - sizeof(struct sockaddr_ll))
#define WAIT_MS		20000
#define QUIET_MS	3000

struct headers {
	struct virtio_net_hdr offload;
	struct iphdr ip;
	struct tcphdr tcp;
} __attribute__((packed));

#define HEAD_LEN	(sizeof(struct iphdr) + sizeof(struct tcphdr))

static unsigned int n_came;

static int packet_socket(const char *interface)
{
	struct sockaddr_ll at = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IP),
		.sll_ifindex = if_nametoindex(interface),
	};
	int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_IP));

	if (fd < 0 || !at.sll_ifindex || bind(fd, (struct sockaddr *)&at, sizeof(at)))
		err(1, "%s", interface);
	return fd;
}

static uint8_t *ring_make(int fd)
{
	const struct tpacket_req req = {
		.tp_block_size = BLOCK, .tp_block_nr = 1,
		.tp_frame_size = SLOT, .tp_frame_nr = SLOTS,
	};
	int version = TPACKET_V2, on = 1;
	uint8_t *ring;

	if (setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_TX_RING, &req, sizeof(req)))
		err(1, "the ring");
	ring = mmap(NULL, BLOCK, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (ring == MAP_FAILED)
		err(1, "mmap");
	return ring;
}

static int look_from(const char *namespace, const char *interface)
{
	int size = 16 * 1024 * 1024, fd;

	if (namespace_enter(namespace))
		err(1, "namespace %s", namespace);
	fd = packet_socket(interface);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		err(1, "SO_RCVBUFFORCE");
	return fd;
}

static uint16_t fold(uint32_t sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	return (sum & 0xffff) + (sum >> 16);
}

static uint32_t words(const void *data, size_t len)
{
	const uint16_t *word = data;
	uint32_t sum = 0;

	for (; len; len -= 2)
		sum += *word++;
	return sum;
}

static uint8_t value(unsigned int packet)
{
	return packet * 37 + 11;
}

static void fill(uint8_t *slot, unsigned int packet, in_addr_t from, in_addr_t to)
{
	struct tpacket2_hdr *header = (void *)slot;
	struct headers *head = (void *)(slot + SLOT_DATA);

	*head = (struct headers){
		.offload = {
			.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
			.gso_type = VIRTIO_NET_HDR_GSO_TCPV4,
			.hdr_len = HEAD_LEN, .gso_size = MSS,
			.csum_start = sizeof(struct iphdr),
			.csum_offset = offsetof(struct tcphdr, check),
		},
		.ip = {
			.version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_TCP,
			.tot_len = htons(HEAD_LEN + PAYLOAD),
			.saddr = from, .daddr = to,
		},
		.tcp = {
			.source = htons(PORT), .dest = htons(PORT), .doff = 5,
			.seq = htonl(packet * PAYLOAD), .ack = 1, .window = htons(1000),
		},
	};
	head->ip.check = ~fold(words(&head->ip, sizeof(head->ip)));
	/* the pseudo header: the rest is the device's */
	head->tcp.check = fold(words(&head->ip.saddr, 8) + htons(IPPROTO_TCP) +
			       htons(sizeof(struct tcphdr) + PAYLOAD));
	memset(head + 1, value(packet), PAYLOAD);
	header->tp_len = sizeof(*head) + PAYLOAD;
	__atomic_store_n(&header->tp_status, TP_STATUS_SEND_REQUEST, __ATOMIC_RELEASE);
}

static void look_at(const uint8_t *data, ssize_t len)
{
	struct {
		struct iphdr ip;
		struct tcphdr tcp;
	} __attribute__((packed)) head;
	unsigned int packet;
	ssize_t i;

	if (len < (ssize_t)sizeof(head))
		return;
	memcpy(&head, data, sizeof(head));
	if (head.ip.protocol != IPPROTO_TCP || head.tcp.dest != htons(PORT) || head.tcp.rst)
		return;
	packet = ntohl(head.tcp.seq) / PAYLOAD;
	for (i = sizeof(head); i < len; i++)
		if (data[i] != value(packet))
			errx(1, "packet %u, at %u: 0x%02x and not 0x%02x", packet,
			     ntohl(head.tcp.seq) % PAYLOAD, data[i], value(packet));
	n_came++;
}

/* Everything that has come, and until nothing does for @quiet_ms */
static void look(int fd, int quiet_ms)
{
	static uint8_t data[65536];
	struct pollfd poller = { .fd = fd, .events = POLLIN };

	while (poll(&poller, 1, quiet_ms) == 1)
		look_at(data, recv(fd, data, sizeof(data), 0));
}

static void wait_free(int fd, uint8_t *slot)
{
	struct tpacket2_hdr *header = (void *)slot;
	struct pollfd poller = { .fd = fd, .events = POLLOUT };
	uint32_t status;

	do {
		status = __atomic_load_n(&header->tp_status, __ATOMIC_ACQUIRE);
		if (status == TP_STATUS_AVAILABLE)
			return;
		if (status & TP_STATUS_WRONG_FORMAT)
			errx(1, "the ring refuses the packet");
	} while (poll(&poller, 1, WAIT_MS) == 1);
	errx(1, "no slot is given back");
}

int main(int argc, char *argv[])
{
	in_addr_t from, to;
	unsigned int i;
	uint8_t *ring;
	int in, out;

	if (argc != 6 || inet_pton(AF_INET, argv[2], &from) != 1 ||
	    inet_pton(AF_INET, argv[3], &to) != 1)
		errx(2, "usage: ring INTERFACE FROM TO NAMESPACE FAR");
	out = packet_socket(argv[1]);
	ring = ring_make(out);
	in = look_from(argv[4], argv[5]);
	for (i = 0; i < PACKETS; i++) {
		uint8_t *slot = ring + i % SLOTS * SLOT;

		wait_free(out, slot);
		fill(slot, i, from, to);
		if (send(out, NULL, 0, MSG_DONTWAIT) < 0)
			err(1, "send");
		look(in, 0);
	}
	look(in, QUIET_MS);
	printf("%u segments\n", n_came);
	/* What a full queue drops on the way is nobody's mistake. */
	return n_came < PACKETS;
}
