/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the JSON of each command has: m2mctl --schema. */
#ifndef M2MCTL_SCHEMA_H
#define M2MCTL_SCHEMA_H

#include <stdio.h>

#include "args.h"

/* schema_print() - the JSON schema of what a command prints; -ENOENT if there is none */
int schema_print(FILE *to, const struct command *command);

#endif /* M2MCTL_SCHEMA_H */
