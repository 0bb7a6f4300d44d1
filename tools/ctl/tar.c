// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the layout of an archive (POSIX ustar). */
#include <glib.h>
#include <string.h>

#include "tar.h"

struct header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], sum[8], type;
	char link[100], magic[8], user[32], group[32], major[8], minor[8], prefix[155];
	char pad[12];
};

G_STATIC_ASSERT(sizeof(struct header) == TAR_BLOCK);

/* Bytes, and zeros up to the end of a block */
static void append(struct tar *tar, const void *bytes, size_t len)
{
	size_t padded = (len + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;

	tar->bytes = g_realloc(tar->bytes, tar->len + padded);
	memcpy(tar->bytes + tar->len, bytes, len);
	memset(tar->bytes + tar->len + len, 0, padded - len);
	tar->len += padded;
}

void tar_add(struct tar *tar, const char *name, const char *bytes, size_t len,
	     int64_t unix_s)
{
	struct header header = { .type = '0', .magic = "ustar\00000" };
	const uint8_t *octets = (const uint8_t *)&header;
	unsigned int sum = 0;

	g_strlcpy(header.name, name, sizeof(header.name));
	g_snprintf(header.mode, sizeof(header.mode), "%07o", 0600);
	g_snprintf(header.uid, sizeof(header.uid), "%07o", 0);
	g_snprintf(header.gid, sizeof(header.gid), "%07o", 0);
	g_snprintf(header.size, sizeof(header.size), "%011zo", len);
	g_snprintf(header.mtime, sizeof(header.mtime), "%011llo",
		   (unsigned long long)MAX(unix_s, 0) & 077777777777);
	g_strlcpy(header.user, "root", sizeof(header.user));
	g_strlcpy(header.group, "root", sizeof(header.group));
	/* the sum is made with blanks in its own place */
	memset(header.sum, ' ', sizeof(header.sum));
	for (size_t i = 0; i < sizeof(header); i++)
		sum += octets[i];
	g_snprintf(header.sum, sizeof(header.sum), "%06o", sum);
	append(tar, octets, sizeof(header));
	append(tar, bytes, len);
}

void tar_end(struct tar *tar)
{
	static const uint8_t zeros[TAR_END_SIZE];

	append(tar, zeros, sizeof(zeros));
}

void tar_clear(struct tar *tar)
{
	g_free(tar->bytes);
	*tar = (struct tar){ 0 };
}
