/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of the log. */
#ifndef M2MD_SAY_H
#define M2MD_SAY_H

/* As syslog counts, for the journal */
enum say_level {
	SAY_ERROR = 3,
	SAY_WARNING = 4,
	SAY_NOTICE = 5,
	SAY_INFO = 6,
};

/* say() - one line to standard error; never a secret, never a whole answer */
void say(enum say_level level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* M2MD_SAY_H */
