// SPDX-License-Identifier: GPL-2.0-or-later
/* Which APN a card may want: lists in all shapes, and what is chosen of what they say. */
#include <errno.h>
#include <glib.h>
#include <kselftest_harness.h>
#include <string.h>

#include "../../tools/lib/apn-db.h"
#include "../../tools/lib/wds.h"
#include "../lib/harness.h"

static const char providers[] =
	"<?xml version=\"1.0\"?>\n"
	"<serviceproviders format=\"2.0\"><country code=\"de\"><name>Germany</name>\n"
	"<provider primary=\"true\"><name>Alpha</name><name xml:lang=\"xx\">Aleph</name><gsm>\n"
	" <network-id mcc=\"262\" mnc=\"01\"/><network-id mcc=\"262\" mnc=\"06\"/>\n"
	" <apn value=\"mms.alpha\"><usage type=\"mms\"/></apn>\n"
	" <apn value=\"internet.alpha\"><plan type=\"prepaid\"/><plan type=\"postpaid\"/>\n"
	"  <usage type=\"internet\"/><name>Internet</name>\n"
	"  <username> u </username><password>p&amp;q</password>\n"
	"  <authentication method=\"pap\"/></apn></gsm></provider>\n"
	"<provider><name>Beta</name><gsm><network-id mcc=\"262\" mnc=\"06\"/>\n"
	" <apn value=\"beta\"/></gsm></provider>\n"
	"<provider><name>Gamma</name><cdma><name>x</name><username>z</username></cdma>\n"
	" <gsm><network-id mcc=\"310\" mnc=\"410\"/><network-id mcc=\"26\" mnc=\"202\"/>\n"
	" <apn value=\"one\"/><apn value=\"two\"><usage type=\"internet\"/></apn>\n"
	" <apn value=\"no apn\"/></gsm></provider>\n"
	"</country></serviceproviders>\n";

static struct apn_sim card(const char *imsi, unsigned int mnc_len)
{
	struct apn_sim sim = { .mnc_len = mnc_len };

	g_strlcpy(sim.imsi, imsi, sizeof(sim.imsi));
	return sim;
}

static int read_xml(const char *xml, const struct apn_sim *sim, struct apn_list *list)
{
	struct m2m_error error;

	*list = (struct apn_list) { 0 };
	return apn_read_providers(xml, strlen(xml), sim, list, &error);
}

TEST(providers_by_plmn)
{
	struct apn_sim sim = card("262011234567890", 2);
	const struct apn_found *chosen;
	struct apn_list list;

	ASSERT_EQ(0, read_xml(providers, &sim, &list));
	ASSERT_EQ(1, list.n);
	chosen = apn_choose(&list);
	ASSERT_TRUE(chosen);
	EXPECT_STREQ("internet.alpha", chosen->apn);
	EXPECT_STREQ("u", chosen->user);
	EXPECT_STREQ("p&q", chosen->password);
	EXPECT_EQ(WDS_AUTH_PAP, chosen->auth);
	EXPECT_STREQ("Alpha", chosen->issuer);
	EXPECT_STREQ("prepaid, postpaid", chosen->plan);
	EXPECT_EQ(APN_BY_PLMN, chosen->match);
	EXPECT_EQ(APN_FROM_PROVIDERS, chosen->source);
}

TEST(who_rents_a_network_is_told_by_name_only)
{
	struct apn_sim sim = card("262061234567890", 2);
	const struct apn_found *chosen;
	struct apn_list list;

	ASSERT_EQ(0, read_xml(providers, &sim, &list));
	EXPECT_EQ(2, list.n);
	EXPECT_FALSE(apn_choose(&list));
	g_strlcpy(sim.spn, "beta", sizeof(sim.spn));
	ASSERT_EQ(0, read_xml(providers, &sim, &list));
	EXPECT_EQ(2, list.n);
	chosen = apn_choose(&list);
	ASSERT_TRUE(chosen);
	EXPECT_STREQ("beta", chosen->apn);
	EXPECT_EQ(APN_BY_CARD, chosen->match);
	/* a name in another language is one as well */
	g_strlcpy(sim.spn, "Aleph", sizeof(sim.spn));
	ASSERT_EQ(0, read_xml(providers, &sim, &list));
	chosen = apn_choose(&list);
	ASSERT_TRUE(chosen);
	EXPECT_STREQ("internet.alpha", chosen->apn);
	/* a name that nobody has, and one of somebody else's network, say nothing */
	g_strlcpy(sim.spn, "Gamma", sizeof(sim.spn));
	ASSERT_EQ(0, read_xml(providers, &sim, &list));
	EXPECT_FALSE(apn_choose(&list));
}

TEST(digits_of_the_mnc_count)
{
	struct apn_sim sim = card("310410123456789", 3);
	struct apn_list list;

	ASSERT_EQ(0, read_xml(providers, &sim, &list));
	EXPECT_EQ(2, list.n);
	sim.mnc_len = 2;
	ASSERT_EQ(0, read_xml(providers, &sim, &list));
	EXPECT_EQ(0, list.n);
	sim.mnc_len = 0;
	ASSERT_EQ(0, read_xml(providers, &sim, &list));
	EXPECT_EQ(2, list.n);
	/* an MCC of two digits is none, whatever follows it */
	sim = card("262021234567890", 0);
	ASSERT_EQ(0, read_xml(providers, &sim, &list));
	EXPECT_EQ(0, list.n);
	sim = card("", 0);
	ASSERT_EQ(0, read_xml(providers, &sim, &list));
	EXPECT_EQ(0, list.n);
}

TEST(what_is_no_list_of_providers)
{
	static const char *const bad[] = {
		"", "text", "<provider>", "<a></b>", "<provider><apn></provider></apn>",
		"<serviceproviders><provider><name>\xff</name></provider></serviceproviders>",
		"<apns><provider/></apns>",
	};
	struct apn_sim sim = card("262011234567890", 2);
	struct m2m_error error;
	struct apn_list list;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT_EQ(-EBADMSG, read_xml(bad[i], &sim, &list));
	/* cut anywhere it is an error and no list that is too short */
	for (size_t len = 0; len < sizeof(providers) - 2; len++) {
		list.n = 0;
		EXPECT_EQ(-EBADMSG,
			  apn_read_providers(providers, len, &sim, &list, &error));
	}
}

#define ALPHA	"<serviceproviders><provider><gsm><network-id mcc=\"262\" mnc=\"01\"/>"

TEST(too_much_is_said)
{
	g_autofree char *hundred_one = g_strnfill(101, 'a');
	GString *xml = g_string_new(ALPHA);
	struct apn_sim sim = card("262011234567890", 2);
	struct apn_list list;

	for (int i = 0; i < APN_FOUND_MAX + 1; i++)
		g_string_append_printf(xml, "<apn value=\"a%d\"/>", i);
	g_string_append(xml, "</gsm></provider></serviceproviders>");
	ASSERT_EQ(0, read_xml(xml->str, &sim, &list));
	EXPECT_EQ(APN_FOUND_MAX, list.n);
	EXPECT_TRUE(list.more);
	g_string_printf(xml, ALPHA
			"<apn value=\"%s\"/><apn value=\"b\"><username>%s%s</username></apn>"
			"</gsm></provider></serviceproviders>",
			hundred_one, hundred_one, hundred_one);
	ASSERT_EQ(0, read_xml(xml->str, &sim, &list));
	EXPECT_EQ(0, list.n);
	g_string_free(xml, TRUE);
}

/* --- apn.d -------------------------------------------------------------------- */

static size_t read_text(const char *text, const struct apn_sim *sim, struct apn_list *list)
{
	struct conf_notes notes = { 0 };
	size_t n;

	*list = (struct apn_list) { 0 };
	apn_read_conf("f", text, strlen(text), sim, list, &notes);
	n = notes.n;
	conf_notes_clear(&notes);
	return n;
}

#define ENTRY(keys) "[APN a]\nIssuer=I\nSource=S\nAPN=x\n" keys

TEST(own_entries_fit_or_not)
{
	static const struct {
		const char *keys;
		bool fits;
	} rows[] = {
		{ "PLMN=90140\n", true },
		{ "PLMN=901400\n", false },
		{ "PLMN=26201 90140\n", true },
		{ "PLMN=26201\n", false },
		{ "ICCID=8988228\n", true },
		{ "ICCID=8988229 8988228\n", true },
		{ "ICCID=8988229\n", false },
		{ "PLMN=90140\nICCID=8988229\n", false },
		{ "IMSI=90140510\n", true },
		{ "IMSI=901405100000000-901405199999999\n", true },
		{ "IMSI=90140510-90140519\n", true },
		{ "IMSI=90140520-90140529\n", false },
		{ "IMSI=90140500-90140509 90140510-90140511\n", true },
		{ "IMSI=9014051025470210-9014051025470219\n", false },
		{ "GID1=ab\n", true },
		{ "GID1=ABcd\n", true },
		{ "GID1=abcdef\n", false },
		{ "SPN=Some Thing\n", true },
		{ "SPN=some thing\n", true },
		{ "SPN=Some\n", false },
		{ "SPN=Some Thing\nGID1=00\n", false },
	};
	struct apn_sim sim = card("901405102547021", 2);
	struct apn_list list;

	g_strlcpy(sim.iccid, "8988228066602547021", sizeof(sim.iccid));
	g_strlcpy(sim.gid1, "abcd", sizeof(sim.gid1));
	g_strlcpy(sim.spn, "Some Thing", sizeof(sim.spn));
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		g_autofree char *text = g_strconcat(ENTRY(""), rows[i].keys, NULL);

		EXPECT_EQ(0, read_text(text, &sim, &list));
		if (list.n != rows[i].fits)
			harness_fail(__FILE__, __LINE__, false, "%s: %zu", rows[i].keys,
				     list.n);
	}
	/* of a card of which nothing is known nothing fits */
	sim = (struct apn_sim) { 0 };
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		g_autofree char *text = g_strconcat(ENTRY(""), rows[i].keys, NULL);

		EXPECT_EQ(0, read_text(text, &sim, &list));
		EXPECT_EQ(0, list.n);
	}
}

TEST(own_entries_say)
{
	struct apn_sim sim = card("901405102547021", 2);
	struct apn_list list;

	EXPECT_EQ(0, read_text(ENTRY("PLMN=90140\nUser=u\nPassword=p\nAuth=chap\nPlan=l\n"),
			       &sim, &list));
	ASSERT_EQ(1, list.n);
	EXPECT_STREQ("x", list.found[0].apn);
	EXPECT_STREQ("u", list.found[0].user);
	EXPECT_STREQ("p", list.found[0].password);
	EXPECT_EQ(WDS_AUTH_CHAP, list.found[0].auth);
	EXPECT_STREQ("I", list.found[0].issuer);
	EXPECT_STREQ("l", list.found[0].plan);
	EXPECT_STREQ("S", list.found[0].where);
	EXPECT_EQ(APN_FROM_OWN, list.found[0].source);
	EXPECT_EQ(APN_BY_PLMN, list.found[0].match);
}

TEST(own_entries_that_are_wrong)
{
	static const char *const bad[] = {
		"[APN a]\n",
		ENTRY(""),
		"[APN a]\nIssuer=I\nAPN=x\nPLMN=90140\n",
		"[APN a]\nSource=S\nAPN=x\nPLMN=90140\n",
		"[APN a]\nIssuer=I\nSource=S\nPLMN=90140\n",
		"[Issuer a]\nAPN=x\n",
		"[APN a]\nIssuer=I\nSource=S\nAPN=x y\nPLMN=90140\n",
		ENTRY("PLMN=9014\n"),
		ENTRY("PLMN=901-40\n"),
		ENTRY("PLMN=90140\nContract=yes\n"),
		"[APN a]\nIssuer=I\nSource=S\nContract=no\nPLMN=90140\n",
		ENTRY("PLMN=90140\nAuth=digest\n"),
		ENTRY("PLMN=90140 ICCID=89\n"),
		ENTRY("PLMN=90140\nICCID=8988\n"),
		ENTRY("PLMN=90140\nICCID=12345\n"),
		ENTRY("PLMN=90140\nIMSI=90140\n"),
		ENTRY("PLMN=90140\nIMSI=90140510-9014051\n"),
		ENTRY("PLMN=90140\nIMSI=90140511-90140510\n"),
		ENTRY("PLMN=90140\nIMSI=-\n"),
		ENTRY("PLMN=90140\nGID1=a\n"),
		ENTRY("PLMN=90140\nGID1=xy\n"),
	};
	struct apn_sim sim = card("901405102547021", 2);
	struct apn_list list;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		size_t notes = read_text(bad[i], &sim, &list);

		if (!notes || list.n)
			harness_fail(__FILE__, __LINE__, false, "%s: %zu notes, %zu found",
				     bad[i], notes, list.n);
	}
	/* one that is not known is told, and the entry counts */
	EXPECT_EQ(1, read_text(ENTRY("PLMN=90140\nColour=red\n"), &sim, &list));
	EXPECT_EQ(1, list.n);
}

/* --- the choice --------------------------------------------------------------- */

static void add(struct apn_list *list, const char *apn, enum apn_match match)
{
	struct apn_found found = { .match = match, .auth = WDS_AUTH_UNSET };

	g_strlcpy(found.apn, apn, sizeof(found.apn));
	apn_add(list, &found);
}

static const char *chosen(const struct apn_list *list)
{
	const struct apn_found *found = apn_choose(list);

	return found ? found->apn : "none";
}

TEST(the_surest_one_and_no_guess)
{
	struct apn_list list = { 0 };

	EXPECT_STREQ("none", chosen(&list));
	add(&list, "a", APN_BY_PLMN);
	EXPECT_STREQ("a", chosen(&list));
	add(&list, "A", APN_BY_PLMN);
	EXPECT_EQ(1, list.n);
	EXPECT_STREQ("a", chosen(&list));
	add(&list, "b", APN_BY_PLMN);
	EXPECT_STREQ("none", chosen(&list));
	add(&list, "c", APN_BY_CARD);
	EXPECT_STREQ("c", chosen(&list));
	/* what is known for sure is not said again as a perhaps, but the other way round */
	add(&list, "c", APN_BY_PLMN);
	EXPECT_EQ(3, list.n);
	add(&list, "a", APN_BY_CARD);
	EXPECT_EQ(4, list.n);
	EXPECT_STREQ("none", chosen(&list));
	apn_add_network(&list, "own.example.mnc001.mcc262.gprs");
	EXPECT_STREQ("own.example", chosen(&list));
}

TEST(what_could_be_more_is_no_answer)
{
	struct apn_list list = { .more = true };

	add(&list, "a", APN_BY_PLMN);
	EXPECT_STREQ("none", chosen(&list));
	apn_add_network(&list, "b");
	EXPECT_STREQ("b", chosen(&list));
}

TEST(a_contract_leaves_it_open)
{
	struct apn_list list = { 0 };

	add(&list, "a", APN_BY_PLMN);
	add(&list, "", APN_BY_PLMN);
	EXPECT_EQ(2, list.n);
	EXPECT_STREQ("none", chosen(&list));
	list.n = 0;
	add(&list, "", APN_BY_PLMN);
	EXPECT_STREQ("none", chosen(&list));
}

TEST(names_of_networks)
{
	struct apn_list list = { 0 };

	apn_add_network(&list, "");
	apn_add_network(&list, "IMS");
	apn_add_network(&list, "sos.mnc001.mcc262.gprs");
	apn_add_network(&list, "a b");
	EXPECT_EQ(0, list.n);
	apn_add_network(&list, ".mnc001.mcc262.gprs");
	apn_add_network(&list, "mnc001.mcc262.gprs");
	apn_add_network(&list, "x.MNC001.MCC262.GPRS");
	ASSERT_EQ(3, list.n);
	EXPECT_STREQ(".mnc001.mcc262.gprs", list.found[0].apn);
	EXPECT_STREQ("mnc001.mcc262.gprs", list.found[1].apn);
	EXPECT_STREQ("x", list.found[2].apn);
}

/* --- what we ship ------------------------------------------------------------- */

static void read_shipped(const char *name, const struct apn_sim *sim, struct apn_list *list)
{
	g_autofree char *file = g_build_filename(M2M_TOP, "tools/apn.d", name, NULL);
	struct conf_notes notes = { 0 };
	char *bytes;
	gsize len;

	if (!g_file_get_contents(file, &bytes, &len, NULL))
		SKIP("the tree is not here");
	apn_read_conf(name, bytes, len, sim, list, &notes);
	for (size_t i = 0; i < notes.n; i++)
		harness_fail(__FILE__, __LINE__, false, "%s:%u: %s", name,
			     notes.notes[i].line, notes.notes[i].text);
	conf_notes_clear(&notes);
	g_free(bytes);
}

static struct apn_list list_shipped;

static const char *shipped_group(const char *iccid, const char *imsi, const char *spn,
				 const char *gid1)
{
	struct apn_sim sim = card(imsi, 0);

	g_strlcpy(sim.iccid, iccid, sizeof(sim.iccid));
	g_strlcpy(sim.spn, spn, sizeof(sim.spn));
	g_strlcpy(sim.gid1, gid1, sizeof(sim.gid1));
	list_shipped = (struct apn_list) { 0 };
	read_shipped("china.conf", &sim, &list_shipped);
	read_shipped("things.conf", &sim, &list_shipped);
	return list_shipped.n ? chosen(&list_shipped) : "nothing";
}

static const char *shipped(const char *iccid, const char *imsi, const char *spn)
{
	return shipped_group(iccid, imsi, spn, "");
}

/* Whose card it is, where only the contract tells the APN */
static const char *shipped_issuer(const char *iccid)
{
	const char *apn = shipped(iccid, "001011234567890", "");

	return strcmp(apn, "none") || list_shipped.n != 1 ? apn : list_shipped.found[0].issuer;
}

TEST(lists_of_ours)
{
	EXPECT_STREQ("super", shipped("8988307000000000000", "234101234567890", ""));
	EXPECT_STREQ("super", shipped("8910392000000000000", "234101234567890", ""));
	/* 1NCE's own, and those that it had from Deutsche Telekom, whose others are not its */
	EXPECT_STREQ("iot.1nce.net", shipped("8988280666000000018", "901405100000018", ""));
	EXPECT_STREQ("iot.1nce.net", shipped("8988228066602547021", "901405102547021", ""));
	EXPECT_STREQ("nothing", shipped("8988228012302547021", "901405102547021", ""));
	EXPECT_STREQ("nothing", shipped("8988228066602547021", "901401234567890", ""));
	EXPECT_STREQ("soracom.io", shipped("8942310000000000000", "295051234567890", ""));
	EXPECT_STREQ("onomondo", shipped("8945730000000000000", "238731234567890", ""));
	EXPECT_STREQ("em", shipped("8988303000000614227", "001011234567890", ""));
	EXPECT_STREQ("wbdata", shipped("8985235000000000000", "901011234567890", ""));
	EXPECT_STREQ("nothing", shipped("8949000000000000000", "901405102547021", ""));
	EXPECT_STREQ("em", shipped("", "901431234567890", ""));
	EXPECT_STREQ("nothing", shipped("", "295051234567890", "Other"));
	EXPECT_STREQ("em", shipped("", "295051234567890", "EMnify"));
	EXPECT_STREQ("mobiledata", shipped("", "901371234567890", ""));
	EXPECT_STREQ("bicsapn", shipped("", "901581234567890", ""));
	EXPECT_STREQ("bicsapn", shipped("", "206281234567890", ""));
	/* of one PLMN with emnify's */
	EXPECT_STREQ("em", shipped("", "295091234567890", ""));
	EXPECT_STREQ("bicsapn", shipped("", "295091234567890", "BICS"));
	/* nobody can tell these from the card */
	EXPECT_STREQ("none", shipped("", "204081234567890", ""));
	EXPECT_STREQ("none", shipped("", "901281234567890", ""));
	EXPECT_STREQ("none", shipped("", "460081234567890", ""));
	EXPECT_STREQ("none", shipped("", "460091234567890", ""));
	EXPECT_STREQ("none", shipped("", "460111234567890", ""));
	EXPECT_STREQ("nothing", shipped("", "262011234567890", ""));
}

TEST(lists_of_ours_by_group)
{
	EXPECT_STREQ("data00.telnyx", shipped_group("", "311588123456789", "Telnyx", "5aa5ff"));
	EXPECT_STREQ("nothing", shipped_group("", "311588123456789", "Telnyx", ""));
	EXPECT_STREQ("nothing", shipped_group("", "311588123456789", "", "5aa5"));
	EXPECT_STREQ("wireless.twilio.com", shipped_group("", "310260123456789", "", "7477"));
	EXPECT_STREQ("nothing", shipped_group("", "310260123456789", "", "5454"));
	EXPECT_STREQ("mnet.bell.ca.ioe", shipped_group("", "302690123456789", "", "41"));
	EXPECT_STREQ("inet.bell.ca.m2m", shipped_group("", "302690123456789", "", "43"));
	EXPECT_STREQ("nothing", shipped_group("", "302690123456789", "", ""));
}

TEST(issuers_whose_apn_is_the_contracts)
{
	EXPECT_STREQ("Eseye", shipped_issuer("8988313000000000000"));
	EXPECT_STREQ("Cubic Telecom", shipped_issuer("8988333000000000000"));
	EXPECT_STREQ("Orange", shipped_issuer("8988301000000000000"));
	EXPECT_STREQ("1GLOBAL (Truphone)", shipped_issuer("8988344000000000000"));
	EXPECT_STREQ("Tele2 IoT", shipped_issuer("8988332000000000000"));
}

/* Each entry is from somewhere that can be looked up; contracts cannot */
TEST(sources_have_addresses)
{
	static const char *const names[] = { "china.conf", "things.conf" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		g_autofree char *file = g_build_filename(M2M_TOP, "tools/apn.d", names[i], NULL);
		char *bytes, **lines;

		if (!g_file_get_contents(file, &bytes, NULL, NULL))
			SKIP("the tree is not here");
		lines = g_strsplit(bytes, "\n", -1);
		g_free(bytes);
		for (char **line = lines; *line; line++)
			if (g_str_has_prefix(*line, "Source=") &&
			    !g_str_has_prefix(*line, "Source=https://") &&
			    strcmp(*line, "Source=its contract"))
				harness_fail(__FILE__, __LINE__, false, "%s: %s", names[i],
					     *line);
		g_strfreev(lines);
	}
}

TEST_HARNESS_MAIN
