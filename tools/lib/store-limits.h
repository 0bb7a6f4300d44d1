/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much may be written to the disk in 24 hours of uptime; the one place that says so. */
#ifndef M2M_STORE_LIMITS_H
#define M2M_STORE_LIMITS_H

#define STORE_WRITES_A_DAY	100
#define STORE_BYTES_A_DAY	1000000

#endif /* M2M_STORE_LIMITS_H */
