// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What m2m-at does to a modem: sysfs is a directory, the modem a process behind a pseudo
 * terminal that remembers what it was told and counts it.
 */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <kselftest_harness.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../tools/at/init.h"
#include "../../tools/at/tty.h"
#include "../../tools/at/usb.h"
#include "../lib/harness.h"

#define IMEI	"860000000000011"

static char top[] = "/tmp/at-init-XXXXXX";

static void make_file(const char *path, const char *text)
{
	g_autofree char *file = g_build_filename(top, path, NULL);
	g_autofree char *directory = g_path_get_dirname(file);

	ASSERT_EQ(0, g_mkdir_with_parents(directory, 0755));
	ASSERT_TRUE(g_file_set_contents(file, text, -1, NULL));
}

static void make_link(const char *to, const char *path)
{
	g_autofree char *file = g_build_filename(top, path, NULL);
	g_autofree char *directory = g_path_get_dirname(file);

	ASSERT_EQ(0, g_mkdir_with_parents(directory, 0755));
	unlink(file);
	ASSERT_EQ(0, symlink(to, file));
}

#define DEVICES	"sys/bus/usb/devices/"

/* A modem without ports, and its QMI interface */
static void make_device(const char *path, const char *vendor, const char *product)
{
	g_autofree char *file = g_strdup_printf(DEVICES "%s/idVendor", path);
	g_autofree char *other = g_strdup_printf(DEVICES "%s/idProduct", path);
	g_autofree char *link = g_strdup_printf(DEVICES "%s:1.4/driver", path);
	g_autofree char *number = g_strdup_printf(DEVICES "%s:1.4/bInterfaceNumber", path);

	make_file(file, vendor);
	make_file(other, product);
	make_file(number, "04\n");
	make_link("../../../drivers/qmi_wwan", link);
}

/* A serial port on an interface, whose node leads to @node */
static void make_tty(const char *path, int interface, const char *name, const char *node)
{
	g_autofree char *dir = g_strdup_printf(DEVICES "%s:1.%d", path, interface);
	g_autofree char *number = g_strdup_printf("%s/bInterfaceNumber", dir);
	g_autofree char *tty = g_strdup_printf("%s/%s/tty/%s/dev", dir, name, name);
	g_autofree char *link = g_strdup_printf("sys/class/tty/%s/device", name);
	g_autofree char *device = g_strdup_printf("%s/%s/%s", top, dir, name);
	g_autofree char *text = g_strdup_printf("%02x\n", interface);
	g_autofree char *entry = g_strdup_printf("dev/%s", name);

	make_file(number, text);
	make_file(tty, "188:0\n");
	make_link(device, link);
	make_link(node, entry);
}

static char *sysfs, *dev;
static struct config *config;
static struct init_options options;

static void read_config(void)
{
	g_autofree char *directory = g_build_filename(top, "etc", NULL);
	struct conf_notes notes = { 0 };

	config_free(config);
	config = config_load(directory, &notes);
	options.config = config;
	conf_notes_clear(&notes);
}

/* --- the modem ---------------------------------------------------------------------- */

/* Told to it, and asked of it, across processes */
struct fake {
	char psm[64], mode[16];
	char last[128];			/* command */
	unsigned int commands, writes;
	bool deaf;			/* forgets what it said OK to */
	bool silent;			/* about what sets something */
	bool mute;			/* about everything */
	bool noisy;
	bool gone;			/* after the next set */
	unsigned int busy;		/* asked for the card so often in vain */
};

static struct fake *fake;

static const char *fake_set(char *value, size_t size, const char *text)
{
	fake->writes++;
	if (!fake->deaf)
		g_strlcpy(value, text, size);
	return fake->silent ? NULL : "";
}

/* Lines before OK; NULL for no answer; what begins with ! is instead of OK */
static const char *fake_answer(const char *command, char *buf, size_t size)
{
	fake->commands++;
	g_strlcpy(fake->last, command, sizeof(fake->last));
	if (fake->mute)
		return NULL;
	if (!strcmp(command, "AT") || !strcmp(command, "ATE0"))
		return "";
	if (!strcmp(command, "AT+CGSN"))
		return IMEI "\r\n";
	if (!strcmp(command, "AT+CGMM"))
		return "EC25\r\n";
	if (g_str_has_prefix(command, "AT+CRSM=")) {
		if (!fake->busy)
			return "+CRSM: 144,0,\"984407300000000000F1\"\r\n";
		fake->busy--;
		return "!+CME ERROR: 14";
	}
	if (!strcmp(command, "AT+CPSMS?"))
		snprintf(buf, size, "+CPSMS: %s\r\n", fake->psm);
	else if (!strcmp(command, "AT+QCFG=\"iotopmode\""))
		snprintf(buf, size, "+QCFG: \"iotopmode\",%s\r\n", fake->mode);
	else if (g_str_has_prefix(command, "AT+CPSMS="))
		return fake_set(fake->psm, sizeof(fake->psm), command + 9);
	else if (g_str_has_prefix(command, "AT+QCFG=\"iotopmode\","))
		return fake_set(fake->mode, sizeof(fake->mode), command + 20);
	else if (!strcmp(command, "AT+BLIND=1"))
		return fake_set(buf, size, "");
	else
		return "!+CME ERROR: 50";
	return buf;
}

static void fake_say(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) < 0)
		_exit(1);
}

static void fake_line(int fd, const char *command)
{
	char buf[128] = "";
	const char *answer = fake_answer(command, buf, sizeof(buf));

	/* the echo */
	fake_say(fd, command);
	fake_say(fd, "\r");
	if (fake->gone && fake->writes)
		_exit(0);
	if (!answer)
		return;
	if (fake->noisy)
		fake_say(fd, "\r\n+CREG: 1\r\n\x01\xfe" "x\r\n\r\nRDY\r\n");
	fake_say(fd, "\r\n");
	if (*answer == '!') {
		fake_say(fd, answer + 1);
	} else {
		fake_say(fd, answer);
		fake_say(fd, "\r\nOK");
	}
	fake_say(fd, "\r\n");
}

static void fake_run(int fd)
{
	char line[256], c;
	size_t len = 0;
	ssize_t n;

	while ((n = read(fd, &c, 1)) == 1 || (n < 0 && errno == EIO)) {
		/* nobody has the other end open */
		if (n < 0) {
			poll(NULL, 0, 5);
		} else if (c != '\r' && len + 1 < sizeof(line)) {
			line[len++] = c;
		} else {
			line[len] = '\0';
			len = 0;
			fake_line(fd, line);
		}
	}
	_exit(0);
}

/* Behind a port of the modem at 1-1 */
static void start_fake(int interface, const char *name)
{
	int master, slave;
	char node[64];
	pid_t pid;

	ASSERT_EQ(0, openpty(&master, &slave, node, NULL, NULL));
	close(slave);
	make_tty("1-1", interface, name, node);
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		fake_run(master);
	close(master);
}

void harness_before(void)
{
	ASSERT_TRUE(mkdtemp(top));
	fake = mmap(NULL, sizeof(*fake), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		    -1, 0);
	ASSERT_TRUE(fake != MAP_FAILED);
	strcpy(fake->psm, "0");
	strcpy(fake->mode, "0");
	make_device("1-1", "2c7c\n", "0125\n");
	sysfs = g_build_filename(top, "sys", NULL);
	dev = g_build_filename(top, "dev", NULL);
	options = (struct init_options){
		.sysfs = sysfs, .dev = dev, .state_directory = top,
		.answer_ms = harness_ms(500),
	};
}

static void end(void)
{
	char command[64];

	config_free(config);
	g_free(sysfs);
	g_free(dev);
	snprintf(command, sizeof(command), "rm -rf %s", top);
	ASSERT_EQ(0, system(command));
}

/* Done with this file; its status */
static int done(const char *text)
{
	make_file("etc/modem.d/a.modem", text);
	read_config();
	return init_modem(&options, "1-1", -1);
}

/* --- what is done -------------------------------------------------------------------- */

#define FILE_FOR(match)	match "[Modem]\nAtInit=AT+CPSMS=1,,,\"00000110\"\n" \
	"AtInit=AT+QCFG=\"iotopmode\",2,1\n"

TEST(what_differs_is_written_and_nothing_else)
{
	start_fake(2, "ttyUSB2");
	EXPECT_EQ(0, done(FILE_FOR("")));
	EXPECT_EQ(2, fake->writes);
	EXPECT_STREQ("1,,,\"00000110\"", fake->psm);
	/* as the modem tells it: without what says when it takes effect */
	strcpy(fake->mode, "2");
	EXPECT_EQ(0, done(FILE_FOR("")));
	EXPECT_EQ(2, fake->writes);
	strcpy(fake->mode, "1");
	EXPECT_EQ(0, done(FILE_FOR("")));
	EXPECT_EQ(3, fake->writes);
	end();
}

TEST(dry_runs_only_ask)
{
	start_fake(2, "ttyUSB2");
	options.dry_run = true;
	EXPECT_EQ(0, done(FILE_FOR("") "AtInit=ATE0\n"));
	EXPECT_EQ(0, fake->writes);
	EXPECT_STREQ("AT+QCFG=\"iotopmode\"", fake->last);
	end();
}

TEST(noise_changes_nothing)
{
	start_fake(2, "ttyUSB2");
	fake->noisy = true;
	EXPECT_EQ(0, done(FILE_FOR("[Match]\nIMEI=" IMEI "\n")));
	EXPECT_EQ(2, fake->writes);
	end();
}

TEST(what_nothing_reads_back_is_sent)
{
	start_fake(2, "ttyUSB2");
	EXPECT_EQ(0, done("[Modem]\nAtInit=AT+BLIND=1\nAtInit=ATE0\n"));
	EXPECT_EQ(1, fake->writes);
	EXPECT_STREQ("ATE0", fake->last);
	end();
}

TEST(a_setting_that_does_not_stay_is_an_error)
{
	start_fake(2, "ttyUSB2");
	fake->deaf = true;
	EXPECT_EQ(-EREMOTEIO, done(FILE_FOR("")));
	/* the other one had its turn */
	EXPECT_EQ(2, fake->writes);
	end();
}

TEST(a_refusal_is_an_error_and_the_rest_goes_on)
{
	start_fake(2, "ttyUSB2");
	EXPECT_EQ(-EPROTO, done("[Modem]\nAtInit=AT+OTHER=1\n"
				"AtInit=AT+CPSMS=1\n"));
	EXPECT_EQ(1, fake->writes);
	EXPECT_STREQ("AT+CPSMS?", fake->last);
	end();
}

TEST(without_an_answer_nothing_more_is_sent)
{
	start_fake(2, "ttyUSB2");
	fake->silent = true;
	EXPECT_EQ(-ETIMEDOUT, done(FILE_FOR("")));
	EXPECT_EQ(1, fake->writes);
	end();
}

TEST(a_modem_may_leave)
{
	start_fake(2, "ttyUSB2");
	fake->gone = true;
	EXPECT_EQ(-ENODEV, done(FILE_FOR("")));
	end();
}

TEST(ten_writes_a_day)
{
	start_fake(2, "ttyUSB2");
	fake->deaf = true;
	for (int i = 0; i < 5; i++)
		EXPECT_EQ(-EREMOTEIO, done(FILE_FOR("")));
	EXPECT_EQ(10, fake->writes);
	EXPECT_EQ(-EDQUOT, done(FILE_FOR("")));
	/* what writes nothing is sent all the same */
	EXPECT_EQ(-EDQUOT, done(FILE_FOR("") "AtInit=ATE0\n"));
	EXPECT_STREQ("ATE0", fake->last);
	EXPECT_EQ(10, fake->writes);
	end();
}

TEST(no_record_no_write)
{
	start_fake(2, "ttyUSB2");
	options.state_directory = "/nonexistent";
	EXPECT_EQ(-ENOENT, done(FILE_FOR("")));
	EXPECT_EQ(0, fake->writes);
	end();
}

/* --- which file ----------------------------------------------------------------------- */

TEST(a_file_for_another_modem_is_not_its)
{
	start_fake(2, "ttyUSB2");
	EXPECT_EQ(0, done(FILE_FOR("[Match]\nIMEI=860000000000029\n")));
	EXPECT_EQ(0, done(FILE_FOR("[Match]\nPath=1-2\n")));
	EXPECT_EQ(0, done(FILE_FOR("[Match]\nModel=EM7455\n")));
	EXPECT_EQ(0, done(FILE_FOR("[Match]\nICCID=8988*\n")));
	EXPECT_EQ(0, fake->writes);
	/* nobody is asked where there is nothing to send */
	fake->commands = 0;
	EXPECT_EQ(0, done("[PDN wan]\nAPN=internet\n"));
	EXPECT_EQ(0, fake->commands);
	end();
}

TEST(each_key_of_match_is_known)
{
	start_fake(2, "ttyUSB2");
	fake->busy = 1;
	EXPECT_EQ(0, done(FILE_FOR("[Match]\nIMEI=" IMEI "\nPath=1-1\nModel=EC*\n"
					 "ICCID=89447003*\n")));
	EXPECT_EQ(2, fake->writes);
	end();
}

TEST(two_files_are_a_tie)
{
	start_fake(2, "ttyUSB2");
	make_file("etc/modem.d/a.modem", FILE_FOR("[Match]\nPath=1-1\n"));
	make_file("etc/modem.d/b.modem", FILE_FOR("[Match]\nIMEI=" IMEI "\n"));
	read_config();
	EXPECT_EQ(-ENOTUNIQ, init_modem(&options, "1-1", -1));
	EXPECT_EQ(0, fake->writes);
	end();
}

/* --- which port ------------------------------------------------------------------------ */

TEST(a_port_that_answers_is_found)
{
	int master, slave;
	char node[64];

	/* one that says nothing, and one whose node is not there */
	ASSERT_EQ(0, openpty(&master, &slave, node, NULL, NULL));
	make_tty("1-1", 0, "ttyUSB0", node);
	make_tty("1-1", 1, "ttyUSB1", "/nonexistent");
	start_fake(3, "ttyUSB3");
	EXPECT_EQ(0, done(FILE_FOR("")));
	EXPECT_EQ(2, fake->writes);
	/* the one that is named, and no other */
	EXPECT_EQ(-ETIMEDOUT, init_modem(&options, "1-1", 0));
	EXPECT_EQ(-ENOENT, init_modem(&options, "1-1", 1));
	EXPECT_EQ(-EOPNOTSUPP, init_modem(&options, "1-1", 2));
	EXPECT_EQ(0, init_modem(&options, "1-1", 3));
	EXPECT_EQ(-ETIMEDOUT, done(FILE_FOR("") "AtPort=0\n"));
	EXPECT_EQ(0, done(FILE_FOR("") "AtPort=3\n"));
	close(master);
	close(slave);
	end();
}

TEST(a_port_is_one_programs)
{
	g_autofree char *node = g_build_filename(dev, "ttyUSB2", NULL);
	struct m2m_error error;
	int fd, other;

	start_fake(2, "ttyUSB2");
	fd = tty_open(node, &error);
	ASSERT_LE(0, fd);
	/* root gets past TIOCEXCL, and is told all the same */
	EXPECT_EQ(-EBUSY, tty_open(node, &error));
	EXPECT_TRUE(strstr(error.msg, "another program has it"));
	EXPECT_EQ(-EBUSY, done(FILE_FOR("")));
	tty_close(fd);
	/* who goes by locks alone */
	other = open(node, O_RDWR | O_NOCTTY);
	ASSERT_LE(0, other);
	ASSERT_EQ(0, flock(other, LOCK_EX));
	EXPECT_EQ(-EBUSY, tty_open(node, &error));
	close(other);
	EXPECT_EQ(0, fake->commands);
	make_file("dev/plain", "");
	g_free(node);
	node = g_build_filename(dev, "plain", NULL);
	EXPECT_EQ(-ENOTTY, tty_open(node, &error));
	end();
}

TEST(modems_are_found_in_sysfs)
{
	char path[USB_PATH_MAX];
	struct usb_modem modem;
	struct usb_paths paths;
	int interface;

	make_device("2-1.3", "1199\n", "9071\n");
	make_file(DEVICES "3-1/idVendor", "1d6b\n");
	make_file(DEVICES "3-1/idProduct", "0002\n");
	make_tty("2-1.3", 3, "ttyUSB7", "/nonexistent");
	make_tty("2-1.3", 2, "ttyUSB6", "/nonexistent");
	make_tty("2-1.3", 0, "ttyUSB5", "/nonexistent");
	usb_modem_list(sysfs, &paths);
	ASSERT_EQ(2, paths.n);
	EXPECT_STREQ("1-1", paths.path[0]);
	EXPECT_STREQ("2-1.3", paths.path[1]);
	ASSERT_TRUE(usb_modem_read(sysfs, "2-1.3", &modem));
	ASSERT_EQ(3, modem.n_ttys);
	EXPECT_STREQ("ttyUSB5", modem.ttys[0].name);
	/* Sierra's, then the one a file names */
	usb_modem_sort(&modem, -1);
	EXPECT_STREQ("ttyUSB7", modem.ttys[0].name);
	usb_modem_sort(&modem, 2);
	EXPECT_STREQ("ttyUSB6", modem.ttys[0].name);
	EXPECT_STREQ("ttyUSB7", modem.ttys[1].name);
	EXPECT_STREQ("ttyUSB5", modem.ttys[2].name);

	EXPECT_TRUE(usb_find(sysfs, "/dev/ttyUSB6", path, &interface));
	EXPECT_STREQ("2-1.3", path);
	EXPECT_EQ(2, interface);
	EXPECT_TRUE(usb_find(sysfs, "1-1", path, &interface));
	EXPECT_EQ(-1, interface);
	EXPECT_FALSE(usb_find(sysfs, "1-2", path, &interface));
	EXPECT_FALSE(usb_find(sysfs, "ttyUSB9", path, &interface));
	EXPECT_FALSE(usb_find(sysfs, "../1-1", path, &interface));
	EXPECT_FALSE(usb_modem_read(sysfs, "1-1/..", &modem));
	EXPECT_EQ(0, done("[PDN wan]\nAPN=internet\n"));
	EXPECT_EQ(-EOPNOTSUPP, done("[Modem]\nAtInit=ATE0\n"));
	EXPECT_EQ(-ENODEV, init_modem(&options, "7-7", -1));
	end();
}

TEST_HARNESS_MAIN
