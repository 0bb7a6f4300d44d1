// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the bytes of a state file. Pure. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "store.h"

/*
 * DOC: Format, little-endian
 *
 *	"m2mstate"
 *	u16	version of the writer
 *	u16	oldest version that can read it
 *	u32	length of this header, 32 or more
 *	u64	generation
 *	u32	number of records
 *	u32	length of all records
 *	records, each:
 *		u32	length with this header
 *		u16	length of the key
 *		u16	flags
 *		u32	length of the value
 *		key, value, and what a later version has put there
 *	32 bytes of SHA-256 of all that is before them
 */

#define MAGIC		"m2mstate"
#define VERSION		1
#define HEADER_LEN	32
#define RECORD_LEN	12
#define SUM_LEN		32

/* --- bytes ------------------------------------------------------------------- */

static void put(uint8_t *at, uint64_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		at[i] = value >> (8 * i);
}

static uint64_t get(const uint8_t *at, int bytes)
{
	uint64_t value = 0;

	for (int i = bytes; i-- > 0;)
		value = value << 8 | at[i];
	return value;
}

static void sum(const uint8_t *bytes, size_t len, uint8_t ret[static SUM_LEN])
{
	GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);
	gsize size = SUM_LEN;

	g_checksum_update(checksum, bytes, len);
	g_checksum_get_digest(checksum, ret, &size);
	g_checksum_free(checksum);
}

/* --- out --------------------------------------------------------------------- */

static size_t record_len(const struct store_record *record)
{
	return RECORD_LEN + strlen(record->key) + record->len + record->extra;
}

int store_encode(const struct store_image *image, uint8_t **ret_bytes, size_t *ret_len)
{
	size_t payload = 0, len;
	uint8_t *bytes, *at;

	for (size_t i = 0; i < image->n; i++)
		payload += record_len(&image->records[i]);
	len = HEADER_LEN + payload + SUM_LEN;
	if (len > STORE_FILE_MAX)
		return -EFBIG;
	bytes = g_malloc0(len);
	memcpy(bytes, MAGIC, strlen(MAGIC));
	put(bytes + 8, VERSION, 2);
	put(bytes + 10, VERSION, 2);
	put(bytes + 12, HEADER_LEN, 4);
	put(bytes + 16, image->generation, 8);
	put(bytes + 24, image->n, 4);
	put(bytes + 28, payload, 4);
	at = bytes + HEADER_LEN;
	for (size_t i = 0; i < image->n; i++) {
		const struct store_record *record = &image->records[i];
		size_t key_len = strlen(record->key);

		put(at, record_len(record), 4);
		put(at + 4, key_len, 2);
		put(at + 6, record->flags, 2);
		put(at + 8, record->len, 4);
		memcpy(at + RECORD_LEN, record->key, key_len);
		memcpy(at + RECORD_LEN + key_len, record->value,
		       record->len + record->extra);
		at += record_len(record);
	}
	sum(bytes, at - bytes, at);
	*ret_bytes = bytes;
	*ret_len = len;
	return 0;
}

/* --- in ---------------------------------------------------------------------- */

static bool is_key(const uint8_t *key, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!g_ascii_isgraph(key[i]))
			return false;
	return len && len <= STORE_KEY_MAX;
}

static bool has_key(const struct store_image *image, const char *key)
{
	for (size_t i = 0; i < image->n; i++)
		if (!strcmp(image->records[i].key, key))
			return true;
	return false;
}

/* A record at the beginning of @len bytes; its length, 0 if there is none */
static size_t decode_record(const uint8_t *at, size_t len, struct store_image *image)
{
	struct store_record record = { 0 };
	size_t all, key_len, value_len;

	if (len < RECORD_LEN)
		return 0;
	all = get(at, 4);
	key_len = get(at + 4, 2);
	value_len = get(at + 8, 4);
	if (all > len || all < RECORD_LEN || key_len > all - RECORD_LEN ||
	    value_len > all - RECORD_LEN - key_len || value_len > STORE_VALUE_MAX ||
	    !is_key(at + RECORD_LEN, key_len))
		return 0;
	record.key = g_strndup((const char *)at + RECORD_LEN, key_len);
	if (has_key(image, record.key)) {
		g_free(record.key);
		return 0;
	}
	record.flags = get(at + 6, 2);
	record.len = value_len;
	record.extra = all - RECORD_LEN - key_len - value_len;
	/* a byte more, so that an empty value is not NULL */
	record.value = g_malloc0(record.len + record.extra + 1);
	memcpy(record.value, at + RECORD_LEN + key_len, record.len + record.extra);
	image->records[image->n++] = record;
	return all;
}

static int decode_records(const uint8_t *at, size_t len, size_t n,
			  struct store_image *image)
{
	while (n--) {
		size_t used = decode_record(at, len, image);

		if (!used)
			return -EBADMSG;
		at += used;
		len -= used;
	}
	return len ? -EBADMSG : 0;
}

/* Everything before the records */
static int check_header(const uint8_t *bytes, size_t len, struct m2m_error *error)
{
	uint8_t expected[SUM_LEN];
	size_t header;

	if (len > STORE_FILE_MAX)
		return m2m_error_set(error, -EBADMSG, "larger than %d bytes",
				     STORE_FILE_MAX);
	if (len < HEADER_LEN + SUM_LEN)
		return m2m_error_set(error, -EBADMSG, "only %zu bytes", len);
	if (memcmp(bytes, MAGIC, strlen(MAGIC)))
		return m2m_error_set(error, -EBADMSG, "not a state file");
	sum(bytes, len - SUM_LEN, expected);
	if (memcmp(bytes + len - SUM_LEN, expected, SUM_LEN))
		return m2m_error_set(error, -EBADMSG, "the checksum is wrong");
	if (get(bytes + 10, 2) > VERSION)
		return m2m_error_set(error, -EPROTONOSUPPORT,
				     "written by version %d of the format, this is %d",
				     (int)get(bytes + 8, 2), VERSION);
	header = get(bytes + 12, 4);
	if (header < HEADER_LEN || header > len - SUM_LEN ||
	    get(bytes + 28, 4) != len - SUM_LEN - header ||
	    get(bytes + 24, 4) > STORE_RECORDS_MAX)
		return m2m_error_set(error, -EBADMSG, "its lengths disagree");
	return 0;
}

int store_decode(const uint8_t *bytes, size_t len, struct store_image *ret_image,
		 struct m2m_error *error)
{
	struct store_image image = { 0 };
	size_t header, n;
	int err;

	err = check_header(bytes, len, error);
	if (err)
		return err;
	header = get(bytes + 12, 4);
	n = get(bytes + 24, 4);
	image.generation = get(bytes + 16, 8);
	image.records = g_new0(struct store_record, n + 1);
	err = decode_records(bytes + header, len - SUM_LEN - header, n, &image);
	if (err) {
		store_image_clear(&image);
		return m2m_error_set(error, err, "a record is wrong");
	}
	*ret_image = image;
	return 0;
}

void store_image_clear(struct store_image *image)
{
	for (size_t i = 0; i < image->n; i++) {
		g_free(image->records[i].key);
		g_free(image->records[i].value);
	}
	g_free(image->records);
	memset(image, 0, sizeof(*image));
}
