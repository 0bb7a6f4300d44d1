// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns which boot this is. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "boot.h"

#define BOOT_ID_FILE	"/proc/sys/kernel/random/boot_id"

const char *boot_id(void)
{
	static char id[BOOT_ID_SIZE];
	FILE *file;

	if (*id)
		return id;
	file = fopen(BOOT_ID_FILE, "re");
	if (!file || !fgets(id, sizeof(id), file))
		*id = '\0';
	if (file)
		fclose(file);
	id[strcspn(id, "\n")] = '\0';
	return id;
}

int64_t boot_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return ts.tv_sec * (int64_t)1000 + ts.tv_nsec / 1000000;
}
