/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PINs and passwords on their way in: never argv, wiped after use. */
#ifndef M2MCTL_SECRET_H
#define M2MCTL_SECRET_H

#include <stddef.h>

#include "../lib/error.h"

#define SECRET_MAX	128

struct secret {
	char s[SECRET_MAX];
};

/**
 * secret_read() - read one line from a file, a descriptor or a person
 * @file: path, or NULL
 * @fd: descriptor as text, or NULL
 * @prompt: what to ask on the terminal if there is neither
 * @ret_secret: the line without its end; secret_wipe() it
 * @error: -ENXIO if there is no terminal to ask on
 */
int secret_read(const char *file, const char *fd, const char *prompt,
		struct secret *ret_secret, struct m2m_error *error);
void secret_wipe(struct secret *secret);

/* secret_confirm() - ask on the terminal; 0 only if the answer is @word */
int secret_confirm(const char *question, const char *word,
		   struct m2m_error *error);

#endif /* M2MCTL_SECRET_H */
