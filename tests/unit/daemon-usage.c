// SPDX-License-Identifier: GPL-2.0-or-later
/* What cards have used, counted over limits and restarts, on a disk that is real. */
#include <glib.h>
#include <glib/gstdio.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <string.h>

#include "../../tools/daemon/plan.h"
#include "../../tools/daemon/quota.h"
#include "../../tools/daemon/state.h"
#include "../../tools/daemon/usage.h"
#include "../lib/harness.h"
#include "scratch.h"

#define CARD	"89490000000000000001"
#define OTHER	"89490000000000000002"

struct fixture {
	char *directory;
	struct state *state;
	struct usages *usages;
	struct plan plan;
};

static void begin(struct fixture *self)
{
	self->state = state_open(self->directory);
	self->usages = usages_new(self->state);
}

static void end(struct fixture *self)
{
	usages_free(self->usages);
	state_close(self->state);
}

static void setup(struct fixture *self)
{
	memset(self, 0, sizeof(*self));
	self->directory = g_dir_make_tmp("m2m-usage-XXXXXX", NULL);
	self->plan.quota_bytes = 1000;
	self->plan.quota_period = QUOTA_MONTH;
	self->plan.quota_cut = true;
	begin(self);
}

static void teardown(struct fixture *self)
{
	end(self);
	scratch_remove(self->directory);
}

static bool is_cut(struct fixture *self, const char *iccid)
{
	return usages_look(self->usages, iccid, &self->plan, "a modem") > 0;
}

TEST(a_limit_is_one_card_s)
{
	struct fixture self;

	setup(&self);
	EXPECT_FALSE(is_cut(&self, CARD));
	usages_add(self.usages, CARD, 999);
	EXPECT_FALSE(is_cut(&self, CARD));
	usages_add(self.usages, CARD, 1);
	EXPECT_TRUE(is_cut(&self, CARD));
	EXPECT_FALSE(is_cut(&self, OTHER));
	/* of no card nothing is counted */
	usages_add(self.usages, "", 5000);
	EXPECT_FALSE(is_cut(&self, ""));
	self.plan.quota_cut = false;
	EXPECT_FALSE(is_cut(&self, CARD));
	self.plan.quota_cut = true;
	self.plan.quota_bytes = 0;
	EXPECT_FALSE(is_cut(&self, CARD));
	self.plan.quota_bytes = 2000;
	EXPECT_FALSE(is_cut(&self, CARD));
	usages_add(self.usages, CARD, UINT64_MAX);
	EXPECT_TRUE(is_cut(&self, CARD));
	teardown(&self);
}

TEST(a_restart_forgets_nothing)
{
	struct fixture self;

	setup(&self);
	usages_add(self.usages, CARD, 600);
	usages_add(self.usages, OTHER, 500);
	end(&self);
	begin(&self);
	usages_add(self.usages, CARD, 400);
	EXPECT_TRUE(is_cut(&self, CARD));
	usages_add(self.usages, OTHER, 400);
	EXPECT_FALSE(is_cut(&self, OTHER));
	end(&self);
	begin(&self);
	EXPECT_TRUE(is_cut(&self, CARD));
	EXPECT_FALSE(is_cut(&self, OTHER));
	teardown(&self);
}

TEST(more_cards_than_there_are_places)
{
	struct fixture self;
	char iccid[24];

	setup(&self);
	for (int i = 0; i < 40; i++) {
		snprintf(iccid, sizeof(iccid), "8949000000000000%04d", i);
		usages_add(self.usages, iccid, 2000);
		EXPECT_TRUE(is_cut(&self, iccid));
	}
	/* the last one is there */
	EXPECT_TRUE(is_cut(&self, iccid));
	teardown(&self);
}

TEST(nonsense_on_the_disk_is_nothing)
{
	static const char * const values[] = {
		"", "x", CARD, CARD " 5000", CARD " 5000 0 0",
		"8949000000000000000100000000000000000 5000 0 0 0",
	};
	struct fixture self;

	setup(&self);
	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		state_put(self.state, "usage/0", values[i]);
		usages_free(self.usages);
		self.usages = usages_new(self.state);
		EXPECT_FALSE(is_cut(&self, CARD));
		end(&self);
		begin(&self);
	}
	teardown(&self);
}

TEST_HARNESS_MAIN
