// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns `m2mctl history`: what m2md remembers of this boot. */
#include <errno.h>
#include <glib.h>

#include "client.h"
#include "ctl.h"
#include "meant.h"
#include "when.h"

#define PAGES_MAX	64	/* more come from no m2md */

/* The answers one after the other; each says when it was given */
struct book {
	GPtrArray *pages;
	unsigned int meant;	/* events of the modem that -d means */
};

static void free_page(gpointer page)
{
	client_free(page);
}

static unsigned int count(const struct client_answer *page)
{
	return client_rows(page, "events");
}

static bool is_meant(const struct meant *meant, const struct client_answer *page,
		     unsigned int row)
{
	return meant_is(meant, client_text(page, "events", row, "usb_path"),
			client_text(page, "events", row, "imei"));
}

/* @since_s: -1 for all */
static int read_book(struct ctl *ctl, const struct meant *meant, int64_t since_s,
		     struct book *book)
{
	struct client_answer *page = NULL;
	int64_t after = 0;
	bool more = true;
	int err;

	while (more) {
		const struct client_word words[] = {
			{ "after", NULL, after },
			{ "since_s", NULL, since_s },
			{ NULL }
		};

		err = client_ask(ctl, "history", words, &page);
		if (err)
			return err;
		g_ptr_array_add(book->pages, page);
		for (unsigned int i = 0; i < count(page); i++)
			book->meant += is_meant(meant, page, i);
		more = client_is(page, NULL, 0, "more") && count(page);
		if (more)
			after = client_number(page, "events", count(page) - 1, "number",
					      INT64_MAX);
		if (book->pages->len == PAGES_MAX)
			return m2m_error_set(&ctl->error, -EBADMSG,
					     "m2md's answer has no end");
	}
	return 0;
}

/*
 * A clock that is right now tells when it was, whatever it said then; one that is not
 * was right then, or nobody knows. For g_free(), or NULL.
 */
static char *time_of(const struct client_answer *page, unsigned int row)
{
	int64_t boot_ms = client_number(page, "events", row, "boot_ms", 0);
	int64_t wall_ms = client_number(page, "events", row, "wall_ms", 0);

	if (client_is(page, NULL, 0, "clock_trusted"))
		wall_ms = client_number(page, NULL, 0, "wall_ms", 0) -
			  (client_number(page, NULL, 0, "boot_ms", 0) - boot_ms);
	else if (!client_is(page, "events", row, "clock_trusted"))
		return NULL;
	return when_text(wall_ms, false);
}

static void say_event(struct out *out, const struct client_answer *page,
		      unsigned int row)
{
	static const struct {
		const char *key, *label;
	} texts[] = {
		{ "usb_path", "MODEM" }, { "imei", NULL }, { "pdn", "PDN" },
		{ "kind", "EVENT" }, { "what", "WHAT" }, { "cause", "CAUSE" },
		{ "cause_text", "WHY" },
	};
	g_autofree char *time = time_of(page, row);
	int64_t boot_ms = client_number(page, "events", row, "boot_ms", 0);

	out_row(out);
	out_string(out, "time", "TIME", time);
	out_int(out, "uptime_s", "UPTIME", boot_ms / 1000);
	out_int(out, "number", NULL, client_number(page, "events", row, "number", 0));
	out_int(out, "boot_ms", NULL, boot_ms);
	out_int(out, "wall_ms", NULL, client_number(page, "events", row, "wall_ms", 0));
	out_bool(out, "clock_trusted", NULL,
		 client_is(page, "events", row, "clock_trusted"));
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		out_string(out, texts[i].key, texts[i].label,
			   client_text(page, "events", row, texts[i].key));
	out_row_end(out);
}

static void say_book(struct ctl *ctl, const struct book *book, const struct meant *meant)
{
	int64_t skip = 0;

	if (ctl->args->given[OPTION_LINES])
		skip = (int64_t)book->meant - ctl->args->number[OPTION_LINES];
	out_table(ctl->out, "events", NULL);
	for (guint i = 0; i < book->pages->len; i++)
		for (unsigned int j = 0; j < count(book->pages->pdata[i]); j++)
			if (is_meant(meant, book->pages->pdata[i], j) && skip-- <= 0)
				say_event(ctl->out, book->pages->pdata[i], j);
	out_table_end(ctl->out);
	if (!book->meant)
		out_line(ctl->out, "nothing happened");
}

/* Whether it is in the history at all, however long ago */
static int find_in_all(struct ctl *ctl, const struct meant *meant)
{
	struct book all = { g_ptr_array_new_with_free_func(free_page), 0 };
	int err = read_book(ctl, meant, -1, &all);

	g_ptr_array_unref(all.pages);
	return err || all.meant ? err : meant_fail(ctl, meant);
}

/* -d may name a modem that was there; one that m2md never had is a mistake */
static int check_meant(struct ctl *ctl, const struct meant *meant,
		       const struct client_answer *now, const struct book *book)
{
	if (!meant || book->meant)
		return 0;
	for (unsigned int i = 0; i < client_rows(now, "modems"); i++)
		if (meant_is(meant, client_text(now, "modems", i, "usb_path"),
			     client_text(now, "modems", i, "imei")))
			return 0;
	return ctl->args->given[OPTION_SINCE] ? find_in_all(ctl, meant) :
						meant_fail(ctl, meant);
}

int history_run(struct ctl *ctl)
{
	struct book book = { g_ptr_array_new_with_free_func(free_page), 0 };
	struct meant *meant = meant_new(ctl);
	const struct args *args = ctl->args;
	struct client_answer *now = NULL;
	int err = 0;

	if (meant)
		err = client_ask(ctl, "why", NULL, &now);
	if (!err)
		meant_learn(meant, now);
	if (!err)
		err = read_book(ctl, meant, args->given[OPTION_SINCE] ?
				args->number[OPTION_SINCE] : -1, &book);
	if (!err)
		err = check_meant(ctl, meant, now, &book);
	if (!err)
		say_book(ctl, &book, meant);
	client_free(now);
	meant_free(meant);
	g_ptr_array_unref(book.pages);
	return err;
}
