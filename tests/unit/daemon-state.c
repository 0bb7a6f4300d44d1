// SPDX-License-Identifier: GPL-2.0-or-later
/* What m2md keeps comes back as it was, and never kinder than it was. */
#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <kselftest_harness.h>
#include <string.h>
#include <unistd.h>

#include "../../tools/daemon/policy.h"
#include "../../tools/daemon/state.h"
#include "../../tools/lib/store.h"
#include "../lib/harness.h"

#define ID		"860000000000011"
#define DEADLINE_US	(20 * G_USEC_PER_SEC)

struct fixture {
	char *directory;
	struct state *state;
	struct saved saved;
};

static void setup(struct fixture *self)
{
	memset(self, 0, sizeof(*self));
	self->directory = g_dir_make_tmp("m2m-state-XXXXXX", NULL);
	if (!self->directory)
		g_error("no directory");
	self->state = state_open(self->directory);
	self->saved.version = SAVED_VERSION;
}

/* Whether what it left could be taken away */
static bool teardown(struct fixture *self)
{
	GDir *dir = g_dir_open(self->directory, 0, NULL);
	const char *name;
	int left = 0;

	state_close(self->state);
	while ((name = g_dir_read_name(dir))) {
		char *path = g_build_filename(self->directory, name, NULL);

		left |= g_unlink(path);
		g_free(path);
	}
	g_dir_close(dir);
	left |= g_rmdir(self->directory);
	g_free(self->directory);
	return !left;
}

/* What callbacks were told */
struct told {
	unsigned int n;
	uint32_t numbers[8];
	int err;
	struct m2m_error error;
};

static void tell(void *data, uint32_t number, int err, const struct m2m_error *error)
{
	struct told *told = data;

	told->err = err;
	told->error = *error;
	told->numbers[told->n++ % G_N_ELEMENTS(told->numbers)] = number;
}

static void wait_for(const struct told *told, unsigned int n)
{
	gint64 until = g_get_monotonic_time() + DEADLINE_US;

	while (told->n < n && g_get_monotonic_time() < until)
		g_main_context_iteration(NULL, FALSE);
}

/* Waits until it is written, or not */
static int save(struct state *state, const struct saved *saved, struct m2m_error *error)
{
	struct told told = { .err = -EINPROGRESS };

	state_save(state, ID, saved, tell, &told, 7);
	wait_for(&told, 1);
	state_forget(state, &told);
	*error = told.error;
	return told.n == 1 && told.numbers[0] == 7 ? told.err : -EPROTO;
}

/* As the next process finds it */
static bool reload(struct state **state, const char *directory, struct saved *ret)
{
	state_close(*state);
	*state = state_open(directory);
	return state_load(*state, ID, ret);
}

static void add_pin(struct saved *saved, int i, enum pin_fate fate)
{
	struct pin_record *pin = &saved->pins.records[i];

	g_snprintf(pin->iccid, sizeof(pin->iccid), "8949000000000000%04d", i);
	pin->pin = 0xfedcba9876543210ULL + i;
	pin->fate = fate;
	pin->unknown = i % 3;
}

TEST(nothing_is_kept_of_a_modem_nobody_knows)
{
	struct fixture self;
	struct saved saved;

	setup(&self);
	EXPECT_FALSE(state_load(self.state, ID, &saved));
	EXPECT_EQ(PIN_FREE, saved.pins.records[0].fate);
	EXPECT_FALSE(saved.clean);
	EXPECT_TRUE(teardown(&self));
}

TEST(what_was_saved_comes_back)
{
	struct fixture self;
	struct m2m_error error;
	struct saved saved;

	setup(&self);
	add_pin(&self.saved, 0, PIN_SENT);
	add_pin(&self.saved, 1, PIN_REJECTED);
	self.saved.clean = true;
	self.saved.strikes[BUDGET_MODEM_RESET].count = 2;
	self.saved.strikes[BUDGET_MODEM_RESET].at[0] = -2 * HOUR;
	self.saved.strikes[BUDGET_MODEM_RESET].at[1] = -5;
	self.saved.writes.part = -3;
	self.saved.writes.n[12] = 7;
	self.saved.revision = 0xfedcba98;
	self.saved.kept_next = 3;
	self.saved.kept[2] = (struct kept){ 0xffffffffffffffffULL, 6, 4 };
	for (int i = 0; i < OUTCOMES; i++) {
		self.saved.kept[2].activations.of[i].part = -100;
		self.saved.kept[3].activations.of[i].part = -100;
	}
	for (int i = 0; i < 5; i++)
		tally_add(&self.saved.kept[2].activations.of[OUTCOME_SUCCESS], HOUR,
			  -30 * MINUTE + i * MINUTE);
	tally_add(&self.saved.kept[2].activations.of[OUTCOME_IGNORED], HOUR, -12 * MINUTE);
	/* one that has left the hour */
	self.saved.kept[3].key = 5;
	tally_add(&self.saved.kept[3].activations.of[OUTCOME_SUCCESS], HOUR, -2 * HOUR);
	ASSERT_EQ(0, save(self.state, &self.saved, &error));
	ASSERT_TRUE(reload(&self.state, self.directory, &saved));
	EXPECT_STREQ("89490000000000000001", saved.pins.records[1].iccid);
	EXPECT_EQ(0xfedcba9876543211ULL, saved.pins.records[1].pin);
	EXPECT_EQ(PIN_SENT, saved.pins.records[0].fate);
	EXPECT_EQ(PIN_REJECTED, saved.pins.records[1].fate);
	EXPECT_EQ(1, saved.pins.records[1].unknown);
	EXPECT_EQ(PIN_FREE, saved.pins.records[2].fate);
	EXPECT_TRUE(saved.clean);
	EXPECT_EQ(2, saved.strikes[BUDGET_MODEM_RESET].count);
	EXPECT_EQ(-5, saved.strikes[BUDGET_MODEM_RESET].at[1]);
	EXPECT_EQ(0, saved.strikes[BUDGET_USB_RESET].count);
	EXPECT_EQ(-3, saved.writes.part);
	EXPECT_EQ(7, saved.writes.n[12]);
	EXPECT_EQ(0xfedcba98, saved.revision);
	EXPECT_EQ(3, saved.kept_next);
	EXPECT_EQ(0xffffffffffffffffULL, saved.kept[2].key);
	EXPECT_EQ(6, saved.kept[2].temporary);
	EXPECT_EQ(4, saved.kept[2].permanent);
	EXPECT_EQ(5, tally_count(&saved.kept[2].activations.of[OUTCOME_SUCCESS], HOUR, 0));
	EXPECT_EQ(1, tally_count(&saved.kept[2].activations.of[OUTCOME_IGNORED], HOUR, 0));
	EXPECT_EQ(0, tally_count(&saved.kept[2].activations.of[OUTCOME_PERMANENT], HOUR, 0));
	/* none leaves earlier than it would have, nor much later */
	EXPECT_EQ(5, tally_count(&saved.kept[2].activations.of[OUTCOME_SUCCESS], HOUR,
				 33 * MINUTE));
	EXPECT_EQ(0, tally_count(&saved.kept[2].activations.of[OUTCOME_SUCCESS], HOUR,
				 56 * MINUTE));
	EXPECT_EQ(0, tally_count(&saved.kept[3].activations.of[OUTCOME_SUCCESS], HOUR, 0));
	EXPECT_FALSE(state_load(self.state, "860000000000029", &saved));
	EXPECT_TRUE(teardown(&self));
}

TEST(a_record_that_nobody_waits_for)
{
	struct fixture self;
	struct saved saved;

	setup(&self);
	EXPECT_FALSE(state_get(self.state, "usage/0"));
	state_put(self.state, "usage/0", "1 2 3");
	state_put(self.state, "usage/0", "4 5 6");
	EXPECT_STREQ("4 5 6", state_get(self.state, "usage/0"));
	EXPECT_FALSE(reload(&self.state, self.directory, &saved));
	EXPECT_STREQ("4 5 6", state_get(self.state, "usage/0"));
	EXPECT_TRUE(teardown(&self));
}

TEST(as_much_as_a_machine_can_know_fits)
{
	struct fixture self;
	struct m2m_error error = { 0 };
	struct saved saved;

	setup(&self);
	for (int i = 0; i < PIN_RECORDS; i++)
		add_pin(&self.saved, i, PIN_REJECTED);
	for (int kind = 0; kind < BUDGET_KINDS; kind++) {
		self.saved.strikes[kind].count = STRIKES_MAX;
		for (int i = 0; i < STRIKES_MAX; i++)
			self.saved.strikes[kind].at[i] = -2 * DAY + i;
	}
	for (int i = 0; i < TALLY_PARTS; i++)
		self.saved.writes.n[i] = UINT8_MAX;
	self.saved.revision = UINT32_MAX;
	self.saved.writes.part = -TALLY_PARTS;
	for (int i = 0; i < KEPT_MAX; i++) {
		self.saved.kept[i] = (struct kept){ UINT64_MAX - i, 6, 4 };
		for (int j = 0; j < OUTCOMES; j++)
			memset(self.saved.kept[i].activations.of[j].n, UINT8_MAX, TALLY_PARTS);
	}
	EXPECT_EQ(0, save(self.state, &self.saved, &error));
	EXPECT_STREQ("", error.msg);
	ASSERT_TRUE(reload(&self.state, self.directory, &saved));
	EXPECT_EQ(PIN_REJECTED, saved.pins.records[PIN_RECORDS - 1].fate);
	EXPECT_EQ(-2 * DAY + 9, saved.strikes[BUDGET_MODEM_WRITE].at[9]);
	EXPECT_EQ(UINT8_MAX, saved.writes.n[TALLY_PARTS - 1]);
	EXPECT_EQ(UINT8_MAX, tally_count(&saved.kept[KEPT_MAX - 1].activations.of[0], HOUR, 0));
	EXPECT_TRUE(teardown(&self));
}

/* As another version, or another boot, may have written it */
static void commit(struct fixture *self, const char *key, const char *value)
{
	const struct store_change change = {
		.key = key, .value = value, .len = strlen(value),
	};
	struct store_report report;
	struct m2m_error error;
	struct store *store;
	void *directory;

	directory = store_directory_open(self->directory, &error);
	ASSERT_NE(NULL, directory);
	store = store_open(&store_directory_ops, directory, 1, &report);
	EXPECT_EQ(0, store_commit(store, &change, 1, 1, &error));
	store_close(store);
	store_directory_close(directory);
}

TEST(activations_of_another_boot)
{
	static const char text[] = "11111111-2222-3333-4444-555555555555"
		" 0000000000000007 -3 0 1 2 300 0000000000000009 -3 1 1 1 1 00000000000000";
	struct fixture self;
	struct saved saved;

	setup(&self);
	self.saved.kept[1].key = 7;
	EXPECT_EQ(0, save(self.state, &self.saved, &(struct m2m_error){ 0 }));
	ASSERT_TRUE(reload(&self.state, self.directory, &saved));
	EXPECT_TRUE(saved.same_boot);
	commit(&self, ID "/activations", text);
	ASSERT_TRUE(reload(&self.state, self.directory, &saved));
	EXPECT_FALSE(saved.same_boot);
	/* of who is not known nothing is, and of too many as many as can be */
	EXPECT_EQ(0, tally_count(&saved.kept[1].activations.of[0], HOUR, 0));
	EXPECT_EQ(1, tally_count(&saved.kept[1].activations.of[1], HOUR, 0));
	EXPECT_EQ(2, tally_count(&saved.kept[1].activations.of[2], HOUR, 0));
	EXPECT_EQ(UINT8_MAX, tally_count(&saved.kept[1].activations.of[3], HOUR, 0));
	EXPECT_EQ(0, tally_count(&saved.kept[0].activations.of[3], HOUR, 0));
	EXPECT_TRUE(teardown(&self));
}

TEST(half_a_pin_is_one_that_was_tried)
{
	static const char half[] = "89490000000000000001 00000000000000ff 1";
	struct fixture self;
	struct saved saved;

	setup(&self);
	commit(&self, ID "/pins", half);
	ASSERT_TRUE(reload(&self.state, self.directory, &saved));
	EXPECT_EQ(PIN_REJECTED, saved.pins.records[0].fate);
	EXPECT_EQ(0xff, saved.pins.records[0].pin);
	EXPECT_TRUE(teardown(&self));
}

TEST(without_a_directory_nothing_is_said_to_be_kept)
{
	struct state *state = state_open("/nonexistent/m2m");
	struct saved saved = { .version = SAVED_VERSION };
	struct m2m_error error;

	EXPECT_EQ(-ENOTDIR, save(state, &saved, &error));
	/* what was to be written counts all the same while this process lives */
	EXPECT_TRUE(state_load(state, ID, &saved));
	EXPECT_FALSE(state_load(state, "860000000000029", &saved));
	state_close(state);
}

/* What is said to stderr until log_end(), for g_free() */
static char *log_path;
static int log_before;

static void log_begin(void)
{
	int fd = g_file_open_tmp("m2m-log-XXXXXX", &log_path, NULL);

	ASSERT_LE(0, fd);
	fflush(stderr);
	log_before = dup(STDERR_FILENO);
	ASSERT_EQ(STDERR_FILENO, dup2(fd, STDERR_FILENO));
	close(fd);
}

static char *log_end(void)
{
	char *text = NULL;

	fflush(stderr);
	dup2(log_before, STDERR_FILENO);
	close(log_before);
	g_file_get_contents(log_path, &text, NULL, NULL);
	g_unlink(log_path);
	g_free(log_path);
	return text;
}

/* Nobody waits for some, as for what a path leaves to its modem, or is there any more */
TEST(what_is_not_written_is_said_by_somebody)
{
	struct saved saved = { .version = SAVED_VERSION };
	struct told told = { 0 };
	struct state *state;
	char *text;

	log_begin();
	state = state_open("/nonexistent/m2m");
	state_save(state, ID, &saved, NULL, NULL, 0);
	state_save(state, "1-1", &saved, tell, &told, 1);
	wait_for(&told, 1);
	EXPECT_EQ(-ENOTDIR, told.err);
	state_save(state, "1-2", &saved, tell, &told, 2);
	state_close(state);
	text = log_end();
	EXPECT_TRUE(strstr(text, ID "/pins is not written"));
	EXPECT_FALSE(strstr(text, "1-1/"));
	EXPECT_TRUE(strstr(text, "1-2/pins is not written"));
	g_free(text);
}

TEST(writes_are_told_in_their_order)
{
	struct told told = { 0 };
	struct fixture self;

	setup(&self);
	for (uint32_t i = 1; i <= 4; i++) {
		self.saved.kept_next = i;
		state_save(self.state, ID, &self.saved, tell, &told, i);
	}
	wait_for(&told, 4);
	ASSERT_EQ(4, told.n);
	EXPECT_EQ(0, told.err);
	for (uint32_t i = 0; i < 4; i++)
		EXPECT_EQ(i + 1, told.numbers[i]);
	EXPECT_TRUE(teardown(&self));
}

TEST(what_is_under_way_at_the_end_is_written)
{
	struct told told = { 0 };
	struct fixture self;
	struct saved saved;

	setup(&self);
	self.saved.clean = true;
	state_save(self.state, ID, &self.saved, tell, &told, 1);
	ASSERT_TRUE(reload(&self.state, self.directory, &saved));
	EXPECT_TRUE(saved.clean);
	/* and nobody is told who may be gone by then */
	g_main_context_iteration(NULL, FALSE);
	EXPECT_EQ(0, told.n);
	EXPECT_TRUE(teardown(&self));
}

TEST(who_is_forgotten_is_told_nothing)
{
	struct told told = { 0 }, other = { 0 };
	struct fixture self;

	setup(&self);
	state_save(self.state, ID, &self.saved, tell, &told, 1);
	state_forget(self.state, &told);
	state_save(self.state, ID, &self.saved, tell, &other, 2);
	wait_for(&other, 1);
	EXPECT_EQ(1, other.n);
	EXPECT_EQ(0, told.n);
	EXPECT_TRUE(teardown(&self));
}

/* --- single records --------------------------------------------------------------- */

static int change(struct state *state, const char *key, const char *value)
{
	const struct state_change changes[] = {
		{ key, value }, { ID "/former-modes", "10" },
	};
	struct told told = { .err = -EINPROGRESS };

	state_change(state, changes, 2, tell, &told);
	wait_for(&told, 1);
	state_forget(state, &told);
	return told.err;
}

TEST(records_that_come_and_go)
{
	struct fixture self;
	struct m2m_error error;
	struct saved saved;

	setup(&self);
	self.saved.revision = 7;
	ASSERT_EQ(0, save(self.state, &self.saved, &error));
	EXPECT_EQ(0, change(self.state, ID "/former-bands", "lte 4 0 0 0"));
	/* those of the machine are as they were */
	ASSERT_TRUE(reload(&self.state, self.directory, &saved));
	EXPECT_EQ(7, saved.revision);
	EXPECT_STREQ("lte 4 0 0 0", state_get(self.state, ID "/former-bands"));
	EXPECT_STREQ("10", state_get(self.state, ID "/former-modes"));
	/* once more is told as well */
	EXPECT_EQ(0, change(self.state, ID "/former-bands", "lte 4 0 0 0"));
	EXPECT_EQ(0, change(self.state, ID "/former-bands", NULL));
	EXPECT_FALSE(state_get(self.state, ID "/former-bands"));
	EXPECT_EQ(0, change(self.state, ID "/former-bands", NULL));
	ASSERT_TRUE(reload(&self.state, self.directory, &saved));
	EXPECT_FALSE(state_get(self.state, ID "/former-bands"));
	EXPECT_STREQ("10", state_get(self.state, ID "/former-modes"));
	EXPECT_EQ(7, saved.revision);
	EXPECT_TRUE(teardown(&self));
}

/* What is still on the disk is not forgotten, unless there is another one by now */
TEST(records_that_cannot_go)
{
	struct state *state = state_open("/nonexistent/m2m");
	const struct state_change gone = { "a", NULL };
	struct told told = { 0 };

	EXPECT_EQ(-ENOTDIR, change(state, "a", "1"));
	EXPECT_STREQ("1", state_get(state, "a"));
	EXPECT_EQ(-ENOTDIR, change(state, "a", NULL));
	EXPECT_STREQ("1", state_get(state, "a"));
	EXPECT_EQ(-ENOTDIR, change(state, "b", NULL));
	EXPECT_FALSE(state_get(state, "b"));
	state_change(state, &gone, 1, tell, &told);
	state_put(state, "a", "2");
	wait_for(&told, 1);
	EXPECT_EQ(-ENOTDIR, told.err);
	EXPECT_STREQ("2", state_get(state, "a"));
	state_close(state);
}

TEST_HARNESS_MAIN
