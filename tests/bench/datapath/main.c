// SPDX-License-Identifier: GPL-2.0-or-later
/* One measurement for each line that is written to debugfs. */
#include <linux/debugfs.h>
#include <linux/ip.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/tcp.h>
#include <linux/uaccess.h>

#include "bench.h"

static unsigned int packets = 16384;
module_param(packets, uint, 0644);
MODULE_PARM_DESC(packets, "to measure with, a multiple of 64");

#define WARM_UP		2048

u64 bench_own;
u64 bench_own_pair;

static struct dentry *dir;
static DEFINE_MUTEX(lock);
static char result[80];

#define LONG	1400
#define LONGEST	9000
/* A segment carries as much as that. */
#define SEGMENT	(LONG + sizeof(struct iphdr) + sizeof(struct tcphdr))

static const struct bench_test tests[] = {
	{ .name = "rx1400", .len = LONG },
	{ .name = "rx64", .len = 64 },
	{ .name = "rxmix", .len = LONG, .mixed = true },
	{ .name = "rxtcp", .tcp = true, .len = SEGMENT },
	{ .name = "rxtcp8", .tcp = true, .len = SEGMENT, .flows = 8 },
	{ .name = "rxstamp", .tcp = true, .len = SEGMENT, .stamps = true },
	{ .name = "fwd", .tcp = true, .len = SEGMENT, .forward = true },
	{ .name = "tx1400", .transmit = true, .len = LONG },
	{ .name = "tx64", .transmit = true, .len = 64 },
	{ .name = "tx9000", .transmit = true, .len = LONGEST },
	{ .name = "txtcp", .transmit = true, .tcp = true, .len = SEGMENT,
	  .partial = true },
	{ .name = "txgso", .transmit = true, .tcp = true, .len = SEGMENT,
	  .partial = true, .segments = 16 },
	{ .name = "txgso9000", .transmit = true, .tcp = true, .len = LONGEST,
	  .partial = true, .segments = 7 },
};

static const char * const modes[] = {
	[BENCH_RAW_IP] = "raw-ip",
	[BENCH_QMAP_V1] = "qmap",
	[BENCH_QMAP_V4] = "qmapv4",
	[BENCH_QMAP_V5] = "qmapv5",
};

static const char * const floors[] = {
	[BENCH_NO_FLOOR] = "none",
	[BENCH_FLOOR_STACK] = "stack",
	[BENCH_FLOOR_GRO] = "gro",
	[BENCH_FLOOR_COPY] = "copy",
	[BENCH_FLOOR_SLAB] = "slab",
	[BENCH_FLOOR_FRAGS] = "frags",
};

int bench_await(u64 end)
{
	unsigned long patience = jiffies + BENCH_PATIENCE;

	while (bench_sunk < end) {
		if (time_after(jiffies, patience))
			return -ETIMEDOUT;
		schedule_timeout_uninterruptible(1);
	}
	return 0;
}

/* What a pair of brackets costs beyond what it counts. */
static void calibrate(void)
{
	u64 total, bare, own;
	unsigned long flags;

	local_irq_save(flags);
	bench_own_pair = 0;
	bench_own = 0;
	total = rdtsc();
	own = own_begin();
	own_end(own);
	total = rdtsc() - total;
	bare = rdtsc();
	bare = rdtsc() - bare;
	bench_own_pair = total - bare - bench_own;
	bench_own = 0;
	local_irq_restore(flags);
}

static int send(struct bench_run *run, unsigned int n)
{
	if (run->floor != BENCH_NO_FLOOR)
		return bench_floor_receive(run, n);
	return run->test->transmit ? bench_transmit(run, n) :
				     bench_receive(run, n);
}

static int measure(struct bench_run *run)
{
	u64 begin, own, count, transfers;
	int ret;

	bench_packets(run);
	bench_out_mode = run->mode;
	ret = send(run, WARM_UP);
	if (ret)
		return ret;
	own = bench_own;
	transfers = bench_out.transfers;
	bench_mark(MARK_BEGIN);
	begin = rdtsc();
	ret = send(run, packets);
	count = rdtsc() - begin;
	bench_mark(MARK_END);
	own = bench_own - own;
	transfers = bench_out.transfers - transfers;
	if (ret)
		return ret;
	snprintf(result, sizeof(result), "%llu %llu %llu\n",
		 div_u64(count - own + packets / 2, packets),
		 div_u64(own, packets), transfers);
	return 0;
}

static int measure_with_sink(struct bench_run *run)
{
	bool sink = !run->test->transmit && !run->test->forward;
	int ret;

	if (sink) {
		ret = bench_sink_attach(run->dev);
		if (ret)
			return ret;
	}
	ret = measure(run);
	if (sink)
		bench_sink_detach(run->dev);
	return ret;
}

static int find_test(const char *name, struct bench_test *ret_test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(tests); i++) {
		if (strcmp(tests[i].name, name))
			continue;
		*ret_test = tests[i];
		ret_test->flows = ret_test->flows ?: 1;
		ret_test->segments = ret_test->segments ?: 1;
		return 0;
	}
	return -EINVAL;
}

/* TEST DEVICE FORMAT PACKETS-PER-TRANSFER MUX-ID FLOOR */
static int run_line(char *line)
{
	struct bench_run run = {};
	struct bench_test test;
	char *words[6];
	unsigned int i;
	int mode, floor, ret;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		words[i] = strsep(&line, " ");
		if (!words[i])
			return -EINVAL;
	}
	mode = match_string(modes, ARRAY_SIZE(modes), words[2]);
	floor = match_string(floors, ARRAY_SIZE(floors), words[5]);
	if (find_test(words[0], &test) || mode < 0 || floor < 0 ||
	    kstrtouint(words[3], 0, &run.k) || kstrtou8(words[4], 0, &run.mux_id) ||
	    !run.k || run.k > BENCH_K_MAX)
		return -EINVAL;
	run.test = &test;
	run.mode = mode;
	run.floor = floor;
	run.dev = dev_get_by_name(&init_net, words[1]);
	if (!run.dev)
		return -ENODEV;
	run.packets = kcalloc(BENCH_K_MAX, BENCH_PACKET_MAX, GFP_KERNEL);
	ret = run.packets ? measure_with_sink(&run) : -ENOMEM;
	kfree(run.packets);
	dev_put(run.dev);
	return ret;
}

static ssize_t run_write(struct file *file, const char __user *from, size_t len,
			 loff_t *at)
{
	char *line = memdup_user_nul(from, len);
	int ret;

	if (IS_ERR(line))
		return PTR_ERR(line);
	mutex_lock(&lock);
	ret = run_line(strim(line));
	mutex_unlock(&lock);
	kfree(line);
	return ret ? ret : len;
}

static ssize_t run_read(struct file *file, char __user *to, size_t len,
			loff_t *at)
{
	return simple_read_from_buffer(to, len, at, result, strlen(result));
}

static const struct file_operations run_ops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.read = run_read,
	.write = run_write,
};

static int __init bench_init(void)
{
	int ret;

	calibrate();
	ret = bench_sink_init();
	if (ret)
		return ret;
	ret = bench_floor_init();
	if (ret)
		goto err_sink;
	ret = bench_hcd_init();
	if (ret)
		goto err_floor;
	dir = debugfs_create_dir("m2m_bench", NULL);
	debugfs_create_file("run", 0600, dir, NULL, &run_ops);
	return 0;

err_floor:
	bench_floor_exit();
err_sink:
	bench_sink_exit();
	return ret;
}

static void __exit bench_exit(void)
{
	debugfs_remove(dir);
	bench_hcd_exit();
	bench_floor_exit();
	bench_sink_exit();
}

module_init(bench_init);
module_exit(bench_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Host controller, source and sinks of a benchmark");
