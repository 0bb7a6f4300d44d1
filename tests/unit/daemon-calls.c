// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What becomes of a call: whose fault its end is, what is counted as one, and who has to
 * wait how long. The site judges each activation against the caps.
 */
#include <errno.h>
#include <kselftest_harness.h>
#include <stdio.h>

#include "../lib/harness.h"
#include "daemon-site.h"

static struct site site;

static void begin(void)
{
	site_init(&site, 1);
	site.config.pdn[0].families = FAMILY_BOTH;
	site_plug(&site);
	site_start(&site, BOOT_NONE);
}

static uint64_t resets(void)
{
	return site.tally[ACTION_RESET_MODEM] + site.tally[ACTION_RESET_USB] +
	       site.tally[ACTION_PORT_POWER] + site.tally[ACTION_REBOOT];
}

/* Of the last hour, with the machine's own eyes */
static unsigned int activations(void)
{
	unsigned int n = 0;

	for (int i = 0; i < KEPT_MAX; i++)
		for (int j = 0; j < OUTCOMES; j++)
			n += tally_count(&site.m.saved.kept[i].activations.of[j], HOUR,
					 site.m.clock);
	return n;
}

/* --- the host's fault --------------------------------------------------------------- */

TEST(a_fault_of_the_host_climbs_nowhere)
{
	static const struct { uint8_t kind; const char *token; bool dialled; } faults[] = {
		{ CAUSE_VRF, "vrf-missing" },
		{ CAUSE_NETNS, "netns-missing" },
		{ CAUSE_PASSWORD, "password-unreadable" },
		{ CAUSE_INTERFACE_TAKEN, "interface-taken" },
		{ CAUSE_LINK, "link-refused" },
		{ CAUSE_ADDRESS, "address-refused", true },
		{ CAUSE_IPV6_OFF, "ipv6-off" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(faults); i++) {
		begin();
		site.config.port_power = true;
		site.config.host_reboot = true;
		site_config(&site);
		site.answer = SITE_REFUSES;
		site.end = (struct cause){ faults[i].kind };
		site_run(&site, 2 * DAY);
		EXPECT_STREQ(faults[i].token, site_cause(&site).s);
		EXPECT_EQ(CLASS_HOST, cause_class(&site.end));
		EXPECT_EQ(0, resets());
		EXPECT_EQ(0, site.tally[ACTION_RADIO_OFF]);
		EXPECT_EQ(0, site.tally[ACTION_REATTACH]);
		if (faults[i].dialled)
			EXPECT_LE(1, activations());
		else
			EXPECT_EQ(0, activations());
		/* it is looked at again, but not often */
		EXPECT_LE(2 * 24 * 3, site.tally[ACTION_DIAL]);
		EXPECT_LE(site.tally[ACTION_DIAL], 2 * 24 * 6);
		site.answer = SITE_ACCEPTS;
		site_run(&site, 20 * MINUTE);
		EXPECT_TRUE(site_is_online(&site));
		EXPECT_EQ(0, site.broken);
	}
}

TEST(a_call_that_the_host_gives_back_is_one_all_the_same)
{
	begin();
	site.answer = SITE_REFUSES;
	site.end = (struct cause){ CAUSE_ADDRESS };
	site_run(&site, 30 * SECOND);
	EXPECT_LE(2, site.by_outcome[0][OUTCOME_SUCCESS].count);
	EXPECT_EQ(site.by_outcome[0][OUTCOME_SUCCESS].count, activations());
	EXPECT_EQ(0, site.broken);
}

/* What the modem does not take before a call is its fault, and no activation either */
TEST(a_modem_that_takes_no_format_is_reset_in_the_end)
{
	begin();
	site.answer = SITE_REFUSES;
	site.end = (struct cause){ CAUSE_UNPREPARED };
	site_run(&site, 50 * MINUTE);
	EXPECT_STREQ("call-unprepared", site_cause(&site).s);
	EXPECT_EQ(0, resets());
	EXPECT_EQ(0, activations());
	site_run(&site, 20 * MINUTE);
	EXPECT_EQ(1, site.tally[ACTION_RESET_MODEM]);
	EXPECT_EQ(0, site.broken);
}

TEST(whose_fault_it_is_that_nothing_can_be_dialled)
{
	static const struct {
		int err;
		bool refused;
		uint8_t kind;
	} rows[] = {
		{ -EREMOTEIO, true, CAUSE_UNPREPARED },
		{ -EINVAL, true, CAUSE_UNPREPARED },
		{ -ETIMEDOUT, false, CAUSE_UNPREPARED },
		{ -EBADMSG, false, CAUSE_UNPREPARED },
		/* it restarted, or went */
		{ -ECONNRESET, false, CAUSE_UNPREPARED },
		{ -ENODEV, false, CAUSE_UNPREPARED },
		{ -EPERM, false, CAUSE_LINK },
		{ -ENOMEM, false, CAUSE_LINK },
		/* its mux id; an interface of its name is looked for before */
		{ -EEXIST, false, CAUSE_LINK },
		{ -EBUSY, false, CAUSE_LINK },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct cause cause = cause_of_preparing(rows[i].err,
							      rows[i].refused);

		EXPECT_EQ(rows[i].kind, cause.kind);
		EXPECT_FALSE(cause_was_dialled(&cause));
		EXPECT_EQ(cause.kind == CAUSE_LINK, cause_class(&cause) == CLASS_HOST);
	}
}

TEST(a_host_without_ipv6_wants_ipv4_alone)
{
	begin();
	site.ipv6_off = true;
	site_run(&site, 2 * MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_STREQ("none", site_cause(&site).s);
	EXPECT_EQ(FAMILY_V4, site.m.pdn[0].up);
	EXPECT_EQ(1, site.calls);
	/* once a day it is looked at anew, which costs nobody anything */
	site_run(&site, 30 * DAY);
	EXPECT_EQ(1, site.calls);
	EXPECT_LE(site.tally[ACTION_DIAL], 32);
	EXPECT_LE(30, site.tally[ACTION_DIAL]);
	EXPECT_EQ(1, site.by_outcome[0][OUTCOME_SUCCESS].count);
	EXPECT_STREQ("none", site_cause(&site).s);
	site.ipv6_off = false;
	site_run(&site, 25 * HOUR);
	EXPECT_EQ(FAMILY_BOTH, site.m.pdn[0].up);
	EXPECT_EQ(0, site.broken);
}

TEST(a_host_without_ipv6_and_nothing_else_wanted)
{
	begin();
	site.ipv6_off = true;
	site.config.pdn[0].families = FAMILY_V6;
	site_config(&site);
	site_run(&site, DAY);
	EXPECT_STREQ("ipv6-off", site_cause(&site).s);
	EXPECT_EQ(0, site.calls);
	EXPECT_EQ(0, resets());
	EXPECT_EQ(0, site.tally[ACTION_RADIO_OFF]);
	EXPECT_EQ(0, site.broken);
}

/* Its refusal explains nothing where the network refuses what is left */
TEST(a_host_without_ipv6_and_a_network_that_refuses)
{
	begin();
	site.ipv6_off = true;
	site.answer = SITE_REFUSES;
	site.end = (struct cause){ CAUSE_CALL_END, 6, 33 };
	site_run(&site, HOUR);
	EXPECT_STREQ("3gpp-option-unsubscribed", site_cause(&site).s);
	site.answer = SITE_ACCEPTS;
	site_run(&site, 90 * MINUTE);
	EXPECT_EQ(FAMILY_V4, site.m.pdn[0].up);
	EXPECT_EQ(0, site.broken);
}

/* One family that the host refuses is not called for every quarter of an hour */
TEST(an_address_that_the_host_refuses_beside_another)
{
	begin();
	site.host_refuses = FAMILY_V6;
	site_run(&site, 20 * HOUR);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_STREQ("address-refused", site_cause(&site).s);
	EXPECT_EQ(1, site.tally[ACTION_DIAL]);
	site_run(&site, 10 * HOUR);
	EXPECT_EQ(2, site.tally[ACTION_DIAL]);
	EXPECT_EQ(3, site.by_outcome[0][OUTCOME_SUCCESS].count);
	EXPECT_EQ(0, site.broken);
}

/* --- a call that is in the way ------------------------------------------------------ */

TEST(a_call_of_somebody_is_ended)
{
	begin();
	site.in_the_way = true;
	site_run(&site, MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(1, site.tally[ACTION_HANG_UP_ALL]);
	EXPECT_EQ(2, site.tally[ACTION_DIAL]);
	EXPECT_EQ(0, site.broken);
}

/* Not for each refusal, and not the calls of another PDN that is up */
TEST(a_call_of_another_pdn_is_left_alone)
{
	begin();
	site.answer = SITE_REFUSES;
	site_run(&site, HOUR);
	EXPECT_EQ(0, site.tally[ACTION_HANG_UP_ALL]);
	begin();
	site.in_the_way = true;
	while (!site.tally[ACTION_DIAL])
		site_run(&site, SECOND / 10);
	site.m.pdn[1] = (struct pdn){
		.state = PDN_ONLINE, .up = FAMILY_V4, .asked = FAMILY_V4, .due = NEVER,
		.config = { .families = FAMILY_V4, .apn_count = 1 },
	};
	site.m.pdn_count = 2;
	site_run(&site, HOUR);
	EXPECT_EQ(0, site.tally[ACTION_HANG_UP_ALL]);
	EXPECT_LE(3, site.tally[ACTION_HANG_UP]);
	EXPECT_EQ(site.tally[ACTION_DIAL] - 1, site.tally[ACTION_HANG_UP]);
	/* it goes, and the way is cleared */
	site.m.pdn_count = 1;
	site_run(&site, 20 * MINUTE);
	EXPECT_EQ(1, site.tally[ACTION_HANG_UP_ALL]);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(0, site.broken);
}

/* A modem that makes calls by itself is told not to: a write to its memory like others */
TEST(autoconnect_is_a_setting)
{
	begin();
	site.differ = SETTING_AUTOCONNECT;
	site_run(&site, MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(1, site.tally[ACTION_WRITE]);
	EXPECT_EQ(0, site.tally[ACTION_REATTACH]);
	EXPECT_EQ(1, site.m.saved.strikes[BUDGET_MODEM_WRITE].count);
	EXPECT_EQ(0, site.broken);
}

/* --- waits that others ask for ------------------------------------------------------ */

static void refused(uint8_t families, int type, int number, int64_t network_ms)
{
	site_event(&site, &(struct event){
		.type = EVENT_PDN_END, .families = families, .network_ms = network_ms,
		.cause = { CAUSE_CALL_END, type, number },
	});
}

/* A call is under way, and the test answers it */
static void dialling(void)
{
	begin();
	site.answer = SITE_IGNORES;
	while (!site.tally[ACTION_DIAL])
		site_run(&site, SECOND / 10);
}

/* In which order the two families are refused is nobody's choice */
TEST(the_longer_wait_of_both_families_counts)
{
	static const int64_t asked_ms[][2] = {
		{ 40 * MINUTE, 0 }, { 0, 40 * MINUTE }, { 40 * MINUTE, 20 * MINUTE },
	};

	for (size_t i = 0; i < ARRAY_SIZE(asked_ms); i++) {
		dialling();
		refused(FAMILY_V4, 2, 209, asked_ms[i][0]);
		refused(FAMILY_V6, 2, 211, asked_ms[i][1]);
		EXPECT_EQ(40 * MINUTE, site.m.pdn[0].due - site.m.clock);
		/* the next one asks for itself */
		site.answer = SITE_REFUSES;
		site.end = (struct cause){ CAUSE_CALL_END, 6, 38 };
		site_run(&site, 40 * MINUTE + 3 * SECOND);
		EXPECT_LE(site.m.pdn[0].due - site.m.clock, 10 * SECOND);
		EXPECT_EQ(0, site.broken);
	}
}

TEST(a_wait_of_one_family_is_none_of_the_other)
{
	dialling();
	refused(FAMILY_V6, 2, 211, 6 * HOUR);
	site.call[0] = FAMILY_V4;
	site_event(&site, &(struct event){ .type = EVENT_PDN_UP, .families = FAMILY_V4 });
	ASSERT_TRUE(site_is_online(&site));
	site_run(&site, 10 * SECOND);
	site.answer = SITE_ACCEPTS;
	site_drop(&site, 6, 36);
	site_run(&site, MINUTE);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(0, site.broken);
}

/* The network allows one family alone, which is dialled at once, and ends otherwise */
TEST(a_wait_of_the_call_before_is_none_of_the_next)
{
	dialling();
	refused(FAMILY_V6, 2, 211, 6 * HOUR);
	refused(FAMILY_V4, 6, 51, 0);
	ASSERT_EQ(2, site.tally[ACTION_DIAL]);
	refused(FAMILY_V6, 6, 38, 0);
	EXPECT_LE(site.m.pdn[0].due - site.m.clock, 10 * SECOND);
	EXPECT_EQ(0, site.broken);
}

/* --- what a person changes ---------------------------------------------------------- */

static void change(void)
{
	site.config.pdn[0].call++;
	site_config(&site);
}

TEST(another_password_is_another_call)
{
	begin();
	site_run(&site, 20 * MINUTE);
	/* the same again is none */
	site_config(&site);
	site_run(&site, MINUTE);
	EXPECT_EQ(1, site.tally[ACTION_DIAL]);
	change();
	EXPECT_EQ(1, site.tally[ACTION_HANG_UP]);
	site_run(&site, MINUTE);
	EXPECT_EQ(2, site.tally[ACTION_DIAL]);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(FAMILY_BOTH, site.call[0]);
	EXPECT_EQ(0, site.broken);
}

/* What was wrong is right now: nobody waits out the hour */
TEST(a_password_that_is_put_right)
{
	begin();
	site.answer = SITE_REFUSES;
	site.end = (struct cause){ CAUSE_CALL_END, 6, 29 };
	site_run(&site, 5 * HOUR + 30 * MINUTE);
	EXPECT_STREQ("3gpp-authentication-failed", site_cause(&site).s);
	site.answer = SITE_ACCEPTS;
	change();
	site_run(&site, 3 * SECOND);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(0, site.broken);
}

/* One that is being made with the old one is not adopted */
TEST(a_password_that_changes_while_it_is_dialled)
{
	begin();
	while (!site.tally[ACTION_DIAL])
		site_run(&site, SECOND / 10);
	change();
	EXPECT_EQ(1, site.tally[ACTION_HANG_UP]);
	site_run(&site, MINUTE);
	EXPECT_EQ(2, site.tally[ACTION_DIAL]);
	EXPECT_TRUE(site_is_online(&site));
	EXPECT_EQ(0, site.broken);
}

TEST(another_password_of_another_pdn)
{
	const struct event changed = { .type = EVENT_CONFIG, .config = &site.config };
	struct actions actions;

	begin();
	site.config.pdn_count = 2;
	site.config.pdn[1] = site.config.pdn[0];
	site.config.pdn[1].apn[0].key++;
	site_config(&site);
	site_run(&site, MINUTE);
	ASSERT_EQ(PDN_ONLINE, site.m.pdn[0].state);
	site.m.pdn[1].state = PDN_ONLINE;
	site.m.pdn[1].up = FAMILY_BOTH;
	site.config.pdn[1].call++;
	machine_step(&site.m, &changed, site.now, &actions);
	EXPECT_EQ(PDN_ONLINE, site.m.pdn[0].state);
	EXPECT_EQ(PDN_ADOPTING, site.m.pdn[1].state);
	EXPECT_EQ(ACTION_HANG_UP, actions.list[0].type);
	EXPECT_EQ(ACTION_ADOPT, actions.list[1].type);
	for (int i = 0; i < 2; i++)
		EXPECT_EQ(1, actions.list[i].pdn);
}

/* --- abroad ------------------------------------------------------------------------- */

/* At home with a call up for as long as it takes */
static void at_home(enum roaming roaming, bool guessed)
{
	begin();
	site.config.roaming = roaming;
	site.config.pdn[0].apn[0].guessed = guessed;
	site_config(&site);
	site_run(&site, 20 * MINUTE);
	ASSERT_TRUE(site_is_online(&site));
}

static void told_abroad(void)
{
	const struct event abroad = {
		.type = EVENT_REGISTRATION, .registration = REG_ROAMING,
	};

	site.reg = REG_ROAMING;
	site_event(&site, &abroad);
}

TEST(who_is_hung_up_at_the_border)
{
	static const struct { enum roaming roaming; bool guessed, stays; } rows[] = {
		{ ROAMING_HOME, false, false },
		{ ROAMING_HOME, true, false },
		{ ROAMING_AUTO, true, false },
		{ ROAMING_AUTO, false, true },
		{ ROAMING_ANY, true, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		at_home(rows[i].roaming, rows[i].guessed);
		told_abroad();
		EXPECT_EQ(rows[i].stays, site_is_online(&site));
		EXPECT_EQ(rows[i].stays ? FAMILY_BOTH : 0, site.call[0]);
		site_run(&site, DAY);
		EXPECT_EQ(rows[i].stays, site_is_online(&site));
		EXPECT_EQ(1, site.tally[ACTION_DIAL]);
		if (!rows[i].stays)
			EXPECT_STREQ("roaming-refused", site_cause(&site).s);
		/* home again */
		site_network(&site, REG_HOME, 0);
		site_run(&site, MINUTE);
		EXPECT_TRUE(site_is_online(&site));
		EXPECT_EQ(rows[i].stays ? 1 : 2, site.tally[ACTION_DIAL]);
		EXPECT_EQ(0, resets());
		EXPECT_EQ(0, site.broken);
	}
}

/* What the last m2md left up is no better */
TEST(no_call_is_adopted_abroad)
{
	at_home(ROAMING_HOME, false);
	site.reg = REG_ROAMING;
	site_kill(&site);
	ASSERT_EQ(FAMILY_BOTH, site.call[0]);
	site_run(&site, MINUTE);
	EXPECT_EQ(1, site.tally[ACTION_HANG_UP]);
	EXPECT_EQ(0, site.call[0]);
	EXPECT_STREQ("roaming-refused", site_cause(&site).s);
	site_run(&site, DAY);
	EXPECT_EQ(1, site.tally[ACTION_DIAL]);
	EXPECT_EQ(0, site.broken);
}

/* One that was dialled at home and comes up on the other side */
TEST(a_call_that_comes_up_abroad)
{
	begin();
	site.config.roaming = ROAMING_HOME;
	site_config(&site);
	while (!site.tally[ACTION_DIAL])
		site_run(&site, SECOND / 10);
	told_abroad();
	site_run(&site, MINUTE);
	EXPECT_EQ(0, site.call[0]);
	EXPECT_STREQ("roaming-refused", site_cause(&site).s);
	EXPECT_EQ(0, site.broken);
}

TEST_HARNESS_MAIN
