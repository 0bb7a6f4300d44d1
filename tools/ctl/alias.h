/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names that a person has given to modems: those of their .modem files. */
#ifndef M2MCTL_ALIAS_H
#define M2MCTL_ALIAS_H

#include <stdbool.h>

struct aliases;
struct m2m_qmi;

/* alias_load() - read the configuration, also one on trial; never NULL */
struct aliases *alias_load(void);
void alias_free(struct aliases *aliases);

/* Whether there is a file of that name */
bool alias_is_known(const struct aliases *aliases, const char *name);

/* alias_goes_by() - "IMEI=, Model=", what its [Match] is about; for g_free() */
char *alias_goes_by(const struct aliases *aliases, const char *name);

/**
 * alias_of() - what a modem is called
 * @aliases: from alias_load()
 * @qmi: a way to it, or NULL: then it is known by where it is plugged in alone
 * @usb_path: where
 *
 * The modem is asked for as much as some file's [Match] is about.
 * Return: the name of the file that m2md would use for it; NULL without one.
 */
const char *alias_of(const struct aliases *aliases, struct m2m_qmi *qmi,
		     const char *usb_path);

/* alias_by() - the same of a modem that is not asked; what is NULL is not known */
const char *alias_by(const struct aliases *aliases, const char *imei, const char *usb_path);

#endif /* M2MCTL_ALIAS_H */
