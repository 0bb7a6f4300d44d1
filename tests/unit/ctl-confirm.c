// SPDX-License-Identifier: GPL-2.0-or-later
/* --confirm of who changes a modem: which file m2md is given to try, and when none. */
#include <glib.h>
#include <glib/gstdio.h>
#include <kselftest_harness.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../../tools/ctl/ctl.h"
#include "../lib/harness.h"
#include "ctlsim.h"

#define OK		EXIT_OK
#define FAILED		EXIT_FAILED
#define USAGE		EXIT_USAGE
#define TIMEOUT		EXIT_TIMEOUT
#define NO_DRIVER	EXIT_NO_DRIVER
#define UNSUPPORTED	EXIT_UNSUPPORTED
#define BUSY		EXIT_BUSY

#define SITE	"modem.d/site.modem"
#define OURS	SITE ".d/90-m2mctl.conf"
#define PDN	"[PDN wan]\nAPN=internet\n"

/* What m2md says of the modem; it says so to every question */
#define WHY(managed, alias, state)						\
	"{\"schema\":1,\"modems\":[{\"usb_path\":\"1-1\",\"alias\":" alias ","	\
	"\"managed\":" managed ",\"state\":\"" state "\"}],\"pdns\":[]}\n"

static const char managed[] = WHY("true", "\"site\"", "registered");

static char *directory;

static void serve(int listener, const char *text)
{
	char request[1024];

	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fd < 0)
			_exit(0);
		if (recv(fd, request, sizeof(request), 0) > 0 &&
		    send(fd, text, strlen(text), MSG_NOSIGNAL) < 0)
			perror("# send");
		close(fd);
	}
}

/* It ends with the test, whose process group it is of */
static void start_m2md(const char *text)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	pid_t pid;

	g_snprintf(addr.sun_path, sizeof(addr.sun_path), "%s/socket", directory);
	ASSERT_LE(0, listener);
	ASSERT_EQ(0, bind(listener, (struct sockaddr *)&addr, sizeof(addr)));
	ASSERT_EQ(0, listen(listener, 4));
	pid = fork();
	ASSERT_NE(-1, pid);
	if (!pid)
		serve(listener, text);
	close(listener);
}

static char *path_of(const char *name)
{
	return g_build_filename(directory, name, NULL);
}

static void put(const char *name, const char *text)
{
	g_autofree char *path = path_of(name);
	g_autofree char *above = g_path_get_dirname(path);

	ASSERT_EQ(0, g_mkdir_with_parents(above, 0755));
	ASSERT_TRUE(g_file_set_contents(path, text, -1, NULL));
}

/* "" if there is none */
static const char *get(const char *name)
{
	static char *text;
	g_autofree char *path = path_of(name);

	g_clear_pointer(&text, g_free);
	return g_file_get_contents(path, &text, NULL, NULL) ? text : "";
}

/* @answer: of m2md, NULL: it does not run */
static void configure(const char *answer)
{
	g_autofree char *socket_path = NULL;

	directory = g_dir_make_tmp("ctl-confirm-XXXXXX", NULL);
	ASSERT_TRUE(directory);
	socket_path = path_of("socket");
	setenv("M2MD_SOCKET", socket_path, 1);
	setenv("M2MD_CONFIG", directory, 1);
	put(SITE, PDN);
	if (answer)
		start_m2md(answer);
}

static void start(const char *answer)
{
	configure(answer);
	ctlsim_start_registered((const char *const []) { "sim.slots=2", NULL });
	ctlsim_writes();
}

static void stop(void)
{
	g_autofree char *command = g_strdup_printf("rm -r %s", directory);

	EXPECT_EQ(0, system(command));
	g_free(directory);
}

static bool is_tried(void)
{
	return *get("trial/record");
}

/* Whoever is there to write it is not in this test: it is so already */
TEST(a_drop_in_of_the_modems_own_file)
{
	start(managed);
	EXPECT_RUN(OK, "\"changed\":true", "-j net bands b3,b20");
	EXPECT_EQ(1, ctlsim_writes());
	EXPECT_RUN(OK, "\"changed\":false,\"trial\":true,\"confirm_s\":600",
		   "-j net bands b3,b20 --confirm 10m");
	EXPECT_STREQ("[Network]\nBands=b3,b20\n", get("trial/" OURS));
	EXPECT_STREQ(PDN, get("trial/" SITE));
	EXPECT_STREQ("", get(OURS));
	EXPECT_RUN(BUSY, "is being tried; try: m2mctl config confirm",
		   "net modes lte --confirm 10m");
	EXPECT_RUN(OK, "\"files\":[\"" OURS "\"]", "-j config confirm");
	EXPECT_STREQ("[Network]\nBands=b3,b20\n", get(OURS));
	EXPECT_FALSE(is_tried());
	EXPECT_EQ(0, ctlsim_writes());
	stop();
}

TEST(the_other_keys_of_the_drop_in_stay)
{
	start(managed);
	put(OURS, "# mine\n[SIM]\nSlot=1\n\n[Network]\nBands=b7\nRoaming=home\n");
	EXPECT_RUN(OK, "tried for 20 s: m2mctl config confirm keeps it",
		   "net bands all --confirm 20");
	EXPECT_STREQ("# mine\n[SIM]\nSlot=1\n\n[Network]\nBands=all\nRoaming=home\n",
		     get("trial/" OURS));
	EXPECT_RUN(OK, "former", "config revert");
	EXPECT_RUN(OK, "tried", "net select auto --confirm 1h");
	EXPECT_STREQ("# mine\n[SIM]\nSlot=1\n\n[Network]\nBands=b7\nRoaming=home\n"
		     "Operator=auto\n", get("trial/" OURS));
	EXPECT_RUN(OK, "kept", "config confirm");
	EXPECT_RUN(OK, "tried", "net modes auto --confirm 1h");
	EXPECT_RUN(OK, "kept", "config confirm");
	EXPECT_RUN(OK, "\"trial\":true", "-j sim slot 01 --confirm 1h");
	EXPECT_STREQ("# mine\n[SIM]\nSlot=1\n\n[Network]\nBands=b7\nRoaming=home\n"
		     "Operator=auto\nModes=auto\n", get("trial/" OURS));
	stop();
}

/* Until then it is waited for; the trial goes on all the same */
TEST(m2md_that_does_not_set_it)
{
	start(managed);
	EXPECT_RUN(TIMEOUT, "m2md has not set the modem so yet; try: m2mctl why",
		   "--wait 1 net bands b20 --confirm 10m");
	EXPECT_TRUE(is_tried());
	EXPECT_RUN(OK, "former", "config revert");
	EXPECT_RUN(TIMEOUT, "slot 2 is not in use yet", "--wait 1 sim slot 2 --confirm 10m");
	EXPECT_STREQ("[SIM]\nSlot=2\n", get("trial/" OURS));
	EXPECT_EQ(0, ctlsim_writes());
	stop();
}

TEST(what_no_modem_takes_is_not_tried)
{
	start(managed);
	EXPECT_RUN(UNSUPPORTED, "no LTE band b71", "net bands b71 --confirm 10m");
	EXPECT_RUN(UNSUPPORTED, "no mode 5gnr", "net modes 5gnr --confirm 10m");
	EXPECT_RUN(USAGE, "not \"many\"", "net bands many --confirm 10m");
	EXPECT_RUN(USAGE, "2 SIM slots, not 3", "sim slot 3 --confirm 10m");
	EXPECT_FALSE(is_tried());
	stop();
}

/* Who is to return to what was before */
TEST(where_nobody_would_return)
{
	static const struct {
		const char *why;
		int status;
		const char *sentence;
	} rows[] = {
		{ NULL, NO_DRIVER, "m2md does not run: nobody would return to the former "
		  "setting; try: systemctl start m2md, or without --confirm" },
		{ WHY("false", "\"site\"", "watching"), FAILED,
		  "m2md does not manage this modem: nobody would return" },
		{ "{\"schema\":1,\"modems\":[],\"pdns\":[]}\n", FAILED,
		  "m2md does not manage this modem" },
		{ WHY("true", "\"site\"", "held"), BUSY, "try: m2mctl modem release" },
		{ WHY("true", "null", "registered"), FAILED,
		  "without a .modem file that could say it; try: m2mctl config apply" },
		{ WHY("true", "\"other\"", "registered"), FAILED,
		  "there is no modem.d/other.modem in " },
		{ WHY("true", "\"../site\"", "registered"), FAILED,
		  "there is no modem.d/../site.modem in " },
	};

	start(managed);
	stop();
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		configure(rows[i].why);
		EXPECT_RUN(rows[i].status, rows[i].sentence, "net bands all --confirm 10m");
		EXPECT_FALSE(is_tried());
		stop();
	}
}

TEST(past_m2md)
{
	start(managed);
	EXPECT_RUN(USAGE, "--direct goes past m2md, and --confirm needs it",
		   "--direct net bands all --confirm 10m");
	EXPECT_FALSE(is_tried());
	stop();
}

TEST(a_file_that_comes_later_says_otherwise)
{
	start(managed);
	put(SITE ".d/99-mine.conf", "[Network]\nBands=b7\n");
	EXPECT_RUN(FAILED, "/99-mine.conf says Bands=b7, which comes after 90-m2mctl.conf",
		   "net bands all --confirm 10m");
	EXPECT_FALSE(is_tried());
	stop();
}

TEST(a_configuration_with_errors)
{
	start(managed);
	put("modem.d/bad.modem", "[Match]\nIMEI=1*\n[PDN lan]\nMTU=1\n");
	EXPECT_RUN(FAILED, "the configuration has 1 errors: nothing was changed; "
		   "try: m2mctl config check", "net bands all --confirm 10m");
	EXPECT_FALSE(is_tried());
	stop();
}

TEST(a_file_that_is_one_cards)
{
	start(managed);
	put(SITE, "[SIM]\nOrder=1,2\n" PDN);
	EXPECT_RUN(FAILED, "site.modem has Order=, with which there is no Slot=",
		   "sim slot 2 --confirm 10m");
	put(SITE, "[Match]\nICCID=8949*\n" PDN);
	EXPECT_RUN(FAILED, "site.modem goes by ICCID=: another card is not its own",
		   "sim slot 1 --confirm 10m");
	EXPECT_FALSE(is_tried());
	EXPECT_RUN(OK, "tried", "net bands all --confirm 10m");
	stop();
}

TEST_HARNESS_MAIN
