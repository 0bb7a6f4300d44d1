// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns what commands share: failing, the way to the modem, the lease. */
#include <errno.h>
#include <glib.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "../lib/nl.h"
#include "../lib/words.h"
#include "client.h"
#include "ctl.h"

/* Indications tell of changes; a modem that sends none is asked this often. */
#define ASK_AGAIN_MS	500

static const struct {
	int err;
	enum exit_status status;
} statuses[] = {
	{ -EINVAL, EXIT_USAGE },
	{ -ETIMEDOUT, EXIT_TIMEOUT },
	{ -ENODEV, EXIT_NO_MODEM },
	{ -ENXIO, EXIT_NO_MODEM },
	{ -EPERM, EXIT_PERMISSION },
	{ -EACCES, EXIT_PERMISSION },
	{ -ENOMEDIUM, EXIT_SIM },
	{ -ENOKEY, EXIT_PIN },
	{ -EKEYREJECTED, EXIT_PIN },
	{ -EKEYREVOKED, EXIT_PIN },
	{ -ENETUNREACH, EXIT_NOT_REGISTERED },
	{ -ENETDOWN, EXIT_NOT_REGISTERED },
	{ -ECONNREFUSED, EXIT_CALL_FAILED },
	{ -ENOTCONN, EXIT_CALL_FAILED },
	{ -EOPNOTSUPP, EXIT_UNSUPPORTED },
	{ -EBUSY, EXIT_BUSY },
	{ -EAGAIN, EXIT_TEMPORARY },
	{ -ESTALE, EXIT_TEMPORARY },
	{ -ECONNRESET, EXIT_TEMPORARY },
};

int exit_status(int err)
{
	for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++)
		if (statuses[i].err == err)
			return statuses[i].status;
	return EXIT_FAILED;
}

int ctl_status(const struct ctl *ctl, int err)
{
	/* what was found last says nothing of why it ended */
	if (err == -EINTR)
		return EXIT_FAILED;
	return ctl->status ? ctl->status : exit_status(err);
}

/* @modems: where it was the modem that refused; others have no business with it */
static const struct {
	enum exit_status status;
	const char *hint, *modems;
} hints[] = {
	{ EXIT_FAILED, NULL, "the same again; m2mctl modem reset if it stays so" },
	{ EXIT_TIMEOUT, "the same again: what was done is left alone then", NULL },
	{ EXIT_NO_MODEM, "m2mctl modem list", NULL },
	{ EXIT_PERMISSION, "run it as root",
	  "m2mctl modem show: it may be locked to its maker's or operator's own" },
	{ EXIT_SIM, "m2mctl sim show", NULL },
	{ EXIT_PIN, "m2mctl sim show", NULL },
	{ EXIT_NOT_REGISTERED, "m2mctl net show", NULL },
	{ EXIT_CALL_FAILED, "m2mctl status", NULL },
	{ EXIT_UNSUPPORTED, "m2mctl modem show: what it can, and its firmware", NULL },
	{ EXIT_BUSY, "again once that is over; m2mctl modem clients: who has it", NULL },
	{ EXIT_TEMPORARY, "the same again", NULL },
};

const char *ctl_hint(const struct ctl *ctl, int err)
{
	int status = ctl_status(ctl, err);

	if (err == -EINTR)
		return NULL;
	if (ctl->hint)
		return ctl->hint;
	/* neither the modem's doing nor a person's */
	if (err == -EIO && !ctl->error.qmi && status == EXIT_FAILED)
		return "the same again; m2mctl support if it stays so";
	for (size_t i = 0; i < G_N_ELEMENTS(hints); i++)
		if ((int)hints[i].status == status)
			return ctl->error.qmi && hints[i].modems ? hints[i].modems :
								   hints[i].hint;
	return NULL;
}

int ctl_fail(struct ctl *ctl, int err, int status, const char *hint,
	     const char *format, ...)
{
	uint16_t qmi = ctl->error.qmi;
	va_list ap;

	va_start(ap, format);
	vsnprintf(ctl->error.msg, sizeof(ctl->error.msg), format, ap);
	va_end(ap);
	ctl->error.err = err;
	ctl->error.qmi = qmi;
	ctl->status = status;
	ctl->hint = hint;
	return err;
}

int ctl_mute(struct ctl *ctl)
{
	return ctl_fail(ctl, -EAGAIN, EXIT_TIMEOUT, "--wait, m2mctl monitor",
			"the modem does not answer (%s)",
			word(WORD_PORT_STATE, ctl->port->state).s);
}

void ctl_take_signal(struct ctl *ctl)
{
	struct signalfd_siginfo info;

	if (read(ctl->signal_fd, &info, sizeof(info)) != sizeof(info))
		return;
	ctl->interrupted = true;
	if (ctl->qmi)
		m2m_qmi_cancel(ctl->qmi, true);
}

int ctl_interrupted(struct ctl *ctl)
{
	ctl_take_signal(ctl);
	return ctl->interrupted ?
		m2m_error_set(&ctl->error, -EINTR, "interrupted") : 0;
}

int64_t ctl_deadline_us(const struct ctl *ctl, unsigned int otherwise_s)
{
	int64_t wait_s = ctl->args->given[OPTION_WAIT] ? ctl->args->wait_s :
							 otherwise_s;

	return ctl->began_us + wait_s * 1000000;
}

int64_t ctl_until_us(const struct ctl *ctl, unsigned int ms)
{
	return MAX(g_get_monotonic_time() + ms * 1000LL, ctl_deadline_us(ctl, 0));
}

char *ctl_device_node(const char *device)
{
	char *real = strchr(device, '/') ? realpath(device, NULL) : NULL;
	const char *at = real ? real : device;
	char *node;

	if (g_str_has_prefix(at, "/dev/"))
		at += strlen("/dev/");
	node = g_strdup(at);
	free(real);
	return node;
}

int ctl_qmi(struct ctl *ctl)
{
	int err;

	if (ctl->qmi)
		return 0;
	err = m2m_qmi_open(ctl->port->id, &ctl->qmi, &ctl->error);
	if (!err && ctl->interrupted)
		m2m_qmi_cancel(ctl->qmi, true);
	return err;
}

int ctl_open(struct ctl *ctl, uint8_t service, struct m2m_client **ret_client)
{
	int err;

	if (!port_is_usable(ctl->port))
		return ctl_mute(ctl);
	err = ctl_qmi(ctl);
	if (!err)
		err = m2m_client_open(ctl->qmi, service, NULL, ret_client,
				      &ctl->error);
	if (err == -EPERM)
		ctl->hint = "run it as root, or with CAP_NET_ADMIN";
	return err;
}

static void heard(QmiMessage *indication, void *data)
{
	*(bool *)data = true;
}

static bool is_set(void *data)
{
	return *(bool *)data;
}

static int await_news(struct ctl *ctl, int64_t until_us, bool *news)
{
	int64_t left_ms = (until_us - g_get_monotonic_time()) / 1000;
	int err;

	if (left_ms <= 0)
		return 1;
	err = m2m_qmi_wait(ctl->qmi, MIN(left_ms, ASK_AGAIN_MS), is_set, news);
	return err == -EINTR ? m2m_error_set(&ctl->error, err, "interrupted") : 0;
}

int ctl_await(struct ctl *ctl, struct m2m_client **client, int64_t until_us,
	      ctl_look_fn *look, void *data)
{
	bool news = false, is_so;
	int err;

	do {
		if (*client)
			m2m_client_watch(*client, heard, &news);
		news = false;
		is_so = false;
		err = look(ctl, data, &is_so);
		if (!err && !is_so)
			err = await_news(ctl, until_us, &news);
	} while (!err && !is_so);
	if (*client)
		m2m_client_watch(*client, NULL, NULL);
	return err;
}

/* Who has the lease the kernel does not tell; m2md says what it manages */
static bool is_m2mds(struct ctl *ctl)
{
	struct client_answer *answer = NULL;
	bool is = false;

	if (client_ask(ctl, "why", NULL, &answer))
		return false;
	for (unsigned int i = 0; i < client_rows(answer, "modems"); i++)
		is = is || (client_is(answer, "modems", i, "managed") &&
			    g_strcmp0(client_text(answer, "modems", i, "state"), "held") &&
			    !g_strcmp0(client_text(answer, "modems", i, "usb_path"),
				       ctl->port->usb_path));
	client_free(answer);
	return is;
}

static int managed_by_another(struct ctl *ctl)
{
	if (!is_m2mds(ctl))
		return ctl_fail(ctl, -EBUSY, EXIT_BUSY,
				"ask the program that manages it, or --direct",
				"another program manages this modem");
	if (!(ctl->args->command->flags & COMMAND_BORROWS))
		return ctl_fail(ctl, -EBUSY, EXIT_BUSY,
				"m2mctl modem hold, or --direct",
				"m2md manages this modem and keeps it as its configuration says");
	return hold_borrow(ctl);
}

int ctl_lease(struct ctl *ctl)
{
	struct m2m_nl *nl;
	int err;

	/* on trial it is m2md who changes the modem */
	if (ctl->args->given[OPTION_DIRECT] || ctl->args->given[OPTION_CONFIRM])
		return 0;
	err = ctl_qmi(ctl);
	if (err)
		return err;
	nl = m2m_qmi_nl(ctl->qmi);
	err = port_lease(nl, ctl->port->id, true, &ctl->error);
	if (err == -EBUSY) {
		err = managed_by_another(ctl);
		if (!err)
			err = port_lease(nl, ctl->port->id, true, &ctl->error);
	}
	if (err == -EPERM)
		ctl->hint = "run it as root, or with CAP_NET_ADMIN";
	ctl->leased = !err;
	return err;
}
