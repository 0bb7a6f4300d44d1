/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts the instructions that the kernel spends on a packet of a USB modem. */
#ifndef BENCH_H
#define BENCH_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/usb.h>
#include <linux/usb/hcd.h>

#include <asm/msr.h>

#include "mark.h"

/*
 * DOC: What is counted
 *
 *   packets.c -> receive.c -> hcd.c ~ usbcore, driver, stack ~ sink.c
 *   transmit.c ~ stack, driver, usbcore ~ hcd.c
 *
 * Under QEMU's -icount shift=0 the time stamp counter counts instructions. What
 * this module executes itself stands for hardware and is bracketed by
 * own_begin() and own_end(), whose sum is taken off the total. Everything runs
 * on one processor.
 */

/* Instructions of this module so far, and what a pair of brackets costs */
extern u64 bench_own;
extern u64 bench_own_pair;

/* Only a plugin of QEMU takes notice. */
#define bench_mark(which)						\
	asm volatile(".byte " __stringify(MARK_OPCODE) "\n\t.long %c0"	\
		     : : "i" (MARK_NUMBER + (which)))

static inline u64 own_begin(void)
{
	bench_mark(MARK_OWN_BEGIN);
	return rdtsc();
}

static inline void own_end(u64 begin)
{
	bench_own += rdtsc() - begin + bench_own_pair;
	bench_mark(MARK_OWN_END);
}

/* Waits for one thing at most so long. */
#define BENCH_PATIENCE		(2 * HZ)

/* Packets of one transfer at most, and as many are prepared */
#define BENCH_K_MAX		64
#define BENCH_PACKET_MAX	9000
#define BENCH_MTU		1500

/* Packets between two interrupts, at least */
#define BENCH_BURST		4

enum bench_mode {
	BENCH_RAW_IP,
	BENCH_QMAP_V1,
	BENCH_QMAP_V4,
	BENCH_QMAP_V5,
};

enum bench_floor {
	BENCH_NO_FLOOR,
	BENCH_FLOOR_STACK,	/* prebuilt skb into the stack */
	BENCH_FLOOR_GRO,	/* the same through GRO */
	BENCH_FLOOR_COPY,	/* allocated and copied, through GRO */
	BENCH_FLOOR_SLAB,	/* the same, in memory of kmalloc() */
	BENCH_FLOOR_FRAGS,	/* headers copied, rest a page fragment */
};

/**
 * struct bench_test - what is sent, one row of a table in main.c
 * @name: as the runner calls it
 * @tcp: else UDP
 * @transmit: else the modem sends
 * @forward: the sink is a network device behind IP forwarding
 * @stamps: a TCP time stamp that ticks with each segment
 * @len: of the IP packet without options
 * @mixed: every fourth packet is as long as that, the others are short
 * @flows: of TCP, interleaved
 * @segments: of one skb to transmit, more than one: TSO
 * @partial: the checksum is left to the device
 */
struct bench_test {
	const char *name;
	bool tcp;
	bool transmit;
	bool forward;
	bool stamps;
	unsigned int len;
	bool mixed;
	unsigned int flows;
	unsigned int segments;
	bool partial;
};

/**
 * struct bench_run - one measurement
 * @test: what is sent
 * @dev: network device whose packets are counted or that transmits
 * @mode: what a transfer holds
 * @k: packets in one transfer from the modem
 * @mux_id: of the QMAP headers
 * @floor: how packets are received without driver and USB
 * @next: number of the next packet
 * @packets: BENCH_K_MAX of them, prepared; see bench_packet_next()
 */
struct bench_run {
	const struct bench_test *test;
	struct net_device *dev;
	enum bench_mode mode;
	unsigned int k;
	u8 mux_id;
	enum bench_floor floor;
	unsigned int next;
	u8 *packets;
};

/* --- hcd.c ------------------------------------------------------------------ */

int bench_hcd_init(void);
void bench_hcd_exit(void);

/* How many bulk-in transfers the driver has posted. */
unsigned int bench_hcd_posted(void);

/* Take the oldest posted bulk-in transfer; there is one. Interrupts off. */
struct urb *bench_hcd_take(void);

/* Give a taken transfer back with @len bytes. Interrupts off. */
void bench_hcd_give(struct urb *urb, size_t len);

/* Complete every bulk-out transfer there is. Returns how many. */
unsigned int bench_hcd_complete_out(void);

/* Frames and bytes that bulk-out transfers have carried, transfers among them */
struct bench_out {
	u64 frames;
	u64 bytes;
	u64 transfers;
};

extern struct bench_out bench_out;
extern enum bench_mode bench_out_mode;

/* The modem has an answer on its control pipe. */
void bench_hcd_notify(void);

/* --- roothub.c -------------------------------------------------------------- */

int bench_roothub_status(struct usb_hcd *hcd, char *buf);
int bench_roothub_control(struct usb_hcd *hcd, u16 type, u16 value, u16 index,
			  char *buf, u16 len);
void bench_roothub_plug(void);

/* --- modem.c ---------------------------------------------------------------- */

/**
 * bench_modem_control() - a control request to the modem
 * @setup: the request
 * @data: its data, written for a request that reads
 * @len: of @data
 *
 * Return: bytes moved, or -EPIPE.
 */
int bench_modem_control(const struct usb_ctrlrequest *setup, u8 *data,
			size_t len);

/* --- packets.c -------------------------------------------------------------- */

/* Prepare the packets of a run. */
void bench_packets(struct bench_run *run);

/* How long the headers of a test's packets are, IP and what follows. */
unsigned int bench_packet_head(const struct bench_test *test);

/* The next packet of a run, made of an older one of its length and flow. */
const u8 *bench_packet_next(struct bench_run *run, unsigned int *ret_len);

/* --- receive.c, transmit.c, floor.c: send @packets, negative errno or 0 ----- */

int bench_receive(struct bench_run *run, unsigned int packets);
int bench_transmit(struct bench_run *run, unsigned int packets);
int bench_floor_receive(struct bench_run *run, unsigned int packets);

/* Wait until that many packets have reached the sink. */
int bench_await(u64 packets);

int bench_floor_init(void);
void bench_floor_exit(void);

/* --- sink.c ----------------------------------------------------------------- */

/* Packets that came, segments counted one by one */
extern u64 bench_sunk;

int bench_sink_init(void);
void bench_sink_exit(void);

/* Count and free what @dev receives, until bench_sink_detach(). */
int bench_sink_attach(struct net_device *dev);
void bench_sink_detach(struct net_device *dev);

#endif /* BENCH_H */
