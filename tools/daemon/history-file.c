// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the file of the history: a line an event, in memory that a reboot empties. */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include "../lib/boot.h"
#include "clock.h"
#include "history-file.h"
#include "say.h"

/* systemd-timesyncd makes it once it has set the clock */
#define SYNCHRONIZED	"/run/systemd/timesync/synchronized"
#define LINES_MAX	(2 * HISTORY_MAX)	/* then it is written anew */

struct history_file {
	struct history *history;
	char *path;		/* NULL: memory alone */
	int fd;			/* -1: closed, or it cannot be written */
	unsigned int lines;
};

int64_t wall_clock(bool *ret_trusted)
{
	struct timex timex = { 0 };
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	/* reads only: nothing is set by modes of 0; a sandbox may forbid even that */
	*ret_trusted = adjtimex(&timex) >= 0 ? !(timex.status & STA_UNSYNC) :
					       !access(SYNCHRONIZED, F_OK);
	return ts.tv_sec * (int64_t)1000 + ts.tv_nsec / 1000000;
}

/* --- writing ---------------------------------------------------------------- */

static void give_up(struct history_file *file, const char *what)
{
	say(SAY_WARNING, "%s: %s: %s; the history is kept in memory alone", file->path,
	    what, g_strerror(errno));
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
	g_clear_pointer(&file->path, g_free);
}

static bool put(struct history_file *file, const char *line)
{
	ssize_t len = strlen(line);

	if (file->fd < 0)
		return false;
	if (write(file->fd, line, len) == len) {
		file->lines++;
		return true;
	}
	give_up(file, "write");
	return false;
}

static void put_event(struct history_file *file, const struct history_event *event)
{
	char line[HISTORY_LINE_MAX];

	history_line_write(event, line);
	put(file, line);
}

/* All of it into a file that takes the old one's place: it stays short */
static void write_anew(struct history_file *file)
{
	g_autofree char *new_path = NULL;
	char boot[BOOT_ID_SIZE + 1];

	if (!file->path)
		return;
	if (file->fd >= 0)
		close(file->fd);
	new_path = g_strconcat(file->path, ".new", NULL);
	unlink(new_path);
	file->lines = 0;
	/* it names modems: not for everybody */
	file->fd = open(new_path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW |
			O_CLOEXEC, 0600);
	if (file->fd < 0) {
		give_up(file, "open");
		return;
	}
	g_snprintf(boot, sizeof(boot), "%s\n", boot_id());
	put(file, boot);
	for (size_t i = 0; i < history_count(file->history) && file->path; i++)
		put_event(file, history_get(file->history, i));
	if (file->path && rename(new_path, file->path))
		give_up(file, "rename");
}

void history_file_add(struct history_file *file, const struct history_event *event)
{
	const struct history_event *added;
	struct history_event now = *event;

	if (!file)
		return;
	now.number = 0;
	now.boot_ms = clock_ms();
	now.wall_ms = wall_clock(&now.trusted);
	added = history_add(file->history, &now);
	if (added && file->path)
		put_event(file, added);
	if (file->lines >= LINES_MAX)
		write_anew(file);
}

/* --- reading ---------------------------------------------------------------- */

/* What is not ours, a FIFO or a link elsewhere, stops nobody */
static char *read_text(const char *path)
{
	const size_t max = LINES_MAX * (HISTORY_LINE_MAX + 1);
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	char *text;
	ssize_t n;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || (size_t)st.st_size > max) {
		close(fd);
		return NULL;
	}
	text = g_malloc(st.st_size + 1);
	n = read(fd, text, st.st_size);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

static void read_lines(struct history_file *file, char *rest)
{
	const char *boot = strsep(&rest, "\n");
	struct history_event event;
	int64_t now = clock_ms();
	char *line;

	if (!boot || !*boot || strcmp(boot, boot_id()))
		return;
	/* behind the last end there is nothing, or half a line */
	while ((line = strsep(&rest, "\n")) && rest)
		if (history_line_read(line, &event) && event.boot_ms <= now)
			history_add(file->history, &event);
}

struct history_file *history_file_open(const char *path)
{
	struct history_file *file = g_new0(struct history_file, 1);
	char *text;

	file->fd = -1;
	file->history = history_new();
	if (!file->history)
		g_error("no memory");
	file->path = g_strdup(path);
	text = path ? read_text(path) : NULL;
	if (text)
		read_lines(file, text);
	g_free(text);
	write_anew(file);
	return file;
}

void history_file_close(struct history_file *file)
{
	if (!file)
		return;
	if (file->fd >= 0)
		close(file->fd);
	history_free(file->history);
	g_free(file->path);
	g_free(file);
}

const struct history *history_file_history(const struct history_file *file)
{
	return file->history;
}
