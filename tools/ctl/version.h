/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The version of the tools. */
#ifndef M2MCTL_VERSION_H
#define M2MCTL_VERSION_H

#define M2MCTL_VERSION	"0.1"

#endif /* M2MCTL_VERSION_H */
