// SPDX-License-Identifier: GPL-2.0-or-later
/* Claim: power may go at any moment; no PIN is sent twice, no budget is lost, it starts. */
#include <errno.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <stdlib.h>

#include "fakedisk.h"
#include "../lib/harness.h"

#define CARDS		3
#define RESETS_MAX	4
#define CHANCES		6	/* cuts by chance at the same moment */
#define CUTS		200

/* What happened outside of the machine, where no power cut undoes it */
struct world {
	unsigned int pins[CARDS];	/* sent to this card */
	unsigned int resets;
	unsigned int winners;		/* last APN that won, as a number */
};

static struct disk disk;
static struct world world;

/* --- the machine ------------------------------------------------------------- */

static unsigned int number(const struct store *store, const char *key)
{
	size_t len = 0;
	const uint8_t *value = store_get(store, key, &len);

	return value && len == 1 ? value[0] : 0;
}

static int set(struct store *store, const char *key, uint8_t value, uint16_t flags,
	       uint64_t now_s)
{
	struct store_change change = { key, &value, 1, flags };
	struct m2m_error error;

	return store_commit(store, &change, 1, now_s, &error);
}

static void pin_key(int card, char key[static 32])
{
	snprintf(key, 32, "pin/894900000000000000%d/ab", card);
}

/* The record is on the disk before the PIN is sent */
static void unlock(struct store *store, int card)
{
	char key[32];

	pin_key(card, key);
	if (!number(store, key) && !set(store, key, 1, STORE_PRECIOUS, 1))
		world.pins[card]++;
}

/* So is the budget before the reset */
static void reset(struct store *store)
{
	unsigned int n = number(store, "budget/reset");

	if (n < RESETS_MAX && !set(store, "budget/reset", n + 1, 0, 2))
		world.resets++;
}

/* Whatever was acted upon is known */
static void check(const struct store *store)
{
	char key[32];

	for (int card = 0; card < CARDS; card++) {
		pin_key(card, key);
		ASSERT_LE(world.pins[card], 1);
		ASSERT_LE(world.pins[card], number(store, key));
	}
	ASSERT_LE(world.resets, RESETS_MAX);
	ASSERT_LE(world.resets, number(store, "budget/reset"));
	ASSERT_LE(world.winners, number(store, "apn/winner"));
}

/* A boot that does all it has to, or dies before */
static void boot(uint64_t now_s)
{
	struct store_report report;
	struct store *store = store_open(&disk_ops, &disk, now_s, &report);
	unsigned int winner;

	ASSERT_TRUE(store);
	if (!disk.dead)
		check(store);
	for (int card = 0; card < CARDS && !disk.dead; card++)
		unlock(store, card);
	reset(store);
	reset(store);
	winner = (number(store, "apn/winner") + 1) % 200;
	if (winner > world.winners && !set(store, "apn/winner", winner, 0, 3))
		world.winners = winner;
	store_close(store);
}

/* Operations of a whole boot of a machine that knows nothing */
static unsigned int operations(void)
{
	unsigned int n;

	memset(&world, 0, sizeof(world));
	disk_init(&disk, 1);
	boot(1);
	n = disk.op;
	for (int card = 0; card < CARDS; card++)
		EXPECT_EQ(1, world.pins[card]);
	EXPECT_EQ(2, world.resets);
	EXPECT_EQ(1, world.winners);
	disk_exit(&disk);
	return n;
}

/* Nothing is torn by an honest disk, and life goes on */
static void boot_again(void)
{
	struct store_report report;
	struct store *store = store_open(&disk_ops, &disk, 1, &report);

	check(store);
	EXPECT_FALSE(report.lost);
	EXPECT_STREQ("", report.msg);
	store_close(store);
	boot(1);
	for (int card = 0; card < CARDS; card++)
		EXPECT_LE(world.pins[card], 1);
	store = store_open(&disk_ops, &disk, 1, &report);
	check(store);
	EXPECT_LT(0, number(store, "apn/winner"));
	for (int card = 0; card < CARDS; card++) {
		char key[32];

		pin_key(card, key);
		EXPECT_EQ(1, number(store, key));
	}
	store_close(store);
}

static void cut_once(unsigned int at, enum disk_moment moment, enum disk_fate fate,
		     uint32_t seed)
{
	memset(&world, 0, sizeof(world));
	disk_init(&disk, seed);
	disk.cut_at = at;
	disk.moment = moment;
	boot(1);
	disk_power_cut(&disk, fate);
	boot_again();
	if (harness_has_failed())
		printf("# cut at operation %u, moment %d, fate %d, seed %u\n", at, moment,
		       fate, seed);
	disk_exit(&disk);
}

TEST_TIMEOUT(at_every_operation, 100)
{
	unsigned int n = operations();

	EXPECT_LE(50, n);
	for (unsigned int at = 1; at <= n; at++) {
		for (int moment = 0; moment < DISK_MOMENTS; moment++) {
			cut_once(at, moment, DISK_LOST, at);
			cut_once(at, moment, DISK_KEPT, at);
			for (int i = 1; i <= CHANCES; i++)
				cut_once(at, moment, DISK_BY_CHANCE, at * 7919 + i);
		}
		ASSERT_FALSE(harness_has_failed());
	}
}

/* One machine that loses power again and again */
TEST_TIMEOUT(two_hundred_times_at_random, 100)
{
	unsigned int survived = 0, torn = 0;

	memset(&world, 0, sizeof(world));
	disk_init(&disk, 20261121);
	for (int i = 0; i < CUTS; i++) {
		disk.cut_at = 1 + disk_draw(&disk, 90);
		disk.moment = disk_draw(&disk, DISK_MOMENTS);
		boot(i);
		survived += !disk.dead;
		torn += !!disk_find(&disk, "state.new");
		disk_power_cut(&disk, disk_draw(&disk, DISK_FATES));
	}
	boot(CUTS);
	for (int card = 0; card < CARDS; card++)
		EXPECT_EQ(1, world.pins[card]);
	EXPECT_LE(1, world.resets);
	/* it was worth it only if both came up often */
	EXPECT_LE(CUTS / 20, survived);
	EXPECT_LE(CUTS / 20, torn);
	EXPECT_FALSE(disk_find(&disk, ".torn-0"));
	disk_exit(&disk);
}

/* --- a torn file, and power that goes while it is set aside ------------------------- */

static void put_history(uint64_t generation, const char *name, bool torn)
{
	struct store_record records[] = {
		{ (char *)"budget/reset", (uint8_t *)"\2", 1, 0, 0 },
		{ (char *)"pin/8949000000000000000/ab", (uint8_t *)"\1", 1, 0, STORE_PRECIOUS },
	};
	struct store_image image = { generation, records, ARRAY_SIZE(records) };
	uint8_t *bytes;
	size_t len;

	ASSERT_EQ(0, store_encode(&image, &bytes, &len));
	disk_put(&disk, name, bytes, torn ? len - 9 : len);
	free(bytes);
}

static void cut_with_torn(unsigned int at, enum disk_moment moment, uint32_t seed)
{
	struct store_report report;
	struct store *store;

	disk_init(&disk, seed);
	put_history(7, "state-0", false);
	put_history(8, "state-1", true);
	disk.cut_at = at;
	disk.moment = moment;
	memset(&world, 0, sizeof(world));
	world.pins[0] = 1;
	world.resets = 2;
	boot(1);
	disk_power_cut(&disk, DISK_BY_CHANCE);
	store = store_open(&disk_ops, &disk, 1, &report);
	check(store);
	/* however often it starts, a person is told */
	EXPECT_TRUE(report.lost);
	EXPECT_EQ(1, report.torn);
	store_close(store);
	boot(1);
	EXPECT_TRUE(disk_find(&disk, ".torn-0"));
	EXPECT_FALSE(disk_find(&disk, ".torn-1"));
	disk_exit(&disk);
}

TEST_TIMEOUT(a_torn_file_beside_a_good_one, 100)
{
	for (unsigned int at = 1; at <= 60; at++)
		for (int moment = 0; moment < DISK_MOMENTS; moment++)
			for (int i = 1; i <= CHANCES; i++)
				cut_with_torn(at, moment, at * 104729 + i);
}

/* --- a machine that reboots for ever ------------------------------------------------ */

/* Every three minutes, without a clock: what is written in a day stays bounded */
TEST_TIMEOUT(a_reboot_loop_writes_no_more, 100)
{
	unsigned int written[480] = { 0 }, day = 0;

	disk_init(&disk, 3);
	for (int i = 0; i < 960; i++) {
		struct store_report report;
		struct store *store = store_open(&disk_ops, &disk, 20, &report);
		unsigned int before = disk.created;

		for (int n = 0; n < 3; n++)
			set(store, "ladder", (i * 3 + n) % 251, 0, 60 * n + 30);
		store_close(store);
		day += disk.created - before - written[i % 480];
		written[i % 480] = disk.created - before;
		ASSERT_LE(day, STORE_WRITES_A_DAY);
		disk_power_cut(&disk, DISK_LOST);
	}
	EXPECT_LE(STORE_WRITES_A_DAY - STORE_WRITES_RESERVE, disk.created);
	disk_exit(&disk);
}

TEST_HARNESS_MAIN
