// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns `m2mctl modem clients`: whose the client ids are, and giving back what nobody has. */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <linux/m2m_wwan.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/frame.h"
#include "../lib/nl.h"
#include "../lib/words.h"
#include "clients.h"
#include "report.h"

/*
 * DOC: giving back an id
 *
 * A kept id has a name, by which whoever opens the same service takes it over: it is taken
 * over and closed with its release. A parked one has none. It was left by a session on the
 * character device, and only from there can it be told from the ids of others: CTL's
 * Release of a session, which the driver passes on for a parked id and refuses for one that
 * lives.
 */

#define CTL_RELEASE_CID	0x0023
#define ANSWER_MS	10000
#define ALL		"parked"

/* --- the bytes -------------------------------------------------------------- */

void clients_release_frame(uint8_t service, uint8_t cid, uint8_t tid,
			   uint8_t ret[CLIENTS_FRAME_LEN])
{
	const uint8_t frame[CLIENTS_FRAME_LEN] = {
		0x01, CLIENTS_FRAME_LEN - 1, 0, 0, 0, 0,
		0, tid, CTL_RELEASE_CID, 0, 5, 0,
		0x01, 2, 0, service, cid,
	};

	memcpy(ret, frame, sizeof(frame));
}

int clients_released(const uint8_t *bytes, size_t len, uint8_t tid, uint16_t *ret_qmi)
{
	struct frame frame;
	const uint8_t *result;
	size_t size;

	if (frame_check(bytes, len, &frame))
		return -EBADMSG;
	if (frame.service || frame.msgid != CTL_RELEASE_CID || frame.tid != tid ||
	    !frame.from_modem)
		return -ENOMSG;
	result = frame_tlv(&frame, 0x02, &size);
	if (!result || size < 4)
		return -EBADMSG;
	*ret_qmi = result[0] | result[1] << 8 ? result[2] | result[3] << 8 : 0;
	return 0;
}

int clients_parse(const char *text, uint8_t *ret_service, uint8_t *ret_cid)
{
	g_autofree char *service = NULL;
	const char *colon = strchr(text, ':');
	int64_t cid, number;

	if (!colon || !args_digits(colon + 1, 1, 254, &cid))
		return -EINVAL;
	service = g_strndup(text, colon - text);
	number = word_value(WORD_SERVICE, service);
	/* one that has no word is listed so */
	if (number < 0 && (!g_str_has_prefix(service, "unknown-") ||
			   !args_digits(service + strlen("unknown-"), 0, UINT8_MAX, &number)))
		return -EINVAL;
	if (number < 1)
		return -EINVAL;
	*ret_service = number;
	*ret_cid = cid;
	return 0;
}

/* --- by the character device ------------------------------------------------ */

struct session {
	struct ctl *ctl;
	int fd;
	uint8_t tid;
};

static int open_session(struct ctl *ctl, struct session *ret)
{
	g_autofree char *path = g_build_filename("/dev", ctl->port->chardev, NULL);

	*ret = (struct session) { .ctl = ctl };
	if (!*ctl->port->chardev)
		return ctl_fail(ctl, -ENODEV, EXIT_NO_MODEM, "m2mctl list",
				"%s has no character device to give ids back at",
				ctl->port->usb_path);
	ret->fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (ret->fd < 0)
		return m2m_error_set(&ctl->error, -errno, "%s: %s", path,
				     g_strerror(errno));
	return 0;
}

static int wait_answer(struct session *s, uint16_t *ret_qmi)
{
	gint64 until = g_get_monotonic_time() + ANSWER_MS * 1000LL;
	struct pollfd pfds[] = {
		{ .fd = s->fd, .events = POLLIN },
		{ .fd = s->ctl->signal_fd, .events = POLLIN },
	};
	uint8_t bytes[FRAME_MAX];
	gint64 left_ms;
	ssize_t n;

	for (;;) {
		left_ms = (until - g_get_monotonic_time()) / 1000;
		if (left_ms <= 0)
			return m2m_error_set(&s->ctl->error, -ETIMEDOUT,
					     "the modem did not answer in time");
		poll(pfds, G_N_ELEMENTS(pfds), left_ms);
		if (ctl_interrupted(s->ctl))
			return -EINTR;
		/* one that fits is read whole */
		n = read(s->fd, bytes, sizeof(bytes));
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return m2m_error_set(&s->ctl->error, -errno, "%s: %s",
					     s->ctl->port->chardev, g_strerror(errno));
		if (!n)
			return m2m_error_set(&s->ctl->error, -ENODEV, "%s has ended",
					     s->ctl->port->chardev);
		if (n > 0 && !clients_released(bytes, n, s->tid, ret_qmi))
			return 0;
	}
}

static int release_parked(struct session *s, const struct port_client *client)
{
	uint8_t frame[CLIENTS_FRAME_LEN];
	uint16_t qmi;
	int err;

	clients_release_frame(client->service, client->cid, ++s->tid, frame);
	if (write(s->fd, frame, sizeof(frame)) != sizeof(frame))
		return m2m_error_set(&s->ctl->error, -errno, "%s: %s",
				     s->ctl->port->chardev, g_strerror(errno));
	err = wait_answer(s, &qmi);
	return err || !qmi ? err : m2m_qmi_error(qmi, &s->ctl->error);
}

/* --- by its name ------------------------------------------------------------ */

static int release_kept(struct ctl *ctl, const struct port_client *client)
{
	struct m2m_client *taken;
	int err;

	err = ctl_qmi(ctl);
	if (!err)
		err = m2m_client_open(ctl->qmi, client->service, client->name, &taken,
				      &ctl->error);
	if (!err)
		m2m_client_close(taken, true);
	return err;
}

/* --- which ones ------------------------------------------------------------- */

static int not_ours(struct ctl *ctl, const struct port_client *client)
{
	return ctl_fail(ctl, -EBUSY, EXIT_BUSY, NULL,
			"process %u has %s:%u, and gives it back itself", client->pid,
			word(WORD_SERVICE, client->service).s, client->cid);
}

static int release_one(struct ctl *ctl, struct session *s, const struct port_client *client)
{
	switch ((enum m2m_wwan_owner)client->owner) {
	case M2M_WWAN_OWNER_PARKED:
		return release_parked(s, client);
	case M2M_WWAN_OWNER_KEPT:
		return release_kept(ctl, client);
	case M2M_WWAN_OWNER_CHARDEV:
	case M2M_WWAN_OWNER_NETLINK:
		break;
	}
	return not_ours(ctl, client);
}

static bool is_meant(const struct port_client *client, const char *which)
{
	uint8_t service, cid;

	if (!strcmp(which, ALL))
		return client->owner == M2M_WWAN_OWNER_PARKED;
	clients_parse(which, &service, &cid);
	return client->service == service && client->cid == cid;
}

static int release(struct ctl *ctl, const char *which, const struct port_client *clients,
		   size_t n)
{
	struct session s;
	unsigned int released = 0;
	int err;

	err = open_session(ctl, &s);
	if (err)
		return err;
	for (size_t i = 0; i < n && !err; i++) {
		if (!is_meant(&clients[i], which))
			continue;
		err = release_one(ctl, &s, &clients[i]);
		released += !err;
	}
	close(s.fd);
	out_int(ctl->out, "released", NULL, released);
	out_line(ctl->out, "%u given back", released);
	return err;
}

/* --- the command ------------------------------------------------------------ */

static int read_clients(struct ctl *ctl, struct port_client **ret, size_t *ret_n)
{
	int err;

	err = port_clients(ctl->nl, ctl->port->id, ret, ret_n, &ctl->error);
	if (err == -EPERM)
		ctl->hint = "run it as root, or with CAP_NET_ADMIN";
	return err;
}

static int say_clients(struct ctl *ctl)
{
	struct port_client *clients = NULL;
	size_t n = 0;
	int err;

	err = read_clients(ctl, &clients, &n);
	if (err)
		return err;
	out_table(ctl->out, "clients", NULL);
	for (size_t i = 0; i < n; i++) {
		out_row(ctl->out);
		out_string(ctl->out, "service", "SERVICE",
			   word(WORD_SERVICE, clients[i].service).s);
		report_opt(ctl->out, "client_id", "ID", clients[i].cid, 0);
		out_string(ctl->out, "owner", "OWNER", word(WORD_OWNER, clients[i].owner).s);
		report_opt(ctl->out, "pid", "PROCESS", clients[i].pid, 0);
		out_string(ctl->out, "name", "NAME", clients[i].name);
		out_row_end(ctl->out);
	}
	out_table_end(ctl->out);
	if (!n)
		out_line(ctl->out, "no client");
	free(clients);
	return 0;
}

static int check_which(struct ctl *ctl, const char *which)
{
	uint8_t service, cid;

	if (!strcmp(which, ALL) || !clients_parse(which, &service, &cid))
		return 0;
	return ctl_fail(ctl, -EINVAL, EXIT_USAGE, "m2mctl modem clients",
			"release is parked or a service and an id such as wds:7, not \"%s\"",
			which);
}

int modem_clients_run(struct ctl *ctl)
{
	const char *which = args_key(ctl->args, "release");
	struct port_client *clients = NULL;
	size_t n = 0;
	int err;

	if (!which)
		return say_clients(ctl);
	err = check_which(ctl, which);
	if (!err)
		err = ctl_lease(ctl);
	if (!err)
		err = read_clients(ctl, &clients, &n);
	if (!err)
		err = release(ctl, which, clients, n);
	free(clients);
	return err;
}
