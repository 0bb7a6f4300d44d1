// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Clients and requests of tools/lib over the character device's transport, with
 * a modem of a few lines at the other end of a socketpair.
 */
#include <errno.h>
#include <glib-unix.h>
#include <glib.h>
#include <kselftest_harness.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../tools/lib/dms.h"
#include "../../tools/lib/frame.h"
#include "../../tools/lib/qmi-tlv.h"
#include "../../tools/lib/qmi-transport.h"
#include "../../tools/lib/qmi.h"
#include "../../tools/lib/wds.h"
#include "../lib/harness.h"

/* What the modem does with a request of a service */
enum manner {
	ANSWERS,
	ANSWERS_IN_PIECES,
	ANSWERS_WRONG_MESSAGE,
	ANSWERS_TRUNCATED,
	REFUSES,
	KEEPS_SILENT,
	RESTARTS,
	HANGS_UP,
};

static struct {
	int fd;
	enum manner manner;
	bool no_ids;
	unsigned int allocated, released, synced, probed;
	GQueue *queue;	/* GBytes that wait for a notification; NULL: none has to */
} modem;

static void put(const uint8_t *bytes, size_t len)
{
	ASSERT_EQ(len, write(modem.fd, bytes, len));
}

static void say(const uint8_t *bytes, size_t len)
{
	GBytes *first;
	size_t n;

	if (!modem.queue) {
		put(bytes, len);
		return;
	}
	/* a frame more and a notification, which fetches the oldest */
	g_queue_push_tail(modem.queue, g_bytes_new(bytes, len));
	first = g_queue_pop_head(modem.queue);
	bytes = g_bytes_get_data(first, &n);
	put(bytes, n);
	g_bytes_unref(first);
}

/* IMEI of Get IDs, as an answer to (cid, tid) */
static size_t ids_answer(uint8_t *out, const struct frame *request)
{
	const uint8_t answer[] = {
		0x01, 0x22, 0x00, 0x80, 0x02, request->cid,
		0x02, request->tid & 0xff, request->tid >> 8, 0x25, 0x00,
		0x16, 0x00,
		0x02, 0x04, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x11, 0x0c, 0x00,
		'1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '1', '2',
	};

	_Static_assert(sizeof(answer) == 0x23, "the length in the header");
	memcpy(out, answer, sizeof(answer));
	return sizeof(answer);
}

/* CTL Sync as an indication to everybody */
static const uint8_t sync_ind[] = {
	0x01, 0x0b, 0x00, 0x80, 0x00, 0xff,
	0x02, 0x00, 0x27, 0x00, 0x00, 0x00,
};

static void answer_service(const struct frame *request)
{
	uint8_t out[64];
	size_t len = ids_answer(out, request);

	switch (modem.manner) {
	case ANSWERS:
		say(out, len);
		break;
	case ANSWERS_IN_PIECES:
		/* noise before, then the frame in two reads */
		say((const uint8_t[]) { 0xee, 0x00, 0x01, 0x02, 0x00 }, 5);
		say(out, 7);
		say(out + 7, len - 7);
		break;
	case ANSWERS_WRONG_MESSAGE:
		out[9] = 0x21;
		say(out, len);
		break;
	case ANSWERS_TRUNCATED:
		/* its TLV goes on behind its end */
		out[21] = 0x40;
		say(out, len);
		break;
	case REFUSES:
		out[16] = 0x01;
		out[18] = 0x47;
		say(out, len);
		break;
	case KEEPS_SILENT:
		break;
	case RESTARTS:
		say(sync_ind, sizeof(sync_ind));
		break;
	case HANGS_UP:
		shutdown(modem.fd, SHUT_RDWR);
		break;
	}
}

/* Sync or Get Version: nothing but that it came */
static void answer_probe(const struct frame *request)
{
	say((const uint8_t[]) {
		0x01, 0x12, 0x00, 0x80, 0x00, 0x00,
		0x01, request->tid, request->msgid, 0x00, 0x07, 0x00,
		0x02, 0x04, 0x00, 0x00, 0x00, 0x00, 0x00,
	}, 0x13);
	modem.synced += request->msgid == 0x27;
	modem.probed += request->msgid == 0x21;
}

static void answer_ctl(const struct frame *request)
{
	uint8_t out[] = {
		0x01, 0x17, 0x00, 0x80, 0x00, 0x00,
		0x01, request->tid, 0x22, 0x00, 0x0c, 0x00,
		0x02, 0x04, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x01, 0x02, 0x00, 0x00, 0x07,
	};
	const uint8_t *value;
	size_t len;

	if (request->msgid == 0x27 || request->msgid == 0x21) {
		answer_probe(request);
		return;
	}
	value = frame_tlv(request, 0x01, &len);
	ASSERT_TRUE(value);
	if (request->msgid == 0x23) {
		modem.released++;
		return;
	}
	modem.allocated++;
	out[22] = value[0];
	if (modem.no_ids) {
		out[15] = 0x01;
		out[17] = 0x05;
	}
	say(out, sizeof(out));
}

static gboolean modem_reads(gint fd, GIOCondition condition, gpointer data)
{
	uint8_t buf[FRAME_MAX];
	ssize_t n = read(fd, buf, sizeof(buf));
	struct frame frame;

	if (n <= 0)
		return G_SOURCE_REMOVE;
	ASSERT_EQ(0, frame_check(buf, n, &frame));
	if (frame.service)
		answer_service(&frame);
	else
		answer_ctl(&frame);
	return G_SOURCE_CONTINUE;
}

static struct m2m_qmi *plug(enum manner manner)
{
	struct m2m_error error;
	struct m2m_qmi *qmi;
	int fds[2];

	/* a packet is a write, as on the device */
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds));
	modem.fd = fds[1];
	modem.manner = manner;
	g_unix_fd_add(modem.fd, G_IO_IN, modem_reads, NULL);
	ASSERT_EQ(0, m2m_qmi_open_fd(fds[0], &qmi, &error));
	return qmi;
}

/* Asks for the IMEI with that modem at the other end */
static int ask(enum manner manner, unsigned int limit_ms,
	       struct m2m_error *ret_error)
{
	struct m2m_qmi *qmi = plug(manner);
	struct m2m_client *dms;
	char imei[24] = "";
	int err;

	ASSERT_EQ(0, m2m_client_open(qmi, QMI_DMS, NULL, &dms, ret_error));
	m2m_qmi_limit(qmi, limit_ms);
	err = dms_imei_get(dms, imei, sizeof(imei), ret_error);
	EXPECT_STREQ(err ? "" : "123456789012", imei);
	m2m_client_close(dms, false);
	m2m_qmi_free(qmi);
	return err;
}

TEST(an_answer)
{
	struct m2m_error error;

	EXPECT_EQ(0, ask(ANSWERS, 0, &error));
	EXPECT_EQ(1, modem.allocated);
}

TEST(an_answer_in_pieces_after_noise)
{
	struct m2m_error error;

	EXPECT_EQ(0, ask(ANSWERS_IN_PIECES, 0, &error));
}

TEST(an_answer_to_something_else)
{
	struct m2m_error error;

	EXPECT_EQ(-EBADMSG, ask(ANSWERS_WRONG_MESSAGE, 0, &error));
}

TEST(an_answer_that_lies_is_nobodys)
{
	struct m2m_error error;

	EXPECT_EQ(-ETIMEDOUT, ask(ANSWERS_TRUNCATED, 200, &error));
}

TEST(a_refusal)
{
	struct m2m_error error;

	EXPECT_EQ(-EOPNOTSUPP, ask(REFUSES, 0, &error));
	EXPECT_EQ(71, error.qmi);
}

TEST(silence)
{
	struct m2m_error error;

	EXPECT_EQ(-ETIMEDOUT, ask(KEEPS_SILENT, 200, &error));
	EXPECT_STREQ("the modem did not answer in time", error.msg);
}

TEST(a_restart)
{
	struct m2m_error error;

	EXPECT_EQ(-ECONNRESET, ask(RESTARTS, 0, &error));
}

TEST(an_unplug)
{
	struct m2m_error error;

	EXPECT_EQ(-ENODEV, ask(HANGS_UP, 0, &error));
}

static bool never(void *data)
{
	return false;
}

static void stale(const uint8_t *bytes, size_t len)
{
	g_queue_push_tail(modem.queue, g_bytes_new(bytes, len));
}

/* What a process was killed before it read: ids, an IMEI, news */
static void leave_answers(void)
{
	struct frame request = { .cid = 7, .tid = 1 };
	uint8_t ids[64];
	size_t len = ids_answer(ids, &request);

	modem.queue = g_queue_new();
	memcpy(ids + 23, "000000000000", 12);
	for (uint8_t tid = 1; tid < 4; tid++) {
		ids[7] = tid;
		stale(ids, len);
		stale((const uint8_t[]) {
			0x01, 0x17, 0x00, 0x80, 0x00, 0x00, 0x01, tid, 0x22,
			0x00, 0x0c, 0x00, 0x02, 0x04, 0x00, 0x00, 0x00, 0x00,
			0x00, 0x01, 0x02, 0x00, 0x02, 0x07,
		}, 0x18);
	}
}

TEST(answers_of_another_process)
{
	struct m2m_error error;

	leave_answers();
	EXPECT_EQ(0, ask(ANSWERS, 0, &error));
	EXPECT_EQ(1, modem.allocated);
	EXPECT_NE(0, modem.synced);
	/* it is as far behind as it was: a frame for each notification */
	EXPECT_EQ(6, g_queue_get_length(modem.queue));
}

static void count(QmiMessage *indication, void *data)
{
	(*(int *)data)++;
}

static bool is_two(void *data)
{
	return *(int *)data == 2;
}

TEST(news_of_a_modem_that_is_behind)
{
	const uint8_t news[] = { 0x01, 0x0c, 0, 0x80, 0x02, 0x07,
				 0x04, 0, 0, 0x01, 0, 0, 0 };
	struct m2m_client *dms;
	struct m2m_error error;
	struct m2m_qmi *qmi;
	int n = 0;

	leave_answers();
	qmi = plug(ANSWERS);
	ASSERT_EQ(0, m2m_client_open(qmi, QMI_DMS, NULL, &dms, &error));
	m2m_client_watch(dms, count, &n);
	say(news, sizeof(news));
	say(news, sizeof(news));
	EXPECT_EQ(0, m2m_qmi_wait(qmi, 12000, is_two, &n));
	m2m_qmi_free(qmi);
}

TEST(who_is_not_behind_does_not_probe)
{
	struct m2m_qmi *qmi = plug(ANSWERS);
	struct m2m_client *dms;
	struct m2m_error error;
	char imei[24];

	ASSERT_EQ(0, m2m_client_open(qmi, QMI_DMS, NULL, &dms, &error));
	EXPECT_EQ(0, dms_imei_get(dms, imei, sizeof(imei), &error));
	EXPECT_EQ(-ETIMEDOUT, m2m_qmi_wait(qmi, 1200, never, NULL));
	EXPECT_EQ(1, modem.synced);
	EXPECT_EQ(0, modem.probed);
	m2m_qmi_free(qmi);
}

TEST(silence_is_not_probed_much)
{
	struct m2m_error error;

	EXPECT_EQ(-ETIMEDOUT, ask(KEEPS_SILENT, 4000, &error));
	/* after half a second, then each time twice as late */
	EXPECT_LE(1, modem.probed);
	EXPECT_LE(modem.probed, 3);
}

TEST(an_empty_read_is_no_end)
{
	struct m2m_qmi *qmi = plug(ANSWERS);
	struct m2m_client *dms;
	struct m2m_error error;
	char imei[24];

	put(NULL, 0);
	ASSERT_EQ(0, m2m_client_open(qmi, QMI_DMS, NULL, &dms, &error));
	put(NULL, 0);
	EXPECT_EQ(0, dms_imei_get(dms, imei, sizeof(imei), &error));
	m2m_qmi_free(qmi);
}

static gboolean cancel(gpointer data)
{
	m2m_qmi_cancel(data, true);
	return G_SOURCE_REMOVE;
}

TEST(an_interruption)
{
	struct m2m_qmi *qmi = plug(KEEPS_SILENT);
	struct m2m_client *dms;
	struct m2m_error error;
	char imei[24];

	ASSERT_EQ(0, m2m_client_open(qmi, QMI_DMS, NULL, &dms, &error));
	g_timeout_add(50, cancel, qmi);
	EXPECT_EQ(-EINTR, dms_imei_get(dms, imei, sizeof(imei), &error));
	/* the next one does not even wait */
	EXPECT_EQ(-EINTR, dms_imei_get(dms, imei, sizeof(imei), &error));
	/* and an answer that comes after all finds nobody */
	modem.manner = ANSWERS;
	m2m_qmi_cancel(qmi, false);
	EXPECT_EQ(0, dms_imei_get(dms, imei, sizeof(imei), &error));
	m2m_qmi_free(qmi);
}

TEST(no_client_id)
{
	struct m2m_qmi *qmi = plug(ANSWERS);
	struct m2m_client *dms;
	struct m2m_error error;

	modem.no_ids = true;
	EXPECT_EQ(-EAGAIN, m2m_client_open(qmi, QMI_DMS, NULL, &dms, &error));
	EXPECT_EQ(5, error.qmi);
	EXPECT_TRUE(strstr(error.msg, "service dms: "));
	EXPECT_EQ(-EOPNOTSUPP,
		  m2m_client_open(qmi, QMI_DMS, "name", &dms, &error));
	m2m_qmi_free(qmi);
}

TEST(indications)
{
	const uint8_t direct[] = { 0x01, 0x0c, 0, 0x80, 0x02, 0x07,
				   0x04, 0, 0, 0x01, 0, 0, 0 };
	uint8_t broadcast[sizeof(direct)], other[sizeof(direct)];
	struct m2m_qmi *qmi = plug(ANSWERS);
	struct m2m_client *dms;
	struct m2m_error error;
	int n = 0;

	memcpy(broadcast, direct, sizeof(direct));
	broadcast[5] = 0xff;
	memcpy(other, direct, sizeof(direct));
	other[5] = 0x08;
	ASSERT_EQ(0, m2m_client_open(qmi, QMI_DMS, NULL, &dms, &error));
	m2m_client_watch(dms, count, &n);
	say(other, sizeof(other));
	say(direct, sizeof(direct));
	say(broadcast, sizeof(broadcast));
	EXPECT_EQ(0, m2m_qmi_wait(qmi, 5000, is_two, &n));
	m2m_qmi_free(qmi);
}

TEST(ids_are_given_back)
{
	struct m2m_qmi *qmi = plug(ANSWERS);
	struct m2m_client *dms;
	struct m2m_error error;

	for (int i = 0; i < 3; i++) {
		ASSERT_EQ(0, m2m_client_open(qmi, QMI_DMS, NULL, &dms, &error));
		m2m_client_close(dms, false);
	}
	EXPECT_EQ(-ETIMEDOUT, m2m_qmi_wait(qmi, 100, never, NULL));
	EXPECT_EQ(3, modem.allocated);
	EXPECT_EQ(3, modem.released);
	m2m_qmi_free(qmi);
}

/* --- a transport that keeps ids ---------------------------------------------- */

/* Says nothing by itself and remembers what it was told */
static struct keeper {
	struct m2m_transport base;
	unsigned int opened, closed, released, sent;
} keeper;

static int keeper_open(struct m2m_transport *t, uint8_t service,
		       const char *keep, uint32_t *ret_handle,
		       struct m2m_error *error)
{
	*ret_handle = ++keeper.opened;
	return 0;
}

static void keeper_close(struct m2m_transport *t, uint32_t handle, bool release)
{
	keeper.closed++;
	keeper.released += release;
}

static int keeper_send(struct m2m_transport *t, uint32_t handle,
		       const uint8_t *frame, size_t len,
		       unsigned int timeout_ms, uint16_t *ret_tid,
		       struct m2m_error *error)
{
	*ret_tid = ++keeper.sent;
	return 0;
}

static void keeper_free(struct m2m_transport *t)
{
}

static struct m2m_nl *keeper_nl(struct m2m_transport *t)
{
	return NULL;
}

static const struct m2m_transport_ops keeper_ops = {
	.client_open = keeper_open,
	.client_close = keeper_close,
	.send = keeper_send,
	.free = keeper_free,
	.nl = keeper_nl,
};

static struct m2m_qmi *keep_ids(void)
{
	keeper.base.ops = &keeper_ops;
	return m2m_qmi_new(&keeper.base);
}

/* The id that was asked for, kept since some other process */
static gboolean take_over(gpointer data)
{
	m2m_transport_opened(&keeper.base, keeper.opened, true, NULL);
	return G_SOURCE_REMOVE;
}

TEST(a_kept_id_outlives_an_interrupted_opening)
{
	struct m2m_qmi *qmi = keep_ids();
	struct m2m_client *wds;
	struct m2m_error error;

	/* taken over in the transport, and nobody has heard of it yet */
	m2m_qmi_cancel(qmi, true);
	EXPECT_EQ(-EINTR, m2m_client_open(qmi, QMI_WDS, "pdn/wan/4", &wds,
					  &error));
	EXPECT_EQ(1, keeper.closed);
	EXPECT_EQ(0, keeper.released);
	m2m_qmi_cancel(qmi, false);
	m2m_qmi_limit(qmi, 50);
	EXPECT_EQ(-ETIMEDOUT, m2m_client_open(qmi, QMI_WDS, "pdn/wan/4", &wds,
					      &error));
	EXPECT_EQ(2, keeper.closed);
	EXPECT_EQ(0, keeper.released);
	/* that the outcome comes after all hurts nobody */
	take_over(NULL);
	m2m_qmi_free(qmi);
}

TEST(a_kept_id_is_released_by_those_who_say_so)
{
	struct m2m_qmi *qmi = keep_ids();
	struct m2m_client *wds;
	struct m2m_error error;

	for (unsigned int i = 0; i < 2; i++) {
		g_idle_add(take_over, NULL);
		ASSERT_EQ(0, m2m_client_open(qmi, QMI_WDS, "pdn/wan/4", &wds,
					     &error));
		EXPECT_TRUE(m2m_client_was_kept(wds));
		m2m_client_close(wds, i == 1);
		EXPECT_EQ(i, keeper.released);
	}
	m2m_qmi_free(qmi);
}

TEST(who_is_interrupted_asks_nothing_more)
{
	struct m2m_qmi *qmi = keep_ids();
	struct m2m_client *wds;
	struct m2m_error error;

	g_idle_add(take_over, NULL);
	ASSERT_EQ(0, m2m_client_open(qmi, QMI_WDS, "pdn/wan/4", &wds, &error));
	m2m_qmi_cancel(qmi, true);
	EXPECT_EQ(-EINTR, m2m_client_call(wds, qmi_request(QMI_WDS, 0x22), 50,
					  NULL, &error));
	EXPECT_EQ(0, keeper.sent);
	m2m_qmi_free(qmi);
}

TEST_HARNESS_MAIN
