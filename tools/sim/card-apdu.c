// SPDX-License-Identifier: GPL-2.0-or-later
/* The card's commands: files, logical channels, and what its PIN has left. */
#include <errno.h>
#include <string.h>

#include "bytes.h"
#include "card-apdu.h"
#include "sim-card.h"

/*
 * DOC: What the card is
 *
 * A UICC with one application, after ISO 7816-4 and ETSI TS 102 221, and no more
 * of them than a host needs to look around: it selects, reads, and opens and
 * closes channels. It talks as a card with T=0 does: data that a command with
 * data leaves behind waits for GET RESPONSE, on the channel of its own, until
 * another command comes there. Nothing here knows of QMI.
 *
 * A PIN is not taken this way, only asked after: it would have to be counted and
 * told to everyone as the modem's own messages do it.
 */

#define FID_MF		0x3f00
#define FID_ADF		0x7fff	/* the application that is active here */
#define EF_GID1		0x6f3e
#define EF_GID2		0x6f3f

#define RID_LEN		5	/* an AID is never cut shorter */
#define PIN1		0x01

#define CLA_OWN		0x80	/* the class of TS 102 221's own commands */

/* One command taken to pieces; @ch is the channel that its class names. */
struct apdu {
	struct uicc *card;
	struct uicc_channel *ch;
	uint8_t cla, ins, p1, p2;
	const uint8_t *data;
	size_t lc;
	bool has_le;
	size_t le;		/* 256 if the byte was 0 */
	uint8_t *out;
	size_t out_len;
};

void card_channels_reset(struct uicc *card)
{
	memset(card->channel, 0, sizeof(card->channel));
	card->channel[0].open = true;
	card->channel[0].app = true;
}

/* The pieces many commands end with */

/* All of it, to an Le that has room for just that */
static uint16_t give(struct apdu *a, const uint8_t *data, size_t len)
{
	if (a->lc || !a->has_le)
		return CARD_SW_LENGTH;
	if (a->le != len && a->le != 256)
		return CARD_SW_LE | len;
	memcpy(a->out, data, len);
	a->out_len = len;
	return CARD_SW_OK;
}

/* It waits for GET RESPONSE. */
static uint16_t leave(struct apdu *a, const uint8_t *data, size_t len)
{
	memcpy(a->ch->response, data, len);
	a->ch->response_len = len;
	return CARD_SW_MORE | len;
}

/* Files */

/* The template of the current directory or file */
static size_t fcp(const struct uicc *card, const struct uicc_channel *ch,
		  uint8_t ret_fcp[UICC_FCP_MAX])
{
	uint8_t data[UICC_FILE_MAX];
	unsigned int records;
	int len;

	if (!ch->ef)
		return uicc_directory_fcp(card, ch->adf, ret_fcp);
	records = uicc_file_records(ch->ef);
	len = uicc_file(card, ch->ef, records ? 1 : 0, data);
	return uicc_file_fcp(ch->ef, records, len < 0 ? 0 : len, ret_fcp);
}

/* Whether the card was made with it: groups are there where they are set. */
static bool exists(const struct uicc *card, bool adf, uint16_t file)
{
	if ((file == EF_GID1 && !card->gid1[0]) ||
	    (file == EF_GID2 && !card->gid2[0]))
		return false;
	return uicc_file_is_in(adf, file);
}

/* From the directory that @ch is in to what is in it. */
static bool descend(const struct uicc *card, struct uicc_channel *ch,
		    uint16_t file)
{
	if (file == FID_ADF && ch->app) {
		ch->adf = true;
		ch->ef = 0;
		return true;
	}
	if (!exists(card, ch->adf, file))
		return false;
	ch->ef = file;
	return true;
}

static uint16_t select_file(const struct apdu *a, struct uicc_channel *to)
{
	uint16_t file;

	if (a->lc != 2)
		return CARD_SW_LENGTH;
	file = get_be16(a->data);
	if (file == FID_MF) {
		to->adf = false;
		to->ef = 0;
		return CARD_SW_OK;
	}
	return descend(a->card, to, file) ? CARD_SW_OK : CARD_SW_NOT_FOUND;
}

/* Identifiers from below the MF on; only the last may be a file. */
static uint16_t select_path(const struct apdu *a, struct uicc_channel *to)
{
	size_t i;

	if (!a->lc || a->lc % 2)
		return CARD_SW_LENGTH;
	to->adf = false;
	to->ef = 0;
	for (i = 0; i < a->lc; i += 2)
		if (to->ef || !descend(a->card, to, get_be16(a->data + i)))
			return CARD_SW_NOT_FOUND;
	return CARD_SW_OK;
}

/* The end of a name may be missing. */
static uint16_t select_aid(const struct apdu *a, struct uicc_channel *to)
{
	if (a->lc < RID_LEN || a->lc > UICC_AID_LEN ||
	    memcmp(a->data, uicc_aid, a->lc))
		return CARD_SW_NOT_FOUND;
	to->app = true;
	to->adf = true;
	to->ef = 0;
	return CARD_SW_OK;
}

/* What cannot be found leaves everything as it was. */
static uint16_t cmd_select(struct apdu *a)
{
	struct uicc_channel to = *a->ch;
	uint8_t template[UICC_FCP_MAX];
	uint16_t sw = CARD_SW_P1P2;

	if (a->p2 != 0x00 && a->p2 != 0x04 && a->p2 != 0x0c)
		return CARD_SW_P1P2;
	if (a->p1 == 0x00)
		sw = select_file(a, &to);
	else if (a->p1 == 0x04)
		sw = select_aid(a, &to);
	else if (a->p1 == 0x08)
		sw = select_path(a, &to);
	if (sw != CARD_SW_OK)
		return sw;
	*a->ch = to;
	if (a->p2 == 0x0c)
		return CARD_SW_OK;
	return leave(a, template, fcp(a->card, a->ch, template));
}

/*
 * Contents of the current file, or of the one in the current directory that has
 * a short name and is current then. Returns the length, or the status word
 * negative.
 */
static int contents(const struct apdu *a, uint8_t sfi, unsigned int record,
		    uint8_t *data)
{
	uint16_t file = sfi ? uicc_file_by_sfi(a->ch->adf, sfi) : a->ch->ef;
	int len;

	if (!file)
		return sfi ? -CARD_SW_NOT_FOUND : -CARD_SW_NO_EF;
	if (!record != !uicc_file_records(file))
		return -CARD_SW_STRUCTURE;
	if (!uicc_file_readable(a->card, file))
		return -CARD_SW_SECURITY;
	len = uicc_file(a->card, file, record, data);
	if (len < 0)
		return len == -ENXIO ? -CARD_SW_NO_RECORD : -CARD_SW_NOT_FOUND;
	a->ch->ef = file;
	return len;
}

static uint16_t cmd_read_binary(struct apdu *a)
{
	unsigned int offset = a->p1 << 8 | a->p2;
	uint8_t data[UICC_FILE_MAX];
	uint8_t sfi = 0;
	int len;

	if (a->p1 & 0x80) {
		sfi = a->p1 & 0x1f;
		offset = a->p2;
		if (!sfi || (a->p1 & 0x60))
			return CARD_SW_P1P2;
	}
	len = contents(a, sfi, 0, data);
	if (len < 0)
		return -len;
	if (offset >= (unsigned int)len)
		return CARD_SW_OFFSET;
	len -= offset;
	/* Less than there is can be asked for, more cannot. */
	if (a->has_le && a->le < (size_t)len)
		len = a->le;
	return give(a, data + offset, len);
}

static uint16_t cmd_read_record(struct apdu *a)
{
	uint8_t data[UICC_FILE_MAX];
	int len;

	/* By their number; no record is ever the current one. */
	if ((a->p2 & 0x07) != 0x04)
		return CARD_SW_P1P2;
	if (!a->p1)
		return CARD_SW_NO_RECORD;
	len = contents(a, a->p2 >> 3, a->p1, data);
	return len < 0 ? -len : give(a, data, len);
}

static uint16_t cmd_status(struct apdu *a)
{
	struct uicc_channel directory = *a->ch;
	uint8_t data[UICC_FCP_MAX];

	if (a->p1 > 0x02)
		return CARD_SW_P1P2;
	directory.ef = 0;
	switch (a->p2) {
	case 0x00:
		return give(a, data, fcp(a->card, &directory, data));
	case 0x01:
		if (!a->ch->app)
			return CARD_SW_CONDITIONS;
		data[0] = 0x84;
		data[1] = UICC_AID_LEN;
		memcpy(data + 2, uicc_aid, UICC_AID_LEN);
		return give(a, data, 2 + UICC_AID_LEN);
	case 0x0c:
		return a->lc ? CARD_SW_LENGTH : CARD_SW_OK;
	}
	return CARD_SW_P1P2;
}

/* The rest waits on; see card_apdu() for what ends the waiting. */
static uint16_t cmd_get_response(struct apdu *a)
{
	struct uicc_channel *ch = a->ch;
	size_t n = a->le;

	if (a->p1 || a->p2)
		return CARD_SW_P1P2;
	if (a->lc || !a->has_le)
		return CARD_SW_LENGTH;
	if (!ch->response_len)
		return CARD_SW_CONDITIONS;
	if (n == 256)
		n = ch->response_len;
	if (n > ch->response_len)
		return CARD_SW_LE | ch->response_len;
	memcpy(a->out, ch->response, n);
	a->out_len = n;
	ch->response_len -= n;
	memmove(ch->response, ch->response + n, ch->response_len);
	return ch->response_len ? CARD_SW_MORE | ch->response_len : CARD_SW_OK;
}

/* From the basic channel it begins at the MF, from another where that one is. */
static uint16_t channel_open(struct apdu *a)
{
	struct uicc_channel *ch;
	uint8_t i;

	if (a->p2)
		return CARD_SW_P1P2;
	for (i = 1; i < UICC_CHANNELS && a->card->channel[i].open; i++)
		;
	if (i == UICC_CHANNELS)
		return CARD_SW_CHANNELS_USED;
	if (a->lc || !a->has_le || (a->le != 1 && a->le != 256))
		return give(a, &i, 1);
	ch = &a->card->channel[i];
	memset(ch, 0, sizeof(*ch));
	if (a->ch != &a->card->channel[0])
		*ch = *a->ch;
	ch->open = true;
	return give(a, &i, 1);
}

/* P2 of 0 means the channel that the command came on. */
static uint16_t channel_close(struct apdu *a)
{
	uint8_t i = a->p2 ? a->p2 : a->cla & 0x03;

	if (!i)
		return CARD_SW_P1P2;
	if (a->lc)
		return CARD_SW_LENGTH;
	if (i >= UICC_CHANNELS || !a->card->channel[i].open)
		return CARD_SW_NO_CHANNEL;
	memset(&a->card->channel[i], 0, sizeof(a->card->channel[i]));
	return CARD_SW_OK;
}

static uint16_t cmd_manage_channel(struct apdu *a)
{
	if (a->p1 == 0x00)
		return channel_open(a);
	return a->p1 == 0x80 ? channel_close(a) : CARD_SW_P1P2;
}

static uint16_t cmd_verify(struct apdu *a)
{
	uint32_t tries = a->card->pin_tries;

	if (a->p1)
		return CARD_SW_P1P2;
	if (a->p2 != PIN1)
		return CARD_SW_NO_REFERENCE;
	if (a->lc)
		return tries ? CARD_SW_CONDITIONS : CARD_SW_BLOCKED;
	return CARD_SW_TRIES | (tries < 15 ? tries : 15);
}

static const struct {
	uint8_t ins, cla;
	uint16_t (*run)(struct apdu *a);
} commands[] = {
	{ 0x20, 0x00, cmd_verify },
	{ 0x70, 0x00, cmd_manage_channel },
	{ 0xa4, 0x00, cmd_select },
	{ 0xb0, 0x00, cmd_read_binary },
	{ 0xb2, 0x00, cmd_read_record },
	{ 0xc0, 0x00, cmd_get_response },
	{ 0xf2, CLA_OWN, cmd_status },
};

/* Header, then one of: nothing, Le, Lc and data, Lc and data and Le */
static bool split(struct apdu *a, const uint8_t *command, size_t len)
{
	if (len < 4)
		return false;
	a->cla = command[0];
	a->ins = command[1];
	a->p1 = command[2];
	a->p2 = command[3];
	if (len == 4)
		return true;
	if (len > 5) {
		a->lc = command[4];
		a->data = command + 5;
		/* An Lc of 0 begins an extended length, which T=0 lacks. */
		if (!a->lc || (len != 5 + a->lc && len != 6 + a->lc))
			return false;
	}
	a->has_le = len == 5 || len == 6 + a->lc;
	if (a->has_le)
		a->le = command[len - 1] ? command[len - 1] : 256;
	return true;
}

/* Bits of the class: whose command, then what it asks of the transmission */
static uint16_t channel_find(struct apdu *a)
{
	/* Channels 4 to 19; there are none. */
	if ((a->cla & 0x40) && a->cla != 0xff)
		return CARD_SW_NO_CHANNEL;
	if (a->cla & 0x60)
		return CARD_SW_CLASS;
	if (a->cla & 0x10)
		return CARD_SW_NO_CHAINING;
	if (a->cla & 0x0c)
		return CARD_SW_NO_SECURE;
	a->ch = &a->card->channel[a->cla & 0x03];
	return a->ch->open ? CARD_SW_OK : CARD_SW_NO_CHANNEL;
}

static uint16_t run(struct apdu *a, const uint8_t *command, size_t len)
{
	uint16_t sw = split(a, command, len) ? channel_find(a) : CARD_SW_LENGTH;
	unsigned int i;

	if (sw != CARD_SW_OK)
		return sw;
	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		if (commands[i].ins != a->ins)
			continue;
		if (commands[i].cla != (a->cla & CLA_OWN))
			return CARD_SW_CLASS;
		if (commands[i].run != cmd_get_response)
			a->ch->response_len = 0;
		return commands[i].run(a);
	}
	return CARD_SW_INSTRUCTION;
}

size_t card_apdu(struct uicc *card, const uint8_t *command, size_t len,
		 uint8_t ret_response[CARD_RESPONSE_MAX])
{
	struct apdu a = { .card = card, .out = ret_response };
	uint16_t sw = run(&a, command, len);

	put_be16(ret_response + a.out_len, sw);
	return a.out_len + 2;
}
