/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An archive in memory, as tar has it. */
#ifndef M2MCTL_TAR_H
#define M2MCTL_TAR_H

#include <stddef.h>
#include <stdint.h>

/* Pure. What a file of so many bytes adds to an archive, and what ends one */
#define TAR_BLOCK	512
#define TAR_SIZE(len)	(TAR_BLOCK + ((len) + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK)
#define TAR_END_SIZE	(2 * TAR_BLOCK)
#define TAR_NAME_MAX	99

/* Zeroed to begin with */
struct tar {
	uint8_t *bytes;
	size_t len;
};

/* tar_add() - a file, mode 0600, owned by root; @name of 99 bytes at most */
void tar_add(struct tar *tar, const char *name, const char *bytes, size_t len,
	     int64_t unix_s);
void tar_end(struct tar *tar);
void tar_clear(struct tar *tar);

#endif /* M2MCTL_TAR_H */
