/* SPDX-License-Identifier: GPL-2.0-or-later */
/* AT commands and their answers: what reads a setting back, and whether it differs. */
#ifndef M2M_AT_H
#define M2M_AT_H

#include <stdbool.h>
#include <stddef.h>

#define AT_COMMAND_MAX	129	/* with the end; AtInit= takes 128 */
#define AT_NAME_MAX	64
#define AT_LINE_MAX	256	/* of an answer, with the end */
#define AT_LINES_MAX	32	/* of one answer that are kept */
#define AT_FIELDS_MAX	32

/*
 * DOC: What reads a setting back
 *
 * 3GPP TS 27.007 and V.250 have "AT+X=values" set and "AT+X?" read, which is answered
 * "+X: values", with a line for each where there are several. Makers put other signs in
 * the place of +. Two kinds are read in another way:
 *
 * - Quectel's AT+Q...CFG="keyword",values is read by the same without the values. Its
 *   last value often says when the others take effect, and is not told
 *   (AT+QCFG="iotopmode",2,1 is answered +QCFG: "iotopmode",2).
 * - AT+CEDRXS=mode,type,"value" (27.007, 7.40) is answered type,"value" for each type.
 *   What the modes 0 and 3 have switched off is therefore not told.
 *
 * What is no such command is sent as it is: basic commands (ATE0), questions (AT+CSQ),
 * and several in one line.
 */

struct at_command {
	char text[AT_COMMAND_MAX];
	char name[AT_NAME_MAX];		/* without what was set: messages show it */
	char read[AT_COMMAND_MAX];	/* what reads it back; "" if nothing does */
	char prefix[AT_NAME_MAX + 1];	/* of the lines that answer that: "+CPSMS:" */
	unsigned int skip;		/* fields in front that are not told */
	bool effect;			/* the last field may not be told */
	bool writes;			/* may write to the modem's memory */
	bool shown;			/* no secret stands in its values */
};

/**
 * at_command_parse() - understand a command
 * @text: as it is sent, without its end
 * @ret: filled in
 *
 * Return: false if it does not begin with AT, is too long or not printable ASCII.
 */
bool at_command_parse(const char *text, struct at_command *ret);

/* An answer, from the command to OK or what stands in its place */
struct at_answer {
	char lines[AT_LINES_MAX][AT_LINE_MAX];
	size_t n;
	char final[AT_LINE_MAX];	/* "" until it came */
	bool ok;
	/* the line that comes in */
	char line[AT_LINE_MAX];
	size_t len;
	bool cut;
	char echo[AT_COMMAND_MAX];
};

/* at_answer_begin() - an answer to @command, whose echo is no part of it */
void at_answer_begin(struct at_answer *answer, const char *command);
/* at_answer_feed() - take in what came; how much of it was read up to the end */
size_t at_answer_feed(struct at_answer *answer, const char *bytes, size_t len);

/* at_answer_is() - whether the answer to command->read is what command->text sets */
bool at_answer_is(const struct at_command *command, const struct at_answer *answer);

/**
 * at_answer_differs() - say both, as far as neither may hold a secret
 * @command: that was written
 * @answer: to command->read
 * @ret: a sentence
 * @size: of @ret
 */
void at_answer_differs(const struct at_command *command, const struct at_answer *answer,
		       char *ret, size_t size);

/* --- who the modem is ------------------------------------------------------------- */

/* The first of the answer to AT+CGSN that is an IMEI; false without one */
bool at_answer_imei(const struct at_answer *answer, char ret[static 16]);
/* The first line of the answer to AT+CGMM */
bool at_answer_model(const struct at_answer *answer, char *ret, size_t size);
/* The answer to AT_READ_ICCID: EF_ICCID, nibbles swapped */
#define AT_READ_ICCID	"AT+CRSM=176,12258,0,0,10"
bool at_answer_iccid(const struct at_answer *answer, char ret[static 21]);

#endif /* M2M_AT_H */
