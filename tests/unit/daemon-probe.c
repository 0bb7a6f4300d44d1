// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A target is asked: when, for how much, what its silence means, and how. The sockets
 * are real, and so are those that answer, on lo.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <glib-unix.h>
#include <glib.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../tools/daemon/policy.h"
#include "../../tools/daemon/probe.h"
#include "../../tools/daemon/probing.h"
#include "../../tools/lib/question.h"
#include "../../tools/lib/task.h"
#include "../lib/harness.h"

#define INTERVAL	(15 * MINUTE)
#define ECHO		56	/* bytes of an echo and its reply */

/* --- when ------------------------------------------------------------------------- */

TEST(a_new_call_is_asked_at_once_then_when_idle)
{
	struct probing p = { 0 };

	EXPECT_EQ(MINUTE, probing_due(&p, INTERVAL, 0, MINUTE));
	EXPECT_EQ(PROBING_ANSWERED, probing_done(&p, INTERVAL, true, ECHO, MINUTE));
	EXPECT_EQ(MINUTE + INTERVAL, probing_due(&p, INTERVAL, 0, MINUTE));
	/* what comes in puts it off */
	EXPECT_EQ(10 * MINUTE + INTERVAL, probing_due(&p, INTERVAL, 10 * MINUTE,
						      11 * MINUTE));
	probing_new_call(&p);
	EXPECT_EQ(20 * MINUTE, probing_due(&p, INTERVAL, 19 * MINUTE, 20 * MINUTE));
}

TEST(one_miss_is_no_silence)
{
	struct probing p = { 0 };

	EXPECT_EQ(PROBING_ANSWERED, probing_done(&p, INTERVAL, true, ECHO, MINUTE));
	for (int i = 1; i < PROBING_MISSES; i++) {
		EXPECT_EQ(PROBING_NOTHING, probing_done(&p, INTERVAL, false, ECHO, HOUR));
		/* soon, to be sure */
		EXPECT_EQ(HOUR, probing_due(&p, INTERVAL, 0, HOUR));
	}
	EXPECT_EQ(PROBING_SILENCE, probing_done(&p, INTERVAL, false, ECHO, HOUR));
	/* from then on slowly, whatever else comes in */
	EXPECT_EQ(HOUR + INTERVAL, probing_due(&p, INTERVAL, HOUR + MINUTE, HOUR + MINUTE));
	EXPECT_EQ(PROBING_SILENCE, probing_done(&p, INTERVAL, false, ECHO, 2 * HOUR));
	EXPECT_EQ(PROBING_ANSWERED, probing_done(&p, INTERVAL, true, ECHO, 3 * HOUR));
	EXPECT_EQ(3 * HOUR + INTERVAL, probing_due(&p, INTERVAL, 0, 3 * HOUR));
}

/* What 30 days cost where each attempt takes so many bytes; and how many there were */
static uint64_t month(int64_t interval, size_t bytes, bool answered, unsigned int *ret_n)
{
	struct probing p = { 0 };
	uint64_t spent = 0;

	*ret_n = 0;
	for (int64_t now = MINUTE; now < 30 * DAY; now += 20 * SECOND) {
		if (probing_due(&p, interval, 0, now) > now)
			continue;
		probing_done(&p, interval, answered, bytes, now);
		spent += bytes;
		(*ret_n)++;
	}
	return spent;
}

TEST(a_month_costs_200_kB_at_most)
{
	static const size_t sizes[] = { 28, ECHO, 96, 208, 288, 4000 };
	unsigned int n;

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		EXPECT_LE(month(INTERVAL, sizes[i], true, &n), PROBING_MONTH_BYTES);
		EXPECT_LE(month(INTERVAL, sizes[i], false, &n), PROBING_MONTH_BYTES);
		EXPECT_LE(month(DAY, sizes[i], true, &n), PROBING_MONTH_BYTES);
	}
	/* and an echo is had every time it is due */
	month(INTERVAL, ECHO, true, &n);
	EXPECT_GE(n, 30 * 24 * 4 - 10);
	/* as it is at an interval that somebody chose */
	EXPECT_LE(month(MINUTE, ECHO, true, &n), 15 * PROBING_MONTH_BYTES);
	EXPECT_GE(n, 30 * 24 * 60 - 100);
}

/* --- what is said ----------------------------------------------------------------- */

static const uint8_t query[] = {
	0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0,
	4, 'p', 'e', 'e', 'r', 2, 'e', 'x', 0, 0, 1, 0, 1,
};

static const uint8_t answer[] = {
	0x12, 0x34, 0x81, 0x80, 0, 1, 0, 2, 0, 0, 0, 0,
	4, 'P', 'e', 'e', 'r', 2, 'e', 'x', 0, 0, 1, 0, 1,
	0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 9, 0, 4, 1, 'a', 0xc0, 17,
	1, 'a', 0xc0, 17, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 198, 51, 100, 1,
};

TEST(a_query_is_as_the_rfc_has_it)
{
	uint8_t bytes[QUESTION_MAX];
	char name[300];

	ASSERT_EQ(sizeof(query), question_make("peer.ex", AF_INET, 0x1234, bytes));
	EXPECT_EQ(0, memcmp(query, bytes, sizeof(query)));
	EXPECT_EQ(sizeof(query), question_make("peer.ex.", AF_INET, 1, bytes));
	EXPECT_EQ(0, question_make("", AF_INET, 1, bytes));
	EXPECT_EQ(0, question_make(".", AF_INET, 1, bytes));
	EXPECT_EQ(0, question_make("a..b", AF_INET, 1, bytes));
	memset(name, 'a', sizeof(name));
	name[64] = '\0';
	EXPECT_EQ(0, question_make(name, AF_INET, 1, bytes));
	for (int i = 0; i < 253; i++)
		name[i] = i % 2 ? '.' : 'a';
	name[253] = '\0';
	EXPECT_EQ(12 + 255 + 4, question_make(name, AF_INET, 1, bytes));
	name[253] = 'a';
	name[254] = '\0';
	EXPECT_EQ(0, question_make(name, AF_INET, 1, bytes));
}

TEST(an_answer_is_not_believed_before_it_is_checked)
{
	uint8_t bytes[sizeof(answer)];
	struct resolv_server host;

	ASSERT_EQ(0, question_answer(query, sizeof(query), answer, sizeof(answer), &host));
	EXPECT_EQ(AF_INET, host.family);
	EXPECT_EQ(htonl(0xc6336401), host.v4.s_addr);
	for (size_t len = 0; len < sizeof(answer); len++) {
		g_autofree uint8_t *exact = g_memdup2(answer, len);

		EXPECT_EQ(-EBADMSG, question_answer(query, sizeof(query), exact, len,
						    &host));
	}
	/* each byte with each value: it returns */
	for (size_t i = 0; i < sizeof(answer); i++) {
		for (int value = 0; value < 256; value++) {
			int err;

			memcpy(bytes, answer, sizeof(bytes));
			bytes[i] = value;
			err = question_answer(query, sizeof(query), bytes, sizeof(bytes),
					      &host);
			EXPECT_TRUE(!err || err == -ENODATA || err == -EBADMSG);
		}
	}
	memcpy(bytes, answer, sizeof(bytes));
	bytes[7] = 0;
	EXPECT_EQ(-ENODATA, question_answer(query, sizeof(query), bytes, sizeof(bytes),
					    &host));
	bytes[0]++;
	EXPECT_EQ(-EBADMSG, question_answer(query, sizeof(query), bytes, sizeof(bytes),
					    &host));
	EXPECT_EQ(-EBADMSG, question_answer(query, sizeof(query), query, sizeof(query),
					    &host));
}

/* --- how -------------------------------------------------------------------------- */

struct trial {
	struct probe probe;
	struct resolv_link servers;
	bool over, returned;
	size_t bytes;
	struct m2m_error error;
	int err;
};

static bool is_over(void *data)
{
	return ((struct trial *)data)->over;
}

static void task(void *data)
{
	struct trial *trial = data;

	trial->err = probe_ask(&trial->probe, &trial->bytes, &trial->error);
	trial->returned = true;
}

static int run(struct trial *trial, enum probe_kind kind, const char *target)
{
	trial->probe = (struct probe){
		.kind = kind, .target = target, .ifname = "lo", .v4 = true,
		.servers = &trial->servers, .is_over = is_over, .data = trial,
	};
	trial->returned = false;
	task_start(task, trial);
	while (!trial->returned)
		g_main_context_iteration(NULL, TRUE);
	return trial->err;
}

static int bound(int type, const char *address, uint16_t port)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	inet_pton(AF_INET, address, &in.sin_addr);
	if (fd >= 0 && !bind(fd, (struct sockaddr *)&in, sizeof(in)))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static uint16_t port_of(int fd)
{
	struct sockaddr_in in;
	socklen_t size = sizeof(in);

	getsockname(fd, (struct sockaddr *)&in, &size);
	return ntohs(in.sin_port);
}

TEST(tcp_is_answered_by_who_accepts_and_who_refuses)
{
	int fd = bound(SOCK_STREAM, "127.0.0.1", 0);
	g_autofree char *target = NULL;
	struct trial trial = { 0 };

	ASSERT_TRUE(fd >= 0);
	target = g_strdup_printf("127.0.0.1:%u", port_of(fd));
	/* bound and not listening: refused */
	EXPECT_EQ(0, run(&trial, PROBE_TCP, target));
	ASSERT_EQ(0, listen(fd, 1));
	EXPECT_EQ(0, run(&trial, PROBE_TCP, target));
	EXPECT_LE(trial.bytes, 300);
	EXPECT_EQ(-EINVAL, run(&trial, PROBE_TCP, "127.0.0.1"));
	EXPECT_EQ(-EAFNOSUPPORT, run(&trial, PROBE_TCP, "[::1]:7"));
	close(fd);
}

TEST(what_has_no_interface_cannot_be_asked)
{
	struct trial trial = { 0 };

	EXPECT_EQ(-ENOENT, run(&trial, PROBE_ICMP, "peer.example"));
	trial.probe.ifname = "nonesuch0";
	trial.probe.target = "127.0.0.1";
	trial.returned = false;
	task_start(task, &trial);
	while (!trial.returned)
		g_main_context_iteration(NULL, TRUE);
	EXPECT_EQ(-ENODEV, trial.err);
}

TEST(an_echo_comes_back)
{
	struct trial trial = { 0 };

	if (run(&trial, PROBE_ICMP, "127.0.0.1") == -EPERM)
		SKIP("no echo requests: net.ipv4.ping_group_range");
	EXPECT_EQ(0, trial.err);
	EXPECT_EQ(ECHO, trial.bytes);
}

/* A name server that knows nothing, or one that is silent */
static gboolean serve(gint fd, GIOCondition condition, gpointer data)
{
	struct sockaddr_in from;
	socklen_t size = sizeof(from);
	uint8_t bytes[512];
	ssize_t n = recvfrom(fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &size);

	if (n < 12)
		return G_SOURCE_CONTINUE;
	/* first one of another query, then the right one: no such name */
	bytes[2] |= 0x80;
	bytes[3] |= 3;
	bytes[0]++;
	sendto(fd, bytes, n, 0, (struct sockaddr *)&from, size);
	bytes[0]--;
	sendto(fd, bytes, n, 0, (struct sockaddr *)&from, size);
	return G_SOURCE_CONTINUE;
}

TEST(a_name_server_that_knows_nothing_answers)
{
	int fd = bound(SOCK_DGRAM, "127.0.0.77", 53);
	struct trial trial = { 0 };
	guint source;

	if (fd < 0)
		SKIP("no port 53 to bind");
	source = g_unix_fd_add(fd, G_IO_IN, serve, NULL);
	resolv_add_text(&trial.servers, "127.0.0.77");
	EXPECT_EQ(0, run(&trial, PROBE_DNS, "127.0.0.77"));
	EXPECT_EQ(0, run(&trial, PROBE_DNS, "peer.example"));
	EXPECT_EQ(-ENOENT, run(&trial, PROBE_TCP, "peer.example:80"));
	g_source_remove(source);
	close(fd);
}

static gboolean end(gpointer data)
{
	((struct trial *)data)->over = true;
	return G_SOURCE_REMOVE;
}

TEST(silence_is_none_and_can_be_ended)
{
	int fd = bound(SOCK_DGRAM, "127.0.0.78", 53);
	struct trial trial = { 0 };

	if (fd < 0)
		SKIP("no port 53 to bind");
	EXPECT_EQ(-ETIMEDOUT, run(&trial, PROBE_DNS, "127.0.0.78"));
	g_timeout_add(50, end, &trial);
	EXPECT_EQ(-ECANCELED, run(&trial, PROBE_DNS, "127.0.0.78"));
	close(fd);
}

TEST_HARNESS_MAIN
