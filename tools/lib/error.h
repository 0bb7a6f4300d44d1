/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What went wrong: an errno for programs, a sentence for people. */
#ifndef M2M_ERROR_H
#define M2M_ERROR_H

#include <stdint.h>

/**
 * struct m2m_error - filled by the function that failed, never by one that did not
 * @err: negative errno
 * @qmi: the modem's QMI error, 0 if it was not the modem that refused
 * @msg: lower case, no full stop, names the thing and the limit
 */
struct m2m_error {
	int err;
	uint16_t qmi;
	char msg[256];
};

/**
 * m2m_error_set() - fill in an error
 * @error: may be NULL
 * @err: negative errno
 * @format: of the sentence, which is cut at the end of msg
 *
 * Return: @err, so that a function can fail in one line.
 */
int m2m_error_set(struct m2m_error *error, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* m2m_error_prefix() - put "what: " before the sentence; returns error->err */
int m2m_error_prefix(struct m2m_error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* m2m_error_copy() - hand on another's error; returns its err */
int m2m_error_copy(struct m2m_error *error, const struct m2m_error *from);

#endif /* M2M_ERROR_H */
