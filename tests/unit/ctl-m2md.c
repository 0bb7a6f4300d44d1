// SPDX-License-Identifier: GPL-2.0-or-later
/* m2mctl's commands that ask m2md, here a process that knows its answers by heart. */
#include <glib.h>
#include <kselftest_harness.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../../tools/ctl/ctl.h"
#include "../../tools/lib/nl.h"
#include "../lib/harness.h"
#include "ctlsim.h"

#define OK		EXIT_OK
#define TIMEOUT		EXIT_TIMEOUT
#define NO_MODEM	EXIT_NO_MODEM

#define STATE	"\"state\":\"online\",\"cause\":null,\"cause_text\":null,\"since_s\":5," \
		"\"next\":\"person\",\"next_s\":null"

/* The modem at 1-1 bears the alias of a file whose [Match] only the modem can tell */
static const char why[] =
	"{\"schema\":1,\"modems\":["
	"{\"usb_path\":\"1-1\",\"alias\":\"site\",\"imei\":\"490154203237518\","
	"\"driver\":\"m2m_wwan\",\"managed\":true,\"online\":true,"
	"\"former\":\"slot, bands\",\"slot\":2,\"next_slot\":1,\"next_slot_s\":null,"
	STATE "},"
	"{\"usb_path\":\"1-2\",\"alias\":null,\"imei\":\"490154203237526\","
	"\"driver\":\"qmi_wwan\",\"managed\":true,\"online\":true,"
	"\"slot\":1,\"next_slot\":2,\"next_slot_s\":90," STATE "}],"
	"\"pdns\":[{\"usb_path\":\"1-1\",\"name\":\"wan\"," STATE "},"
	"{\"usb_path\":\"1-2\",\"name\":\"other\"," STATE "}]}\n";

/* One that is gone stands there, too */
static const char history[] =
	"{\"schema\":1,\"boot_ms\":9000,\"wall_ms\":9000,\"clock_trusted\":false,\"events\":["
	"{\"number\":1,\"boot_ms\":1000,\"wall_ms\":1000,\"clock_trusted\":false,"
	"\"kind\":\"modem\",\"usb_path\":\"1-1\",\"imei\":\"490154203237518\",\"pdn\":null,"
	"\"what\":\"here\",\"cause\":null,\"cause_text\":null},"
	"{\"number\":2,\"boot_ms\":2000,\"wall_ms\":2000,\"clock_trusted\":false,"
	"\"kind\":\"modem\",\"usb_path\":\"1-9\",\"imei\":\"490154203237534\",\"pdn\":null,"
	"\"what\":\"gone\",\"cause\":null,\"cause_text\":null}],\"more\":false}\n";

/* ... and in the last minute there was nothing */
static const char nothing[] =
	"{\"schema\":1,\"boot_ms\":9000,\"wall_ms\":9000,\"clock_trusted\":false,"
	"\"events\":[],\"more\":false}\n";

static const char *directory;

/* What m2md refuses with, if a test wants it to */
static char *refusal(void)
{
	g_autofree char *file = g_build_filename(directory, "refusal", NULL);
	char *text = NULL;

	g_file_get_contents(file, &text, NULL, NULL);
	return text;
}

#define TRICKLE		"trickle"
#define TRICKLE_MS	500

/* Never a line, and never long without a byte */
static void trickle(int fd)
{
	/* until the other end is gone */
	while (!poll(&(struct pollfd){ fd, 0 }, 1, TRICKLE_MS) &&
	       send(fd, " ", 1, MSG_NOSIGNAL) == 1)
		;
}

static void answer(int fd)
{
	g_autofree char *refused = refusal();
	char request[1024];
	ssize_t n = recv(fd, request, sizeof(request) - 1, 0);
	const char *text;

	if (n <= 0)
		return;
	request[n] = '\0';
	if (refused && !strcmp(refused, TRICKLE)) {
		trickle(fd);
		return;
	}
	text = refused ? refused :
	       !strstr(request, "\"history\"") ? why :
	       strstr(request, "\"since_s\":60") ? nothing : history;
	if (send(fd, text, strlen(text), MSG_NOSIGNAL) < 0)
		perror("# send");
}

static void serve(int listener)
{
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fd < 0)
			_exit(0);
		answer(fd);
		close(fd);
	}
}

/* Whoever waits for a lease listens to the driver, which is not here: to one without news */
int __real_m2m_nl_open(const char *family, struct m2m_nl **ret_nl, struct m2m_error *error);
int __wrap_m2m_nl_open(const char *family, struct m2m_nl **ret_nl, struct m2m_error *error);
int __wrap_m2m_nl_open(const char *family, struct m2m_nl **ret_nl, struct m2m_error *error)
{
	return __real_m2m_nl_open(NULL, ret_nl, error);
}

/* It ends with the test, whose process group it is of */
static void start(void)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	pid_t pid;

	ASSERT_LE(0, listener);
	directory = ctlsim_config_begin();
	g_snprintf(addr.sun_path, sizeof(addr.sun_path), "%s/socket", directory);
	ASSERT_EQ(0, bind(listener, (struct sockaddr *)&addr, sizeof(addr)));
	ASSERT_EQ(0, listen(listener, 4));
	setenv("M2MD_SOCKET", addr.sun_path, 1);
	pid = fork();
	ASSERT_NE(-1, pid);
	if (!pid)
		serve(listener);
	close(listener);
	ctlsim_start(NULL);
}

/* Each has its status, and what to do next */
TEST(what_m2md_refuses)
{
	static const struct {
		const char *token;
		int status;
		const char *hint;
	} rows[] = {
		{ "not-permitted", EXIT_PERMISSION, "run it as root" },
		{ "no-such-modem", EXIT_NO_MODEM, "m2mctl why" },
		{ "not-managed", EXIT_FAILED, "m2mctl why" },
		{ "ambiguous", EXIT_USAGE, "-d with a USB path" },
		{ "too-often", EXIT_TEMPORARY, "the same again in a second" },
		{ "no-such-method", EXIT_FAILED, "systemctl restart m2md" },
	};
	g_autofree char *file = NULL;

	start();
	file = g_build_filename(directory, "refusal", NULL);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		g_autofree char *text = g_strdup_printf("{\"error\":\"%s\",\"error_text\":\"for "
							"a reason\"}\n", rows[i].token);
		g_autofree char *said = g_strdup_printf("m2md: %s: for a reason; try: %s",
							rows[i].token, rows[i].hint);

		ASSERT_TRUE(g_file_set_contents(file, text, -1, NULL));
		EXPECT_RUN(rows[i].status, said, "history");
	}
	ctlsim_config_end();
}

TEST(an_answer_that_trickles)
{
	g_autofree char *file = NULL;
	gint64 began;

	start();
	file = g_build_filename(directory, "refusal", NULL);
	ASSERT_TRUE(g_file_set_contents(file, TRICKLE, -1, NULL));
	began = g_get_monotonic_time();
	EXPECT_RUN(TIMEOUT, "m2md does not answer", "history");
	EXPECT_LE(5000000, g_get_monotonic_time() - began);
	ctlsim_config_end();
}

TEST(without_m2md)
{
	directory = ctlsim_config_begin();
	setenv("M2MD_SOCKET", "/nonexistent", 1);
	ctlsim_start(NULL);
	EXPECT_RUN(EXIT_NO_DRIVER, "m2md does not run (/nonexistent: No such file or directory); "
		   "try: systemctl status m2md", "--timeout 1 wait-online");
	ctlsim_config_end();
}

/* m2md knows which modem a card or a model makes it */
TEST(an_alias_of_what_only_the_modem_tells)
{
	start();
	ctlsim_config_file("site", "[Match]\nICCID=8949*\n");
	EXPECT_RUN(OK, "\"usb_path\":\"1-1\",\"imei\"", "-j -d site why");
	EXPECT_FALSE(strstr(ctlsim_text, "1-2"));
	EXPECT_RUN(OK, "\"name\":\"wan\"", "-j -d site wait-online");
	EXPECT_RUN(OK, "\"what\":\"here\"", "-j -d site history");
	EXPECT_FALSE(strstr(ctlsim_text, "gone"));
	EXPECT_RUN(TIMEOUT, "is not online", "-d site --timeout 1 wait-online other");
	ctlsim_config_end();
}

TEST(what_is_on_trial)
{
	start();
	EXPECT_RUN(OK, "1-1: on trial, and as before once that is over: slot, bands\n", "why");
	EXPECT_FALSE(strstr(ctlsim_text, "1-2: on trial"));
	EXPECT_RUN(OK, "\"former\":\"slot, bands\"", "-j why");
	EXPECT_RUN(OK, "1-2", "-d 1-2 why");
	EXPECT_FALSE(strstr(ctlsim_text, "on trial"));
	ctlsim_config_end();
}

TEST(which_card_is_next)
{
	start();
	EXPECT_RUN(OK, "1-1: slot 2 is in use\n", "why");
	EXPECT_RUN(OK, "1-2: slot 1 is in use; next: slot 2 in 90 s\n", "-d 1-2 why");
	EXPECT_FALSE(strstr(ctlsim_text, "1-1: slot"));
	EXPECT_RUN(OK, "\"slot\":1,\"next_slot\":2,\"next_slot_s\":90", "-j -d 1-2 why");
	EXPECT_RUN(OK, "\"slot\":2,\"next_slot\":1,\"next_slot_s\":null", "-j -d 1-1 why");
	ctlsim_config_end();
}

TEST(an_alias_that_fits_none)
{
	start();
	ctlsim_config_file("spare", "[Match]\nICCID=8988*\nModel=M2\n");
	EXPECT_RUN(NO_MODEM, "fits spare.modem, which goes by ICCID=, Model=", "-d spare why");
	EXPECT_RUN(NO_MODEM, "fits spare.modem", "-d spare history");
	ctlsim_config_end();
}

/* One that m2md has, has had, or never heard of */
TEST(history_of_a_modem)
{
	start();
	EXPECT_RUN(OK, "nothing happened", "-d 1-2 history");
	EXPECT_RUN(OK, "gone", "-d 1-9 history");
	EXPECT_RUN(OK, "gone", "-d 490154203237534 history");
	EXPECT_RUN(OK, "nothing happened", "-d 1-9 --since 60 history");
	EXPECT_RUN(NO_MODEM, "m2md knows no modem called 1-22", "-d 1-22 history");
	EXPECT_RUN(NO_MODEM, "no modem called 1-22", "-d 1-22 --since 60 history");
	EXPECT_RUN(NO_MODEM, "m2md knows no modem called stie", "-d stie why");
	ctlsim_config_end();
}

/* What people are shown of it; "m2mctl health" is asked the same */
TEST(texts)
{
	static const char *const lines[] = {
		"why", "-d 1-2 why", "health", "history", "history -n 1", "-d 1-22 history",
		"wait-online wan", "--timeout 1 wait-online other", "modem hold",
		"modem hold --for 1h", "modem release", NULL
	};

	start();
	ctlsim_texts("m2md", lines);
	ctlsim_config_end();
}

/* What status prints where the driver is mainline's is as its schema says */
TEST(status_of_a_degraded_modem)
{
	char *argv[] = { (char *)"m2mctl", (char *)"-j", (char *)"status", NULL };
	char sentence[128], *text = NULL;
	struct args args;
	struct ctl ctl = { .args = &args, .signal_fd = -1 };
	size_t size;
	FILE *to = open_memstream(&text, &size);

	start();
	ASSERT_EQ(0, args_parse(3, argv, &args, sentence, sizeof(sentence)));
	ctl.out = out_new(to, OUT_JSON);
	EXPECT_EQ(0, why_degraded(&ctl));
	EXPECT_EQ(0, out_finish(ctl.out));
	fclose(to);
	ctlsim_check_schema(args.command, text);
	EXPECT_TRUE(strstr(text, "\"degraded\":true"));
	EXPECT_TRUE(strstr(text, "\"driver\":\"qmi_wwan\""));
	EXPECT_TRUE(strstr(text, "\"alias\":null"));
	free(text);
	ctlsim_config_end();
}

TEST_HARNESS_MAIN
