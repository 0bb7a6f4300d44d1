// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the long run: modems that fail by chance, and how m2md brings them back. */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "soak.h"

/*
 * DOC: what is measured
 *
 * soak [OPTION]... SOCKET=INTERFACE... -- DAEMON [ARGUMENT]...
 *
 * The daemon is started, and killed by chance in the first quarter. Each modem is left
 * alone for a while, then has a fault for a while, then has to carry pings again. It
 * *could serve* from the moment the fault is over and it has registered by itself until
 * the next fault. Times are the machine's: real ones times the factor.
 */

#define TICK_MS		200
#define TICK_LEAST_MS	10		/* of real time */
#define PING_EVERY	(10 * SECOND)
#define QUIET_LEAST	(20 * MINUTE)
#define QUIET_MOST	(100 * MINUTE)
#define LOST_AFTER	3		/* pings in a row: it is not online */
#define HOPELESS	(3 * HOUR)	/* then another fault may begin */

/* What a daemon that is killed no more may gain until the end */
#define GAIN_KB		64

enum phase { FAULTY, RETURNING, SERVING };

struct site {
	struct control control;
	const char *interface;
	enum phase phase;
	const struct fault *fault;
	int64_t until;			/* of the fault, or of the quiet */
	int64_t ended;			/* the fault did */
	int64_t could;			/* it could serve from then, or 0 */
	int64_t pinged, answered, lost_at;
	unsigned int unanswered;
	uint16_t sequence;
	int64_t served, serving;	/* what it did of what it could */
};

static struct {
	int64_t factor, hours, end;
	unsigned int seed;
	size_t n;
	struct site *sites;
	char **daemon;
	pid_t pid;
	int64_t kill_at, report_at;
	unsigned int kills;
	struct usage settled, last;	/* an hour after the last kill, and now */
} soak = { .factor = 1, .hours = 24, .seed = 1 };

static int64_t between(int64_t least, int64_t most)
{
	return least + (int64_t)rand_r(&soak.seed) * (most - least) / RAND_MAX;
}

static int64_t now_ms(void)
{
	return clock_real_ms() * soak.factor;
}

/* --- the daemon --------------------------------------------------------------- */

static void daemon_start(void)
{
	soak.pid = fork();
	if (soak.pid < 0)
		err(1, "fork");
	if (soak.pid)
		return;
	execvp(soak.daemon[0], soak.daemon);
	err(127, "%s", soak.daemon[0]);
}

static void daemon_kill(void)
{
	int status;

	kill(soak.pid, SIGKILL);
	if (waitpid(soak.pid, &status, 0) != soak.pid)
		err(1, "waitpid");
	daemon_start();
	soak.kills++;
}

static void daemon_check(void)
{
	int status;

	if (waitpid(soak.pid, &status, WNOHANG) == soak.pid)
		errx(1, "the daemon ended with status %#x", status);
}

static void report(int64_t now)
{
	int64_t passed = now - (soak.end - soak.hours * HOUR);
	unsigned int clients = 0;

	usage_read(soak.pid, &soak.last);
	/* nobody kills it after a quarter of the time */
	if (!soak.settled.kb && passed > soak.hours * HOUR / 4 + HOUR)
		soak.settled = soak.last;
	for (size_t i = 0; i < soak.n; i++)
		clients += control_number(&soak.sites[i].control, "clients");
	printf("hour %lld: memory %u kB, descriptors %u, client ids %u\n",
	       (long long)(passed / HOUR), soak.last.kb, soak.last.descriptors, clients);
	fflush(stdout);
}

/* --- one modem ---------------------------------------------------------------- */

static void account(struct site *site, int64_t from, int64_t now, bool served)
{
	site->serving += now - from;
	if (served)
		site->served += now - from;
}

static void rest(struct site *site, int64_t now)
{
	site->phase = SERVING;
	site->fault = NULL;
	site->until = now + between(QUIET_LEAST, QUIET_MOST);
	site->unanswered = 0;
	site->lost_at = 0;
}

static void fail(struct site *site, int64_t now)
{
	int64_t lasts;

	account(site, site->could, site->lost_at ? site->lost_at : now, true);
	if (site->lost_at)
		account(site, site->lost_at, now, false);
	site->fault = fault_choose(&soak.seed);
	lasts = between(site->fault->least, site->fault->most);
	fault_begin(site->fault, &site->control, lasts / soak.factor);
	site->phase = FAULTY;
	site->until = now + lasts;
	site->could = 0;
}

static void recover(struct site *site, int64_t now)
{
	fault_end(site->fault, &site->control);
	site->phase = RETURNING;
	site->ended = now;
	site->could = 0;
	site->pinged = 0;
}

static void come_back(struct site *site, int64_t now, bool answered)
{
	if (!site->could && control_is_registered(&site->control))
		site->could = now;
	if (answered) {
		if (!site->could)
			site->could = now;
		account(site, site->could, now, false);
		fault_record(site->fault, now - site->ended, now - site->could);
		site->could = now;
		rest(site, now);
	} else if (now - site->ended > HOPELESS) {
		if (!site->could)
			site->could = site->ended;
		account(site, site->could, now, false);
		fault_record(site->fault, -1, now - site->could);
		site->could = now;
		rest(site, now);
	}
}

/* While nothing was done to it */
static void watch(struct site *site, int64_t now, bool answered)
{
	if (answered && site->lost_at) {
		account(site, site->could, site->lost_at, true);
		account(site, site->lost_at, now, false);
		printf("%s: lost for %lld s without a fault\n", site->interface,
		       (long long)((now - site->lost_at) / SECOND));
		site->could = now;
		site->lost_at = 0;
	}
	if (answered)
		site->unanswered = 0;
	if (site->unanswered >= LOST_AFTER && !site->lost_at)
		site->lost_at = site->answered;
	if (now >= site->until)
		fail(site, now);
}

static void ping_if_due(struct site *site, int64_t now, uint16_t id)
{
	int64_t every = site->phase == SERVING ? PING_EVERY : SECOND;

	if (now - site->pinged < every)
		return;
	site->pinged = now;
	site->unanswered++;
	ping_send(site->interface, id, ++site->sequence);
}

static void tick(struct site *site, int64_t now, bool answered)
{
	ping_if_due(site, now, site - soak.sites);
	if (answered)
		site->answered = now;
	switch (site->phase) {
	case FAULTY:
		if (now >= site->until)
			recover(site, now);
		break;
	case RETURNING:
		come_back(site, now, answered);
		break;
	case SERVING:
		watch(site, now, answered);
		break;
	}
}

/* --- all of them -------------------------------------------------------------- */

static void run(void)
{
	int tick_ms = soak.factor * TICK_LEAST_MS < TICK_MS ? TICK_MS / soak.factor :
							      TICK_LEAST_MS;
	bool *answered = calloc(soak.n, sizeof(*answered));
	int64_t now = now_ms();
	uint16_t id, sequence;

	if (!answered)
		err(1, "calloc");
	soak.end = now + soak.hours * HOUR;
	soak.report_at = now;
	soak.kill_at = now + between(10 * MINUTE, HOUR);
	for (; now < soak.end; now = now_ms()) {
		ping_wait(tick_ms);
		memset(answered, 0, soak.n * sizeof(*answered));
		/* an answer to a ping of before the fault is no news */
		while (ping_receive(&id, &sequence))
			if (id < soak.n && sequence == soak.sites[id].sequence)
				answered[id] = true;
		for (size_t i = 0; i < soak.n; i++)
			tick(&soak.sites[i], now, answered[i]);
		daemon_check();
		if (now >= soak.kill_at && now < soak.end - soak.hours * HOUR * 3 / 4) {
			daemon_kill();
			soak.kill_at = now + between(10 * MINUTE, HOUR);
		}
		if (now >= soak.report_at) {
			report(now);
			soak.report_at += HOUR;
		}
	}
	free(answered);
}

static void conclude(void)
{
	int64_t served = 0, serving = 0;

	for (size_t i = 0; i < soak.n; i++) {
		struct site *site = &soak.sites[i];

		if (site->phase == SERVING)
			account(site, site->could, soak.end, !site->lost_at);
		served += site->served;
		serving += site->serving;
	}
	fault_table();
	printf("online %.3f %% of %.1f hours that the modems could serve; daemon killed %u times\n",
	       serving ? 100.0 * served / serving : 0, serving / (double)HOUR,
	       soak.kills);
}

/* Whether it kept what it had when it was settled; one descriptor a modem comes and goes */
static bool is_flat(void)
{
	int64_t kb = (int64_t)soak.last.kb - soak.settled.kb;
	int64_t descriptors = (int64_t)soak.last.descriptors - soak.settled.descriptors;

	if (!soak.settled.kb) {
		printf("too short to say what it gained\n");
		return true;
	}
	printf("it gained %lld kB and %lld descriptors since it was killed no more\n",
	       (long long)kb, (long long)descriptors);
	return kb <= GAIN_KB && descriptors <= (int64_t)soak.n;
}

static void parse_site(struct site *site, char *word)
{
	char *interface = strchr(word, '=');

	if (!interface)
		errx(2, "%s: SOCKET=INTERFACE?", word);
	*interface++ = '\0';
	site->interface = interface;
	control_open(&site->control, word);
}

static int64_t number(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end || value < 1)
		errx(2, "%s is no count", text);
	return value;
}

/* Into @soak; ends the program where it is wrong */
static void parse(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "hours", required_argument, NULL, 'h' },
		{ "factor", required_argument, NULL, 'f' },
		{ "seed", required_argument, NULL, 's' },
		{ }
	};
	int c;

	while ((c = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (c == 'h')
			soak.hours = number(optarg);
		else if (c == 'f')
			soak.factor = number(optarg);
		else if (c == 's')
			soak.seed = number(optarg);
		else
			exit(2);
	}
	soak.sites = calloc(argc, sizeof(*soak.sites));
	if (!soak.sites)
		err(1, "calloc");
	for (; optind < argc && strchr(argv[optind], '='); optind++)
		parse_site(&soak.sites[soak.n++], argv[optind]);
	if (optind < argc && !strcmp(argv[optind], "--"))
		optind++;
	if (!soak.n || optind == argc)
		errx(2, "usage: soak [OPTION]... SOCKET=INTERFACE... -- DAEMON...");
	soak.daemon = argv + optind;
}

int main(int argc, char *argv[])
{
	int status;

	parse(argc, argv);
	ping_open();
	daemon_start();
	for (size_t i = 0; i < soak.n; i++) {
		soak.sites[i].fault = fault_start();
		soak.sites[i].phase = RETURNING;
		soak.sites[i].ended = now_ms();
	}
	run();
	report(soak.end);
	kill(soak.pid, SIGTERM);
	if (waitpid(soak.pid, &status, 0) != soak.pid || status)
		errx(1, "the daemon ended with status %#x", status);
	conclude();
	return is_flat() ? 0 : 1;
}
