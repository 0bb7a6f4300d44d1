// SPDX-License-Identifier: GPL-2.0-or-later
/* m2msim's card alone: every command, every refusal, and any bytes at all. */
#include <kselftest_harness.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/harness.h"
#include "../../tools/sim/card-apdu.h"
#include "../../tools/sim/sim-card.h"

#define AID	"a0000000871002ffffffff8906190000"
#define FCP_ADF	"6225 82027821 83027fff 8410" AID "8a0105 c606900100830101"

static struct uicc card;

static void card_new(void)
{
	card = (struct uicc) {
		.present = true, .powered = true, .session = true,
		.iccid = "89490000000000000016", .imsi = "001010123456789",
		.mnc_len = 2, .spn = "m2m test", .gid1 = "0a0b",
		.pin_tries = 3, .puk_tries = 10, .app = UICC_APP_READY,
	};
	card_channels_reset(&card);
}

static size_t from_hex(const char *hex, uint8_t *bytes)
{
	unsigned int byte;
	size_t n = 0;
	int used;

	for (; sscanf(hex, " %2x%n", &byte, &used) == 1; hex += used)
		bytes[n++] = byte;
	return n;
}

/* Command and response in hexadecimal */
#define EXPECT_APDU(command, response) expect_apdu(__LINE__, command, response)

static void expect_apdu(int line, const char *command, const char *response)
{
	uint8_t in[512], wanted[512], out[CARD_RESPONSE_MAX];
	char text[2 * CARD_RESPONSE_MAX + 1];
	size_t n = from_hex(response, wanted);
	size_t len = card_apdu(&card, in, from_hex(command, in), out);
	size_t i;

	if (len == n && !memcmp(out, wanted, n))
		return;
	for (i = 0; i < len; i++)
		sprintf(text + 2 * i, "%02x", out[i]);
	harness_fail(__FILE__, line, false, "%s answered with %s", command, text);
}

TEST(files_are_selected_and_read)
{
	card_new();
	EXPECT_APDU("00a4000c022fe2", "9000");
	EXPECT_APDU("00b000000a", "98940000000000000061 9000");
	EXPECT_APDU("00b0000000", "98940000000000000061 9000");
	EXPECT_APDU("00b0000802", "0061 9000");
	EXPECT_APDU("00a40004022fe2", "610e");
	EXPECT_APDU("00c000000e", "620c 82024121 83022fe2 8002000a 9000");
	EXPECT_APDU("00a4000c023f00", "9000");
	EXPECT_APDU("00a4000c022f00", "9000");
	EXPECT_APDU("00b2010420", "6118 4f10" AID "50045553494d ffffffffffff 9000");
	EXPECT_APDU("00b2010400", "6118 4f10" AID "50045553494d ffffffffffff 9000");
	EXPECT_APDU("00a4040010" AID, "6127");
	EXPECT_APDU("00c0000027", FCP_ADF "9000");
	EXPECT_APDU("00a4000c026f07", "9000");
	EXPECT_APDU("00b0000009", "080910101032547698 9000");
	EXPECT_APDU("00a4000c026fad", "9000");
	EXPECT_APDU("00b0000004", "00000002 9000");
	EXPECT_APDU("00a4000c026f46", "9000");
	EXPECT_APDU("00b0000000", "016d326d2074657374ffffffffffffffff 9000");
	EXPECT_APDU("00a4000c026f3e", "9000");
	EXPECT_APDU("00b0000000", "0a0b 9000");
}

TEST(paths_and_short_names)
{
	card_new();
	EXPECT_APDU("00a4080c047fff6fad", "9000");
	EXPECT_APDU("00b0000301", "02 9000");
	EXPECT_APDU("00a4080c022fe2", "9000");
	/* A file is no directory, and the card does not begin above its root. */
	EXPECT_APDU("00a4080c042fe22f00", "6a82");
	EXPECT_APDU("00a4080c043f002fe2", "6a82");
	EXPECT_APDU("00a4080c026f07", "6a82");
	EXPECT_APDU("00a4080c032fe27f", "6700");
	/* None of these moved it away. */
	EXPECT_APDU("00b0000000", "98940000000000000061 9000");
	EXPECT_APDU("00b0820801", "00 9000");
	EXPECT_APDU("00b201f420", "6118 4f10" AID "50045553494d ffffffffffff 9000");
	EXPECT_APDU("00b0870000", "6a82");
	EXPECT_APDU("00a4000c027fff", "9000");
	EXPECT_APDU("00b0870009", "080910101032547698 9000");
	EXPECT_APDU("00b0000001", "08 9000");
	EXPECT_APDU("00b0800000", "6a86");
	EXPECT_APDU("00b0e70000", "6a86");
}

TEST(what_is_not_there)
{
	card_new();
	EXPECT_APDU("00b0000000", "6986");
	EXPECT_APDU("00b2010400", "6986");
	EXPECT_APDU("00a4000c026f07", "6a82");
	EXPECT_APDU("00a4000c022fff", "6a82");
	/* Of another name, or one that is too short or too long */
	EXPECT_APDU("00a4040410a0000005591010ffffffff8900000100", "6a82");
	EXPECT_APDU("00a4040c04a0000000", "6a82");
	EXPECT_APDU("00a4040c11" AID "00", "6a82");
	EXPECT_APDU("00a4040c07a0000000871002", "9000");
	/* A group that is not set; and one that is gone while it is current */
	EXPECT_APDU("00a4000c026f3f", "6a82");
	EXPECT_APDU("00a4000c026f3e", "9000");
	card.gid1[0] = '\0';
	EXPECT_APDU("00b0000000", "6b00");
	EXPECT_APDU("00a4000c026f3e", "6a82");
	/* Not this structure, not this record */
	EXPECT_APDU("00a4080c022f00", "9000");
	EXPECT_APDU("00b0000000", "6981");
	EXPECT_APDU("00b2020400", "6a83");
	EXPECT_APDU("00b2000400", "6a83");
	EXPECT_APDU("00b2010200", "6a86");
	EXPECT_APDU("00a4080c022fe2", "9000");
	EXPECT_APDU("00b2010400", "6981");
	EXPECT_APDU("00b0000a00", "6b00");
	EXPECT_APDU("00b07fff00", "6b00");
	EXPECT_APDU("00a4010c023f00", "6a86");
	EXPECT_APDU("00a40008023f00", "6a86");
}

TEST(the_pin_guards_files)
{
	card_new();
	card.app = UICC_APP_PIN1;
	card.pin_enabled = true;
	card.pin_tries = 2;
	EXPECT_APDU("00a4000c022fe2", "9000");
	EXPECT_APDU("00b0000001", "98 9000");
	EXPECT_APDU("00a4080c047fff6f07", "9000");
	EXPECT_APDU("00b0000009", "6982");
	EXPECT_APDU("00b0870009", "6982");
	EXPECT_APDU("00200001", "63c2");
	EXPECT_APDU("0020000100", "63c2");
	EXPECT_EQ(2, card.pin_tries);
	/* Only asked after, never tried */
	EXPECT_APDU("002000010831323334ffffffff", "6985");
	EXPECT_EQ(2, card.pin_tries);
	EXPECT_APDU("00200081", "6a88");
	EXPECT_APDU("00200101", "6a86");
	card.pin_tries = 0;
	EXPECT_APDU("00200001", "63c0");
	EXPECT_APDU("002000010831323334ffffffff", "6983");
	card.pin_tries = 255;
	EXPECT_APDU("00200001", "63cf");
	card.app = UICC_APP_READY;
	EXPECT_APDU("00b0870009", "080910101032547698 9000");
}

TEST(the_directory_tells_of_itself)
{
	card_new();
	EXPECT_APDU("80f2000015", "6213 82027821 83023f00 8a0105 c606900100830101 9000");
	EXPECT_APDU("80f2000000", "6213 82027821 83023f00 8a0105 c606900100830101 9000");
	EXPECT_APDU("80f2000010", "6c15");
	EXPECT_APDU("80f2000c", "9000");
	EXPECT_APDU("80f2000100", "8410" AID "9000");
	EXPECT_APDU("80f2000200", "6a86");
	EXPECT_APDU("80f2030000", "6a86");
	EXPECT_APDU("00a4080c047fff6f07", "9000");
	EXPECT_APDU("80f2000027", FCP_ADF "9000");
	card.pin_enabled = true;
	EXPECT_APDU("00a40004023f00", "6115");
	EXPECT_APDU("00c0000000", "6213 82027821 83023f00 8a0105 c606900180830101 9000");
}

TEST(responses_wait_on_their_channel)
{
	card_new();
	EXPECT_APDU("00c0000000", "6985");
	EXPECT_APDU("0070000001", "01 9000");
	EXPECT_APDU("01a40004022fe2", "610e");
	EXPECT_APDU("00c0000000", "6985");
	EXPECT_APDU("80f2000c", "9000");
	/* In pieces; too many are refused and take nothing away. */
	EXPECT_APDU("01c0000004", "620c8202 610a");
	EXPECT_APDU("01c000000b", "6c0a");
	EXPECT_APDU("01c0010000", "6a86");
	EXPECT_APDU("01c00000", "6700");
	EXPECT_APDU("01c0000000", "4121 83022fe2 8002000a 9000");
	EXPECT_APDU("01c0000000", "6985");
	/* Another command there ends the waiting. */
	EXPECT_APDU("01a40004022fe2", "610e");
	EXPECT_APDU("01b0000001", "98 9000");
	EXPECT_APDU("01c0000000", "6985");
}

TEST(channels_are_opened_and_closed)
{
	card_new();
	EXPECT_APDU("01a4000c023f00", "6881");
	EXPECT_APDU("0070000001", "01 9000");
	EXPECT_APDU("0070000000", "02 9000");
	/* From where channel 1 is, which has selected nothing */
	EXPECT_APDU("01a4000c027fff", "6a82");
	EXPECT_APDU("01a4040c10" AID, "9000");
	EXPECT_APDU("0170000001", "03 9000");
	EXPECT_APDU("03a4000c026f07", "9000");
	EXPECT_APDU("02a4000c026f07", "6a82");
	EXPECT_APDU("0070000001", "6a81");
	EXPECT_APDU("00708001", "9000");
	EXPECT_APDU("01b0000001", "6881");
	EXPECT_APDU("00708001", "6881");
	EXPECT_APDU("00708004", "6881");
	EXPECT_APDU("00708000", "6a86");
	EXPECT_APDU("03708000", "9000");
	EXPECT_APDU("03b0000001", "6881");
	/* The freed one begins anew. */
	EXPECT_APDU("0070000001", "01 9000");
	EXPECT_APDU("01a4000c026f07", "6a82");
	EXPECT_APDU("0070000002", "6c01");
	EXPECT_APDU("00700000", "6700");
	EXPECT_APDU("0070000301", "6a86");
	EXPECT_APDU("0070010001", "6a86");
	card_channels_reset(&card);
	EXPECT_APDU("01a4000c023f00", "6881");
}

TEST(classes_and_instructions)
{
	card_new();
	EXPECT_APDU("00aa0000", "6d00");
	EXPECT_APDU("80e2910006bf3e035c015a", "6d00");
	EXPECT_APDU("80a4000c023f00", "6e00");
	EXPECT_APDU("00f2000c", "6e00");
	EXPECT_APDU("a0a40000023f00", "6e00");
	EXPECT_APDU("20a4000c023f00", "6e00");
	EXPECT_APDU("ffa4000c023f00", "6e00");
	EXPECT_APDU("40a4000c023f00", "6881");
	EXPECT_APDU("c0f2000c", "6881");
	EXPECT_APDU("04a4000c023f00", "6882");
	EXPECT_APDU("0ca4000c023f00", "6882");
	EXPECT_APDU("10a4000c023f00", "6884");
}

TEST(lengths_that_do_not_fit)
{
	card_new();
	EXPECT_APDU("", "6700");
	EXPECT_APDU("00a400", "6700");
	/* Lc beyond the end, before it, and an extended one */
	EXPECT_APDU("00a4000c033f00", "6700");
	EXPECT_APDU("00a4000c013f0000", "6700");
	EXPECT_APDU("00a4000c0000023f00", "6700");
	EXPECT_APDU("00a4000c", "6700");
	EXPECT_APDU("00a4000c00", "6700");
	EXPECT_APDU("00a4000c013f", "6700");
	EXPECT_APDU("00a4000c033f0000", "6700");
	EXPECT_APDU("00a4080c", "6700");
	EXPECT_APDU("00a4000c023f0000", "9000");
	EXPECT_APDU("00a4000c022fe2", "9000");
	EXPECT_APDU("00b00000", "6700");
	EXPECT_APDU("00b00000010000", "6700");
	EXPECT_APDU("00b000000b", "6c0a");
	EXPECT_APDU("00b0000803", "6c02");
	EXPECT_APDU("00a4000c022f00", "9000");
	EXPECT_APDU("00b201041f", "6c20");
	EXPECT_APDU("00b20104", "6700");
	EXPECT_APDU("80f2000c0100", "6700");
	EXPECT_APDU("007080010100", "6700");
}

/* A small generator, so that a failure can be had again */
static uint8_t some(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state >> 24;
}

/* Mostly commands it knows: others end at the class. */
static size_t any_command(uint32_t *state, uint8_t *command)
{
	static const uint8_t ins[] = {
		0x20, 0x70, 0xa4, 0xb0, 0xb2, 0xc0, 0xf2,
	};
	static const uint8_t p1[] = {
		0x00, 0x00, 0x01, 0x04, 0x08, 0x80, 0x82, 0x87, 0x8d,
	};
	static const uint8_t files[][2] = {
		{ 0x3f, 0x00 }, { 0x7f, 0xff }, { 0x2f, 0x00 }, { 0x2f, 0xe2 },
		{ 0x6f, 0x07 }, { 0x6f, 0x40 }, { 0x6f, 0x3e }, { 0x6f, 0x7b },
	};
	size_t i, len = some(state) % 8 ? some(state) % 12 :
					  some(state) + some(state) % 8;

	for (i = 0; i < len; i++)
		command[i] = some(state);
	if (len < 7 || !(some(state) % 8))
		return len;
	command[1] = ins[some(state) % ARRAY_SIZE(ins)];
	command[0] &= some(state) % 2 ? 0x00 : 0x03;
	command[0] |= command[1] == 0xf2 ? 0x80 : 0x00;
	command[2] = p1[some(state) % ARRAY_SIZE(p1)];
	command[3] &= 0x0c;
	if (command[1] == 0xa4 || !(some(state) % 8)) {
		command[4] = 2;
		memcpy(command + 5, files[some(state) % ARRAY_SIZE(files)], 2);
		return 7;
	}
	if (some(state) % 2)
		command[4] = 0;
	return 5;
}

TEST(any_bytes_have_an_answer)
{
	unsigned int i, given = 0;
	uint32_t state = 1;

	card_new();
	for (i = 0; i < 200000; i++) {
		uint8_t buf[300], out[CARD_RESPONSE_MAX];
		size_t n = any_command(&state, buf), len;
		/* Of its own size, so that a look behind the end is seen */
		uint8_t *command = memcpy(malloc(n + !n), buf, n);

		memset(out, 0xaa, sizeof(out));
		len = card_apdu(&card, command, n, out);
		free(command);
		ASSERT_GE(len, 2);
		ASSERT_LE(len, CARD_RESPONSE_MAX);
		ASSERT_TRUE((out[len - 2] & 0xf0) == 0x60 ||
			    (out[len - 2] == 0x90 && !out[len - 1]));
		/* Data comes with success only. */
		ASSERT_TRUE(len == 2 || out[len - 2] == 0x90 ||
			    out[len - 2] == 0x61);
		ASSERT_TRUE(card.channel[0].open);
		given += len > 2;
	}
	EXPECT_TRUE(given > 1000);
	EXPECT_EQ(3, card.pin_tries);
}

TEST_HARNESS_MAIN
