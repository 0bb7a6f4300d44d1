// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns how errors are worded and carried. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "error.h"

int m2m_error_set(struct m2m_error *error, int err, const char *format, ...)
{
	va_list ap;

	if (!error)
		return err;
	memset(error, 0, sizeof(*error));
	error->err = err;
	va_start(ap, format);
	vsnprintf(error->msg, sizeof(error->msg), format, ap);
	va_end(ap);
	return err;
}

int m2m_error_prefix(struct m2m_error *error, const char *format, ...)
{
	char tail[sizeof(error->msg)];
	va_list ap;
	int n;

	if (!error)
		return 0;
	memcpy(tail, error->msg, sizeof(tail));
	va_start(ap, format);
	n = vsnprintf(error->msg, sizeof(error->msg), format, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n < sizeof(error->msg))
		snprintf(error->msg + n, sizeof(error->msg) - n, ": %s", tail);
	return error->err;
}

int m2m_error_copy(struct m2m_error *error, const struct m2m_error *from)
{
	if (error)
		*error = *from;
	return from->err;
}
