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

/* Where a secret comes from: a person, unless a file or a descriptor is given */
struct secret_source {
	const char *file;	/* path, or NULL */
	const char *fd;		/* descriptor as text, or NULL */
	const char *prompt;	/* what to ask on the terminal */
	int stop_fd;		/* once it is readable, nobody waits any more */
};

/**
 * secret_read() - read one line
 * @source: from where
 * @ret_secret: the line without its end; secret_wipe() it, also after a failure
 * @error: -ENXIO if there is no terminal to ask on, -EINTR if it was stopped
 */
int secret_read(const struct secret_source *source, struct secret *ret_secret,
		struct m2m_error *error);
void secret_wipe(struct secret *secret);

/* secret_confirm() - ask on the terminal; 0 only if the answer is @word */
int secret_confirm(const char *question, const char *word, int stop_fd,
		   struct m2m_error *error);

#endif /* M2MCTL_SECRET_H */
