// SPDX-License-Identifier: GPL-2.0-or-later
/* Which modem a command line of m2mctl is about, and how long one is waited for. */
#include <glib.h>
#include <kselftest_harness.h>
#include <linux/m2m_wwan.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../tools/ctl/ctl.h"
#include "../../tools/lib/dms.h"
#include "../lib/harness.h"
#include "ctlsim.h"

#define WORDS_MAX	16
#define IMEI		"490154203237518"
#define IMEI_OF_TWO	"490154203237526"

/* Two modems, of which the second has two ports, and some that come in the course of a test */
static struct port ports[] = {
	{ .id = 1, .usb_path = "1-1", .interface = 4, .ifname = "wwan0", .chardev = "cdc-wdm0",
	  .state = M2M_WWAN_STATE_READY, .n_links = 1, .links = { { .ifname = "wan" } } },
	{ .id = 2, .usb_path = "1-2", .interface = 8, .ifname = "wwan1", .chardev = "cdc-wdm1",
	  .state = M2M_WWAN_STATE_READY },
	{ .id = 3, .usb_path = "1-2", .interface = 10, .ifname = "wwan2", .chardev = "null",
	  .state = M2M_WWAN_STATE_READY },
	{ .id = 4, .usb_path = "1-3", .interface = 4, .ifname = "wwan3", .chardev = "cdc-wdm3",
	  .state = M2M_WWAN_STATE_READY },
};

static const char * const imeis[] = { NULL, IMEI, IMEI_OF_TWO, IMEI_OF_TWO, IMEI_OF_TWO };

static size_t n_ports = 3;
/* So often they are asked for until there are @then */
static unsigned int before_more = UINT_MAX;
static size_t then;
static unsigned int before_ready = UINT_MAX;

/* --- what modems are called ----------------------------------------------------- */

static struct ctl ctl;
static struct args args;
static const char *directory;

static void leave(void)
{
	ctlsim_config_end();
	free(ctl.ports);
}

/* --- driver and modems ---------------------------------------------------------- */

int __wrap_port_list(struct m2m_nl *nl, struct port **ret, size_t *ret_n,
		     struct m2m_error *error);
int __wrap_port_list(struct m2m_nl *nl, struct port **ret, size_t *ret_n,
		     struct m2m_error *error)
{
	if (!before_more--)
		n_ports = then;
	if (!before_ready--)
		ports[0].state = M2M_WWAN_STATE_READY;
	*ret = malloc(sizeof(ports));
	memcpy(*ret, ports, sizeof(ports));
	*ret_n = n_ports;
	return 0;
}

int __wrap_m2m_nl_join(struct m2m_nl *nl, const char *group, struct m2m_error *error);
int __wrap_m2m_nl_join(struct m2m_nl *nl, const char *group, struct m2m_error *error)
{
	return 0;
}

int __wrap_m2m_nl_fd(const struct m2m_nl *nl);
int __wrap_m2m_nl_fd(const struct m2m_nl *nl)
{
	return -1;
}

void __wrap_m2m_nl_watch(struct m2m_nl *nl, void *fn, void *data);
void __wrap_m2m_nl_watch(struct m2m_nl *nl, void *fn, void *data)
{
}

int __wrap_m2m_nl_dispatch(struct m2m_nl *nl, struct m2m_error *error);
int __wrap_m2m_nl_dispatch(struct m2m_nl *nl, struct m2m_error *error)
{
	return 0;
}

/* Ways and clients are the numbers of ports */
int __wrap_m2m_qmi_open(uint32_t id, struct m2m_qmi **ret, struct m2m_error *error);
int __wrap_m2m_qmi_open(uint32_t id, struct m2m_qmi **ret, struct m2m_error *error)
{
	*ret = (struct m2m_qmi *)(uintptr_t)id;
	return 0;
}

void __wrap_m2m_qmi_free(struct m2m_qmi *qmi);
void __wrap_m2m_qmi_free(struct m2m_qmi *qmi)
{
}

int __wrap_m2m_client_open(struct m2m_qmi *qmi, uint8_t service, const char *keep,
			   struct m2m_client **ret, struct m2m_error *error);
int __wrap_m2m_client_open(struct m2m_qmi *qmi, uint8_t service, const char *keep,
			   struct m2m_client **ret, struct m2m_error *error)
{
	*ret = (struct m2m_client *)qmi;
	return 0;
}

void __wrap_m2m_client_close(struct m2m_client *client, bool release);
void __wrap_m2m_client_close(struct m2m_client *client, bool release)
{
}

int __wrap_dms_imei_get(struct m2m_client *dms, char *ret, size_t size,
			struct m2m_error *error);
int __wrap_dms_imei_get(struct m2m_client *dms, char *ret, size_t size,
			struct m2m_error *error)
{
	g_strlcpy(ret, imeis[(uintptr_t)dms], size);
	return 0;
}

/* --- a command line --------------------------------------------------------------- */

/* The number of the port that was chosen, or -1 - the status the command ends with */
static int choice(const char *line)
{
	g_autofree char *words = g_strdup(line);
	char *argv[WORDS_MAX + 2] = { (char *)"m2mctl" };
	char sentence[256], *save = NULL;
	int argc = 1, err;

	for (char *w = strtok_r(words, " ", &save); w; w = strtok_r(NULL, " ", &save))
		argv[argc++] = w;
	if (args_parse(argc, argv, &args, sentence, sizeof(sentence)))
		harness_fail(__FILE__, __LINE__, true, "m2mctl %s: %s", line, sentence);
	free(ctl.ports);
	ctl = (struct ctl){
		.args = &args, .signal_fd = -1, .began_us = g_get_monotonic_time(),
	};
	err = device_select(&ctl);
	if (err)
		return -1 - (ctl.status ? ctl.status : exit_status(err));
	return ctl.port ? (int)ctl.port->id : 0;
}

#define REFUSED(status)	(-1 - (status))

static void expect(int line, int want, const char *part, const char *command)
{
	int got = choice(command);

	if (got != want || (got < 0 && !strstr(ctl.error.msg, part)))
		harness_fail(__FILE__, line, false, "m2mctl %s: %d, \"%s\"", command, got,
			     ctl.error.msg);
}

#define EXPECT_CHOICE(want, part, command) expect(__LINE__, want, part, command)

TEST(what_a_modem_is_called)
{
	g_autofree char *link = NULL, *line = NULL;

	directory = ctlsim_config_begin();
	ctlsim_config_file("gateway", "[Match]\nIMEI=" IMEI "\n");
	ctlsim_config_file("spare", "[Match]\nPath=1-2\n");
	/* interface, that of a PDN, device node, USB path, IMEI, alias */
	EXPECT_CHOICE(1, "", "-d wwan0 status");
	EXPECT_CHOICE(1, "", "-d wan status");
	EXPECT_CHOICE(1, "", "-d cdc-wdm0 status");
	EXPECT_CHOICE(1, "", "-d /dev/cdc-wdm0 status");
	EXPECT_CHOICE(1, "", "-d 1-1 status");
	EXPECT_CHOICE(1, "", "-d " IMEI " status");
	EXPECT_CHOICE(1, "", "-d gateway status");
	EXPECT_CHOICE(2, "", "-d spare status");
	/* one port of two, or the modem, which is its first */
	EXPECT_CHOICE(3, "", "-d wwan2 status");
	EXPECT_CHOICE(3, "", "-d /dev/null status");
	EXPECT_CHOICE(2, "", "-d 1-2 status");
	EXPECT_CHOICE(2, "", "-d " IMEI_OF_TWO " status");
	/* a link to a node is one, as udev makes them in /dev/m2m */
	link = g_build_filename(directory, "1-2-if0a", NULL);
	line = g_strdup_printf("-d %s status", link);
	ASSERT_EQ(0, symlink("/dev/null", link));
	EXPECT_CHOICE(3, "", line);
	/* none of all that */
	EXPECT_CHOICE(REFUSED(EXIT_NO_MODEM), "no modem is called wwan9", "-d wwan9 status");
	EXPECT_CHOICE(REFUSED(EXIT_NO_MODEM), "no modem is called 1", "-d 1 status");
	/* a port that has no names is not what has none */
	*ports[2].ifname = '\0';
	*ports[2].chardev = '\0';
	args.option[OPTION_DEVICE] = "";
	EXPECT_EQ(-ENODEV, device_select(&ctl));
	strcpy(ports[2].ifname, "wwan2");
	strcpy(ports[2].chardev, "null");
	EXPECT_CHOICE(REFUSED(EXIT_NO_MODEM), "no modem is called /dev/cdc-wdm9",
		      "-d /dev/cdc-wdm9 status");
	EXPECT_CHOICE(REFUSED(EXIT_NO_MODEM), "no modem is called 490154203237534",
		      "-d 490154203237534 status");
	leave();
}

TEST(several_modems)
{
	static const char several[] = "there are several modems: 1-1, 1-2";

	directory = ctlsim_config_begin();
	ctlsim_config_file("twins", "[Match]\nPath=1-*\n");
	/* whatever is about one modem wants its name; the others are about all */
	for (const struct command *c = commands; c->object; c++) {
		g_autofree char *line = g_strdup_printf("%s %s", c->object, c->verb ? c->verb : "");

		args = (struct args){ .command = c };
		if (c->flags & COMMAND_LOCAL)
			continue;
		ctl = (struct ctl){ .args = &args, .signal_fd = -1 };
		EXPECT_EQ(c->flags & COMMAND_MODEM ? -EINVAL : 0, device_select(&ctl));
		if (c->flags & COMMAND_MODEM &&
		    (ctl.status != EXIT_USAGE || strcmp(ctl.error.msg, several)))
			harness_fail(__FILE__, __LINE__, false, "%s: %s", line, ctl.error.msg);
		free(ctl.ports);
	}
	ctl.ports = NULL;
	EXPECT_CHOICE(REFUSED(EXIT_USAGE), "several modems are called twins: 1-1, 1-2",
		      "-d twins status");
	n_ports = 4;
	EXPECT_CHOICE(REFUSED(EXIT_USAGE), "several modems have this IMEI: 1-2, 1-3",
		      "-d " IMEI_OF_TWO " status");
	n_ports = 1;
	EXPECT_CHOICE(1, "", "status");
	n_ports = 0;
	EXPECT_CHOICE(REFUSED(EXIT_NO_MODEM), "there is no modem", "status");
	leave();
}

/* --- waiting ---------------------------------------------------------------------- */

TEST(a_modem_that_comes_is_waited_for)
{
	directory = ctlsim_config_begin();
	n_ports = 0;
	EXPECT_CHOICE(REFUSED(EXIT_NO_MODEM), "there is no modem", "pdn down wan");
	before_more = 1;
	then = 1;
	EXPECT_CHOICE(1, "", "--wait 20 pdn down wan");
	n_ports = 0;
	EXPECT_CHOICE(REFUSED(EXIT_NO_MODEM), "there is no modem", "--wait 1 pdn down wan");
	leave();
}

static bool does_with_a_mute_one(const struct command *c)
{
	static const char * const all[] = {
		"status ", "pdn show", "pdn down", "modem show", "modem reset", "modem clients",
		"modem hold", "modem release",
	};
	char name[64];

	snprintf(name, sizeof(name), "%s %s", c->object, c->verb ? c->verb : "");
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		if (!strcmp(name, all[i]))
			return true;
	return false;
}

/* What each command makes of one that has not answered yet, with --wait and without */
TEST(one_that_boots_is_waited_for)
{
	directory = ctlsim_config_begin();
	n_ports = 1;
	for (const struct command *c = commands; c->object; c++) {
		bool waits = !does_with_a_mute_one(c);

		args = (struct args){ .command = c };
		args.given[OPTION_WAIT] = true;
		ports[0].state = M2M_WWAN_STATE_ATTACHED;
		ctl = (struct ctl){ .args = &args, .signal_fd = -1, .ports = NULL };
		if (!(c->flags & COMMAND_MODEM))
			continue;
		if (device_select(&ctl) != (waits ? -EAGAIN : 0))
			harness_fail(__FILE__, __LINE__, false, "%s %s: %s", c->object, c->verb,
				     ctl.error.msg);
		free(ctl.ports);
		args.given[OPTION_WAIT] = false;
		ctl = (struct ctl){ .args = &args, .signal_fd = -1 };
		/* a minute: that is over */
		ctl.began_us = g_get_monotonic_time() - CTL_WAIT_S * G_USEC_PER_SEC;
		EXPECT_EQ(c->flags & COMMAND_WAITS ? -EAGAIN : 0, device_select(&ctl));
		free(ctl.ports);
	}
	ctl.ports = NULL;
	ports[0].state = M2M_WWAN_STATE_ATTACHED;
	before_ready = 1;
	EXPECT_CHOICE(1, "", "--wait 20 sms delete all");
	EXPECT_EQ(M2M_WWAN_STATE_READY, ctl.port->state);
	leave();
}

TEST_HARNESS_MAIN
