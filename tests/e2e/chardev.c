// SPDX-License-Identifier: GPL-2.0-or-later
/* /dev/cdc-wdmN as a file: reading, writing, waiting, errors, the end. */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <linux/usb/cdc-wdm.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/client.h"
#include "../lib/harness.h"
#include "../lib/modem.h"
#include "../lib/sim.h"
#include "../lib/waiting.h"
#include "../lib/wdm.h"

#define QUEUE_BYTES	(64 * 1024)	/* of answers that nobody reads */

static short events_of(int fd, short events, int ms)
{
	struct pollfd pollfd = { .fd = fd, .events = events };

	poll(&pollfd, 1, ms);
	return pollfd.revents;
}

static void expect_write_fails(int fd, const struct frame *frame, int error)
{
	errno = 0;
	EXPECT_EQ(-1, write(fd, frame->data, frame->len));
	EXPECT_EQ(error, errno);
}

void harness_before(void)
{
	modem_fresh();
}

TEST(the_device_is_roots)
{
	struct stat node;

	ASSERT_EQ(0, stat(getenv("M2M_WDM"), &node));
	EXPECT_EQ(S_IFCHR | 0600, node.st_mode);
	EXPECT_EQ(0, node.st_uid);
	EXPECT_EQ(0, node.st_gid);
	become_nobody();
	errno = 0;
	EXPECT_EQ(-1, open(getenv("M2M_WDM"), O_RDONLY | O_CLOEXEC));
	EXPECT_EQ(EACCES, errno);
}

TEST(one_write_is_one_frame)
{
	struct frame request, answer;
	int fd = wdm_open(0);
	uint8_t cid;
	long before;

	cid = wdm_allocate(fd, DMS);
	before = modem_commands();
	frame_request(&request, DMS, cid, 7, DMS_GET_IDS);
	wdm_call(fd, &request, &answer);
	EXPECT_EQ(0, frame_error(&answer));
	EXPECT_EQ(before + 1, modem_commands());
	EXPECT_TRUE(wdm_is_quiet(fd, 200));
}

TEST(what_is_no_request_is_refused)
{
	struct frame good, bad;
	int fd = wdm_open(O_NONBLOCK);
	uint8_t cid;
	long before;
	size_t len;

	cid = wdm_allocate(fd, DMS);
	before = modem_commands();
	frame_request(&good, DMS, cid, 1, DMS_GET_IDS);

	for (len = 0; len < good.len; len++) {
		bad = good;
		bad.len = len;
		expect_write_fails(fd, &bad, EINVAL);
	}
	bad = good;
	bad.data[0] = 2;
	expect_write_fails(fd, &bad, EINVAL);
	/* Two frames; a frame and one byte */
	bad = good;
	memcpy(bad.data + good.len, good.data, good.len);
	bad.len = 2 * good.len;
	expect_write_fails(fd, &bad, EINVAL);
	bad.len = good.len + 1;
	expect_write_fails(fd, &bad, EINVAL);
	/* As if from the modem; an answer; an indication */
	bad = good;
	bad.data[3] = 0x80;
	expect_write_fails(fd, &bad, EINVAL);
	bad = good;
	bad.data[6] = 2;
	expect_write_fails(fd, &bad, EINVAL);
	bad.data[6] = 4;
	expect_write_fails(fd, &bad, EINVAL);
	/* TLVs that do not fill the frame, and one that leaves it */
	bad = good;
	frame_add_u32(&bad, 0x10, 0);
	bad.data[11]++;
	expect_write_fails(fd, &bad, EINVAL);
	bad.data[11]--;
	bad.data[14]++;
	expect_write_fails(fd, &bad, EINVAL);

	EXPECT_EQ(before, modem_commands());
	EXPECT_TRUE(wdm_is_quiet(fd, 200));
	/* None of it did harm. */
	EXPECT_EQ(0, wdm_simple_call(fd, DMS, cid, DMS_GET_IDS));
}

TEST(the_longest_frame_passes_and_no_longer_one)
{
	struct frame request, answer;
	int fd = wdm_open(0);
	uint8_t cid;
	long before;

	cid = wdm_allocate(fd, DMS);
	before = modem_commands();
	frame_request(&request, DMS, cid, 9, DMS_GET_IDS);
	frame_pad(&request, FRAME_MAX + 1);
	expect_write_fails(fd, &request, EMSGSIZE);
	EXPECT_EQ(before, modem_commands());
	frame_request(&request, DMS, cid, 9, DMS_GET_IDS);
	frame_pad(&request, FRAME_MAX);
	wdm_call(fd, &request, &answer);
	EXPECT_EQ(0, frame_error(&answer));
	EXPECT_EQ(before + 1, modem_commands());
}

TEST(a_short_read_keeps_the_rest)
{
	struct frame request, answer = { 0 };
	int fd = wdm_open(0);
	size_t len = 3;

	frame_request(&request, CTL, 0, 200, CTL_GET_VERSION);
	wdm_send(fd, &request);
	wdm_send(fd, &request);
	/* The length first, as some programs do; then by bytes. */
	ASSERT_EQ(3, read(fd, answer.data, 3));
	answer.len = (answer.data[1] | answer.data[2] << 8) + 1;
	ASSERT_LT(12, answer.len);
	ASSERT_LE(answer.len, FRAME_MAX);
	for (; len < answer.len; len++)
		ASSERT_EQ(1, read(fd, answer.data + len, 1));
	EXPECT_TRUE(frame_is_whole(&answer));
	EXPECT_EQ(200, frame_tid(&answer));
	/* And the next read begins with the next frame. */
	ASSERT_TRUE(wdm_receive(fd, &request, 1000));
	EXPECT_EQ(0, memcmp(request.data, answer.data, answer.len));
	EXPECT_TRUE(wdm_is_quiet(fd, 100));
}

TEST(reading_nothing_does_not_block_who_asked_not_to)
{
	int fd = wdm_open(O_NONBLOCK);
	uint8_t byte;

	errno = 0;
	EXPECT_EQ(-1, read(fd, &byte, 1));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(0, events_of(fd, POLLIN, 0));
	EXPECT_EQ(POLLOUT, events_of(fd, POLLIN | POLLOUT, 0));
}

TEST(a_reader_that_waits_is_woken)
{
	struct frame request, answer;
	int fd = wdm_open(0), status;
	uint8_t cid;
	pid_t pid;

	cid = wdm_allocate(fd, DMS);
	pid = fork();
	if (!pid) {
		ssize_t n = read(fd, answer.data, sizeof(answer.data));

		_exit(n > 13 && answer.data[4] == DMS ? 0 : 1);
	}
	frame_request(&request, DMS, cid, 3, DMS_GET_IDS);
	wdm_send(fd, &request);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
}

TEST(a_reader_that_waits_can_be_interrupted)
{
	int fd = wdm_open(0), status;
	struct deadline deadline;
	uint8_t byte;
	pid_t pid;

	pid = fork();
	if (!pid)
		_exit(read(fd, &byte, 1) < 0 ? 2 : 1);
	deadline = deadline_in(100);
	while (deadline_pause(&deadline))
		;
	ASSERT_EQ(0, kill(pid, SIGTERM));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_TRUE(WIFSIGNALED(status));
}

TEST(poll_tells_of_an_answer)
{
	struct frame request, answer;
	int fd = wdm_open(0);
	uint8_t cid;

	cid = wdm_allocate(fd, DMS);
	EXPECT_EQ(0, events_of(fd, POLLIN, 0));
	frame_request(&request, DMS, cid, 3, DMS_GET_IDS);
	wdm_send(fd, &request);
	EXPECT_EQ(POLLIN, events_of(fd, POLLIN, harness_ms(5000)));
	EXPECT_EQ(POLLIN | POLLOUT, events_of(fd, POLLIN | POLLOUT, 0));
	ASSERT_TRUE(wdm_receive(fd, &answer, 0));
	EXPECT_EQ(0, events_of(fd, POLLIN, 0));
}

TEST(the_longest_command_can_be_asked_for)
{
	int fd = wdm_open(0);
	uint16_t max = 0;

	ASSERT_EQ(0, ioctl(fd, IOCTL_WDM_MAX_COMMAND, &max));
	EXPECT_EQ(FRAME_MAX, max);
	errno = 0;
	EXPECT_EQ(-1, ioctl(fd, IOCTL_WDM_MAX_COMMAND, NULL));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, ioctl(fd, _IO('H', 0xa1)));
	EXPECT_EQ(ENOTTY, errno);
}

TEST(bad_addresses_are_refused)
{
	/* Where nothing is; volatile, or the compiler says so. */
	void *volatile nowhere = (void *)8;
	struct frame request;
	int fd = wdm_open(0);

	errno = 0;
	EXPECT_EQ(-1, write(fd, nowhere, 12));
	EXPECT_EQ(EFAULT, errno);
	frame_request(&request, CTL, 0, 1, CTL_GET_VERSION);
	wdm_send(fd, &request);
	errno = 0;
	EXPECT_EQ(-1, read(fd, nowhere, 12));
	EXPECT_EQ(EFAULT, errno);
	/* The frame is still there. */
	ASSERT_TRUE(wdm_receive(fd, &request, 1000));
}

TEST(nobody_seeks)
{
	int fd = wdm_open(0);

	errno = 0;
	EXPECT_EQ(-1, lseek(fd, 0, SEEK_SET));
	EXPECT_EQ(ESPIPE, errno);
}

TEST(the_33rd_open_finds_no_room)
{
	int i, fds[32];

	for (i = 0; i < 32; i++)
		fds[i] = wdm_open(0);
	errno = 0;
	EXPECT_EQ(-1, open(getenv("M2M_WDM"), O_RDWR));
	EXPECT_EQ(EUSERS, errno);
	close(fds[7]);
	fds[7] = wdm_open(0);
	EXPECT_EQ(0, wdm_simple_call(fds[7], CTL, 0, CTL_GET_VERSION));
}

/* 64 requests in flight; the 65th has to wait, and then need not any more. */
TEST(the_65th_request_waits)
{
	struct frame request, answer;
	int i, fd = wdm_open(O_NONBLOCK), other = wdm_open(0);
	bool answered[66] = { false };
	uint8_t cid;

	cid = wdm_allocate(fd, DMS);
	sim_do("ctl late 3s 64");
	for (i = 1; i <= 64; i++) {
		frame_request(&request, DMS, cid, i, DMS_GET_IDS);
		ASSERT_EQ(request.len, write(fd, request.data, request.len));
	}
	frame_request(&request, DMS, cid, 65, DMS_GET_IDS);
	expect_write_fails(fd, &request, EAGAIN);
	EXPECT_EQ(0, events_of(fd, POLLOUT, 0));
	/* Nobody else is held back. */
	EXPECT_EQ(POLLOUT, events_of(other, POLLOUT, 0));
	EXPECT_EQ(0, wdm_simple_call(other, CTL, 0, CTL_GET_VERSION));

	EXPECT_EQ(POLLOUT, events_of(fd, POLLOUT, harness_ms(10000)));
	ASSERT_EQ(request.len, write(fd, request.data, request.len));
	for (i = 1; i <= 65; i++) {
		ASSERT_TRUE(wdm_receive(fd, &answer, 10000));
		EXPECT_EQ(0, frame_error(&answer));
		ASSERT_LE(frame_tid(&answer), 65);
		EXPECT_FALSE(answered[frame_tid(&answer)]);
		answered[frame_tid(&answer)] = true;
	}
}

/* A blocking write waits in place of failing. */
TEST(a_writer_that_waits_is_woken)
{
	struct frame request, answer;
	int i, fd = wdm_open(0);
	uint8_t cid;

	cid = wdm_allocate(fd, DMS);
	sim_do("ctl late 1s 64");
	for (i = 1; i <= 66; i++) {
		frame_request(&request, DMS, cid, i, DMS_GET_IDS);
		wdm_send(fd, &request);
	}
	for (i = 1; i <= 66; i++)
		ASSERT_TRUE(wdm_receive(fd, &answer, 10000));
}

static ssize_t drain(int fd, size_t *ret_bytes, unsigned int *ret_lost)
{
	uint8_t buf[FRAME_MAX];
	ssize_t n;

	*ret_bytes = 0;
	*ret_lost = 0;
	while ((n = read(fd, buf, sizeof(buf))) >= 0 || errno == ENOBUFS) {
		if (n < 0)
			++*ret_lost;
		else
			*ret_bytes += n;
	}
	return -errno;
}

TEST(a_slow_reader_loses_its_own_and_is_told_once)
{
	struct frame request, answer;
	int fd = wdm_open(O_NONBLOCK), other = wdm_open(0);
	unsigned int lost, i;
	size_t bytes, len;

	frame_request(&request, CTL, 0, 1, CTL_GET_VERSION);
	wdm_call(fd, &request, &answer);
	len = answer.len;
	for (i = 0; i < QUEUE_BYTES / len + 100; i++)
		wdm_send(fd, &request);
	EXPECT_EQ(0, wdm_simple_call(other, CTL, 0, CTL_GET_VERSION));
	EXPECT_EQ(POLLIN, events_of(fd, POLLIN, 0));
	EXPECT_EQ(-EAGAIN, drain(fd, &bytes, &lost));
	EXPECT_EQ(1, lost);
	EXPECT_EQ(QUEUE_BYTES / len * len, bytes);
	/* All is well again. */
	wdm_call(fd, &request, &answer);
	EXPECT_EQ(len, answer.len);
	EXPECT_EQ(-EAGAIN, drain(fd, &bytes, &lost));
	EXPECT_EQ(0, lost);
}

static void expect_gone(int fd, const struct frame *request)
{
	uint8_t byte;

	errno = 0;
	EXPECT_EQ(-1, read(fd, &byte, 1));
	EXPECT_EQ(ENODEV, errno);
	expect_write_fails(fd, request, ENODEV);
	EXPECT_EQ(POLLHUP | POLLERR, events_of(fd, POLLIN | POLLOUT, 0));
}

TEST_TIMEOUT(the_end_is_told_to_everybody, 60)
{
	int fd = wdm_open(0), busy = wdm_open(0), again, status;
	long faults = sim_stat("faults");
	struct frame request;
	uint8_t byte, cid;
	pid_t pid;

	cid = wdm_allocate(busy, DMS);
	frame_request(&request, DMS, cid, 1, DMS_GET_IDS);
	pid = fork();
	if (!pid)
		_exit(read(fd, &byte, 1) == -1 && errno == ENODEV ? 0 : 1);
	/* One of them waits for an answer that will not come. */
	sim_do("ctl late 20s 1");
	wdm_send(busy, &request);
	sim_wait_stat("faults", faults + 1, 5000);
	modem_unplug();
	EXPECT_TRUE(events_of(fd, POLLIN, harness_ms(10000)) & POLLHUP);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	expect_gone(fd, &request);
	expect_gone(busy, &request);

	modem_replug();
	/* The old ones stay dead beside the new one. */
	again = wdm_open(0);
	EXPECT_EQ(0, wdm_simple_call(again, CTL, 0, CTL_GET_VERSION));
	expect_gone(fd, &request);
	close(fd);
	close(busy);
	EXPECT_EQ(0, wdm_simple_call(again, CTL, 0, CTL_GET_VERSION));
}

TEST_HARNESS_MAIN
