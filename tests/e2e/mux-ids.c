// SPDX-License-Identifier: GPL-2.0-or-later
/* Mux ids given to rtnl, which iproute2 cannot say; wwan0 is there. */
#include <errno.h>
#include <kselftest_harness.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>

#include "../lib/harness.h"
#include "../lib/mux.h"

static int add_id(const char *name, uint8_t id)
{
	return mux_add(name, "wwan0", &id, sizeof(id));
}

static unsigned int id_of(const char *name)
{
	unsigned int id = 0;
	char path[100];
	FILE *file;

	snprintf(path, sizeof(path), "/sys/class/net/%s/qmap/mux_id", name);
	file = fopen(path, "re");
	ASSERT_TRUE(file);
	ASSERT_EQ(1, fscanf(file, "%x", &id));
	fclose(file);
	return id;
}

TEST(ids_that_are_none)
{
	EXPECT_EQ(-ERANGE, add_id("bad0", 0));
	EXPECT_STREQ("a mux id is 1 to 254", mux_sentence);
	EXPECT_EQ(-ERANGE, add_id("bad0", 255));
	EXPECT_STREQ("a mux id is 1 to 254", mux_sentence);
	EXPECT_EQ(0, if_nametoindex("bad0"));
}

TEST(ids_of_another_size)
{
	EXPECT_EQ(-EINVAL, mux_add("bad0", "wwan0", "\1\0\0\0", 4));
	EXPECT_STREQ("a mux id is one byte", mux_sentence);
	EXPECT_EQ(0, if_nametoindex("bad0"));
}

TEST(lower_devices_that_are_none)
{
	EXPECT_EQ(-EINVAL, mux_add("bad0", NULL, "\1", 1));
	EXPECT_STREQ("a mux link needs a wwan interface: link DEVICE", mux_sentence);
	EXPECT_EQ(-ENODEV, mux_add("bad0", "nobody", "\1", 1));
	EXPECT_STREQ("there is no such interface", mux_sentence);
	EXPECT_EQ(-EINVAL, mux_add("bad0", "lo", "\1", 1));
	EXPECT_STREQ("the interface is not a wwan interface of m2m_wwan",
		     mux_sentence);
}

TEST(an_id_is_given_once)
{
	ASSERT_EQ(0, add_id("good254", 254));
	EXPECT_EQ(254, id_of("good254"));
	EXPECT_EQ(-EEXIST, add_id("bad0", 254));
	EXPECT_STREQ("this mux id has a link already", mux_sentence);
	ASSERT_EQ(0, mux_del("good254"));
	ASSERT_EQ(0, add_id("good254", 254));
	ASSERT_EQ(0, mux_del("good254"));
}

TEST(the_lowest_free_id_is_taken)
{
	ASSERT_EQ(0, add_id("second", 2));
	ASSERT_EQ(0, mux_add("first", "wwan0", NULL, 0));
	ASSERT_EQ(0, mux_add("third", "wwan0", NULL, 0));
	EXPECT_EQ(1, id_of("first"));
	EXPECT_EQ(3, id_of("third"));
	ASSERT_EQ(0, mux_del("first"));
	ASSERT_EQ(0, mux_del("second"));
	ASSERT_EQ(0, mux_del("third"));
}

TEST_HARNESS_MAIN
