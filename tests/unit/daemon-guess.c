// SPDX-License-Identifier: GPL-2.0-or-later
/* What is guessed of a card, from lists in files, and what worked, on a disk that is real. */
#include <glib.h>
#include <glib/gstdio.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <string.h>

#include "../../tools/daemon/guess.h"
#include "../../tools/daemon/plan.h"
#include "../../tools/daemon/state.h"
#include "../lib/harness.h"
#include "scratch.h"

#define CARD	"89490000000000000001"
#define OTHER	"89490000000000000002"

struct fixture {
	char *directory;
	struct state *state;
	struct winners *winners;
};

static void begin(struct fixture *self)
{
	self->state = state_open(self->directory);
	self->winners = winners_new(self->state);
}

static void end(struct fixture *self)
{
	winners_free(self->winners);
	state_close(self->state);
}

static void again(struct fixture *self)
{
	end(self);
	begin(self);
}

static void setup(struct fixture *self)
{
	self->directory = g_dir_make_tmp("m2m-guess-XXXXXX", NULL);
	begin(self);
}

static void teardown(struct fixture *self)
{
	end(self);
	scratch_remove(self->directory);
}

/* --- what worked -------------------------------------------------------------- */

TEST(a_winner_is_one_card_s_and_outlives_a_restart)
{
	struct fixture self;

	setup(&self);
	EXPECT_EQ(NULL, winners_get(self.winners, CARD));
	winners_put(self.winners, CARD, "internet.alpha");
	winners_put(self.winners, OTHER, "");
	EXPECT_STREQ("internet.alpha", winners_get(self.winners, CARD));
	again(&self);
	EXPECT_STREQ("internet.alpha", winners_get(self.winners, CARD));
	EXPECT_STREQ("", winners_get(self.winners, OTHER));
	EXPECT_EQ(NULL, winners_get(self.winners, "89490000000000000003"));
	winners_put(self.winners, CARD, "beta");
	again(&self);
	EXPECT_STREQ("beta", winners_get(self.winners, CARD));
	teardown(&self);
}

TEST(a_winner_is_written_when_it_is_another)
{
	struct fixture self;
	const char *was;

	setup(&self);
	winners_put(self.winners, CARD, "beta");
	/* what is put anew is another string */
	was = state_get(self.state, "winner/0");
	ASSERT_NE(NULL, was);
	winners_put(self.winners, CARD, "beta");
	winners_put(self.winners, CARD, "BETA");
	EXPECT_EQ(was, state_get(self.state, "winner/0"));
	teardown(&self);
}

TEST(what_is_no_winner)
{
	struct fixture self;

	setup(&self);
	winners_put(self.winners, "", "beta");
	winners_put(self.winners, ICCID_UNKNOWN, "beta");
	winners_put(self.winners, CARD, "two words");
	for (int i = 0; i < 16; i++) {
		g_autofree char *key = g_strdup_printf("winner/%d", i);

		EXPECT_EQ(NULL, state_get(self.state, key));
	}
	EXPECT_EQ(NULL, winners_get(self.winners, CARD));
	/* a disk may hold anything */
	state_put(self.state, "winner/0", CARD " a/b");
	state_put(self.state, "winner/1", CARD);
	state_put(self.state, "winner/2", "");
	state_put(self.state, "winner/3", OTHER " beta");
	again(&self);
	EXPECT_EQ(NULL, winners_get(self.winners, CARD));
	EXPECT_EQ(NULL, winners_get(self.winners, ""));
	EXPECT_STREQ("beta", winners_get(self.winners, OTHER));
	teardown(&self);
}

TEST(more_cards_than_there_are_places)
{
	struct fixture self;
	char iccid[24];

	setup(&self);
	winners_put(self.winners, CARD, "mine");
	for (int i = 0; i < 40; i++) {
		snprintf(iccid, sizeof(iccid), "894900000000000%05d", i + 100);
		winners_put(self.winners, iccid, "beta");
		/* this one comes back again and again */
		EXPECT_STREQ("mine", winners_get(self.winners, CARD));
	}
	EXPECT_STREQ("beta", winners_get(self.winners, iccid));
	EXPECT_EQ(NULL, winners_get(self.winners, "89490000000000000100"));
	teardown(&self);
}

/* --- of one card -------------------------------------------------------------- */

#define PROVIDERS \
	"<serviceproviders><country code=\"de\"><provider><name>Alpha</name><gsm>" \
	"<network-id mcc=\"262\" mnc=\"001\"/><network-id mcc=\"262\" mnc=\"02\"/>" \
	"<apn value=\"alpha.example\"><usage type=\"internet\"/>" \
	"<username>u</username><password>p</password></apn>" \
	"<apn value=\"mms.example\"><usage type=\"mms\"/></apn></gsm></provider>" \
	"<provider><name>Beta</name><gsm><network-id mcc=\"262\" mnc=\"03\"/>" \
	"<apn value=\"one.example\"/><apn value=\"two.example\"/></gsm></provider>" \
	"</country></serviceproviders>"

/* The candidates for a card, as words: "winner:w network: database:alpha.example" */
static const char *order(struct fixture *self, struct guess *guess, const char *iccid,
			 const char *imsi, unsigned int mnc_len)
{
	static const char * const words[] = { "card", "conf", "winner", "network", "list" };
	g_autofree char *file = g_build_filename(self->directory, "providers.xml", NULL);
	const struct apn_places places = { file, "/nonexistent" };
	struct apn_known known = { .guess = true };
	const char *database[1], *names[APN_MAX];
	struct apn apns[APN_MAX];
	static char text[256];
	size_t n;

	g_file_set_contents(file, PROVIDERS, -1, NULL);
	guess_begin(guess, self->winners, iccid);
	if (imsi) {
		guess->has_sim = true;
		guess->sim.mnc_len = mnc_len;
		g_strlcpy(guess->sim.imsi, imsi, sizeof(guess->sim.imsi));
	}
	guess_ask_lists(guess, &places);
	guess_known(guess, database, &known);
	n = apn_order(iccid, &known, names, apns);
	text[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		g_strlcat(text, words[apns[i].source], sizeof(text));
		g_strlcat(text, ":", sizeof(text));
		g_strlcat(text, names[i], sizeof(text));
		g_strlcat(text, i + 1 < n ? " " : "", sizeof(text));
	}
	return text;
}

TEST(a_card_is_looked_up_by_all_digits_of_its_network)
{
	static const struct {
		const char *imsi;
		unsigned int mnc_len;
		const char *order;
	} rows[] = {
		{ "262011234567890", 2, "network:" },	/* 262 01 is not 262 001 */
		{ "262001234567890", 3, "network: list:alpha.example" },
		{ "262021234567890", 2, "network: list:alpha.example" },
		{ "262021234567890", 0, "network: list:alpha.example" },
		{ "262021234567890", 3, "network:" },	/* it is of 262 021 */
		{ "262031234567890", 2, "network:" },	/* one of two, and nobody knows which */
		{ NULL, 0, "network:" },
	};
	struct fixture self;

	setup(&self);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct guess guess = { 0 };

		EXPECT_STREQ(rows[i].order, order(&self, &guess, CARD, rows[i].imsi,
						  rows[i].mnc_len));
	}
	teardown(&self);
}

TEST(the_winner_goes_before_the_network_before_the_list)
{
	struct guess guess = { 0 };
	struct fixture self;

	setup(&self);
	winners_put(self.winners, CARD, "won.example");
	EXPECT_TRUE(guess_begin(&guess, self.winners, CARD));
	EXPECT_FALSE(guess_begin(&guess, self.winners, CARD));
	guess.has_network = true;
	g_strlcpy(guess.network, "attach.example", sizeof(guess.network));
	EXPECT_STREQ("winner:won.example network:attach.example list:alpha.example",
		     order(&self, &guess, CARD, "262021234567890", 2));
	/* what wins while the card is in is the first of the next time */
	winners_put(self.winners, CARD, "alpha.example");
	EXPECT_STREQ("winner:won.example network:attach.example list:alpha.example",
		     order(&self, &guess, CARD, "262021234567890", 2));
	/* of another card nothing of this is true */
	EXPECT_STREQ("network:", order(&self, &guess, OTHER, NULL, 0));
	EXPECT_STREQ("winner:alpha.example network:",
		     order(&self, &guess, CARD, "262021234567890", 2));
	teardown(&self);
}

TEST(what_a_list_says_besides_the_name)
{
	const struct apn_found *login;
	struct guess guess = { 0 };
	struct fixture self;

	setup(&self);
	order(&self, &guess, CARD, "262021234567890", 2);
	login = guess_login(&guess, "Alpha.example");
	ASSERT_NE(NULL, login);
	EXPECT_STREQ("u", login->user);
	EXPECT_STREQ("p", login->password);
	EXPECT_EQ(NULL, guess_login(&guess, ""));
	EXPECT_EQ(NULL, guess_login(&guess, "beta"));
	order(&self, &guess, OTHER, NULL, 0);
	EXPECT_EQ(NULL, guess_login(&guess, "alpha.example"));
	teardown(&self);
}

/* --- calls -------------------------------------------------------------------- */

/* A PDN that stays online, after what was done */
static bool wins(struct guess *guess, const struct plan *plan)
{
	struct machine m = {
		.pdn_count = 1, .pdn[0] = { .state = PDN_ONLINE, .up = FAMILY_V4 },
	};

	if (guess_has_won(guess, &m, plan, 0))
		return false;
	m.pdn[0].settled = true;
	return guess_has_won(guess, &m, plan, 0);
}

static void act(struct guess *guess, enum action_type type, uint8_t up)
{
	const struct machine m = { .pdn_count = 1, .pdn[0] = { .up = up } };

	guess_acted(guess, &m, &(struct action){ .type = type });
}

TEST(what_was_dialled_by_its_name_wins_once)
{
	struct plan plan = { .n_pdns = 1 };
	struct guess guess = { 0 };

	EXPECT_FALSE(wins(&guess, &plan));
	act(&guess, ACTION_DIAL, 0);
	EXPECT_TRUE(wins(&guess, &plan));
	EXPECT_FALSE(wins(&guess, &plan));
	/* the other family of it is dialled before it has lasted */
	act(&guess, ACTION_DIAL, 0);
	act(&guess, ACTION_DIAL, FAMILY_V4);
	EXPECT_TRUE(wins(&guess, &plan));
	/* who has a name and a password of his own and another PDN beside it */
	plan.n_pdns = 2;
	plan.pdns[0].apn = (char *)"internet";
	act(&guess, ACTION_DIAL, 0);
	EXPECT_FALSE(wins(&guess, &plan));
}

/* By which name that was called nobody knows, whatever is dialled beside it */
TEST(what_was_adopted_wins_nothing)
{
	const struct plan plan = { .n_pdns = 1 };
	struct guess guess = { 0 };

	act(&guess, ACTION_ADOPT, 0);
	EXPECT_FALSE(wins(&guess, &plan));
	act(&guess, ACTION_DIAL, FAMILY_V4);
	EXPECT_FALSE(wins(&guess, &plan));
	act(&guess, ACTION_DIAL, 0);
	act(&guess, ACTION_ADOPT, 0);
	EXPECT_FALSE(wins(&guess, &plan));
}

TEST_HARNESS_MAIN
