/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A card as ISO 7816 and TS 102 221 see it: command bytes in, response bytes out. */
#ifndef SIM_CARD_APDU_H
#define SIM_CARD_APDU_H

#include <stddef.h>
#include <stdint.h>

struct uicc;

#define CARD_COMMAND_MAX	261	/* header, Lc, 255 bytes, Le */
#define CARD_RESPONSE_MAX	258	/* 256 bytes and the status words */

/* Status words, SW1 in the high byte */
enum card_sw {
	CARD_SW_OK = 0x9000,
	CARD_SW_MORE = 0x6100,		/* + bytes for GET RESPONSE */
	CARD_SW_TRIES = 0x63c0,		/* + tries left */
	CARD_SW_LENGTH = 0x6700,
	CARD_SW_NO_CHANNEL = 0x6881,
	CARD_SW_NO_SECURE = 0x6882,	/* secure messaging */
	CARD_SW_NO_CHAINING = 0x6884,
	CARD_SW_STRUCTURE = 0x6981,
	CARD_SW_SECURITY = 0x6982,
	CARD_SW_BLOCKED = 0x6983,
	CARD_SW_CONDITIONS = 0x6985,
	CARD_SW_NO_EF = 0x6986,
	CARD_SW_CHANNELS_USED = 0x6a81,
	CARD_SW_NOT_FOUND = 0x6a82,
	CARD_SW_NO_RECORD = 0x6a83,
	CARD_SW_P1P2 = 0x6a86,
	CARD_SW_NO_REFERENCE = 0x6a88,
	CARD_SW_OFFSET = 0x6b00,
	CARD_SW_LE = 0x6c00,		/* + the Le that is right */
	CARD_SW_INSTRUCTION = 0x6d00,
	CARD_SW_CLASS = 0x6e00,
};

/* After a reset: the basic channel with the USIM, as the modem starts it. */
void card_channels_reset(struct uicc *card);

/*
 * The card answers @command, whatever it is. Returns the length of the
 * response: data, then the two status words.
 */
size_t card_apdu(struct uicc *card, const uint8_t *command, size_t len,
		 uint8_t ret_response[CARD_RESPONSE_MAX]);

#endif /* SIM_CARD_APDU_H */
