// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Documentation/m2md-machine.rst is what the tables say. `M2M_UPDATE=1` writes the page
 * instead of comparing it.
 */
#include <kselftest_harness.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../tools/daemon/policy.h"
#include "../../tools/daemon/table.h"
#include "../lib/harness.h"

#define PAGE		"Documentation/m2md-machine.rst"
#define PAGE_MAX	(64 * 1024)

static const char head[] =
	".. Written from the tables of tools/daemon by their unit test, with M2M_UPDATE=1\n"
	"\n"
	"The machine of m2md\n"
	"===================\n"
	"\n"
	"What m2md does next is decided by rows of two tables, one for the modem and one for\n"
	"each PDN: ``tools/daemon/modem-table.c`` and ``tools/daemon/pdn-table.c``. The first row\n"
	"whose event and guard fit counts; it says what is done, and where that leads. An event\n"
	"without a row is a fact that was noted. *route* is where facts decide (event *settle*),\n"
	"and never a state to rest in. The states and causes are those of **m2mctl why**.\n";

static void put_name(FILE *file, const char *name, int width)
{
	if (!strcmp(name, "always") || !strcmp(name, "nothing"))
		name = "-";
	for (; *name; name++, width--)
		fputc(*name == '_' ? '-' : *name, file);
	fprintf(file, "%*s", width > 0 ? width : 1, "");
}

static void put_row(FILE *file, const struct row *row, const char *next)
{
	fprintf(file, "   %-14s ", event_token(row->event));
	put_name(file, row->guard_name, 18);
	put_name(file, row->effect_name, 18);
	fprintf(file, "%s\n", next);
}

static void put_columns(FILE *file)
{
	fprintf(file, "::\n\n   %-14s %-18s%-18s%s\n", "event", "if", "does", "then");
}

static void put_title(FILE *file, const char *title, char line)
{
	fprintf(file, "\n%s\n", title);
	for (size_t i = 0; i < strlen(title); i++)
		fputc(line, file);
	fprintf(file, "\n\n");
}

static bool has_rows(const struct row *rows, unsigned int count, unsigned int state)
{
	for (unsigned int i = 0; i < count; i++)
		if (rows[i].state == state)
			return true;
	return false;
}

static void put_modem_state(FILE *file, unsigned int state)
{
	static struct machine m;
	struct cause cause;

	put_title(file, modem_token(state), '~');
	if (state < MODEM_STATES && state != MODEM_ROUTE) {
		m.state = state;
		cause = modem_cause(&m);
		if (cause.kind != CAUSE_NONE && cause.kind != CAUSE_REJECT)
			fprintf(file, "*%s*: %s.\n\n", cause_token(&cause).s,
				cause_words(&cause));
	}
	if (state == MODEM_ANY)
		fprintf(file, "From each state but *stopped* that has no row of its own "
			"before.\n\n");
	if (state == MODEM_RESTING) {
		fprintf(file, "From the states that facts alone decide:");
		for (unsigned int i = 0; i < MODEM_STATES; i++)
			if (modem_rests(i))
				fprintf(file, "\n%s", modem_token(i));
		fprintf(file, ".\n\n");
	}
	if (!has_rows(modem_rows, modem_row_count, state)) {
		fprintf(file, "No rows of its own.\n");
		return;
	}
	put_columns(file);
	for (unsigned int i = 0; i < modem_row_count; i++)
		if (modem_rows[i].state == state)
			put_row(file, &modem_rows[i], modem_token(modem_rows[i].next));
}

static void put_pdn_state(FILE *file, unsigned int state)
{
	if (!has_rows(pdn_rows, pdn_row_count, state))
		return;
	put_title(file, pdn_token(state), '~');
	put_columns(file);
	for (unsigned int i = 0; i < pdn_row_count; i++)
		if (pdn_rows[i].state == state)
			put_row(file, &pdn_rows[i], pdn_token(pdn_rows[i].next));
}

static void put_causes(FILE *file)
{
	put_title(file, "Causes", '-');
	fprintf(file, "A call that ended has the word of ``words.rst`` with its type before "
		"it,\n*3gpp-unknown-apn*; a rejected registration *reject-plmn-not-allowed*. "
		"The others:\n\n");
	for (int kind = CAUSE_MODEM_GONE; kind < CAUSE_KINDS; kind++) {
		struct cause cause = { .kind = kind };

		fprintf(file, "*%s*\n  %s\n", cause_token(&cause).s, cause_words(&cause));
	}
}

/* When the one rung is due for it, by the machine's own reckoning; NEVER: not at all */
static int64_t due_alone(enum fault fault, enum rung rung)
{
	static const struct strikes strikes[BUDGET_KINDS];
	const struct ladder_facts facts = {
		fault, true, true, true, 1u << rung, RESETS_MAX,
	};
	struct ladder ladder;
	int64_t at;

	ladder_init(&ladder);
	ladder_fault(&ladder, fault, 0);
	ladder_next(&ladder, &facts, strikes, 0, &at);
	return at;
}

static void put_ladder(FILE *file)
{
	static const char * const words[FAULTS] = {
		[FAULT_CALL] = "calls fail", [FAULT_SEARCHING] = "searching",
		[FAULT_DENIED] = "denied", [FAULT_REJECTED] = "denied for good",
		[FAULT_REFUSED] = "refused for good", [FAULT_SIM] = "SIM at fault",
		[FAULT_CARD] = "SIM missing", [FAULT_DEAF] = "deaf",
		[FAULT_DEAF_ONLINE] = "deaf, call up", [FAULT_ABSENT] = "missing",
		[FAULT_SILENT] = "silent", [FAULT_OFFLINE] = "radio-offline",
	};

	put_title(file, "The ladder", '-');
	fprintf(file, "What is wrong, and after how many minutes each rung is due for it first; "
		"-: never.\nWhat is due already is done from below, two minutes apart, and "
		"again after an hour\n(refused for good: a day) or as budgets allow. It "
		"counts from the first fault of a kind:\nof the network, of a refusal, of the "
		"SIM, of the link.\n\n::\n\n   %-18s", "");
	for (int rung = RUNG_REATTACH; rung < RUNGS; rung++)
		fprintf(file, "%s%s", rung_token(rung), rung < RUNGS - 1 ? "  " : "\n");
	for (int fault = FAULT_KEEP + 1; fault < FAULTS; fault++) {
		fprintf(file, "   %-18s", words[fault]);
		for (int rung = RUNG_REATTACH; rung < RUNGS; rung++) {
			int64_t at = due_alone(fault, rung);
			int width = strlen(rung_token(rung));

			if (at == NEVER)
				fprintf(file, "%*s", width, "-");
			else
				fprintf(file, "%*lld", width, (long long)(at / MINUTE));
			fputs(rung < RUNGS - 1 ? "  " : "\n", file);
		}
	}
}

static char *write_page(void)
{
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);

	ASSERT_TRUE(file);
	fprintf(file, ".. %s: GPL-2.0-or-later\n", "SPDX-License" "-Identifier");
	fputs(head, file);
	put_title(file, "The modem", '-');
	fprintf(file, "Rungs of the ladder are **-due** below.\n");
	put_modem_state(file, MODEM_ANY);
	put_modem_state(file, MODEM_RESTING);
	for (unsigned int state = 0; state < MODEM_STATES; state++)
		put_modem_state(file, state);
	put_ladder(file);
	put_title(file, "A PDN", '-');
	fprintf(file, "One of these for each PDN of a modem.\n");
	put_pdn_state(file, PDN_ANY);
	for (unsigned int state = 0; state < PDN_STATES; state++)
		put_pdn_state(file, state);
	put_causes(file);
	fclose(file);
	return text;
}

TEST(the_page_is_what_the_tables_say)
{
	char *expected = write_page(), *text = calloc(1, PAGE_MAX);
	FILE *file;

	/* where the tree was, if not here */
	if (access("Documentation", R_OK) && chdir(M2M_TOP))
		SKIP("the tree is not here");
	if (getenv("M2M_UPDATE")) {
		file = fopen(PAGE, "w");
		ASSERT_TRUE(file);
		fputs(expected, file);
		ASSERT_EQ(0, fclose(file));
	}
	file = fopen(PAGE, "r");
	ASSERT_TRUE(file && text);
	ASSERT_LT(fread(text, 1, PAGE_MAX, file), PAGE_MAX);
	fclose(file);
	EXPECT_STREQ(expected, text);
	free(expected);
	free(text);
}

/* Tables that cannot lead anywhere, or have rows nobody reaches */
TEST(rows_are_sound)
{
	for (unsigned int i = 0; i < modem_row_count; i++) {
		const struct row *row = &modem_rows[i];

		EXPECT_LE(row->state, MODEM_RESTING);
		EXPECT_LE(row->next, MODEM_SAME);
		EXPECT_NE(MODEM_STOPPED, row->state);
		/* a row behind one that always fits is none */
		for (unsigned int j = 0; j < i; j++)
			EXPECT_FALSE(modem_rows[j].state == row->state &&
				     modem_rows[j].event == row->event &&
				     !modem_rows[j].guard);
	}
	for (unsigned int i = 0; i < pdn_row_count; i++) {
		EXPECT_LE(pdn_rows[i].state, PDN_ANY);
		EXPECT_LE(pdn_rows[i].next, PDN_SAME);
	}
}

/* Words are for programs: none is missing, none stands for two things. */
TEST(every_token_is_its_own)
{
	for (int a = 0; a < CAUSE_KINDS; a++) {
		struct cause one = { .kind = a };

		EXPECT_TRUE(cause_words(&one) && cause_words(&one)[0]);
		if (a == CAUSE_CALL_END || a == CAUSE_REJECT)
			continue;
		for (int b = 0; b < a; b++) {
			struct cause other = { .kind = b };

			EXPECT_TRUE(strcmp(cause_token(&one).s, cause_token(&other).s));
		}
	}
	for (unsigned int a = 0; a < MODEM_STATES; a++)
		for (unsigned int b = 0; b < a; b++)
			EXPECT_TRUE(strcmp(modem_token(a), modem_token(b)));
	for (unsigned int a = 0; a < EVENTS; a++)
		EXPECT_TRUE(event_token(a) && event_token(a)[0]);
	for (unsigned int a = 0; a < ACTIONS; a++)
		EXPECT_TRUE(action_token(a) && action_token(a)[0]);
}

TEST_HARNESS_MAIN
