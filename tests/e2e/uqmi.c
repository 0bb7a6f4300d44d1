// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The character device as OpenWrt's uqmi uses it: a process a command. Each opens
 * the device anew, numbers its transactions from 1, writes one frame, reads what
 * there is whenever poll says so, and takes the first response of the service with
 * its number. A client id is carried from one process to the next by hand.
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/frame.h"
#include "../lib/harness.h"
#include "../lib/modem.h"
#include "../lib/sim.h"
#include "../lib/waiting.h"

#define ANSWER_MS	20000
#define AT_ONCE		8

enum {
	WDS_START = 0x20, WDS_STOP = 0x21, WDS_STATUS = 0x22,
	WDS_SET_FAMILY = 0x4d,
	NAS_SERVING_SYSTEM = 0x24,
	CONNECTED = 2, DISCONNECTED = 1,
};

/* One of its processes */
struct uqmi {
	int fd;
	uint8_t ctl_tid;
	uint16_t tid;
	size_t len;			/* of what was read and not used */
	uint8_t buf[2 * FRAME_MAX];
};

/* What a process prints for the script that started it */
static struct said {
	int error;
	uint8_t cid, status;
	uint32_t handle;
} *said;

static void registered(void)
{
	struct deadline deadline = deadline_in(20000);
	char state[32];

	do {
		sim_ask(state, sizeof(state), "get nas.state");
	} while (strcmp(state, "registered") && deadline_pause(&deadline));
	ASSERT_STREQ("registered", state);
}

void harness_before(void)
{
	modem_fresh();
	registered();
	said = mmap(NULL, sizeof(*said) * AT_ONCE, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_TRUE(said != MAP_FAILED);
}

/* --- its input and output ---------------------------------------------------------- */

static void device_open(struct uqmi *uqmi)
{
	const char *path = getenv("M2M_WDM");

	memset(uqmi, 0, sizeof(*uqmi));
	if (!path)
		SKIP("M2M_WDM names no device");
	uqmi->fd = open(path, O_RDWR | O_EXCL | O_NONBLOCK | O_NOCTTY);
	ASSERT_GE(uqmi->fd, 0);
}

/* Reads until there is nothing more, as a stream does that was told of input. */
static void device_read(struct uqmi *uqmi)
{
	ssize_t n;

	for (;;) {
		n = read(uqmi->fd, uqmi->buf + uqmi->len,
			 sizeof(uqmi->buf) - uqmi->len);
		if (n < 0)
			break;
		ASSERT_LT(0, n);
		uqmi->len += n;
	}
	ASSERT_EQ(EAGAIN, errno);
}

/* Takes the first frame of what was read; false: it is not complete. */
static bool device_frame(struct uqmi *uqmi, struct frame *ret_frame)
{
	size_t len;

	if (uqmi->len < 3)
		return false;
	ASSERT_EQ(1, uqmi->buf[0]);
	len = 1 + (uqmi->buf[1] | uqmi->buf[2] << 8);
	ASSERT_LE(len, (size_t)FRAME_MAX);
	if (uqmi->len < len)
		return false;
	memcpy(ret_frame->data, uqmi->buf, len);
	ret_frame->len = len;
	uqmi->len -= len;
	memmove(uqmi->buf, uqmi->buf + len, uqmi->len);
	ASSERT_TRUE(frame_is_whole(ret_frame));
	return true;
}

/* Who asked is told by service and number alone; the rest is dropped. */
static bool is_answer(const struct frame *request, const struct frame *frame)
{
	return frame_type(frame) == FRAME_RESPONSE &&
	       frame_service(frame) == frame_service(request) &&
	       frame_tid(frame) == frame_tid(request);
}

static int ask(struct uqmi *uqmi, const struct frame *request,
	       struct frame *ret_answer)
{
	struct deadline deadline = deadline_in(ANSWER_MS);
	struct pollfd pollfd = { .fd = uqmi->fd, .events = POLLIN };

	ASSERT_EQ(request->len, write(uqmi->fd, request->data, request->len));
	for (;;) {
		while (device_frame(uqmi, ret_answer))
			if (is_answer(request, ret_answer))
				return frame_error(ret_answer);
		ASSERT_EQ(1, poll(&pollfd, 1, deadline_left(&deadline)));
		ASSERT_EQ(POLLIN, pollfd.revents);
		device_read(uqmi);
	}
}

static void begin(struct uqmi *uqmi, struct frame *request, uint8_t service,
		  uint8_t cid, uint16_t msgid)
{
	frame_request(request, service, cid,
		      service ? ++uqmi->tid : ++uqmi->ctl_tid, msgid);
}

static uint8_t take_id(struct uqmi *uqmi, uint8_t service)
{
	struct frame request, answer;
	const uint8_t *id;
	size_t len;

	begin(uqmi, &request, CTL, 0, CTL_ALLOCATE);
	frame_add_u8(&request, 0x01, service);
	ASSERT_EQ(0, ask(uqmi, &request, &answer));
	id = frame_find(&answer, 0x01, &len);
	ASSERT_TRUE(id && len == 2 && id[0] == service);
	return id[1];
}

static void release_id(struct uqmi *uqmi, uint8_t service, uint8_t cid)
{
	const uint8_t id[2] = { service, cid };
	struct frame request, answer;

	begin(uqmi, &request, CTL, 0, CTL_RELEASE);
	frame_add(&request, 0x01, id, sizeof(id));
	ASSERT_EQ(0, ask(uqmi, &request, &answer));
}

static uint32_t value(const struct frame *frame, uint8_t type, size_t size)
{
	uint32_t all = 0;
	const uint8_t *at;
	size_t len;

	at = frame_find(frame, type, &len);
	ASSERT_TRUE(at && len >= size);
	while (size--)
		all = all << 8 | at[size];
	return all;
}

/* --- its commands ------------------------------------------------------------------ */

/* --get-client-id wds */
static void get_client_id(struct uqmi *uqmi, struct said *out)
{
	out->cid = take_id(uqmi, WDS);
}

/* The others say --set-client-id wds,CID before. */

/* --set-ip-family ipv4 */
static void set_ip_family(struct uqmi *uqmi, struct said *out)
{
	struct frame request, answer;

	begin(uqmi, &request, WDS, out->cid, WDS_SET_FAMILY);
	frame_add_u8(&request, 0x01, 4);
	out->error = ask(uqmi, &request, &answer);
}

/* --start-network --apn internet */
static void start_network(struct uqmi *uqmi, struct said *out)
{
	struct frame request, answer;

	begin(uqmi, &request, WDS, out->cid, WDS_START);
	frame_add(&request, 0x14, "internet", strlen("internet"));
	out->error = ask(uqmi, &request, &answer);
	if (!out->error)
		out->handle = value(&answer, 0x01, 4);
}

/* --get-data-status */
static void get_data_status(struct uqmi *uqmi, struct said *out)
{
	struct frame request, answer;

	begin(uqmi, &request, WDS, out->cid, WDS_STATUS);
	out->error = ask(uqmi, &request, &answer);
	if (!out->error)
		out->status = value(&answer, 0x01, 1);
}

/* --stop-network HANDLE */
static void stop_network(struct uqmi *uqmi, struct said *out)
{
	struct frame request, answer;

	begin(uqmi, &request, WDS, out->cid, WDS_STOP);
	frame_add_u32(&request, 0x01, out->handle);
	out->error = ask(uqmi, &request, &answer);
}

/* --release-client-id wds: without another command it only gives the id back */
static void release_client_id(struct uqmi *uqmi, struct said *out)
{
	release_id(uqmi, WDS, out->cid);
}

/* --sync */
static void synchronise(struct uqmi *uqmi, struct said *out)
{
	struct frame request, answer;

	begin(uqmi, &request, CTL, 0, CTL_SYNC);
	out->error = ask(uqmi, &request, &answer);
}

/* --get-serving-system: an id for the one question */
static void get_serving_system(struct uqmi *uqmi, struct said *out)
{
	uint8_t cid = take_id(uqmi, NAS);
	struct frame request, answer;

	begin(uqmi, &request, NAS, cid, NAS_SERVING_SYSTEM);
	out->error = ask(uqmi, &request, &answer);
	EXPECT_EQ(NAS_SERVING_SYSTEM, frame_msgid(&answer));
	EXPECT_EQ(cid, frame_cid(&answer));
	release_id(uqmi, NAS, cid);
}

static pid_t command_begin(void (*command)(struct uqmi *uqmi, struct said *out),
			   struct said *out)
{
	struct uqmi uqmi;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid) {
		ASSERT_LT(0, pid);
		return pid;
	}
	device_open(&uqmi);
	command(&uqmi, out);
	close(uqmi.fd);
	fflush(stdout);
	_exit(harness_has_failed());
}

static void command_end(pid_t pid)
{
	int status;

	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_EQ(0, status);
}

static void run(void (*command)(struct uqmi *uqmi, struct said *out))
{
	command_end(command_begin(command, said));
	ASSERT_EQ(QMI_OK, said->error);
}

static void connect_by_steps(void)
{
	run(get_client_id);
	run(set_ip_family);
	run(start_network);
	run(get_data_status);
	ASSERT_EQ(CONNECTED, said->status);
	ASSERT_EQ(1, sim_get("calls"));
	ASSERT_EQ(1, sim_get("clients"));
}

TEST(a_call_is_made_and_ended_a_process_a_step)
{
	connect_by_steps();
	run(stop_network);
	EXPECT_EQ(0, sim_get("calls"));
	run(get_data_status);
	EXPECT_EQ(DISCONNECTED, said->status);
	run(release_client_id);
	sim_wait_get("clients", 0, 5000);
}

TEST(a_released_id_takes_its_call_along)
{
	connect_by_steps();
	run(release_client_id);
	sim_wait_get("calls", 0, 5000);
	sim_wait_get("clients", 0, 5000);
	/* whoever still has the number is told, as by a modem */
	command_end(command_begin(get_data_status, said));
	EXPECT_EQ(QMI_INVALID_CLIENT_ID, said->error);
}

TEST(sync_ends_nobody_elses_call)
{
	long syncs = sim_get("event.ctl.sync");

	connect_by_steps();
	run(synchronise);
	EXPECT_EQ(1, sim_get("calls"));
	EXPECT_EQ(1, sim_get("clients"));
	/* the modem would have taken all ids back */
	EXPECT_EQ(syncs, sim_get("event.ctl.sync"));
	run(get_data_status);
	EXPECT_EQ(CONNECTED, said->status);
	run(stop_network);
	run(release_client_id);
}

/* --sync and a question in one process: it loses what it had itself */
static void take_sync_take(struct uqmi *uqmi, struct said *out)
{
	take_id(uqmi, DMS);
	take_id(uqmi, NAS);
	sim_wait_get("clients", 2, 5000);
	synchronise(uqmi, out);
	sim_wait_get("clients", 0, 5000);
	get_serving_system(uqmi, out);
}

TEST(sync_releases_its_own_ids)
{
	run(take_sync_take);
	sim_wait_get("clients", 0, 5000);
}

TEST(eight_at_once_get_their_answers)
{
	pid_t pids[AT_ONCE];

	connect_by_steps();
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < AT_ONCE; i++)
			pids[i] = command_begin(get_serving_system, &said[i]);
		for (int i = 0; i < AT_ONCE; i++)
			command_end(pids[i]);
		for (int i = 0; i < AT_ONCE; i++)
			EXPECT_EQ(QMI_OK, said[i].error);
	}
	/* the call's id is the only one left */
	sim_wait_get("clients", 1, 5000);
	EXPECT_EQ(1, sim_get("calls"));
}

TEST_HARNESS_MAIN
