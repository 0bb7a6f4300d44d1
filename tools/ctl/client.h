/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asking m2md at its socket. */
#ifndef M2MCTL_CLIENT_H
#define M2MCTL_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

struct ctl;
struct client_answer;

/* A word of a request: a text, or a number where @text is NULL; no name ends a list */
struct client_word {
	const char *name, *text;
	int64_t number;
};

/**
 * client_ask() - one request, one answer
 * @ctl: the command; ctl->error is filled in on failure, with an exit status
 * @method: of m2md(8)
 * @words: of the request; NULL: none
 * @ret: for client_free()
 *
 * Return: 0; -EHOSTDOWN if m2md does not run; -EACCES if it refuses for want of rights,
 * -ENODEV if it knows no such modem, another errno for what else it refuses or what
 * goes wrong on the way.
 */
int client_ask(struct ctl *ctl, const char *method, const struct client_word *words,
	       struct client_answer **ret);
/* NULL is fine */
void client_free(struct client_answer *answer);

/*
 * What stands in the answer: at its top without @table, else in the @row'th object of the
 * array of that name. NULL, @otherwise or false where there is nothing of that kind.
 */
unsigned int client_rows(const struct client_answer *answer, const char *table);
const char *client_text(const struct client_answer *answer, const char *table,
			unsigned int row, const char *name);
int64_t client_number(const struct client_answer *answer, const char *table,
		      unsigned int row, const char *name, int64_t otherwise);
bool client_is(const struct client_answer *answer, const char *table, unsigned int row,
	       const char *name);

/* client_imei() - of the modem there, where "modems" of the answer tells; or NULL */
const char *client_imei(const struct client_answer *answer, const char *usb_path);

/* client_reload() - have m2md read its configuration; ret_there: it runs, and does */
int client_reload(struct ctl *ctl, bool *ret_there);

#endif /* M2MCTL_CLIENT_H */
