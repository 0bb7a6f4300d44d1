// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns `m2mctl support`: one archive, within its limits of time and size. */
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ctl.h"
#include "scrub.h"
#include "support.h"
#include "tar.h"

/*
 * What it may be before it is compressed: 5 MB without what that adds where it finds
 * nothing to leave out, and without the list of contents of what no longer fits
 */
#define ARCHIVE_MAX	(5000000 - 8192)
#define CONTENTS_MORE	16384
#define PART_MAX	(512 * 1024)
#define PART_MS		5000
#define ALL_MS		58000

struct support {
	struct ctl *ctl;
	bool full;
	struct scrub *scrub;
	struct tar archive;
	GString *contents;	/* what became of each part */
	gint64 until_us;
};

/* What became of a part */
struct outcome {
	GString *text;
	const char *status;	/* "ok", "failed", "late", "cut" */
	unsigned int ms;
};

/* --- one part ----------------------------------------------------------------- */

/* In the process of its own: whatever hangs there hangs alone */
static void G_GNUC_NORETURN run_child(const struct support_part *part, const char *arg,
				      bool full, int to)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	sigset_t none;
	int failed;

	setpgid(0, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	dup2(null, STDIN_FILENO);
	dup2(to, STDOUT_FILENO);
	dup2(to, STDERR_FILENO);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
	failed = part->print(arg, full);
	fflush(stdout);
	_exit(failed);
}

/* Reads until the part has ended; false when time, room or patience are over */
static bool read_all(struct support *s, int from, int pidfd, struct outcome *ret)
{
	gint64 until = MIN(g_get_monotonic_time() + PART_MS * 1000LL, s->until_us);
	struct pollfd pfds[] = {
		{ .fd = from, .events = POLLIN },
		{ .fd = s->ctl->signal_fd, .events = POLLIN },
		{ .fd = pidfd, .events = POLLIN },
	};
	char buf[16 * 1024];

	for (;;) {
		gint64 left_ms = (until - g_get_monotonic_time()) / 1000;
		ssize_t n;

		ret->status = "late";
		if (left_ms <= 0 || poll(pfds, 2, left_ms) < 0 || pfds[1].revents)
			return false;
		if (!pfds[0].revents)
			continue;
		n = read(from, buf, sizeof(buf));
		if (n <= 0)
			/* nobody writes any more: it ends */
			return poll(&pfds[2], 1, MAX(left_ms, 1)) > 0;
		g_string_append_len(ret->text, buf, n);
		ret->status = "cut";
		if (ret->text->len > PART_MAX)
			return false;
	}
}

static void run_part(struct support *s, const struct support_part *part, const char *arg,
		     struct outcome *ret)
{
	gint64 began = g_get_monotonic_time();
	int fds[2], pidfd, status = 0;
	pid_t pid;

	*ret = (struct outcome){ .text = g_string_new(NULL), .status = "failed" };
	if (pipe2(fds, O_CLOEXEC))
		return;
	fflush(NULL);
	pid = fork();
	if (!pid)
		run_child(part, arg, s->full, fds[1]);
	close(fds[1]);
	if (pid > 0) {
		pidfd = pidfd_open(pid, 0);
		if (read_all(s, fds[0], pidfd, ret) &&
		    waitpid(pid, &status, WNOHANG) == pid) {
			ret->status = WIFEXITED(status) && !WEXITSTATUS(status) ? "ok" :
										  "failed";
		} else {
			/* one that cannot be killed is left to itself */
			kill(-pid, SIGKILL);
			kill(pid, SIGKILL);
			waitpid(pid, &status, WNOHANG);
		}
		close(pidfd);
	}
	close(fds[0]);
	ret->ms = (g_get_monotonic_time() - began) / 1000;
}

/* --- the archive -------------------------------------------------------------- */

static bool has_ended(const struct outcome *outcome)
{
	return !strcmp(outcome->status, "ok") || !strcmp(outcome->status, "failed");
}

/* A line that is cut may end with half an identifier, which nobody would know as one */
static void drop_half_line(GString *text)
{
	const char *last;

	if (text->len > PART_MAX)
		g_string_truncate(text, PART_MAX);
	last = g_strrstr_len(text->str, text->len, "\n");
	g_string_truncate(text, last ? last + 1 - text->str : 0);
}

/* Text as it may be given away; what is no text is none of ours */
static char *clean(struct support *s, const struct outcome *outcome)
{
	GString *text = outcome->text;
	char *valid;
	char *out;

	if (!has_ended(outcome))
		drop_half_line(text);
	valid = g_utf8_make_valid(text->str, strlen(text->str));
	if (s->full)
		return valid;
	out = scrub_text(s->scrub, valid);
	g_free(valid);
	return out;
}

static void add_file(struct support *s, const char *name, const char *text, size_t len)
{
	g_autofree char *path = g_strconcat("m2m-support/", name, NULL);

	tar_add(&s->archive, path, text, len, g_get_real_time() / G_USEC_PER_SEC);
}

/* How much more fits, with the list of contents */
static size_t room(const struct support *s)
{
	size_t used = s->archive.len + TAR_SIZE(s->contents->len + CONTENTS_MORE) +
		      TAR_END_SIZE + 2 * TAR_BLOCK;

	return used < ARCHIVE_MAX ? ARCHIVE_MAX - used : 0;
}

static int add_part(struct support *s, const struct support_part *part, const char *name,
		    const char *arg)
{
	struct out *out = s->ctl->out;
	g_autofree char *text = NULL;
	struct outcome outcome;
	size_t len;

	run_part(s, part, arg, &outcome);
	text = clean(s, &outcome);
	g_string_free(outcome.text, TRUE);
	len = strlen(text);
	if (len > room(s)) {
		len = room(s);
		outcome.status = "cut";
	}
	if (room(s))
		add_file(s, name, text, len);
	g_string_append_printf(s->contents, "%-6s %8zu bytes %5u ms  %s\n", outcome.status,
			       len, outcome.ms, name);
	out_row(out);
	out_string(out, "part", "PART", name);
	out_string(out, "status", "STATUS", outcome.status);
	out_int(out, "size_bytes", "SIZE", len);
	out_int(out, "time_ms", NULL, outcome.ms);
	out_row_end(out);
	return ctl_interrupted(s->ctl);
}

static int add_modem(struct support *s, const char *usb_path)
{
	int err = 0;

	for (const struct support_part *p = support_modem_parts; p->name && !err; p++) {
		g_autofree char *name = g_strdup_printf("modem-%s/%s", usb_path, p->name);
		g_autofree char *arg = g_strdup_printf("%s %s", usb_path, p->arg);

		err = add_part(s, p, name, arg);
	}
	return err;
}

/* The modems that the driver has, if it tells: asking it may hang as any part may */
static int add_modems(struct support *s)
{
	struct outcome outcome;
	char **paths;
	int err = 0;

	run_part(s, &support_modems, NULL, &outcome);
	paths = g_strsplit(has_ended(&outcome) ? outcome.text->str : "", "\n", -1);
	g_string_free(outcome.text, TRUE);
	for (unsigned int i = 0; paths[i] && !err; i++)
		if (*paths[i])
			err = add_modem(s, paths[i]);
	g_strfreev(paths);
	return err;
}

static int add_parts(struct support *s)
{
	int err = 0;

	out_table(s->ctl->out, "parts", NULL);
	for (const struct support_part *p = support_host_parts; p->name && !err; p++)
		err = add_part(s, p, p->name, p->arg);
	if (!err)
		err = add_modems(s);
	out_table_end(s->ctl->out);
	add_file(s, "contents", s->contents->str, s->contents->len);
	tar_end(&s->archive);
	return err;
}

/* --- whose it is -------------------------------------------------------------- */

/* What devices call themselves; those of root hubs are of the host's bus */
static void learn_serials(struct scrub *scrub)
{
	const char *top = "/sys/bus/usb/devices";
	GDir *dir = g_dir_open(top, 0, NULL);
	const char *device;

	while (dir && (device = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(top, device, "serial", NULL);
		g_autofree char *serial = NULL;

		if (!g_str_has_prefix(device, "usb") &&
		    g_file_get_contents(path, &serial, NULL, NULL))
			scrub_add(scrub, g_strstrip(serial));
	}
	if (dir)
		g_dir_close(dir);
}

/* The same tokens on this host always, and on no other */
static struct scrub *learn(void)
{
	g_autofree char *salt = NULL;
	struct scrub *scrub;

	if (!g_file_get_contents("/etc/machine-id", &salt, NULL, NULL) || strlen(salt) < 32) {
		g_free(salt);
		salt = g_uuid_string_random();
	}
	scrub = scrub_new(salt, strlen(salt));
	scrub_add(scrub, g_strstrip(salt));
	learn_serials(scrub);
	return scrub;
}

/* --- the file ----------------------------------------------------------------- */

static int write_file(struct ctl *ctl, const char *path, const struct tar *archive)
{
	/* the best that takes no seconds of a small processor */
	GZlibCompressor *gzip = g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	size_t size = archive->len + archive->len / 100 + 1024;
	gsize read = 0, written = 0;
	char *buf = g_malloc(size);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
	int err = file ? 0 : -errno;

	/* what is compressed no further still fits */
	if (!err && g_converter_convert(G_CONVERTER(gzip), archive->bytes, archive->len, buf,
					size, G_CONVERTER_INPUT_AT_END, &read, &written,
					NULL) != G_CONVERTER_FINISHED)
		err = -ENOSPC;
	if (!err && (fwrite(buf, 1, written, file) != written || fflush(file)))
		err = -errno;
	if (file)
		fclose(file);
	if (err && file)
		unlink(path);
	g_object_unref(gzip);
	g_free(buf);
	if (err)
		return ctl_fail(ctl, err, EXIT_FAILED, err == -EEXIST ? "another FILE" :
				"a FILE in a directory that is there and has space, such as /tmp",
				"%s: %s", *path ? path : "\"\"", g_strerror(-err));
	out_string(ctl->out, "file", NULL, path);
	out_int(ctl->out, "file_bytes", NULL, written);
	out_line(ctl->out, "%s: %zu bytes", path, (size_t)written);
	return 0;
}

int support_run(struct ctl *ctl)
{
	struct support s = {
		.ctl = ctl,
		.full = ctl->args->given[OPTION_FULL],
		.scrub = learn(),
		.contents = g_string_new(NULL),
		.until_us = ctl->began_us + ALL_MS * 1000LL,
	};
	g_autofree char *name = NULL;
	GDateTime *now = g_date_time_new_now_utc();
	int err;

	name = g_date_time_format(now, "m2m-support-%Y%m%dT%H%M%SZ.tar.gz");
	g_date_time_unref(now);
	err = add_parts(&s);
	if (!err)
		err = write_file(ctl, ctl->args->n_args ? ctl->args->arg[0] : name, &s.archive);
	if (!err) {
		out_bool(ctl->out, "full", NULL, s.full);
		out_line(ctl->out, s.full ? "it says whose modem and SIM this is" :
			 "identifiers are tokens in it, but for addresses and names of networks");
	}
	g_string_free(s.contents, TRUE);
	tar_clear(&s.archive);
	scrub_free(s.scrub);
	return err;
}
