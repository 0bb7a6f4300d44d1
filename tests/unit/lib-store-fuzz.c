// SPDX-License-Identifier: GPL-2.0-or-later
/* State files that nobody wrote; the seed is fixed, so it repeats. */
#include <errno.h>
#include <glib.h>
#include <kselftest_harness.h>
#include <stdlib.h>

#include "../../tools/lib/store.h"
#include "../lib/draw.h"
#include "../lib/harness.h"

#define ROUNDS		60000
#define FILE_MAX	600
#define SUM_LEN		32

static void sign(uint8_t *bytes, size_t len)
{
	GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);
	gsize size = SUM_LEN;

	g_checksum_update(checksum, bytes, len - SUM_LEN);
	g_checksum_get_digest(checksum, bytes + len - SUM_LEN, &size);
	g_checksum_free(checksum);
}

static size_t make_good(uint8_t *buf)
{
	struct store_record records[8] = { { NULL } };
	struct store_image image = { draw(1000), records, draw(8) };
	char keys[8][40];
	uint8_t values[8][40], *bytes;
	size_t len;

	for (size_t i = 0; i < image.n; i++) {
		snprintf(keys[i], sizeof(keys[i]), "key/%zu/%u", i, draw(100));
		for (size_t j = 0; j < sizeof(values[i]); j++)
			values[i][j] = draw(256);
		records[i] = (struct store_record){
			keys[i], values[i], draw(20), draw(20), draw(4)
		};
	}
	ASSERT_EQ(0, store_encode(&image, &bytes, &len));
	ASSERT_LE(len, FILE_MAX);
	memcpy(buf, bytes, len);
	g_free(bytes);
	return len;
}

/* Something between noise and a file. Returns its length. */
static size_t make(uint8_t *buf)
{
	size_t len;

	if (!draw(8)) {
		len = draw(FILE_MAX);
		for (size_t i = 0; i < len; i++)
			buf[i] = draw(256);
		return len;
	}
	len = make_good(buf);
	for (int i = draw(4); i; i--)
		buf[draw(2) ? draw(len) : 8 + draw(36)] = draw(3) ? draw(256) : draw(3);
	/* a tail that is missing, and a checksum that is right all the same */
	if (!draw(4))
		len = draw(len + 1);
	if (len >= SUM_LEN && draw(4))
		sign(buf, len);
	return len;
}

static unsigned int good, bad, later;

static void check_image(const struct store_image *image)
{
	struct store_image again;
	struct m2m_error error;
	uint8_t *bytes;
	size_t len;

	ASSERT_LE(image->n, STORE_RECORDS_MAX);
	for (size_t i = 0; i < image->n; i++) {
		ASSERT_TRUE(*image->records[i].key);
		ASSERT_LE(strlen(image->records[i].key), STORE_KEY_MAX);
		ASSERT_LE(image->records[i].len, STORE_VALUE_MAX);
	}
	/* what was read is written and read again as it was */
	ASSERT_EQ(0, store_encode(image, &bytes, &len));
	ASSERT_EQ(0, store_decode(bytes, len, &again, &error));
	ASSERT_EQ(image->n, again.n);
	ASSERT_EQ(image->generation, again.generation);
	for (size_t i = 0; i < image->n; i++) {
		const struct store_record *a = &image->records[i], *b = &again.records[i];

		ASSERT_STREQ(a->key, b->key);
		ASSERT_TRUE(a->len == b->len && a->extra == b->extra &&
			    a->flags == b->flags);
		ASSERT_FALSE(memcmp(a->value, b->value, a->len + a->extra));
	}
	store_image_clear(&again);
	g_free(bytes);
}

static void check(const uint8_t *bytes, size_t len)
{
	/* a copy without a byte to spare, so that reading past it is seen */
	uint8_t *copy = malloc(len ? len : 1);
	struct m2m_error error = { 0 };
	struct store_image image;
	int err;

	memcpy(copy, bytes, len);
	err = store_decode(copy, len, &image, &error);
	free(copy);
	if (!err) {
		good++;
		check_image(&image);
		store_image_clear(&image);
		return;
	}
	ASSERT_TRUE(err == -EBADMSG || err == -EPROTONOSUPPORT);
	ASSERT_TRUE(*error.msg);
	*(err == -EBADMSG ? &bad : &later) += 1;
}

TEST_TIMEOUT(noise_is_read_within_its_bounds, 100)
{
	uint8_t buf[FILE_MAX] = { 0 };

	draw_state = 20010911;
	for (int i = 0; i < ROUNDS; i++)
		check(buf, make(buf));
	/* It was worth it only if every verdict came up often. */
	EXPECT_LE(ROUNDS / 20, good);
	EXPECT_LE(ROUNDS / 20, bad);
	EXPECT_LE(ROUNDS / 1000, later);
}

TEST_HARNESS_MAIN
