// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What comes from the network behind the modem is forwarded by this host to another
 * network device, and there it is what it was: of each flow of TCP the same bytes in the
 * same order, damage and all, but for the hop that was taken. What that device, as it has
 * TSO, gets in one piece is cut up here.
 *
 * $M2M_TAP of namespace far is where packets are put in, $M2M_SINK of namespace sink
 * where they come out; they go to $M2M_TO4 and $M2M_TO6, addresses of the modem's calls,
 * whose process is $M2M_SIM_PID.
 * With $M2M_GRO it is the kernel's GRO that merges on the way, with $M2M_TSO the sink has
 * TSO.
 */
#include <arpa/inet.h>
#include <assert.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/arrivals.h"
#include "../lib/namespace.h"
#include "../lib/waiting.h"

#define ROUNDS		8
#define WAIT_MS		10000
/* Nothing more comes: not one that came twice. */
#define QUIET_MS	200
#define ROOM		(16 * 1024 * 1024)

#define TCP_FLAGS	13
#define TCP_URGENT	18
#define FLAG_URG	0x20

struct frame {
	struct virtio_net_hdr offload;
	struct ether_header ether;
	u8 packet[65536];
};

#define FRAME_HEAD	offsetof(struct frame, packet)

static_assert(offsetof(struct frame, packet) == sizeof(struct virtio_net_hdr) + ETH_HLEN,
	      "as it comes");

static unsigned int n_large, n_damaged;

static int socket_in(const char *namespace, const char *device, int protocol)
{
	int before = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), fd;
	struct sockaddr_ll at = { .sll_family = AF_PACKET };

	ASSERT_LE(0, before);
	ASSERT_EQ(0, namespace_enter(namespace));
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	ASSERT_LE(0, fd);
	at.sll_protocol = htons(protocol);
	at.sll_ifindex = (int)if_nametoindex(device);
	ASSERT_LT(0, at.sll_ifindex);
	ASSERT_EQ(0, bind(fd, (struct sockaddr *)&at, sizeof(at)));
	ASSERT_EQ(0, setns(before, CLONE_NEWNET));
	close(before);
	return fd;
}

/* What comes out says how it is to be cut up. */
static int sink_open(void)
{
	int fd = socket_in("sink", getenv("M2M_SINK"), ETH_P_ALL);
	int on = 1, room = ROOM;

	ASSERT_EQ(0, setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)));
	ASSERT_EQ(0, setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room,
				sizeof(room)));
	return fd;
}

/* No queueing discipline marks or drops anything. */
static int tap_open(void)
{
	int fd = socket_in("far", getenv("M2M_TAP"), 0), on = 1;

	ASSERT_EQ(0, setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on,
				sizeof(on)));
	return fd;
}

/* --- what is sent -------------------------------------------------------------- */

/*
 * The kernel's GRO does not look at the urgent pointer where it means nothing, and does
 * not hold what is damaged, which so comes before what it holds.
 */
static void make_simple(struct packet *packet)
{
	u8 *tcp = packet->data + ip_len(packet->data);

	if (packet->flow >= FLOWS)
		return;
	if (!has_tcp_sum(packet->data, packet->len)) {
		packet->flow = FLOW_DAMAGED;
	} else if (!(tcp[TCP_FLAGS] & FLAG_URG)) {
		put16(tcp + TCP_URGENT, 0);
		put_tcp_sum(packet->data, packet->len);
	}
}

/* No modem passes on what has no right IP header, or more behind the packet. */
static void make_passable(void)
{
	size_t i, n = 0;

	for (i = 0; i < n_sent; i++) {
		struct packet *packet = &sent[i];
		u8 *p = packet->data;

		if (!has_ip_sum(p))
			continue;
		packet->len = p[0] >> 4 == 6 ? 40u + get16(p + 4) : get16(p + 2);
		if (packet->flow < FLOWS && !has_tcp_sum(p, packet->len))
			n_damaged++;
		if (getenv("M2M_GRO"))
			make_simple(packet);
		if (i != n)
			sent[n] = *packet;
		n++;
	}
	n_sent = n;
}

static void tell_modem(int number)
{
	ASSERT_EQ(0, kill((pid_t)atoi(getenv("M2M_SIM_PID")), number));
}

/* All are there before the modem looks, so that its transfers are full. */
static void send_all(int fd)
{
	struct sockaddr_ll to;
	socklen_t len = sizeof(to);
	size_t i;

	ASSERT_EQ(0, getsockname(fd, (struct sockaddr *)&to, &len));
	tell_modem(SIGSTOP);
	for (i = 0; i < n_sent; i++) {
		bool v6 = sent[i].data[0] >> 4 == 6;

		to.sll_protocol = htons(v6 ? ETH_P_IPV6 : ETH_P_IP);
		ASSERT_EQ(sent[i].len,
			  sendto(fd, sent[i].data, sent[i].len, 0,
				 (struct sockaddr *)&to, sizeof(to)));
	}
	tell_modem(SIGCONT);
}

/* A router is passed. */
static void age(struct packet *packet)
{
	u8 *p = packet->data;

	if (p[0] >> 4 == 6) {
		p[7]--;
		return;
	}
	p[8]--;
	put_ip_sum(p);
}

/* --- what comes out ------------------------------------------------------------ */

static bool is_ours(const u8 *packet, size_t len)
{
	if (len < 20)
		return false;
	if (packet[0] >> 4 == 4)
		return get32(packet + 16) == stream_ends.to4;
	return len >= 40 && !memcmp(packet + 24, stream_ends.to6, 16);
}

static void take(int fd)
{
	static struct frame frame;
	const struct virtio_net_hdr *offload = &frame.offload;
	ssize_t len = recv(fd, &frame, sizeof(frame), 0);
	const u8 *packet = frame.packet;

	len -= FRAME_HEAD;
	if (len <= 0 || !is_ours(packet, (size_t)len))
		return;
	switch (offload->gso_type & ~VIRTIO_NET_HDR_GSO_ECN) {
	case VIRTIO_NET_HDR_GSO_NONE:
		if (offload->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM)
			arrive_unsummed(packet, (size_t)len);
		else
			arrive(packet, (size_t)len);
		break;
	case VIRTIO_NET_HDR_GSO_TCPV4:
	case VIRTIO_NET_HDR_GSO_TCPV6:
		ASSERT_LT(1, arrive_segments(packet, (size_t)len,
					     offload->gso_size, true));
		n_large++;
		break;
	default:
		ASSERT_EQ(VIRTIO_NET_HDR_GSO_NONE, offload->gso_type);
	}
}

static void take_all(int fd)
{
	struct deadline deadline = deadline_in(WAIT_MS);
	struct pollfd poller = { .fd = fd, .events = POLLIN };

	while (n_got < n_sent &&
	       poll(&poller, 1, deadline_left(&deadline)) == 1)
		take(fd);
}

static void take_the_rest(int fd)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN };

	while (poll(&poller, 1, harness_ms(QUIET_MS)) == 1)
		take(fd);
	ASSERT_EQ(n_sent, n_got);
}

static void set_ends(void)
{
	struct in_addr to4;

	ASSERT_TRUE(getenv("M2M_TAP") && getenv("M2M_SINK") &&
		    getenv("M2M_SIM_PID"));
	ASSERT_EQ(1, inet_pton(AF_INET, getenv("M2M_TO4"), &to4));
	ASSERT_EQ(1, inet_pton(AF_INET6, getenv("M2M_TO6"), stream_ends.to6));
	stream_ends.to4 = ntohl(to4.s_addr);
	stream_ends.from4 = 0xc6336481;	/* 198.51.100.129 */
	ASSERT_EQ(1, inet_pton(AF_INET6, "2001:db8:5f::81", stream_ends.from6));
}

TEST_TIMEOUT(what_is_forwarded_is_what_came, 120)
{
	unsigned int round;
	int in, out;
	size_t i;

	set_ends();
	in = sink_open();
	out = tap_open();
	draw_seed = 0x6d326d35;
	for (round = 0; round < ROUNDS; round++) {
		make_stream();
		make_passable();
		n_got = 0;
		send_all(out);
		for (i = 0; i < n_sent; i++)
			age(&sent[i]);
		take_all(in);
		check_arrivals();
	}
	take_the_rest(in);
	printf("# %u came in one piece with others, %u were damaged\n", n_large,
	       n_damaged);
	EXPECT_LT(ROUNDS, n_damaged);
	EXPECT_EQ(!!getenv("M2M_TSO"), n_large > 0);
}

TEST_HARNESS_MAIN
