/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which boot of the host this is, and how long it lasts. */
#ifndef M2M_BOOT_H
#define M2M_BOOT_H

#include <stdint.h>

#define BOOT_ID_SIZE	37	/* with the end */

/* boot_id() - the kernel's, another one after each boot; "" if it does not tell */
const char *boot_id(void);
/* boot_ms() - CLOCK_BOOTTIME */
int64_t boot_ms(void);

#endif /* M2M_BOOT_H */
