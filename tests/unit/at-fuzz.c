// SPDX-License-Identifier: GPL-2.0-or-later
/* AT commands and answers that nobody made; the seed is fixed, so it repeats. */
#include <kselftest_harness.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../tools/at/at.h"
#include "../lib/draw.h"
#include "../lib/harness.h"

#define ROUNDS		60000
#define BYTES_MAX	(AT_LINE_MAX * 3)

static const char * const words[] = {
	"AT", "AT+CPSMS", "AT+CEDRXS", "AT+QCFG", "+CPSMS:", "+CEDRXS:", "+QCFG:", "=", "?",
	"=?", ",", ",,", "\"", "\"iotopmode\"", "\"0101\"", "0", "1", "2", "0x0F", "00", " ",
	";", "\r", "\n", "\r\n", "OK\r\n", "ERROR\r\n", "+CME ERROR: 3\r\n", "&", "E0", "!X",
	"+CRSM: 144,0,\"984407300000000000F1\"\r\n", "860425040123455\r\n", "\"a;b\"",
};

/* Something between noise and what was meant; its length, with an end behind it */
static size_t make(char *buf, size_t max, const char *begin)
{
	size_t at = strlen(begin);

	memcpy(buf, begin, at);
	while (at < max - 64 && draw(12)) {
		if (draw(10)) {
			const char *word = words[draw(ARRAY_SIZE(words))];

			memcpy(buf + at, word, strlen(word));
			at += strlen(word);
		} else {
			buf[at++] = draw(256);
		}
	}
	buf[at] = '\0';
	return at;
}

static unsigned int parsed, readable, complete, same;

/* What holds of every command */
static void check_command(const struct at_command *command)
{
	ASSERT_LT(strlen(command->text), AT_COMMAND_MAX);
	ASSERT_LT(strlen(command->name), AT_NAME_MAX);
	ASSERT_LT(strlen(command->read), AT_COMMAND_MAX);
	/* no value gets into a message, and what reads writes nothing that was not there */
	ASSERT_FALSE(strncmp(command->text, command->name, strlen(command->name)));
	if (!command->read[0])
		return;
	readable++;
	ASSERT_TRUE(command->writes);	/* no word of ours makes +CMEE */
	ASSERT_TRUE(strchr(command->text, '='));
	ASSERT_TRUE(command->read[strlen(command->read) - 1] == '?' || command->effect);
}

/* A copy without a byte to spare, so that reading past it is seen; in two pieces */
static void feed(struct at_answer *answer, const char *bytes, size_t len)
{
	size_t first = draw(len + 1), used;
	char *copy = malloc(len ? len : 1);

	memcpy(copy, bytes, len);
	used = at_answer_feed(answer, copy, first);
	ASSERT_LE(used, first);
	at_answer_feed(answer, copy + first, len - first);
	free(copy);
}

static void check_answer(const struct at_command *command, struct at_answer *answer)
{
	char text[256], imei[16], iccid[21];

	ASSERT_LE(answer->n, AT_LINES_MAX);
	for (size_t i = 0; i < answer->n; i++)
		ASSERT_LT(strlen(answer->lines[i]), AT_LINE_MAX);
	ASSERT_TRUE(!answer->ok || !strcmp(answer->final, "OK"));
	complete += answer->final[0] != '\0';
	if (at_answer_imei(answer, imei))
		ASSERT_EQ(15, strlen(imei));
	if (at_answer_iccid(answer, iccid))
		ASSERT_LE(18, strlen(iccid));
	at_answer_model(answer, text, 16);
	if (!command->read[0])
		return;
	if (at_answer_is(command, answer)) {
		ASSERT_TRUE(answer->ok);
		same++;
	}
	at_answer_differs(command, answer, text, sizeof(text));
	ASSERT_LT(0, strlen(text));
}

TEST_TIMEOUT(noise_is_read_within_its_bounds, 100)
{
	static struct at_answer answer;
	static char bytes[BYTES_MAX];
	struct at_command command;

	draw_state = 19970411;
	for (int i = 0; i < ROUNDS; i++) {
		make(bytes, 200, draw(8) ? draw(2) ? "AT+CPSMS=" : "AT+QCFG=\"iotopmode\"," : "");
		if (!at_command_parse(bytes, &command))
			continue;
		parsed++;
		check_command(&command);
		at_answer_begin(&answer, command.read[0] ? command.read : command.text);
		feed(&answer, bytes, make(bytes, sizeof(bytes), draw(2) ? "\r\n+CPSMS:" :
					   "\r\n+QCFG: \"iotopmode\","));
		check_answer(&command, &answer);
	}
	/* It was worth it only if every kind came up often. */
	EXPECT_LE(ROUNDS / 100, parsed);
	EXPECT_LE(ROUNDS / 100, readable);
	EXPECT_LE(ROUNDS / 100, complete);
	EXPECT_LE(ROUNDS / 2000, same);
}

TEST_HARNESS_MAIN
