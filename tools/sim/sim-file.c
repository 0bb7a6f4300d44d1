// SPDX-License-Identifier: GPL-2.0-or-later
/* The elementary files of a card, made from its plain values. */
#include <errno.h>
#include <string.h>

#include <glib.h>

#include "firmware.h"

#define FID_MF		0x3f00
#define FID_ADF		0x7fff
#define EF_DIR		0x2f00
#define EF_ICCID	0x2fe2
#define EF_IMSI		0x6f07
#define EF_GID1		0x6f3e
#define EF_GID2		0x6f3f
#define EF_MSISDN	0x6f40
#define EF_SPN		0x6f46
#define EF_FPLMN	0x6f7b
#define EF_AD		0x6fad

#define MSISDN_RECORDS	2
#define MSISDN_LEN	28	/* 14 of name, 14 of number */
#define SPN_LEN		17
#define FPLMN_LEN	12
#define DIR_LEN		32

const uint8_t uicc_aid[UICC_AID_LEN] = {
	0xa0, 0x00, 0x00, 0x00, 0x87, 0x10, 0x02, 0xff,
	0xff, 0xff, 0xff, 0x89, 0x06, 0x19, 0x00, 0x00,
};

/* A digit, or a letter as some ICCIDs have them */
static uint8_t nibble(char c)
{
	return c >= 'A' ? c - 'A' + 10 : c - '0';
}

size_t uicc_bcd(const char *digits, uint8_t *ret_bcd, size_t size)
{
	size_t i, n = strlen(digits);

	for (i = 0; i < (n + 1) / 2 && i < size; i++) {
		uint8_t low = nibble(digits[2 * i]);
		uint8_t high = 2 * i + 1 < n ? nibble(digits[2 * i + 1]) : 0xf;

		ret_bcd[i] = high << 4 | low;
	}
	return i;
}

/* One application: its name and a label to show */
static int file_dir(const struct uicc *card, uint8_t *data)
{
	static const char label[] = { 'U', 'S', 'I', 'M' };
	uint8_t *p = data;

	(void)card;
	memset(data, 0xff, DIR_LEN);
	*p++ = 0x61;
	*p++ = 2 + sizeof(uicc_aid) + 2 + sizeof(label);
	*p++ = 0x4f;
	*p++ = sizeof(uicc_aid);
	memcpy(p, uicc_aid, sizeof(uicc_aid));
	p += sizeof(uicc_aid);
	*p++ = 0x50;
	*p++ = sizeof(label);
	memcpy(p, label, sizeof(label));
	return DIR_LEN;
}

static int file_iccid(const struct uicc *card, uint8_t *data)
{
	memset(data, 0xff, 10);
	uicc_bcd(card->iccid, data, 10);
	return 10;
}

/* Length, then parity nibble 9 for 15 digits (1 for an even number) */
static int file_imsi(const struct uicc *card, uint8_t *data)
{
	size_t n = strlen(card->imsi);
	char digits[17] = "9";

	if (n % 2 == 0)
		digits[0] = '1';
	g_strlcpy(digits + 1, card->imsi, sizeof(digits) - 1);
	memset(data, 0xff, 9);
	data[0] = uicc_bcd(digits, data + 1, 8);
	return 9;
}

static int file_ad(const struct uicc *card, uint8_t *data)
{
	data[0] = 0;
	data[1] = 0;
	data[2] = 0;
	data[3] = card->mnc_len;
	return 4;
}

static int file_spn(const struct uicc *card, uint8_t *data)
{
	memset(data, 0xff, SPN_LEN);
	data[0] = 0x01;
	memcpy(data + 1, card->spn, strlen(card->spn));
	return SPN_LEN;
}

static int file_hex(const char *hex, uint8_t *data)
{
	size_t i, n = strlen(hex) / 2;

	for (i = 0; i < n; i++)
		data[i] = g_ascii_xdigit_value(hex[2 * i]) << 4 |
			  g_ascii_xdigit_value(hex[2 * i + 1]);
	return n;
}

static int file_gid1(const struct uicc *card, uint8_t *data)
{
	return file_hex(card->gid1, data);
}

static int file_gid2(const struct uicc *card, uint8_t *data)
{
	return file_hex(card->gid2, data);
}

static int file_fplmn(const struct uicc *card, uint8_t *data)
{
	return file_hex(card->fplmn, data);
}

/* A dialling number record: name, length, type of number, digits */
static int file_msisdn(const struct uicc *card, uint8_t *data)
{
	const char *number = card->msisdn;
	uint8_t *p = data + MSISDN_LEN - 14;

	memset(data, 0xff, MSISDN_LEN);
	if (!*number)
		return MSISDN_LEN;
	p[1] = *number == '+' ? 0x91 : 0x81;
	p[0] = 1 + uicc_bcd(number + (*number == '+'), p + 2, 10);
	return MSISDN_LEN;
}

static const struct {
	uint16_t id;
	unsigned int records;
	bool open;		/* readable without the PIN */
	bool adf;		/* in the USIM's directory */
	uint8_t sfi;		/* short identifier (TS 31.102), or 0 */
	int (*read)(const struct uicc *card, uint8_t *data);
} files[] = {
	{ EF_DIR, 1, true, false, 0x1e, file_dir },
	{ EF_ICCID, 0, true, false, 0x02, file_iccid },
	{ EF_IMSI, 0, false, true, 0x07, file_imsi },
	{ EF_AD, 0, true, true, 0x03, file_ad },
	{ EF_SPN, 0, true, true, 0, file_spn },
	{ EF_GID1, 0, false, true, 0, file_gid1 },
	{ EF_GID2, 0, false, true, 0, file_gid2 },
	{ EF_FPLMN, 0, false, true, 0x0d, file_fplmn },
	{ EF_MSISDN, MSISDN_RECORDS, false, true, 0, file_msisdn },
};

bool uicc_file_is_in(bool adf, uint16_t file)
{
	unsigned int i;

	for (i = 0; i < G_N_ELEMENTS(files); i++)
		if (files[i].id == file)
			return files[i].adf == adf;
	return false;
}

uint16_t uicc_file_by_sfi(bool adf, uint8_t sfi)
{
	unsigned int i;

	for (i = 0; sfi && i < G_N_ELEMENTS(files); i++)
		if (files[i].adf == adf && files[i].sfi == sfi)
			return files[i].id;
	return 0;
}

unsigned int uicc_file_records(uint16_t file)
{
	unsigned int i;

	for (i = 0; i < G_N_ELEMENTS(files); i++)
		if (files[i].id == file)
			return files[i].records;
	return 0;
}

bool uicc_file_needs_pin(uint16_t file)
{
	unsigned int i;

	for (i = 0; i < G_N_ELEMENTS(files); i++)
		if (files[i].id == file)
			return !files[i].open;
	return false;
}

bool uicc_file_readable(const struct uicc *card, uint16_t file)
{
	return !uicc_file_needs_pin(file) || card->app == UICC_APP_READY ||
	       card->app == UICC_APP_PERSO;
}

/* Descriptor, identifier, size */
size_t uicc_file_fcp(uint16_t file, unsigned int records, unsigned int len,
		     uint8_t ret_fcp[UICC_FCP_MAX])
{
	const uint8_t linear[] = {
		0x62, 0x0f, 0x82, 0x05, 0x42, 0x21, 0x00, len, records,
		0x83, 0x02, file >> 8, file,
		0x80, 0x02, 0x00, len * records,
	};
	const uint8_t transparent[] = {
		0x62, 0x0c, 0x82, 0x02, 0x41, 0x21,
		0x83, 0x02, file >> 8, file,
		0x80, 0x02, 0x00, len,
	};

	if (records) {
		memcpy(ret_fcp, linear, sizeof(linear));
		return sizeof(linear);
	}
	memcpy(ret_fcp, transparent, sizeof(transparent));
	return sizeof(transparent);
}

/* Descriptor, identifier, name, life cycle, and whether PIN1 is asked for */
size_t uicc_directory_fcp(const struct uicc *card, bool adf,
			  uint8_t ret_fcp[UICC_FCP_MAX])
{
	const uint16_t file = adf ? FID_ADF : FID_MF;
	const uint8_t head[] = {
		0x62, 0x00, 0x82, 0x02, 0x78, 0x21,
		0x83, 0x02, file >> 8, (uint8_t)file,
	};
	const uint8_t tail[] = {
		0x8a, 0x01, 0x05,
		0xc6, 0x06, 0x90, 0x01, card->pin_enabled ? 0x80 : 0x00,
		0x83, 0x01, 0x01,
	};
	uint8_t *p = ret_fcp;

	memcpy(p, head, sizeof(head));
	p += sizeof(head);
	if (adf) {
		*p++ = 0x84;
		*p++ = sizeof(uicc_aid);
		memcpy(p, uicc_aid, sizeof(uicc_aid));
		p += sizeof(uicc_aid);
	}
	memcpy(p, tail, sizeof(tail));
	p += sizeof(tail);
	ret_fcp[1] = p - ret_fcp - 2;
	return p - ret_fcp;
}

int uicc_file(const struct uicc *card, uint16_t file, unsigned int record,
	      uint8_t ret_data[UICC_FILE_MAX])
{
	unsigned int i;

	for (i = 0; i < G_N_ELEMENTS(files); i++) {
		if (files[i].id != file)
			continue;
		if (!record != !files[i].records)
			return record ? -ENOTDIR : -EISDIR;
		if (record > files[i].records)
			return -ENXIO;
		if (record > 1) {
			memset(ret_data, 0xff, MSISDN_LEN);
			return MSISDN_LEN;
		}
		return files[i].read(card, ret_data);
	}
	return -ENOENT;
}

/* Digits and type of a number record, as the MSISDN is kept here */
static int msisdn_write(struct uicc *card, const uint8_t *data, size_t len)
{
	const uint8_t *p = data + MSISDN_LEN - 14;
	size_t i, n = 0;
	char number[21];

	if (len != MSISDN_LEN || (p[0] != 0xff && (!p[0] || p[0] > 11)))
		return -EINVAL;
	if (p[0] != 0xff && p[1] == 0x91)
		number[n++] = '+';
	for (i = 0; p[0] != 0xff && i < 2u * (p[0] - 1); i++) {
		uint8_t nibble = p[2 + i / 2] >> (i % 2 ? 4 : 0) & 0xf;

		if (nibble == 0xf)
			break;
		if (nibble > 9 || n + 1 >= sizeof(number))
			return -EINVAL;
		number[n++] = '0' + nibble;
	}
	number[n] = '\0';
	g_strlcpy(card->msisdn, number, sizeof(card->msisdn));
	return 0;
}

int uicc_file_write(struct modem *modem, uint16_t file, unsigned int record,
		    const uint8_t *data, size_t len)
{
	uint8_t old[UICC_FILE_MAX];
	int r = uicc_file(uicc_active(modem), file, record, old);

	if (r < 0)
		return r;
	if (file != EF_MSISDN || record != 1)
		return -EACCES;
	r = msisdn_write(uicc_active(modem), data, len);
	if (!r)
		modem_nv_write(modem);
	return r;
}
