// SPDX-License-Identifier: GPL-2.0-or-later
/* The module comes and goes, whoever uses it; nothing is left of it. */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/client.h"
#include "../lib/harness.h"
#include "../lib/modem.h"
#include "../lib/sim.h"
#include "../lib/waiting.h"
#include "../lib/wdm.h"

#define MODULE		"driver/m2m_wwan.ko"
#define LOADERS		4

static bool is_there(void)
{
	return access(getenv("M2M_WDM"), F_OK) == 0;
}

static void wait_there(bool there)
{
	struct deadline deadline = deadline_in(15000);

	while (is_there() != there && deadline_pause(&deadline))
		;
	ASSERT_EQ(there, is_there());
}

/* One use of netlink; everything may fail at any time. */
static void use_netlink(void)
{
	struct frame request;
	struct genl_msg msg;
	struct genl genl;
	uint32_t handle, id;
	uint16_t tid;

	if (!genl_try_open(&genl))
		return;
	for (id = 1; id < 20; id++) {
		if (client_open(&genl, id, DMS, NULL, &handle))
			continue;
		frame_request(&request, DMS, 0, 0, DMS_GET_IDS);
		genl_receive(&genl, &msg, 20);
		client_send(&genl, id, handle, &request, 1000, &tid);
		port_lease(&genl, id, true);
		genl_receive(&genl, &msg, 5);
	}
	genl_close(&genl);
}

static pid_t start_loader(void)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	for (;;)
		use_netlink();
}

/* Takes the module out and puts it in again, once it is not in use. */
static void reload(void)
{
	struct deadline deadline = deadline_in(15000);
	int fd;

	while (syscall(SYS_delete_module, "m2m_wwan", O_NONBLOCK)) {
		ASSERT_TRUE(errno == EAGAIN || errno == EBUSY);
		ASSERT_TRUE(deadline_pause(&deadline));
	}
	EXPECT_FALSE(is_there());
	fd = open(MODULE, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, syscall(SYS_finit_module, fd, "", 0));
	close(fd);
	wait_there(true);
}

/*
 * With loaders about, the driver is never quiet: it asks for the versions for a
 * minute, amid their questions, and that much it may take.
 */
static void wait_ready(void)
{
	struct deadline deadline = deadline_in(60000);
	struct genl_msg msg;
	struct genl genl;
	uint32_t port;

	genl_open(&genl);
	port = port_find(&genl);
	do {
		ASSERT_EQ(0, port_get(&genl, port, &msg));
	} while (genl_u32(&msg, M2M_WWAN_A_PORT_STATE) != M2M_WWAN_STATE_READY &&
		 deadline_pause(&deadline));
	EXPECT_EQ(M2M_WWAN_STATE_READY, genl_u32(&msg, M2M_WWAN_A_PORT_STATE));
	genl_close(&genl);
}

TEST_TIMEOUT(the_module_goes_under_load, 360)
{
	pid_t loaders[LOADERS];
	struct deadline deadline;
	int i;

	for (i = 0; i < LOADERS; i++)
		loaders[i] = start_loader();
	for (i = 0; i < 5; i++) {
		wait_ready();
		/* In full swing, with something that waits */
		sim_do("ctl late 1s 3");
		deadline = deadline_in(300);
		while (deadline_pause(&deadline))
			;
		reload();
	}
	for (i = 0; i < LOADERS; i++) {
		kill(loaders[i], SIGKILL);
		waitpid(loaders[i], NULL, 0);
	}
	modem_settle();
	sim_wait_get("clients.dms", 0, 10000);
}

TEST(a_module_in_use_stays)
{
	int fd = wdm_open(0);

	errno = 0;
	EXPECT_EQ(-1, syscall(SYS_delete_module, "m2m_wwan", O_NONBLOCK));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(0, wdm_simple_call(fd, CTL, 0, CTL_GET_VERSION));
}

/* A parked id would be lost to a driver that never heard of it */
TEST_TIMEOUT(a_parked_id_is_given_back_before_the_module_goes, 60)
{
	int fd = wdm_open(0);

	wdm_allocate(fd, WDS);
	close(fd);
	modem_settle();
	EXPECT_EQ(1, sim_get("clients.wds"));
	reload();
	modem_settle();
	EXPECT_EQ(0, sim_get("clients.wds"));
}

/* Unbound and bound by hand, with a file open all the time */
TEST_TIMEOUT(a_file_outlives_its_driver, 60)
{
	struct pollfd pollfd = { .events = POLLIN };
	struct genl_msg msg;
	char name[64];
	struct genl genl;
	int fd = wdm_open(0), bind;
	uint32_t port;

	genl_open(&genl);
	port = port_find(&genl);
	ASSERT_EQ(0, port_get(&genl, port, &msg));
	snprintf(name, sizeof(name), "%s:1.%u",
		 genl_string(&msg, M2M_WWAN_A_PORT_USB_PATH),
		 genl_u8(&msg, M2M_WWAN_A_PORT_INTERFACE));
	bind = open("/sys/bus/usb/drivers/qmi_wwan/unbind", O_WRONLY);
	ASSERT_LE(0, bind);
	ASSERT_EQ(strlen(name), write(bind, name, strlen(name)));
	close(bind);
	wait_there(false);
	pollfd.fd = fd;
	EXPECT_EQ(1, poll(&pollfd, 1, harness_ms(5000)));
	EXPECT_EQ(POLLHUP | POLLERR, pollfd.revents);
	bind = open("/sys/bus/usb/drivers/qmi_wwan/bind", O_WRONLY);
	ASSERT_LE(0, bind);
	ASSERT_EQ(strlen(name), write(bind, name, strlen(name)));
	close(bind);
	wait_there(true);
	close(fd);
	modem_settle();
}

TEST_HARNESS_MAIN
