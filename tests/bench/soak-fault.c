// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the faults of the long run, and what became of them. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include "soak.h"

#define FAULTS		ARRAY_SIZE(faults)
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define RECORDS_MAX	4096
#define SOON		(30 * SECOND)

static void drop_call(struct control *control, int64_t real_ms)
{
	control_do(control, "wds: drop");
}

static void restart_qmi(struct control *control, int64_t real_ms)
{
	control_do(control, "qmi: restart");
}

static void restart_modem(struct control *control, int64_t real_ms)
{
	control_do(control, "modem: restart %lldms", (long long)real_ms);
}

static void pull_out(struct control *control, int64_t real_ms)
{
	control_do(control, "unplug");
}

static void pull_card(struct control *control, int64_t real_ms)
{
	control_do(control, "sim: remove");
}

static void deny_network(struct control *control, int64_t real_ms)
{
	control_do(control, "nas: deny");
}

static void lose_coverage(struct control *control, int64_t real_ms)
{
	control_do(control, "set nas.coverage off");
}

static void hang_pipe(struct control *control, int64_t real_ms)
{
	control_do(control, "ctl: hang %lldms", (long long)real_ms);
}

/* The call that follows carries nothing; from then on a new one would. */
static void deaden_call(struct control *control, int64_t real_ms)
{
	control_do(control, "lie: dead-bearer");
	control_do(control, "wds: drop");
}

static void refuse_for_now(struct control *control, int64_t real_ms)
{
	control_do(control, "wds.apn: internet cause 26");
	control_do(control, "wds: drop");
}

static void refuse_for_good(struct control *control, int64_t real_ms)
{
	control_do(control, "wds.apn: internet cause 33");
	control_do(control, "wds: drop");
}

static const struct fault start = { .name = "daemon's start" };

static const struct fault faults[] = {
	{ "call dropped", 0, 0, 4, drop_call },
	{ "QMI restarted", 0, 0, 4, restart_qmi },
	{ "modem restarted", 2 * SECOND, 10 * SECOND, 4, restart_modem },
	{ "unplugged", 5 * SECOND, 5 * MINUTE, 4, pull_out, "replug" },
	{ "SIM pulled", 5 * SECOND, 5 * MINUTE, 4, pull_card, "sim: insert" },
	{ "denied", MINUTE, 30 * MINUTE, 4, deny_network, "nas: register" },
	{ "no coverage", 10 * SECOND, 30 * MINUTE, 4, lose_coverage, "set nas.coverage on" },
	{ "firmware hung", 30 * SECOND, 5 * MINUTE, 4, hang_pipe },
	{ "bearer dead", MINUTE, MINUTE, 1, deaden_call, "lie: none" },
	{ "cause 26", MINUTE, 10 * MINUTE, 1, refuse_for_now, "wds.apn: internet v4 v6" },
	{ "cause 33", 10 * MINUTE, HOUR, 1, refuse_for_good, "wds.apn: internet v4 v6" },
};

struct record {
	const struct fault *fault;
	int64_t after, lost;
};

static struct record records[RECORDS_MAX];
static unsigned int count;

const struct fault *fault_start(void)
{
	return &start;
}

const struct fault *fault_choose(unsigned int *seed)
{
	unsigned int sum = 0, n, i;

	for (i = 0; i < FAULTS; i++)
		sum += faults[i].weight;
	n = rand_r(seed) % sum;
	for (i = 0; n >= faults[i].weight; i++)
		n -= faults[i].weight;
	return &faults[i];
}

void fault_begin(const struct fault *fault, struct control *control, int64_t real_ms)
{
	fault->begin(control, real_ms > 1 ? real_ms : 1);
}

void fault_end(const struct fault *fault, struct control *control)
{
	if (fault->end)
		control_do(control, "%s", fault->end);
}

void fault_record(const struct fault *fault, int64_t after, int64_t lost)
{
	if (after < 0)
		printf("%s: not back\n", fault->name);
	else
		printf("%s: back after %.1f s\n", fault->name, after / (double)SECOND);
	if (count == RECORDS_MAX)
		errx(1, "more than %d faults", RECORDS_MAX);
	records[count++] = (struct record){ fault, after, lost };
}

static int by_time(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* @fault: NULL means all but the start */
static void row(const struct fault *fault)
{
	int64_t after[RECORDS_MAX];
	unsigned int n = 0, soon = 0, never = 0;
	int64_t lost = 0;

	for (unsigned int i = 0; i < count; i++) {
		if (fault ? records[i].fault != fault : records[i].fault == &start)
			continue;
		lost += records[i].lost;
		if (records[i].after < 0) {
			never++;
			continue;
		}
		soon += records[i].after <= SOON;
		after[n++] = records[i].after;
	}
	if (!n && !never)
		return;
	qsort(after, n, sizeof(after[0]), by_time);
	printf("%-16s  %5u  %5u  %6.1f", fault ? fault->name : "all", n + never, never,
	       100.0 * soon / (n + never));
	if (n)
		printf("  %8.1f  %8.1f  %8.1f", after[n / 2] / (double)SECOND,
		       after[n * 95 / 100] / (double)SECOND,
		       after[n - 1] / (double)SECOND);
	else
		printf("  %8s  %8s  %8s", "-", "-", "-");
	printf("  %8.1f\n", lost / (double)SECOND);
}

void fault_table(void)
{
	printf("%-16s  %5s  %5s  %6s  %8s  %8s  %8s  %8s\n", "fault", "times", "never",
	       "30 s %", "median s", "95 % s", "most s", "lost s");
	row(&start);
	for (unsigned int i = 0; i < FAULTS; i++)
		row(&faults[i]);
	row(NULL);
}
