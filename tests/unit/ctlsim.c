// SPDX-License-Identifier: GPL-2.0-or-later
/* m2mctl's verbs with a modem at the other end of a socketpair. */
#include <errno.h>
#include <glib.h>
#include <linux/m2m_wwan.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../tools/ctl/ctl.h"
#include "../../tools/lib/dms.h"
#include "../../tools/lib/nas.h"
#include "../../tools/lib/wds.h"
#include "../lib/harness.h"
#include "ctlsim-modem.h"
#include "ctlsim.h"

#define WORDS_MAX	32
/* News that do not come in this time do not come */
#define NEWS_MS		20000

char *ctlsim_text;
char ctlsim_error[512];

static struct m2m_qmi *qmi;

static struct port port = {
	.usb_path = "1-1",
	.vendor = 0x2c7c,
	.product = 0x0125,
	.interface = 4,
	.ifname = "wwan0",
	.chardev = "cdc-wdm0",
	.state = M2M_WWAN_STATE_READY,
	.counters = { { "ctrl_rx", 12 }, { "ctrl_tx", 11 } },
	.n_counters = 2,
};

void ctlsim_start(const char *const settings[])
{
	struct m2m_error error;
	int fds[2];

	/* a library may do that, whoever links it: ctl-locales.sh runs all this in some */
	setlocale(LC_ALL, "");
	/* GLib's sentences about broken files are not ours, and are in English in m2mctl */
	setlocale(LC_MESSAGES, "C");
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds));
	ctlsim_modem_start(fds[1], settings);
	ASSERT_EQ(0, m2m_qmi_open_fd(fds[0], &qmi, &error));
}

void ctlsim_mute(void)
{
	port.state = M2M_WWAN_STATE_ATTACHED;
}

void ctlsim_node(const char *name)
{
	g_strlcpy(port.chardev, name, sizeof(port.chardev));
}

static const char *kept = "example";

void ctlsim_kept(const char *name)
{
	kept = name;
}

/* Its client stays, as the call is its */
void ctlsim_dial(void)
{
	struct wds_call call = { .apn = "internet", .family = 4 };
	struct wds_reason reason;
	struct m2m_client *wds;
	struct m2m_error error;
	uint32_t handle;

	ASSERT_EQ(0, m2m_client_open(qmi, QMI_WDS, NULL, &wds, &error));
	ASSERT_EQ(0, wds_family_set(wds, call.family, &error));
	ASSERT_EQ(0, wds_start(wds, &call, &handle, &reason, &error));
}

static gboolean interrupt(gpointer data)
{
	m2m_qmi_cancel(qmi, true);
	return G_SOURCE_REMOVE;
}

void ctlsim_interrupt(unsigned int ms)
{
	g_timeout_add(ms, interrupt, NULL);
}

static void say_why(const struct ctl *ctl, int err)
{
	const char *hint = ctl_hint(ctl, err);

	snprintf(ctlsim_error, sizeof(ctlsim_error), "%s%s%s", ctl->error.msg,
		 hint ? "; try: " : "", hint ? hint : "");
}

/* --- what goes on until --wait is over prints by itself ------------------------ */

void __wrap_m2m_nl_watch(struct m2m_nl *nl, void *fn, void *data);
void __wrap_m2m_nl_watch(struct m2m_nl *nl, void *fn, void *data)
{
}

int __wrap_m2m_nl_join(struct m2m_nl *nl, const char *group, struct m2m_error *error);
int __wrap_m2m_nl_join(struct m2m_nl *nl, const char *group, struct m2m_error *error)
{
	return 0;
}

/* A driver that tells no event */
int __wrap_m2m_nl_fd(const struct m2m_nl *nl);
int __wrap_m2m_nl_fd(const struct m2m_nl *nl)
{
	static int fd = -1;

	return fd < 0 ? fd = eventfd(0, EFD_CLOEXEC) : fd;
}

/* ... and whose clients are none of a PDN */
int __wrap_port_clients(struct m2m_nl *nl, uint32_t id, struct port_client **ret_clients,
			size_t *ret_n, struct m2m_error *error);
int __wrap_port_clients(struct m2m_nl *nl, uint32_t id, struct port_client **ret_clients,
			size_t *ret_n, struct m2m_error *error)
{
	struct port_client clients[] = {
		{ .service = QMI_DMS, .cid = 7, .owner = M2M_WWAN_OWNER_PARKED },
		{ .service = QMI_WDS, .cid = 1, .owner = M2M_WWAN_OWNER_KEPT },
		{ .service = QMI_NAS, .cid = 2, .owner = M2M_WWAN_OWNER_NETLINK,
		  .pid = 4711 },
	};

	g_strlcpy(clients[1].name, kept, sizeof(clients[1].name));
	*ret_n = G_N_ELEMENTS(clients);
	*ret_clients = malloc(sizeof(clients));
	memcpy(*ret_clients, clients, sizeof(clients));
	return 0;
}

/* --- what is waited for --------------------------------------------------------- */

static bool news_alone;

void ctlsim_news_alone(void)
{
	news_alone = true;
}

int __real_m2m_qmi_wait(struct m2m_qmi *on, unsigned int timeout_ms,
			bool (*is_done)(void *data), void *data);
int __wrap_m2m_qmi_wait(struct m2m_qmi *on, unsigned int timeout_ms,
			bool (*is_done)(void *data), void *data);
int __wrap_m2m_qmi_wait(struct m2m_qmi *on, unsigned int timeout_ms,
			bool (*is_done)(void *data), void *data)
{
	int err;

	if (!news_alone)
		return __real_m2m_qmi_wait(on, timeout_ms, is_done, data);
	err = __real_m2m_qmi_wait(on, NEWS_MS, is_done, data);
	if (err == -ETIMEDOUT)
		harness_fail(__FILE__, __LINE__, true, "no news in %d ms", NEWS_MS);
	return err;
}

static void check_lines(const struct ctl *ctl)
{
	char **lines = g_strsplit(ctlsim_text, "\n", -1);

	for (unsigned int i = 0; ctl->args->given[OPTION_JSON] && lines[i]; i++)
		if (*lines[i])
			ctlsim_check_schema(ctl->args->command, lines[i]);
	g_strfreev(lines);
}

/* Its text is what it writes to the standard output */
static int run_watch(struct ctl *ctl)
{
	int file = memfd_create("stdout", MFD_CLOEXEC), saved = dup(STDOUT_FILENO);
	off_t size;
	int err;

	ctlsim_error[0] = '\0';
	fflush(stdout);
	dup2(file, STDOUT_FILENO);
	ctl->out = out_new(stdout, OUT_JSON);
	err = ctl->args->command->run(ctl);
	fflush(stdout);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	size = lseek(file, 0, SEEK_END);
	free(ctlsim_text);
	ctlsim_text = calloc(1, size + 1);
	ASSERT_EQ(size, pread(file, ctlsim_text, size, 0));
	close(file);
	check_lines(ctl);
	if (!err)
		return EXIT_OK;
	say_why(ctl, err);
	return ctl_status(ctl, err);
}

static int run(struct ctl *ctl)
{
	size_t size = 0;
	FILE *to;
	int err;

	free(ctlsim_text);
	ctlsim_text = NULL;
	ctlsim_error[0] = '\0';
	to = open_memstream(&ctlsim_text, &size);
	ctl->out = out_new(to, ctl->args->given[OPTION_JSON] ? OUT_JSON : OUT_TEXT);
	err = ctl->args->command->run(ctl);
	if (err)
		out_free(ctl->out);
	else
		EXPECT_EQ(0, out_finish(ctl->out));
	fclose(to);
	if (!err && ctl->args->given[OPTION_JSON])
		ctlsim_check_schema(ctl->args->command, ctlsim_text);
	if (!err)
		return EXIT_OK;
	say_why(ctl, err);
	return ctl_status(ctl, err);
}

/* The number of a descriptor with @text in it, in place of it */
static char *secret(const char *text)
{
	static char numbers[WORDS_MAX][12];
	static unsigned int n;
	char *number = numbers[n++ % WORDS_MAX];
	int fd = memfd_create("secret", 0);

	ASSERT_EQ((ssize_t)strlen(text), write(fd, text, strlen(text)));
	ASSERT_EQ(0, lseek(fd, 0, SEEK_SET));
	snprintf(number, sizeof(numbers[0]), "%d", fd);
	return number;
}

int ctlsim_run(const char *line)
{
	char *argv[WORDS_MAX + 2] = { (char *)"m2mctl" };
	char *words = g_strdup(line), *save = NULL;
	struct args args;
	struct ctl ctl = {
		.args = &args,
		.ports = &port,
		.n_ports = 1,
		.port = &port,
		.qmi = qmi,
		.signal_fd = -1,
		.began_us = g_get_monotonic_time(),
	};
	int argc = 1, status;

	for (char *w = strtok_r(words, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		ASSERT_LE(argc, WORDS_MAX);
		argv[argc++] = *w == '@' ? secret(w + 1) : strcmp(w, "\"\"") ? w : w + 2;
	}
	if (args_parse(argc, argv, &args, ctlsim_error, sizeof(ctlsim_error)))
		status = EXIT_USAGE;
	else
		status = args.given[OPTION_WATCH] ? run_watch(&ctl) : run(&ctl);
	/* what goes from modem to modem has closed it */
	qmi = ctl.qmi;
	if (qmi)
		m2m_qmi_cancel(qmi, false);
	g_free(words);
	return status;
}

void ctlsim_expect(const char *file, int line, int status, const char *part,
		   const char *command)
{
	int got = ctlsim_run(command);
	const char *said = got ? ctlsim_error : ctlsim_text;

	if (got == status && strstr(said, part))
		return;
	harness_fail(file, line, false, "m2mctl %s: status %d, \"%s\"", command, got,
		     said);
}

void ctlsim_start_registered(const char *const settings[])
{
	ctlsim_start(settings);
	EXPECT_RUN(EXIT_OK, "attached", "net attach");
}
