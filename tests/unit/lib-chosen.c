// SPDX-License-Identifier: GPL-2.0-or-later
/* tools/lib's parsers of what is stored in a modem and may be chosen. */
#include <errno.h>
#include <kselftest_harness.h>
#include <libqmi-glib.h>

#include "../../tools/lib/dms.h"
#include "../../tools/lib/nas-select.h"
#include "../../tools/lib/nas.h"
#include "../../tools/lib/qmi-tlv.h"
#include "../../tools/lib/wds-profile.h"
#include "../../tools/lib/wds.h"
#include "../lib/harness.h"
#include "qmivector.h"

/* --- profiles --------------------------------------------------------------- */

/* A name that is not ASCII is not read as it was written; of APNs case is nothing */
TEST(profiles_that_are_the_same)
{
	struct wds_profile is = { .apn = "IoT", .user = "J?rg" };
	struct wds_profile_change want = {
		.apn = "iot", .user = "J\xf6rg", .pdp = -1, .auth = -1,
	};

	EXPECT_FALSE(wds_profile_differs(&is, &want));
	want.user = "Jorg";
	EXPECT_TRUE(wds_profile_differs(&is, &want));
	want.user = "J\xf6rgs";
	EXPECT_TRUE(wds_profile_differs(&is, &want));
	want.user = NULL;
	want.apn = "iot2";
	EXPECT_TRUE(wds_profile_differs(&is, &want));
}

TEST(the_profile_of_the_next_attach)
{
	static const struct {
		struct wds_attach attach;
		uint8_t number;
	} rows[] = {
		{ { .n = 1, .profile = { 4 }, .by_default = 2 }, 4 },
		{ { .n = 1, .profile = { 4 }, .n_pending = 2, .pending = { 5, 6 },
		    .by_default = 2 }, 5 },
		{ { .by_default = 2 }, 2 },
		{ { .by_default = -1 }, 1 },
		{ { .n = 1, .profile = { 300 }, .by_default = -1 }, 1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		EXPECT_EQ(rows[i].number, wds_attach_next(&rows[i].attach));
}

TEST(profiles)
{
	const struct vector list[] = {
		TLV(0x01, 3, 0, 1, 2, 'v', 'z', 1, 7, 0, 0, 9, 0), END
	};
	const struct vector profile[] = {
		TLV(0x10, 's', 'i', 't', 'e'), TLV(0x11, 3), TLV(0x14, 'i', 'o', 't'),
		TLV(0x1b, 'u'), TLV(0x1c, 'p', 'w'), TLV(0x1d, 2), TLV(0x2f, 1), END
	};
	const struct vector bare[] = { TLV(0x11, 3), END };
	const struct vector mute[] = { TLV(0x14, 'i', 'o', 't'), END };
	const struct vector cut[] = { TLV(0x01, 2, 0, 1, 2, 'v'), END };
	struct wds_profile_change same = { .apn = "iot", .pdp = -1, .auth = 2 };
	struct wds_profile_list numbers;
	struct wds_profile p;
	QmiMessage *m;

	m = message(RESPONSE, QMI_WDS, 0x2a, list);
	ASSERT_EQ(0, wds_profile_list_parse(m, &numbers));
	/* of 3GPP alone */
	ASSERT_EQ(2, numbers.n);
	EXPECT_EQ(1, numbers.number[0]);
	EXPECT_EQ(9, numbers.number[1]);
	qmi_message_unref(m);
	m = message(RESPONSE, QMI_WDS, 0x2a, cut);
	EXPECT_EQ(-EBADMSG, wds_profile_list_parse(m, &numbers));
	qmi_message_unref(m);
	m = message(RESPONSE, QMI_WDS, 0x2b, mute);
	EXPECT_EQ(-EBADMSG, wds_profile_parse(m, &p));
	qmi_message_unref(m);
	m = message(RESPONSE, QMI_WDS, 0x2b, bare);
	ASSERT_EQ(0, wds_profile_parse(m, &p));
	EXPECT_FALSE(p.has_auth || p.has_password);
	qmi_message_unref(m);
	m = message(RESPONSE, QMI_WDS, 0x2b, profile);
	ASSERT_EQ(0, wds_profile_parse(m, &p));
	qmi_message_unref(m);
	EXPECT_STREQ("site", p.name);
	EXPECT_STREQ("iot", p.apn);
	EXPECT_STREQ("u", p.user);
	EXPECT_STREQ("pw", p.password);
	EXPECT_EQ(3, p.pdp);
	EXPECT_EQ(2, p.auth);
	EXPECT_TRUE(p.has_auth && p.has_password);
	EXPECT_TRUE(p.disabled);
	EXPECT_FALSE(p.no_roaming);
	EXPECT_FALSE(wds_profile_differs(&p, &same));
	same.password = "PW";
	EXPECT_TRUE(wds_profile_differs(&p, &same));
}

TEST(attach_lists)
{
	const struct vector lists[] = {
		TLV(0x10, 2, 3, 0, 1, 1), TLV(0x11, 0), TLV(0x12, 2, 1, 0, 2),
		TLV(0x13, 17), END
	};
	uint16_t numbers[WDS_ATTACH_MAX];
	QmiMessage *m = message(RESPONSE, QMI_WDS, 0x94, lists);

	EXPECT_EQ(2, wds_attach_list_parse(m, 0x10, numbers));
	EXPECT_EQ(3, numbers[0]);
	EXPECT_EQ(257, numbers[1]);
	EXPECT_EQ(0, wds_attach_list_parse(m, 0x11, numbers));
	/* cut, too long, absent */
	EXPECT_EQ(-1, wds_attach_list_parse(m, 0x12, numbers));
	EXPECT_EQ(-1, wds_attach_list_parse(m, 0x13, numbers));
	EXPECT_EQ(-1, wds_attach_list_parse(m, 0x14, numbers));
	qmi_message_unref(m);
}

TEST(what_the_modem_may_choose)
{
	const struct vector full[] = {
		TLV(0x11, 0x50, 0), TLV(0x14, 0xff, 0), TLV(0x16, 1),
		TLV(0x1b, 0x36, 1, 4, 1, 1), TLV(0x15, 4, 0, 0, 0, 0, 0, 0, 0),
		TLV(0x23, 4, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0,
		    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), END
	};
	const struct vector old[] = {
		TLV(0x16, 0), TLV(0x15, 4, 0, 0, 0, 0, 0, 0, 0), TLV(0x23, 1, 2, 3), END
	};
	const struct vector nothing[] = { TLV(0x11, 1), END };
	struct nas_preference p, wanted = { .has_modes = true, .modes = 0x50 };
	QmiMessage *m = message(RESPONSE, QMI_NAS, 0x34, full);

	ASSERT_EQ(0, nas_preference_parse(m, &p));
	qmi_message_unref(m);
	EXPECT_EQ(NAS_MODE_LTE | NAS_MODE_NR, p.modes);
	EXPECT_EQ(NAS_ROAMING_ANY, p.roaming);
	EXPECT_TRUE(p.manual && p.plmn.mnc3);
	EXPECT_EQ(310, p.plmn.mcc);
	EXPECT_EQ(260, p.plmn.mnc);
	EXPECT_EQ(4, p.lte[0]);
	EXPECT_EQ(2, p.lte[1]);
	EXPECT_FALSE(p.has_nr);
	EXPECT_FALSE(nas_preference_differs(&p, &wanted));
	wanted.has_selection = true;
	EXPECT_TRUE(nas_preference_differs(&p, &wanted));

	m = message(RESPONSE, QMI_NAS, 0x34, old);
	ASSERT_EQ(0, nas_preference_parse(m, &p));
	qmi_message_unref(m);
	EXPECT_TRUE(p.has_lte && !p.has_modes && !p.manual);
	EXPECT_EQ(4, p.lte[0]);
	m = message(RESPONSE, QMI_NAS, 0x34, nothing);
	EXPECT_EQ(-EBADMSG, nas_preference_parse(m, &p));
	qmi_message_unref(m);
}

TEST(scans)
{
	const struct vector found[] = {
		TLV(0x10, 2, 0, 0x06, 1, 1, 0, 0x25, 2, 'A', 0x1b,
		    0x36, 1, 4, 1, 0x1a, 0),
		TLV(0x11, 3, 0, 0x06, 1, 1, 0, 8, 0x36, 1, 4, 1, 5, 0x06, 1, 1, 0, 12),
		TLV(0x12, 2, 0, 0x06, 1, 1, 0, 0, 0x36, 1, 4, 1, 1), END
	};
	const struct vector cut[] = {
		TLV(0x10, 2, 0, 0x06, 1, 1, 0, 0x25, 2, 'A'), END
	};
	struct nas_scan scan;
	QmiMessage *m = message(RESPONSE, QMI_NAS, 0x21, found);

	ASSERT_EQ(0, nas_scan_parse(m, &scan));
	qmi_message_unref(m);
	ASSERT_EQ(2, scan.n);
	EXPECT_EQ(262, scan.operators[0].plmn.mcc);
	EXPECT_STREQ("A?", scan.operators[0].name);
	EXPECT_EQ(2, scan.operators[0].n_radios);
	EXPECT_TRUE(scan.operators[0].status & NAS_STATUS_CURRENT);
	EXPECT_FALSE(scan.operators[0].plmn.mnc3);
	EXPECT_TRUE(scan.operators[1].plmn.mnc3);
	EXPECT_TRUE(scan.operators[1].status & NAS_STATUS_FORBIDDEN);
	m = message(RESPONSE, QMI_NAS, 0x21, cut);
	EXPECT_EQ(-EBADMSG, nas_scan_parse(m, &scan));
	qmi_message_unref(m);
}

TEST(carriers)
{
	const struct vector two[] = {
		TLV(0x13, 0x2d, 1, 0x72, 6, 5, 0, 0, 0, 0x7a, 0),
		TLV(0x15, 1, 9, 0, 0x10, 0, 3, 0, 0, 0, 0x78, 0, 2, 0, 0, 0, 1), END
	};
	const struct vector one[] = { TLV(0x13, 1, 0, 2, 0, 9, 0, 0, 0, 0x7a, 0), END };
	const struct vector cut[] = {
		TLV(0x13, 1, 0, 2, 0, 5, 0, 0, 0, 0x7a, 0), TLV(0x15, 9, 1), END
	};
	const struct vector bands[] = {
		TLV(0x01, 1, 8, 0x7a, 0, 0x72, 6),
		TLV(0x11, 1, 8, 0x7a, 0, 0, 0, 1, 0), END
	};
	struct nas_carriers c;
	QmiMessage *m = message(RESPONSE, QMI_NAS, 0xac, two);

	ASSERT_EQ(0, nas_aggregation_parse(m, &c));
	qmi_message_unref(m);
	ASSERT_EQ(2, c.n);
	EXPECT_EQ(301, c.carriers[0].cell);
	EXPECT_EQ(20000, c.carriers[0].bandwidth_khz);
	EXPECT_EQ(120, c.carriers[1].band);
	EXPECT_EQ(10000, c.carriers[1].bandwidth_khz);
	m = message(RESPONSE, QMI_NAS, 0xac, one);
	ASSERT_EQ(0, nas_aggregation_parse(m, &c));
	qmi_message_unref(m);
	EXPECT_EQ(1, c.n);
	EXPECT_EQ(-1, c.carriers[0].bandwidth_khz);
	m = message(RESPONSE, QMI_NAS, 0xac, cut);
	EXPECT_EQ(-EBADMSG, nas_aggregation_parse(m, &c));
	qmi_message_unref(m);
	m = message(RESPONSE, QMI_NAS, 0x31, bands);
	ASSERT_EQ(0, nas_bands_parse(m, &c));
	qmi_message_unref(m);
	EXPECT_EQ(0x10000, c.carriers[0].channel);
}

TEST(band_capabilities)
{
	const struct vector lists[] = {
		TLV(0x10, 4, 0, 0, 0, 0, 0, 0, 0), TLV(0x12, 2, 0, 66, 0, 0x2c, 1),
		TLV(0x13, 1, 0, 78, 0), END
	};
	const struct vector cut[] = { TLV(0x12, 2, 0, 66, 0), END };
	struct dms_bands bands;
	QmiMessage *m = message(RESPONSE, QMI_DMS, 0x45, lists);

	ASSERT_EQ(0, dms_bands_parse(m, &bands));
	qmi_message_unref(m);
	EXPECT_EQ(4, bands.lte[0]);
	EXPECT_EQ(2, bands.lte[1]);
	EXPECT_TRUE(bands.has_nr);
	EXPECT_EQ(1 << 13, bands.nr[1]);
	m = message(RESPONSE, QMI_DMS, 0x45, cut);
	EXPECT_EQ(-EBADMSG, dms_bands_parse(m, &bands));
	qmi_message_unref(m);
}

/* What is made of the network's time */
static int time_of(const struct vector *tlvs, struct nas_time *ret)
{
	QmiMessage *m = message(RESPONSE, QMI_NAS, 0x7d, tlvs);
	int err = nas_time_parse(m, ret);

	qmi_message_unref(m);
	return err;
}

TEST(times)
{
	const struct vector good[] = {
		TLV(0x11, 0xea, 7, 11, 28, 23, 59, 60, 5, 0xf8, 1, 8), END
	};
	const struct vector bare[] = { TLV(0x10, 0xea, 7, 2, 1, 0, 0, 0, 0), END };
	const struct vector month[] = { TLV(0x11, 0xea, 7, 13, 1, 0, 0, 0, 0), END };
	const struct vector day[] = { TLV(0x11, 0xea, 7, 2, 31, 0, 0, 0, 0), END };
	const struct vector leap[] = { TLV(0x11, 0xe8, 7, 2, 29, 0, 0, 0, 0), END };
	const struct vector no_leap[] = { TLV(0x11, 0xea, 7, 2, 29, 0, 0, 0, 0), END };
	const struct vector cut[] = { TLV(0x11, 0xea, 7, 1, 1), END };
	struct nas_time t;

	ASSERT_EQ(0, time_of(good, &t));
	EXPECT_EQ(2026, t.year);
	EXPECT_EQ(-120, t.zone_min);
	EXPECT_EQ(1, t.dst_h);
	/* the leap second is the next one's first */
	EXPECT_EQ(1795910400, nas_time_unix(&t));
	ASSERT_EQ(0, time_of(bare, &t));
	EXPECT_FALSE(t.has_zone);
	EXPECT_EQ(-EBADMSG, time_of(month, &t));
	EXPECT_EQ(-EBADMSG, time_of(day, &t));
	EXPECT_EQ(-EBADMSG, time_of(no_leap, &t));
	EXPECT_EQ(0, time_of(leap, &t));
	EXPECT_EQ(-EBADMSG, time_of(cut, &t));
}

TEST_HARNESS_MAIN
