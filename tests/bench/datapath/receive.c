// SPDX-License-Identifier: GPL-2.0-or-later
/* The modem sends: transfers of k packets, a burst of them an interrupt. */
#include <linux/bitops.h>
#include <net/checksum.h>

#include "bench.h"
#include "pure.h"

#define TRAILER_LEN	8

static size_t head_len(const struct bench_run *run)
{
	switch (run->mode) {
	case BENCH_RAW_IP:
		return 0;
	case BENCH_QMAP_V1:
	case BENCH_QMAP_V4:
		return 4;
	case BENCH_QMAP_V5:
		return 8;
	}
	return 0;
}

static void put_head(const struct bench_run *run, u8 *head, size_t len)
{
	if (run->mode == BENCH_RAW_IP)
		return;
	head[0] = run->mode == BENCH_QMAP_V5 ? 0x40 : 0;
	head[1] = run->mux_id;
	pure_put_be16(head + 2, len);
	if (run->mode != BENCH_QMAP_V5)
		return;
	head[4] = 2 << 1;
	head[5] = 0x80;
	head[6] = 0;
	head[7] = 0;
}

/* The sum over a whole packet stays what it is as it is renewed. */
static void put_trailer(u8 *trailer, const u8 *packet, size_t len)
{
	__sum16 sum = csum_fold(csum_partial(packet, len, 0));

	trailer[0] = 0;
	trailer[1] = 1;
	pure_put_be16(trailer + 2, 0);
	pure_put_be16(trailer + 4, len);
	memcpy(trailer + 6, &sum, sizeof(sum));
}

static size_t fill(struct bench_run *run, u8 *data, size_t room)
{
	size_t head = head_len(run), at = 0;
	unsigned int i, len;
	const u8 *packet;

	for (i = 0; i < run->k; i++) {
		packet = bench_packet_next(run, &len);
		if (at + head + len + TRAILER_LEN > room)
			return 0;
		put_head(run, data + at, len);
		memcpy(data + at + head, packet, len);
		at += head + len;
		if (run->mode != BENCH_QMAP_V4)
			continue;
		put_trailer(data + at, packet, len);
		at += TRAILER_LEN;
	}
	return at;
}

static int interrupt(struct bench_run *run, unsigned int transfers)
{
	struct urb *urb;
	size_t len = 0;
	u64 own;

	local_bh_disable();
	local_irq_disable();
	for (; transfers; transfers--) {
		urb = bench_hcd_take();
		own = own_begin();
		len = fill(run, urb->transfer_buffer,
			   urb->transfer_buffer_length);
		own_end(own);
		bench_hcd_give(urb, len);
	}
	local_irq_enable();
	/* Here the soft interrupts run. */
	local_bh_enable();
	return len ? 0 : -EMSGSIZE;
}

static int await_posted(unsigned int transfers)
{
	unsigned long end = jiffies + BENCH_PATIENCE;

	while (bench_hcd_posted() < transfers) {
		if (time_after(jiffies, end))
			return -ENOBUFS;
		schedule_timeout_uninterruptible(1);
	}
	return 0;
}

int bench_receive(struct bench_run *run, unsigned int packets)
{
	unsigned int transfers = DIV_ROUND_UP(BENCH_BURST, run->k);
	u64 end = bench_sunk + packets;
	unsigned int sent;
	int ret;

	for (sent = 0; sent < packets; sent += transfers * run->k) {
		ret = await_posted(transfers);
		if (!ret)
			ret = interrupt(run, transfers);
		if (ret)
			return ret;
		cond_resched();
	}
	return bench_await(end);
}
