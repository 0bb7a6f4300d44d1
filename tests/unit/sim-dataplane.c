// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Claim: the data pipe carries what WDA granted, both ways and within its limits,
 * with checksums that are computed and checked, and counts what breaks the rules.
 */
#include <kselftest_harness.h>
#include <stdio.h>

#include "simnet.h"
#include "simusb.h"

#define UDP		17
#define FRAMES_MAX	64

enum { ETHERNET = 1, RAW = 2, NONE = 0, V1 = 5, V4 = 8, V5 = 9 };

static uint8_t wda;

struct limits {
	unsigned int dl_count, dl_size, ul_count, ul_size;
};

/* One frame of a transfer from the modem */
struct frame {
	uint8_t mux_id;
	bool command;
	const uint8_t *data;
	size_t len;
	const uint8_t *extra;		/* v4 trailer, v5 header */
};

static struct frame frames[FRAMES_MAX];
static unsigned int n_frames;

static unsigned int format(unsigned int layer, unsigned int agg,
			   const struct limits *limits)
{
	char tlvs[256];
	unsigned int n, error;

	n = snprintf(tlvs, sizeof(tlvs), "11 04 00 %02x 00 00 00 12 04 00 %02x 00 00 00 "
		     "13 04 00 %02x 00 00 00 ", layer, agg, agg);
	if (limits)
		snprintf(tlvs + n, sizeof(tlvs) - n,
			 "15 04 00 %02x 00 00 00 16 04 00 %02x %02x 00 00 "
			 "1b 04 00 %02x 00 00 00 1c 04 00 %02x %02x 00 00",
			 limits->dl_count, limits->dl_size & 0xff,
			 limits->dl_size >> 8, limits->ul_count,
			 limits->ul_size & 0xff, limits->ul_size >> 8);
	if (!wda)
		wda = simqmi_client(QMI_WDA);
	error = simqmi_call(QMI_WDA, wda, 0x0020, tlvs);
	snprintf(tlvs, sizeof(tlvs), "%02x 00 00 00", agg);
	if (!error)
		EXPECT_STREQ(tlvs, simqmi_tlv(0x13));
	return error;
}

/* A SuperSpeed modem that offers all versions, in one of them */
static void start(unsigned int agg, const struct limits *limits)
{
	simusb_start("rm520n", NULL);
	ASSERT_EQ(0, format(RAW, agg, limits));
}

/* A QMAP frame of @version around the packet behind it, padded to four. */
static size_t wrap(uint8_t *p, unsigned int version, uint8_t mux_id,
		   const uint8_t *packet, size_t len)
{
	size_t pad = (4 - len % 4) % 4, head = 4;

	p[0] = pad | (version == V5 ? 0x40 : 0);
	p[1] = mux_id;
	p[2] = (len + pad) >> 8;
	p[3] = len + pad;
	if (version != V1) {
		memset(p + 4, 0, 4);
		p[4] = version == V5 ? 0x04 : 0;
		head += 4;
	}
	memcpy(p + head, packet, len);
	memset(p + head + len, 0, pad);
	return head + len + pad;
}

/* Leaves the checksum of a wrapped UDP packet to the modem, as Linux does. */
static void offload(uint8_t *frame, unsigned int version)
{
	uint8_t *packet = frame + 8, head = packet[0] >> 4 == 4 ? 20 : 40;
	size_t len = (frame[2] << 8 | frame[3]) - (frame[0] & 0x3f);
	uint16_t sum = net_pseudo_sum(packet, len, UDP);

	if (version == V4) {
		sum = ~sum;
		frame[5] = head;		/* where to start */
		frame[6] = 0xc0;		/* wanted, UDP */
		frame[7] = 6;			/* where to put it */
	} else {
		frame[5] = 0x80;
	}
	packet[head + 6] = sum >> 8;
	packet[head + 7] = sum;
}

/* Echo requests of @len bytes, seeds from @seed on, in one transfer. */
static void send_echoes(const struct net_call *call, unsigned int version,
			unsigned int n, uint8_t seed, size_t len)
{
	static uint8_t transfer[65536], packet[2048];
	size_t off = 0;

	while (n--)
		off += wrap(transfer + off, version, call->mux_id, packet,
			    net_udp(call, NET_ECHO, seed++, len, packet));
	EXPECT_EQ(0, simusb_out(simusb.qmi_index, transfer, off));
}

/* Takes a transfer from the modem apart, into frames. */
static void unwrap(const struct simusb_transfer *transfer, unsigned int version)
{
	const uint8_t *p = transfer->data, *end = p + transfer->len;

	EXPECT_EQ(0, transfer->status);
	n_frames = 0;
	while (p < end) {
		struct frame *f = &frames[n_frames++];
		size_t len = p[2] << 8 | p[3];

		ASSERT_LE(n_frames, FRAMES_MAX);
		f->command = p[0] & 0x80;
		f->mux_id = p[1];
		f->len = len - (p[0] & 0x3f);
		f->data = p + 4;
		EXPECT_EQ(version == V5 && !f->command, p[0] >> 6 & 1);
		if (version == V5 && !f->command) {
			f->extra = p + 4;
			f->data += 4;
		}
		p = f->data + len;
		if (version == V4) {
			f->extra = p;
			p += 8;
		}
	}
	ASSERT_EQ(0, end - p);
}

/* --- formats without frames ---------------------------------------------------- */

TEST(raw_ip_has_no_frames_at_all)
{
	struct net_call call4, call6;
	const struct simusb_transfer *in;
	uint8_t packet[2048];

	start(NONE, NULL);
	net_call_up(&call4, 4, 0);
	net_call_up(&call6, 6, 0);
	simusb_out(simusb.qmi_index, packet, net_udp(&call4, NET_ECHO, 1, 33, packet));
	in = simusb_in();
	EXPECT_TRUE(net_is_echo(&call4, in->data, in->len, 1, 33));
	simusb_out(simusb.qmi_index, packet, net_udp(&call6, NET_ECHO, 2, 1100, packet));
	in = simusb_in();
	EXPECT_TRUE(net_is_echo(&call6, in->data, in->len, 2, 1100));
	simusb_out(simusb.qmi_index, packet, 0);
	EXPECT_EQ(1, simusb_stat("ul_empty_transfers"));
	EXPECT_EQ(2, simusb_stat("ul_packets"));
}

/* --- QMAP both ways --------------------------------------------------------------- */

/* The checksum that the modem puts beside a packet is true of it. */
static void check_extra(const struct frame *f, unsigned int version)
{
	uint16_t sum = ~net_sum(f->data, f->len, 0);

	if (version == V4) {
		EXPECT_EQ(1, f->extra[1] & 1);
		EXPECT_EQ(0, f->extra[2] << 8 | f->extra[3]);
		EXPECT_EQ(f->len, f->extra[4] << 8 | f->extra[5]);
		EXPECT_EQ(sum, f->extra[6] << 8 | f->extra[7]);
	} else if (version == V5) {
		EXPECT_EQ(0x04, f->extra[0]);
		EXPECT_EQ(0x80, f->extra[1]);
	}
}

/* Three calls on two mux ids, in one transfer each way. */
static void both_ways(unsigned int version)
{
	static uint8_t transfer[8192], packet[2048];
	struct net_call calls[3];
	size_t off = 0;
	unsigned int i;

	start(version, NULL);
	net_call_up(&calls[0], 4, 1);
	net_call_up(&calls[1], 6, 1);
	net_call_up(&calls[2], 4, 0x81);
	for (i = 0; i < 3; i++)
		off += wrap(transfer + off, version, calls[i].mux_id, packet,
			    net_udp(&calls[i], NET_ECHO, i, 41 + i, packet));
	simusb_out(simusb.qmi_index, transfer, off);
	unwrap(simusb_in(), version);
	ASSERT_EQ(3, n_frames);
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(calls[i].mux_id, frames[i].mux_id);
		EXPECT_TRUE(net_is_echo(&calls[i], frames[i].data, frames[i].len,
					i, 41 + i));
		check_extra(&frames[i], version);
	}
	EXPECT_EQ(3, simusb_stat("ul_max_packets"));
	EXPECT_EQ(3, simusb_stat("dl_max_packets"));
	EXPECT_EQ(0, simusb_stat("ul_checksums"));
}

TEST(qmap_v1_both_ways)
{
	both_ways(V1);
}

TEST(qmap_v4_both_ways)
{
	both_ways(V4);
}

TEST(qmap_v5_both_ways)
{
	both_ways(V5);
}

/* The modem computes what the host left out, and the peer believes it. */
static void offloaded(unsigned int version)
{
	uint8_t transfer[4096], packet[2048];
	struct net_call calls[2];
	unsigned int i;
	size_t len;

	start(version, NULL);
	net_call_up(&calls[0], 4, 1);
	net_call_up(&calls[1], 6, 1);
	for (i = 0; i < 2; i++) {
		len = net_udp(&calls[i], NET_ECHO, i, 99, packet);
		len = wrap(transfer, version, 1, packet, len);
		offload(transfer, version);
		simusb_out(simusb.qmi_index, transfer, len);
		unwrap(simusb_in(), version);
		ASSERT_EQ(1, n_frames);
		EXPECT_TRUE(net_is_echo(&calls[i], frames[0].data, frames[0].len,
					i, 99));
		EXPECT_EQ(i + 1, simusb_stat("ul_checksums"));
	}
	/* Not asked for, it is not done, and the packet is wrong. */
	transfer[5] = 0;
	transfer[6] = 0;
	simusb_out(simusb.qmi_index, transfer, len);
	EXPECT_EQ(1, simusb_stat("drop_checksum"));
	/* Asked for where there is none to compute. */
	packet[6] = 58;
	len = wrap(transfer, version, 1, packet, 40 + 8 + 99);
	offload(transfer, version);
	simusb_out(simusb.qmi_index, transfer, len);
	EXPECT_EQ(1, simusb_stat("drop_offload"));
	clock_settle();
	EXPECT_EQ(0, simusb.n_in);
}

TEST(v4_computes_checksums)
{
	offloaded(V4);
}

TEST(v5_computes_checksums)
{
	offloaded(V5);
}

/* The first of two echoes of a call that is up has met @fault, the second has not. */
static void first_of_two(struct net_call *call, unsigned int version, const char *fault)
{
	ASSERT_EQ(0, format(RAW, version, NULL));
	net_call_up(call, 4, 1);
	simusb_do(fault);
	send_echoes(call, version, 2, 0, 60);
	unwrap(simusb_in(), version);
	ASSERT_EQ(2, n_frames);
	EXPECT_TRUE(net_is_echo(call, frames[1].data, frames[1].len, 1, 60));
	check_extra(&frames[1], version);
	net_call_down(call);
}

/* A packet that is damaged on the air is marked as such. */
TEST(damaged_packets_are_not_called_valid)
{
	static const unsigned int versions[] = { V1, V4, V5 };
	struct net_call call;
	unsigned int i;

	simusb_start("rm520n", NULL);
	for (i = 0; i < ARRAY_SIZE(versions); i++) {
		first_of_two(&call, versions[i], "data: bad-checksum");
		EXPECT_FALSE(net_is_right(frames[0].data, frames[0].len));
		/* v4 states a sum, of what came; v5 a verdict. */
		if (versions[i] == V4)
			check_extra(&frames[0], V4);
		if (versions[i] == V5)
			EXPECT_EQ(0, frames[0].extra[1]);
	}
	EXPECT_EQ(3, simusb_stat("faults"));
}

/* Of an intact packet that it is damaged, and of a damaged one that it is intact */
TEST(verdicts_can_be_wrong)
{
	struct net_call call;

	simusb_start("rm520n", NULL);
	first_of_two(&call, V4, "data: wrong-verdict");
	EXPECT_TRUE(net_is_echo(&call, frames[0].data, frames[0].len, 0, 60));
	EXPECT_NE(net_sum(frames[0].data, frames[0].len, 0) ^ 0xffff,
		  frames[0].extra[6] << 8 | frames[0].extra[7]);
	first_of_two(&call, V5, "data: wrong-verdict");
	EXPECT_TRUE(net_is_echo(&call, frames[0].data, frames[0].len, 0, 60));
	EXPECT_EQ(0, frames[0].extra[1]);
	simusb_do("data: bad-checksum");
	first_of_two(&call, V5, "data: wrong-verdict");
	EXPECT_FALSE(net_is_right(frames[0].data, frames[0].len));
	EXPECT_EQ(0x80, frames[0].extra[1]);
}

TEST(says_v5_and_sends_v1)
{
	struct net_call call;

	simusb_start("rm520n", "lie: wda-v5-sends-v1");
	ASSERT_EQ(0, format(RAW, V5, NULL));
	net_call_up(&call, 4, 1);
	send_echoes(&call, V5, 1, 0, 60);
	unwrap(simusb_in(), V1);
	ASSERT_EQ(1, n_frames);
	EXPECT_TRUE(net_is_echo(&call, frames[0].data, frames[0].len, 0, 60));
}

/* --- limits ------------------------------------------------------------------------ */

TEST(downlink_keeps_what_wda_answered)
{
	static const struct limits few = { 4, 8192, 16, 8192 };
	static const struct limits small = { 32, 2048, 16, 8192 };
	static const unsigned int versions[] = { V1, V4, V5 };
	unsigned int i, packets, last;
	struct net_call call;

	simusb_start("rm520n", NULL);
	for (i = 0; i < ARRAY_SIZE(versions); i++) {
		ASSERT_EQ(0, format(RAW, versions[i], &few));
		EXPECT_STREQ("04 00 00 00", simqmi_tlv(0x15));
		net_call_up(&call, 4, 1);
		send_echoes(&call, versions[i], 10, 0, 50);
		clock_settle();
		/* 4, 4 and what is left */
		EXPECT_EQ(3, simusb.n_in);
		for (packets = 0; simusb.n_in; packets += last) {
			unwrap(simusb_in(), versions[i]);
			last = n_frames;
			EXPECT_LE(last, 4);
		}
		EXPECT_EQ(10, packets);
		net_call_down(&call);
		ASSERT_EQ(0, format(RAW, versions[i], &small));
		EXPECT_STREQ("00 08 00 00", simqmi_tlv(0x16));
		net_call_up(&call, 4, 1);
		send_echoes(&call, versions[i], 7, 0, 900);
		clock_settle();
		EXPECT_EQ(4, simusb.n_in);
		for (packets = 0; simusb.n_in; packets += n_frames) {
			EXPECT_LE(simusb.in[0].len, 2048);
			unwrap(simusb_in(), versions[i]);
		}
		EXPECT_EQ(7, packets);
		net_call_down(&call);
	}
	EXPECT_EQ(4, simusb_stat("dl_max_packets"));
}

TEST(a_packet_that_never_fits_is_dropped)
{
	static const struct limits limits = { 4, 512, 16, 8192 };
	struct net_call call;

	start(V1, &limits);
	net_call_up(&call, 4, 1);
	send_echoes(&call, V1, 1, 0, 500);
	clock_settle();
	EXPECT_EQ(0, simusb.n_in);
	EXPECT_EQ(1, simusb_stat("drop_mtu"));
}

TEST(uplink_beyond_the_limits_is_counted_and_lost)
{
	static const struct limits limits = { 32, 16384, 5, 2048 };
	struct net_call call;

	start(V5, &limits);
	EXPECT_STREQ("05 00 00 00", simqmi_tlv(0x17));
	EXPECT_STREQ("00 08 00 00", simqmi_tlv(0x18));
	net_call_up(&call, 4, 1);
	send_echoes(&call, V5, 8, 0, 20);
	unwrap(simusb_in(), V5);
	EXPECT_EQ(5, n_frames);
	EXPECT_EQ(3, simusb_stat("drop_ul_datagrams"));
	/* 2048 bytes pass, 2052 do not. */
	send_echoes(&call, V5, 2, 0, 1024 - 8 - 28);
	unwrap(simusb_in(), V5);
	EXPECT_EQ(2, n_frames);
	send_echoes(&call, V5, 2, 0, 1026 - 8 - 28);
	clock_settle();
	EXPECT_EQ(0, simusb.n_in);
	EXPECT_EQ(1, simusb_stat("drop_ul_size"));
	EXPECT_EQ(7, simusb_stat("ul_packets"));
}

TEST(the_modem_grants_no_more_than_it_has)
{
	static const struct limits all = { 255, 0xffff, 255, 0xffff };

	simusb_start("rm520n", "wda.dl-size: 4096\nwda.dl-datagrams: 10\n"
			       "wda.ul-size: 3000\nwda.ul-datagrams: 3");
	ASSERT_EQ(0, format(RAW, V4, &all));
	EXPECT_STREQ("0a 00 00 00", simqmi_tlv(0x15));
	EXPECT_STREQ("00 10 00 00", simqmi_tlv(0x16));
	EXPECT_STREQ("03 00 00 00", simqmi_tlv(0x17));
	EXPECT_STREQ("b8 0b 00 00", simqmi_tlv(0x18));
}

/* What nobody fetches fills half a megabyte, and no more. */
TEST(a_host_that_does_not_read_loses_packets)
{
	struct net_call call;
	unsigned int i;

	start(NONE, NULL);
	net_call_up(&call, 4, 0);
	simusb.jammed = true;
	for (i = 0; i < 600; i++) {
		uint8_t packet[1500];

		simusb_out(simusb.qmi_index, packet,
			   net_udp(&call, NET_ECHO, i, 1000, packet));
	}
	EXPECT_LE(1, simusb.n_in);
	EXPECT_LE(50, simusb_stat("drop_queue"));
	EXPECT_EQ(600, simusb_stat("drop_queue") + simusb_stat("dl_packets"));
}

/* --- flow control ------------------------------------------------------------------ */

/* Answers the command in frames[0] with @type, name changed by @error. */
static void answer_command(unsigned int type, unsigned int error)
{
	uint8_t answer[20] = { 0x80, frames[0].mux_id, 0, 16 };

	memcpy(answer + 4, frames[0].data, 16);
	answer[4] ^= error;
	answer[5] = type;
	simusb_out(simusb.qmi_index, answer, sizeof(answer));
}

static void expect_command(unsigned int version, unsigned int name, uint8_t mux_id)
{
	unwrap(simusb_in(), version);
	ASSERT_EQ(1, n_frames);
	EXPECT_TRUE(frames[0].command);
	EXPECT_EQ(mux_id, frames[0].mux_id);
	EXPECT_EQ(16, frames[0].len);
	EXPECT_EQ(name, frames[0].data[0]);
	EXPECT_EQ(0, frames[0].data[1]);	/* a request */
}

static void flow(unsigned int version)
{
	struct net_call one, two;

	start(version, NULL);
	net_call_up(&one, 4, 1);
	net_call_up(&two, 4, 2);
	simusb_do("qmap: flow-off 1");
	expect_command(version, 1, 1);
	/* It counts from the ack on. */
	send_echoes(&one, version, 1, 0, 10);
	unwrap(simusb_in(), version);
	simusb_do("qmap: flow-off 1");
	expect_command(version, 1, 1);
	answer_command(1, 0);
	EXPECT_EQ(1, simusb_stat("flow_acks"));
	send_echoes(&one, version, 3, 0, 10);
	send_echoes(&two, version, 1, 0, 10);
	unwrap(simusb_in(), version);
	ASSERT_EQ(1, n_frames);
	EXPECT_EQ(2, frames[0].mux_id);
	EXPECT_EQ(3, simusb_stat("drop_flow"));
	simusb_do("qmap: flow-on 1");
	expect_command(version, 2, 1);
	answer_command(1, 0);
	send_echoes(&one, version, 1, 0, 10);
	unwrap(simusb_in(), version);
	EXPECT_EQ(1, frames[0].mux_id);
	EXPECT_EQ(2, simusb_stat("flow_acks"));
	EXPECT_EQ(3, simusb_stat("flow_commands"));
	/* Nobody answers, or the wrong thing. */
	clock_pass(5000);
	EXPECT_EQ(0, simusb_stat("flow_timeouts"));
	simusb_do("qmap: flow-off 2");
	expect_command(version, 1, 2);
	clock_pass(999);
	answer_command(2, 0);
	answer_command(1, 3);
	EXPECT_EQ(2, simusb_stat("flow_bad"));
	clock_pass(1);
	EXPECT_EQ(1, simusb_stat("flow_timeouts"));
	answer_command(1, 0);
	EXPECT_EQ(3, simusb_stat("flow_bad"));
	send_echoes(&two, version, 1, 0, 10);
	unwrap(simusb_in(), version);
}

TEST(flow_control_on_v1)
{
	flow(V1);
}

TEST(flow_control_on_v4)
{
	flow(V4);
}

TEST(flow_control_on_v5)
{
	flow(V5);
}

TEST(flow_control_needs_qmap)
{
	char err[128];

	simusb_start("gobi", NULL);
	EXPECT_NE(0, vmodem_do(simusb.vm, "qmap", "flow-off 1", err, sizeof(err)));
	EXPECT_STREQ("port 0 does not speak QMAP", err);
	EXPECT_EQ(0, simusb_stat("flow_commands"));
}

/* --- what is dropped, and faults ----------------------------------------------------- */

TEST(each_drop_has_its_reason)
{
	uint8_t transfer[4096], packet[4096];
	struct net_call call, other;
	size_t len;

	start(V1, NULL);
	net_call_up(&call, 4, 1);
	other = call;
	other.mux_id = 9;
	send_echoes(&other, V1, 1, 0, 10);
	EXPECT_EQ(1, simusb_stat("drop_mux"));
	other = call;
	other.address[3] ^= 1;
	send_echoes(&other, V1, 1, 0, 10);
	EXPECT_EQ(1, simusb_stat("drop_source"));
	other = call;
	other.gateway[0] = 224;
	send_echoes(&other, V1, 1, 0, 10);
	EXPECT_EQ(1, simusb_stat("drop_local"));
	EXPECT_EQ(0, simusb.n_in);
	/* What nobody has an address for, and what is too big, is answered. */
	other = call;
	other.gateway[0] = 8;
	send_echoes(&other, V1, 1, 0, 10);
	EXPECT_EQ(1, simusb_stat("drop_unreachable"));
	unwrap(simusb_in(), V1);
	EXPECT_EQ(3, frames[0].data[20]);	/* destination unreachable */
	send_echoes(&call, V1, 1, 0, 1473);
	EXPECT_EQ(1, simusb_stat("drop_mtu"));
	len = wrap(transfer, V1, 1, packet, net_udp(&call, NET_ECHO, 0, 10, packet));
	transfer[len - 3] ^= 1;
	simusb_out(simusb.qmi_index, transfer, len);
	EXPECT_EQ(1, simusb_stat("drop_checksum"));
	simusb_out(simusb.qmi_index, transfer, len - 1);
	simusb_out(simusb.qmi_index, "\x41\1\0\x10", 4);
	EXPECT_EQ(2, simusb_stat("drop_malformed"));
	EXPECT_EQ(simusb_stat("ul_transfers"), 8);
}

TEST(a_dead_bearer_passes_nothing)
{
	struct net_call call;
	uint8_t wds;

	simusb_start("rm520n", "lie: dead-bearer");
	ASSERT_EQ(0, format(RAW, V5, NULL));
	net_call_up(&call, 4, 1);
	send_echoes(&call, V5, 4, 0, 10);
	clock_pass(1000);
	EXPECT_EQ(0, simusb.n_in);
	EXPECT_EQ(4, simusb_stat("drop_dead"));
	/* The network calls it connected all the same. */
	wds = call.client;
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, 0x0022, ""));
	EXPECT_STREQ("02", simqmi_tlv(0x01));
	EXPECT_EQ(0, simqmi_call(QMI_WDS, wds, 0x0024, "01 04 00 03 00 00 00"));
	EXPECT_STREQ("00 00 00 00", simqmi_tlv(0x11));
}

TEST(transfers_are_cut_and_not_ended)
{
	struct net_call call;

	start(V1, NULL);
	net_call_up(&call, 4, 1);
	simusb_do("data: short");
	send_echoes(&call, V1, 1, 0, 500);
	clock_settle();
	ASSERT_EQ(1, simusb.n_in);
	EXPECT_LE(1, simusb.in[0].len);
	EXPECT_LE(simusb.in[0].len, 4 + 528 - 1);
	simusb_in();
	/* At SuperSpeed a packet has 1024 bytes: two transfers become one. */
	simusb_do("data: no-zlp");
	send_echoes(&call, V1, 1, 0, 1024 - 4 - 28);
	clock_settle();
	EXPECT_EQ(0, simusb.n_in);
	send_echoes(&call, V1, 1, 1, 100);
	unwrap(simusb_in(), V1);
	EXPECT_EQ(2, n_frames);
	simusb_do("data: garbage 3");
	simusb_do("data: zlp 2");
	clock_settle();
	/* Noise may end with a full packet, never with none. */
	EXPECT_EQ(5, simusb.n_in);
	EXPECT_EQ(0, simusb.in[4].len);
	EXPECT_EQ(1 + 1 + 3 + 2, simusb_stat("faults"));
}

TEST(transfers_come_late_and_twice)
{
	struct net_call call;
	uint8_t seed;

	start(V1, NULL);
	net_call_up(&call, 4, 1);
	simusb_do("data: late 2s");
	send_echoes(&call, V1, 1, 0, 10);
	clock_pass(1000);
	EXPECT_EQ(0, simusb.n_in);
	/* The next one overtakes it. */
	send_echoes(&call, V1, 1, 1, 10);
	unwrap(simusb_in(), V1);
	EXPECT_TRUE(net_is_echo(&call, frames[0].data, frames[0].len, 1, 10));
	clock_pass(999);
	EXPECT_EQ(0, simusb.n_in);
	clock_pass(1);
	unwrap(simusb_in(), V1);
	EXPECT_TRUE(net_is_echo(&call, frames[0].data, frames[0].len, 0, 10));

	simusb_do("data: double 2");
	for (seed = 2; seed < 5; seed++)
		send_echoes(&call, V1, 1, seed, 10);
	clock_settle();
	/* In one transfer, which comes twice; so does the next. */
	EXPECT_EQ(2, simusb.n_in);
	while (simusb.n_in) {
		unwrap(simusb_in(), V1);
		EXPECT_EQ(3, n_frames);
	}
	send_echoes(&call, V1, 1, 5, 10);
	clock_settle();
	EXPECT_EQ(2, simusb.n_in);
	simusb_in();
	simusb_in();
	send_echoes(&call, V1, 1, 6, 10);
	clock_settle();
	EXPECT_EQ(1, simusb.n_in);
	EXPECT_EQ(1 + 2, simusb_stat("faults"));
}

TEST(transfers_are_too_long)
{
	struct net_call call;

	start(NONE, NULL);
	net_call_up(&call, 4, 0);
	simusb_do("data: oversize");
	for (uint8_t seed = 0; seed < 2; seed++) {
		uint8_t packet[2048];

		simusb_out(simusb.qmi_index, packet,
			   net_udp(&call, NET_ECHO, seed, 33, packet));
	}
	clock_settle();
	/* It fills the host's buffer, the rest is in the next. */
	EXPECT_EQ(3, simusb.n_in);
	EXPECT_EQ(SIMUSB_IN_LENGTH, simusb.in[0].len);
	EXPECT_EQ(0, simusb.in[0].status);
	EXPECT_EQ(40000 - SIMUSB_IN_LENGTH, simusb.in[1].len);
	EXPECT_TRUE(net_is_echo(&call, simusb.in[0].data, 33 + 28, 0, 33));
	EXPECT_TRUE(net_is_echo(&call, simusb.in[2].data, simusb.in[2].len, 1, 33));
	EXPECT_EQ(1, simusb_stat("faults"));
}

TEST(transfers_of_our_own)
{
	static const uint8_t bytes[] = { 0x3f, 0x01, 0x00, 0x04 };

	start(V5, NULL);
	simusb_do("data: inject 3f010004 2");
	clock_settle();
	ASSERT_EQ(2, simusb.n_in);
	EXPECT_EQ(sizeof(bytes), simusb.in[1].len);
	EXPECT_EQ(0, memcmp(bytes, simusb.in[1].data, sizeof(bytes)));
	EXPECT_EQ(2, simusb_stat("faults"));
}

/* A new configuration forgets what was under way. */
TEST(nothing_outlives_the_bus)
{
	struct net_call call;

	start(V1, NULL);
	net_call_up(&call, 4, 1);
	simusb_do("qmap: flow-off 1");
	simusb_do("data: late 2s");
	send_echoes(&call, V1, 1, 0, 10);
	clock_settle();
	simusb_do("unplug");
	simusb_do("replug");
	clock_settle();
	simusb.n_in = 0;
	clock_pass(5000);
	EXPECT_EQ(0, simusb.n_in);
	EXPECT_EQ(0, simusb_stat("flow_timeouts"));
	simusb_free();
}

TEST_HARNESS_MAIN
