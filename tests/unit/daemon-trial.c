// SPDX-License-Identifier: GPL-2.0-or-later
/* What m2md does about a modem's former settings: on the disk first, and off it last. */
#include <errno.h>
#include <glib.h>
#include <kselftest_harness.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "../../tools/daemon/plan.h"
#include "../../tools/daemon/session.h"
#include "../../tools/daemon/state.h"
#include "../../tools/daemon/tell.h"
#include "../../tools/daemon/unit.h"
#include "../../tools/lib/task.h"
#include "../lib/harness.h"

#define ID		"860000000000011"
#define RECORD		ID "/former-bands"
#define DEADLINE_US	(30 * G_USEC_PER_SEC)

struct unit {
	struct state *state;
	struct machine m;
};

static char *directory, said[256];
static struct unit unit;
static struct session session;

/* --- in place of unit.c and tell.c ---------------------------------------------------- */

const char *unit_name(const struct unit *unused)
{
	return ID;
}

struct state *unit_state(const struct unit *of)
{
	return of->state;
}

const struct machine *unit_machine(const struct unit *of)
{
	return &of->m;
}

struct tell *unit_tell(struct unit *unused)
{
	return NULL;
}

void tell_complaint(struct tell *tell, enum say_level level, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(said, sizeof(said), format, ap);
	va_end(ap);
}

/* --- in a task -------------------------------------------------------------------------- */

/* What is called, and what came of it */
struct step {
	const struct plan *plan;
	const struct former *is;	/* NULL: look back */
	struct m2m_error error;
	int err;
	bool is_over;
};

static void step_main(void *data)
{
	struct step *step = data;

	if (step->is)
		step->err = session_keep(&session, step->plan, step->is, &step->error);
	else
		session_look_back(&session, step->plan);
	step->is_over = true;
}

static void restored_main(void *data)
{
	struct step *step = data;

	session_restored(&session, FORMER_BANDS, true);
	step->is_over = true;
}

static void finish(void (*run)(void *data), struct step *step)
{
	gint64 until = g_get_monotonic_time() + DEADLINE_US;

	said[0] = '\0';
	task_start(run, step);
	while (!step->is_over && g_get_monotonic_time() < until)
		g_main_context_iteration(NULL, FALSE);
	ASSERT_TRUE(step->is_over);
}

static int keep(const struct plan *plan, uint64_t bands)
{
	const struct former is = { .network = { .has_lte = true, .lte = { bands } } };
	struct step step = { .plan = plan, .is = &is };

	finish(step_main, &step);
	return step.err;
}

/* The bands that are to be restored, 0: none are */
static uint64_t look_back(const struct plan *plan)
{
	struct step step = { .plan = plan };

	finish(step_main, &step);
	return former_has(&session.restore, FORMER_BANDS) ? session.restore.network.lte[0] : 0;
}

static void forget(void)
{
	struct step step = { 0 };

	finish(restored_main, &step);
}

/* --- plans ------------------------------------------------------------------------------ */

static const struct plan tried = { .managed = true, .tried = true, .bands = (char *)"b3" };
static const struct plan confirmed = { .managed = true, .bands = (char *)"b3" };
static const struct plan former_files = { .managed = true };
static const struct plan others = { .managed = false };

static void start(void)
{
	directory = g_dir_make_tmp("m2m-trial-XXXXXX", NULL);
	ASSERT_TRUE(directory);
	unit.state = state_open(directory);
	unit.m.sim = SIM_READY;
	session.unit = &unit;
}

/* As the next process finds it */
static void restart(void)
{
	state_close(unit.state);
	unit.state = state_open(directory);
	memset(&session.restore, 0, sizeof(session.restore));
}

static void stop(void)
{
	g_autofree char *command = g_strdup_printf("rm -r %s", directory);

	state_close(unit.state);
	EXPECT_EQ(0, system(command));
	g_free(directory);
}

/* What `why` has of it */
static void expect_former(const char *names)
{
	g_autofree char *has = unit_former(&unit);

	EXPECT_STREQ(names ? names : "", has ? has : "");
}

/* --- tests ------------------------------------------------------------------------------- */

TEST(the_first_value_of_a_trial_comes_back)
{
	start();
	ASSERT_EQ(0, keep(&tried, 0x44));
	EXPECT_STREQ("tried until it is confirmed: another setting of bands", said);
	EXPECT_EQ(0, look_back(&tried));
	expect_former("bands");
	ASSERT_EQ(0, keep(&tried, 0x4));
	EXPECT_STREQ("", said);
	restart();
	EXPECT_EQ(0, look_back(&tried));
	EXPECT_EQ(0x44, look_back(&former_files));
	/* until the modem says that it is so */
	restart();
	EXPECT_EQ(0x44, look_back(&former_files));
	forget();
	EXPECT_STREQ("the trial is over: bands as before", said);
	expect_former(NULL);
	restart();
	EXPECT_EQ(0, look_back(&former_files));
	/* the next trial is another one */
	ASSERT_EQ(0, keep(&tried, 0x8));
	EXPECT_EQ(0x8, look_back(&former_files));
	stop();
}

TEST(without_a_trial_nothing_is_kept)
{
	start();
	EXPECT_EQ(0, keep(&confirmed, 0x44));
	EXPECT_FALSE(state_get(unit.state, RECORD));
	EXPECT_EQ(0, look_back(&former_files));
	stop();
}

TEST(confirmed_it_is_forgotten)
{
	start();
	ASSERT_EQ(0, keep(&tried, 0x44));
	/* which file is the modem's is not certain before the card was looked at */
	unit.m.sim = SIM_INITIALISING;
	EXPECT_EQ(0, look_back(&confirmed));
	EXPECT_EQ(0x44, look_back(&former_files));
	unit.m.sim = SIM_READY;
	EXPECT_EQ(0, look_back(&confirmed));
	EXPECT_FALSE(state_get(unit.state, RECORD));
	restart();
	EXPECT_EQ(0, look_back(&former_files));
	stop();
}

TEST(a_modem_that_is_not_ours_is_left_alone)
{
	start();
	ASSERT_EQ(0, keep(&tried, 0x44));
	EXPECT_EQ(0, look_back(&others));
	EXPECT_EQ(0x44, look_back(&former_files));
	stop();
}

/* It is none, and another one takes its place */
TEST(what_cannot_be_read_is_in_nobodys_way)
{
	start();
	state_put(unit.state, RECORD, "lte 44 0 ");
	state_put(unit.state, ID "/former-slot", "");
	EXPECT_EQ(0, look_back(&former_files));
	EXPECT_FALSE(former_has(&session.restore, FORMER_SLOT));
	ASSERT_EQ(0, keep(&tried, 0x8));
	restart();
	EXPECT_EQ(0x8, look_back(&former_files));
	stop();
}

/* Nothing is written to a modem then; nor is it the next time, as it may not be there yet */
TEST(a_disk_that_does_not_take_it)
{
	start();
	state_close(unit.state);
	unit.state = state_open("/nonexistent/m2m");
	EXPECT_EQ(-ENOTDIR, keep(&tried, 0x44));
	EXPECT_EQ(-ENOTDIR, keep(&tried, 0x44));
	EXPECT_EQ(0x44, look_back(&former_files));
	forget();
	EXPECT_TRUE(strstr(said, "is not forgotten: there is no directory"));
	EXPECT_EQ(0x44, look_back(&former_files));
	stop();
}

static gboolean leave(gpointer data)
{
	session.unit = NULL;
	return G_SOURCE_REMOVE;
}

TEST(a_modem_that_goes_meanwhile)
{
	start();
	g_idle_add_full(G_PRIORITY_HIGH - 10, leave, NULL, NULL);
	EXPECT_EQ(-EINTR, keep(&tried, 0x44));
	session.unit = &unit;
	restart();
	EXPECT_EQ(0x44, look_back(&former_files));
	stop();
}

TEST_HARNESS_MAIN
