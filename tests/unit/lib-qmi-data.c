// SPDX-License-Identifier: GPL-2.0-or-later
/* tools/lib's parsers of WDA and WDS: formats, settings of a call, why it ended. */
#include <arpa/inet.h>
#include <errno.h>
#include <kselftest_harness.h>
#include <libqmi-glib.h>
#include <linux/m2m_wwan.h>

#include "../../tools/lib/qmi-tlv.h"
#include "../../tools/lib/wda.h"
#include "../../tools/lib/wds.h"
#include "../lib/harness.h"
#include "qmivector.h"

TEST(data_format)
{
	static const struct vector tlvs[] = {
		TLV(0x11, 2, 0, 0, 0), TLV(0x12, 9, 0, 0, 0),
		TLV(0x13, 9, 0, 0, 0), TLV(0x15, 32, 0, 0, 0),
		TLV(0x16, 0, 0x40, 0, 0), TLV(0x17, 16, 0, 0, 0),
		TLV(0x18, 0, 0x20, 0, 0),
		END,
	};
	QmiMessage *m = message(RESPONSE, QMI_WDA, 0x20, tlvs);
	struct wda_format format;

	ASSERT_EQ(0, wda_format_parse(m, &format));
	EXPECT_EQ(M2M_WWAN_LINK_RAW_IP, format.link_layer);
	EXPECT_EQ(M2M_WWAN_AGG_QMAPV5, format.ul);
	EXPECT_EQ(M2M_WWAN_AGG_QMAPV5, format.dl);
	EXPECT_EQ(16384, format.dl_max_size);
	/* other numbers than in the request */
	EXPECT_EQ(16, format.ul_max_datagrams);
	EXPECT_EQ(8192, format.ul_max_size);
	qmi_message_unref(m);
	m = cut(RESPONSE, QMI_WDA, 0x20, tlvs[0], 3);
	EXPECT_EQ(-EBADMSG, wda_format_parse(m, &format));
	qmi_message_unref(m);
}

static const struct vector settings4[] = {
	TLV(0x1e, 2, 0, 0, 10),
	TLV(0x14, 'i', 'o', 't'),
	TLV(0x15, 1, 0, 0, 10), TLV(0x16, 0, 0, 0, 0),
	TLV(0x20, 1, 0, 0, 10), TLV(0x21, 0xfc, 0xff, 0xff, 0xff),
	TLV(0x29, 0xdc, 0x05, 0, 0), TLV(0x2b, 4),
	END,
};

static const struct vector settings6[] = {
	TLV(0x25, 0xfd, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 64),
	TLV(0x26, 0xfd, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 64),
	TLV(0x28, 0xfd, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x53),
	TLV(0x2b, 6),
	END,
};

static QmiMessage *settings_message(const struct vector *tlvs)
{
	return message(RESPONSE, QMI_WDS, 0x2d, tlvs);
}

TEST(settings_of_both_families)
{
	QmiMessage *m = settings_message(settings4);
	char text[INET6_ADDRSTRLEN];
	struct wds_settings s;

	ASSERT_EQ(0, wds_settings_parse(m, &s));
	qmi_message_unref(m);
	EXPECT_TRUE(s.has_v4);
	EXPECT_FALSE(s.has_v6);
	EXPECT_STREQ("10.0.0.2", inet_ntop(AF_INET, &s.addr4, text, sizeof(text)));
	EXPECT_STREQ("10.0.0.1", inet_ntop(AF_INET, &s.gateway4, text, sizeof(text)));
	EXPECT_EQ(1, s.n_dns4);
	EXPECT_EQ(1500, s.mtu);
	EXPECT_STREQ("iot", s.apn);
	EXPECT_EQ(0, wds_settings_sanitize(&s));

	m = settings_message(settings6);
	ASSERT_EQ(0, wds_settings_parse(m, &s));
	qmi_message_unref(m);
	EXPECT_TRUE(s.has_v6);
	EXPECT_STREQ("fd00:0:1::2", inet_ntop(AF_INET6, &s.addr6, text, sizeof(text)));
	EXPECT_EQ(64, s.prefix6);
	/* the second DNS server alone is one */
	EXPECT_EQ(1, s.n_dns6);
	EXPECT_EQ(0, s.mtu);
	EXPECT_EQ(0, wds_settings_sanitize(&s));
}

TEST(login_of_a_call)
{
	static const struct vector tlvs[] = {
		TLV(0x1b, 'b', 'o', 'b'), TLV(0x1d, WDS_AUTH_CHAP), END,
	}, utf8[] = {
		TLV(0x1b, 'j', 0xc3, 0xbc, 'r', 'g', 'e', 'n'), END,
	}, empty[] = {
		TLV(0x1b, 0), END,
	};
	QmiMessage *m = settings_message(tlvs);
	struct wds_login login;

	wds_login_parse(m, &login);
	qmi_message_unref(m);
	EXPECT_TRUE(login.has_user && login.has_auth);
	EXPECT_STREQ("bob", login.user);
	EXPECT_EQ(WDS_AUTH_CHAP, login.auth);
	/* a name in UTF-8 is compared as it is; an empty one is none */
	m = settings_message(utf8);
	wds_login_parse(m, &login);
	qmi_message_unref(m);
	EXPECT_STREQ("j\xc3\xbcrgen", login.user);
	m = settings_message(empty);
	wds_login_parse(m, &login);
	qmi_message_unref(m);
	EXPECT_FALSE(login.has_user);
	/* firmware that tells neither */
	m = settings_message(settings4);
	wds_login_parse(m, &login);
	qmi_message_unref(m);
	EXPECT_FALSE(login.has_user || login.has_auth);
}

TEST(settings_cut_short_have_no_address)
{
	struct wds_settings s;
	QmiMessage *m;

	for (int len = 0; len < settings4[0].len; len++) {
		m = cut(RESPONSE, QMI_WDS, 0x2d, settings4[0], len);
		EXPECT_EQ(-ENODATA, wds_settings_parse(m, &s));
		qmi_message_unref(m);
	}
	for (int len = 0; len < settings6[0].len; len++) {
		m = cut(RESPONSE, QMI_WDS, 0x2d, settings6[0], len);
		EXPECT_EQ(-ENODATA, wds_settings_parse(m, &s));
		qmi_message_unref(m);
	}
}

/* Two APNs, the second with IPv6 held back alone */
static const struct vector throttles[] = {
	TLV(0x10, 2,
	    1, 1, 0x10, 0x27, 0, 0, 0x20, 0x4e, 0, 0, 3, 'i', 'o', 't',
	    0, 1, 0xff, 0xff, 0, 0, 0x01, 0, 0, 0, 3, 'w', 'a', 'p'),
	END,
};

TEST(how_long_an_apn_is_held_back)
{
	static const struct { const char *apn; uint8_t family; uint32_t ms; } rows[] = {
		{ "iot", 4, 10000 }, { "iot", 6, 20000 }, { "IOT", 4, 10000 },
		{ "wap", 4, 0 }, { "wap", 6, 1 }, { "internet", 4, 0 },
		{ NULL, 4, 10000 }, { NULL, 6, 20000 },
	};
	QmiMessage *m = message(RESPONSE, QMI_WDS, 0x6c, throttles);
	uint32_t ms;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		ms = 77;
		EXPECT_EQ(0, wds_throttle_parse(m, rows[i].apn, rows[i].family, &ms));
		EXPECT_EQ(rows[i].ms, ms);
	}
	qmi_message_unref(m);
	m = message(RESPONSE, QMI_WDS, 0x6c, (const struct vector[]){ END });
	EXPECT_EQ(0, wds_throttle_parse(m, "iot", 4, &ms));
	EXPECT_EQ(0, ms);
	qmi_message_unref(m);
	for (int len = 1; len < throttles[0].len; len++) {
		m = cut(RESPONSE, QMI_WDS, 0x6c, throttles[0], len);
		EXPECT_EQ(-EBADMSG, wds_throttle_parse(m, "iot", 4, &ms));
		qmi_message_unref(m);
	}
}

TEST(nonsense_is_dropped)
{
	static const struct vector tlvs[] = {
		TLV(0x1e, 1, 0, 0, 127), TLV(0x15, 1, 0, 0, 224),
		TLV(0x16, 8, 8, 8, 8), TLV(0x29, 40, 0, 0, 0),
		TLV(0x25, 0xfd, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,
		    200),
		TLV(0x27, 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
		END,
	};
	QmiMessage *m = settings_message(tlvs);
	struct wds_settings s;

	ASSERT_EQ(0, wds_settings_parse(m, &s));
	qmi_message_unref(m);
	EXPECT_EQ(5, wds_settings_sanitize(&s));
	EXPECT_FALSE(s.has_v4);
	EXPECT_TRUE(s.has_v6);
	EXPECT_EQ(64, s.prefix6);
	EXPECT_EQ(0, s.mtu);
	EXPECT_EQ(1, s.n_dns4);
	EXPECT_EQ(0, s.n_dns6);
}

TEST(call_end_reasons)
{
	static const struct vector tlvs[] = {
		TLV(0x10, 0xf5, 0x03), TLV(0x11, 6, 0, 27, 0), END,
	};
	static const struct vector v6_only[] = { TLV(0x11, 6, 0, 51, 0), END };
	static const struct vector old[] = { TLV(0x10, 0xf5, 0x03), END };
	static const struct vector fade[] = { TLV(0x10, 4, 0), END };
	static const struct vector odd[] = { TLV(0x11, 99, 0, 7, 0), END };
	static const struct vector nothing[] = { END };
	struct wds_reason reason;
	char words[64];
	QmiMessage *m;

	m = message(RESPONSE, QMI_WDS, 0x20, tlvs);
	wds_reason_parse(m, &reason);
	qmi_message_unref(m);
	wds_reason_words(&reason, words, sizeof(words));
	EXPECT_STREQ("3gpp unknown-apn (27)", words);
	EXPECT_TRUE(wds_reason_is_config(&reason));
	EXPECT_FALSE(wds_reason_is_family(&reason));

	m = message(RESPONSE, QMI_WDS, 0x20, v6_only);
	wds_reason_parse(m, &reason);
	qmi_message_unref(m);
	EXPECT_TRUE(wds_reason_is_family(&reason));

	m = message(RESPONSE, QMI_WDS, 0x20, odd);
	wds_reason_parse(m, &reason);
	qmi_message_unref(m);
	wds_reason_words(&reason, words, sizeof(words));
	EXPECT_STREQ("unknown-99 unknown-7 (7)", words);

	m = message(RESPONSE, QMI_WDS, 0x20, nothing);
	wds_reason_parse(m, &reason);
	qmi_message_unref(m);
	wds_reason_words(&reason, words, sizeof(words));
	EXPECT_STREQ("no reason given", words);

	/* the short reason alone */
	m = message(RESPONSE, QMI_WDS, 0x20, old);
	wds_reason_parse(m, &reason);
	qmi_message_unref(m);
	wds_reason_words(&reason, words, sizeof(words));
	EXPECT_STREQ("3gpp unknown-apn (27)", words);
	m = message(RESPONSE, QMI_WDS, 0x20, fade);
	wds_reason_parse(m, &reason);
	qmi_message_unref(m);
	wds_reason_words(&reason, words, sizeof(words));
	EXPECT_STREQ("reason 4", words);
}

TEST(apns_that_are_the_same)
{
	EXPECT_TRUE(wds_apn_is("internet", "internet"));
	EXPECT_TRUE(wds_apn_is("internet", "Internet.mnc001.mcc262.gprs"));
	EXPECT_TRUE(wds_apn_is("internet", ""));
	EXPECT_FALSE(wds_apn_is("internet", "internet2"));
	EXPECT_FALSE(wds_apn_is("internet", "ims"));
}

TEST_HARNESS_MAIN
