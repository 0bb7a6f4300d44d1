// SPDX-License-Identifier: GPL-2.0-or-later
/* The character device, as its users use it. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness.h"
#include "waiting.h"
#include "wdm.h"

#define CALL_MS	10000

int wdm_open(int flags)
{
	const char *path = getenv("M2M_WDM");
	int fd;

	if (!path)
		SKIP("M2M_WDM names no device");
	fd = open(path, O_RDWR | O_CLOEXEC | flags);
	if (fd < 0)
		harness_fail(__FILE__, __LINE__, true, "%s: %s", path,
			     strerror(errno));
	return fd;
}

void wdm_send(int fd, const struct frame *frame)
{
	ssize_t n = write(fd, frame->data, frame->len);

	if (n < 0)
		harness_fail(__FILE__, __LINE__, true, "write: %s",
			     strerror(errno));
	ASSERT_EQ(frame->len, n);
}

bool wdm_receive(int fd, struct frame *ret_frame, int ms)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };
	ssize_t n;

	if (poll(&pollfd, 1, harness_ms(ms)) != 1)
		return false;
	ASSERT_TRUE(pollfd.revents & POLLIN);
	n = read(fd, ret_frame->data, sizeof(ret_frame->data));
	ASSERT_LT(0, n);
	ret_frame->len = n;
	ASSERT_TRUE(frame_is_whole(ret_frame));
	ASSERT_TRUE(frame_is_from_modem(ret_frame));
	return true;
}

bool wdm_is_quiet(int fd, int ms)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };

	return poll(&pollfd, 1, ms) == 0;
}

static bool is_answer(const struct frame *request, const struct frame *frame)
{
	return frame_type(frame) == FRAME_RESPONSE &&
	       frame_service(frame) == frame_service(request) &&
	       frame_cid(frame) == frame_cid(request) &&
	       frame_tid(frame) == frame_tid(request) &&
	       frame_msgid(frame) == frame_msgid(request);
}

void wdm_call(int fd, const struct frame *request, struct frame *ret_answer)
{
	wdm_send(fd, request);
	do {
		ASSERT_TRUE(wdm_receive(fd, ret_answer, CALL_MS));
	} while (!is_answer(request, ret_answer));
}

static uint16_t next_tid(void)
{
	static uint8_t tid;

	return ++tid ? tid : ++tid;
}

int wdm_simple_call(int fd, uint8_t service, uint8_t cid, uint16_t msgid)
{
	struct frame request, answer;

	frame_request(&request, service, cid, next_tid(), msgid);
	wdm_call(fd, &request, &answer);
	return frame_error(&answer);
}

int wdm_try_allocate(int fd, uint8_t service, uint8_t *ret_cid)
{
	struct frame request, answer;
	const uint8_t *id;
	size_t len;
	int error;

	frame_request(&request, CTL, 0, next_tid(), CTL_ALLOCATE);
	frame_add_u8(&request, 0x01, service);
	wdm_call(fd, &request, &answer);
	error = frame_error(&answer);
	if (error)
		return error;
	id = frame_find(&answer, 0x01, &len);
	ASSERT_TRUE(id && len == 2);
	ASSERT_EQ(service, id[0]);
	*ret_cid = id[1];
	return 0;
}

uint8_t wdm_allocate(int fd, uint8_t service)
{
	uint8_t cid;

	ASSERT_EQ(0, wdm_try_allocate(fd, service, &cid));
	return cid;
}

int wdm_release(int fd, uint8_t service, uint8_t cid)
{
	uint8_t id[2] = { service, cid };
	struct frame request, answer;

	frame_request(&request, CTL, 0, next_tid(), CTL_RELEASE);
	frame_add(&request, 0x01, id, sizeof(id));
	wdm_call(fd, &request, &answer);
	return frame_error(&answer);
}
