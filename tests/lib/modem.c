// SPDX-License-Identifier: GPL-2.0-or-later
/* A modem and a driver that remember nothing of the tests before. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness.h"
#include "modem.h"
#include "sim.h"
#include "waiting.h"
#include "wdm.h"

#define POOL_DEFAULT	16

long modem_commands(void)
{
	return sim_stat("ctl_commands");
}

/* GET_VERSION is served by the driver once it knows the answer itself. */
void modem_settle(void)
{
	struct deadline deadline = deadline_in(10000);
	int fd = wdm_open(0);
	long before;

	do {
		before = modem_commands();
		ASSERT_EQ(0, wdm_simple_call(fd, CTL, 0, CTL_GET_VERSION));
	} while (modem_commands() != before && deadline_pause(&deadline));
	ASSERT_EQ(before, modem_commands());
	close(fd);
}

void modem_fresh(void)
{
	struct frame frame;
	int fd = wdm_open(0);

	sim_do("set pool.size %d", POOL_DEFAULT);
	sim_do("qmi restart");
	do {
		ASSERT_TRUE(wdm_receive(fd, &frame, 10000));
	} while (frame_service(&frame) != CTL || frame_msgid(&frame) != CTL_SYNC);
	EXPECT_EQ(FRAME_INDICATION, frame_type(&frame));
	close(fd);
	sim_wait_get("clients", 0, 5000);
	modem_settle();
}

static bool is_there(void)
{
	int fd = open(getenv("M2M_WDM"), O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

void modem_unplug(void)
{
	sim_do("unplug");
}

void modem_replug(void)
{
	struct deadline deadline = deadline_in(15000);

	sim_do("replug");
	while (!is_there() && deadline_pause(&deadline))
		;
	ASSERT_TRUE(is_there());
	modem_settle();
}
