/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a person can do about a call that ended or never began. Pure. */
#ifndef M2MCTL_ADVICE_H
#define M2MCTL_ADVICE_H

#include "../lib/wds.h"

/* advice() - a line to stand behind "try: "; NULL where nobody knows one for this cause */
const char *advice(const struct wds_reason *reason);

#endif /* M2MCTL_ADVICE_H */
