// SPDX-License-Identifier: GPL-2.0-or-later
/* tools/lib's choice among the ports of a modem: the same one, whoever asks and when. */
#include <kselftest_harness.h>
#include <stdlib.h>
#include <string.h>

#include "../../tools/lib/port.h"
#include "../lib/harness.h"

#define PORTS	4

/* Two modems; one has two ports, interfaces 8 and 10 */
static struct port *ports_new(void)
{
	static const struct {
		const char *usb_path;
		uint8_t interface;
	} rows[PORTS] = {
		{ "1-1", 4 }, { "1-2", 8 }, { "1-2", 10 }, { "1-3", 4 },
	};
	struct port *ports = calloc(PORTS, sizeof(*ports));

	ASSERT_TRUE(ports);
	for (int i = 0; i < PORTS; i++) {
		ports[i].id = 1 + i;
		strcpy(ports[i].usb_path, rows[i].usb_path);
		ports[i].interface = rows[i].interface;
	}
	return ports;
}

TEST(the_first_interface_of_two)
{
	struct port *ports = ports_new();

	EXPECT_EQ(2, port_choose(ports, PORTS, "1-2")->id);
	EXPECT_EQ(4, port_choose(ports, PORTS, "1-3")->id);
	EXPECT_TRUE(port_goes_before(&ports[1], &ports[2]));
	EXPECT_FALSE(port_goes_before(&ports[2], &ports[1]));
	free(ports);
}

TEST(whatever_their_order)
{
	struct port *ports = ports_new();
	struct port first = ports[1];

	ports[1] = ports[2];
	ports[2] = first;
	EXPECT_EQ(2, port_choose(ports, PORTS, "1-2")->id);
	free(ports);
}

/* What an older version, or a person, dialled on the second one is not left behind. */
TEST(a_port_with_a_pdn_goes_first)
{
	struct port *ports = ports_new();

	ports[2].n_links = 1;
	EXPECT_EQ(3, port_choose(ports, PORTS, "1-2")->id);
	EXPECT_TRUE(port_goes_before(&ports[2], &ports[1]));
	ports[1].n_links = 2;
	EXPECT_EQ(2, port_choose(ports, PORTS, "1-2")->id);
	free(ports);
}

TEST(a_port_is_not_before_itself)
{
	struct port *ports = ports_new();

	EXPECT_FALSE(port_goes_before(&ports[1], &ports[1]));
	free(ports);
}

TEST(a_modem_that_is_not_there)
{
	struct port *ports = ports_new();

	EXPECT_EQ(NULL, port_choose(ports, PORTS, "1-4"));
	EXPECT_EQ(NULL, port_choose(ports, PORTS, "1-"));
	EXPECT_EQ(NULL, port_choose(ports, 0, "1-2"));
	free(ports);
}

TEST_HARNESS_MAIN
