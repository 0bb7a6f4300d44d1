// SPDX-License-Identifier: GPL-2.0-or-later
/* tools/lib's parsers: what modems answer, whole and cut at every byte. */
#include <arpa/inet.h>
#include <errno.h>
#include <kselftest_harness.h>
#include <libqmi-glib.h>
#include <linux/m2m_wwan.h>

#include "../../tools/lib/card.h"
#include "../../tools/lib/dms.h"
#include "../../tools/lib/nas.h"
#include "../../tools/lib/qmi-tlv.h"
#include "../../tools/lib/uim.h"
#include "../../tools/lib/wda.h"
#include "../../tools/lib/wds.h"
#include "../lib/harness.h"
#include "qmivector.h"

/* --- SIM ---------------------------------------------------------------------- */

/* One card, one USIM that wants its PIN, 3 tries left, 10 of the PUK */
static const struct vector card_pin = TLV(0x10,
	0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0x01,
	0x01, 0x00, 0x00, 0x00, 0x00, 0x01,
	0x02, 0x02, 0x00, 0x00, 0x00, 0x00,
	0x02, 0xa0, 0x00,
	0x00, 0x01, 0x03, 0x0a, 0x01, 0x03, 0x0a);

static void parse_sim(const struct vector *card, struct uim_sim *ret)
{
	const struct vector tlvs[] = { *card, END };
	QmiMessage *m = message(RESPONSE, QMI_UIM, 0x2f, tlvs);
	struct uim_status status;

	ASSERT_EQ(0, uim_status_parse(m, &status));
	uim_sim_of(&status, ret);
	qmi_message_unref(m);
}

TEST(a_sim_that_wants_its_pin)
{
	struct uim_sim sim;

	parse_sim(&card_pin, &sim);
	EXPECT_EQ(UIM_SIM_PIN, sim.state);
	EXPECT_EQ(3, sim.pin_tries);
	EXPECT_EQ(10, sim.puk_tries);
	EXPECT_EQ(1, sim.pin_state);
	EXPECT_EQ(2, sim.app_type);
	EXPECT_STREQ("pin-required", uim_sim_word(sim.state));
}

TEST(card_status_cut_anywhere_is_refused)
{
	struct uim_status status;

	for (int len = 0; len < card_pin.len; len++) {
		QmiMessage *m = cut(RESPONSE, QMI_UIM, 0x2f, card_pin, len);

		EXPECT_EQ(-EBADMSG, uim_status_parse(m, &status));
		qmi_message_unref(m);
	}
}

TEST(counts_beyond_the_value_are_refused)
{
	static const struct vector rows[] = {
		/* 255 cards, 255 applications, an AID of 255 bytes */
		TLV(0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0xff),
		TLV(0x10, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0xff, 2),
		TLV(0x10, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1,
		    2, 7, 0, 0, 0, 0, 0xff, 0, 0, 0, 0, 0, 0, 0, 0),
	};
	struct uim_status status;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct vector tlvs[] = { rows[i], END };
		QmiMessage *m = message(RESPONSE, QMI_UIM, 0x2f, tlvs);

		EXPECT_EQ(-EBADMSG, uim_status_parse(m, &status));
		qmi_message_unref(m);
	}
}

/* What some firmware says where there is no card */
TEST(a_status_without_content_is_no_card)
{
	static const struct vector nothing[] = { END };
	struct uim_status status;
	struct uim_sim sim;
	QmiMessage *m;

	m = message(RESPONSE, QMI_UIM, 0x2f, nothing);
	ASSERT_EQ(0, uim_status_parse(m, &status));
	qmi_message_unref(m);
	EXPECT_TRUE(status.empty);
	uim_sim_of(&status, &sim);
	EXPECT_EQ(UIM_SIM_ABSENT, sim.state);
	/* not to be confused with one that was not asked for */
	uim_sim_of(&(struct uim_status) { 0 }, &sim);
	EXPECT_EQ(UIM_SIM_INITIALIZING, sim.state);
}

TEST(the_pin_by_way_of_dms)
{
	static const struct {
		uint8_t state;
		enum uim_sim_state means;
	} rows[] = {
		{ 0, UIM_SIM_INITIALIZING }, { 1, UIM_SIM_PIN }, { 2, UIM_SIM_READY },
		{ 3, UIM_SIM_READY }, { 4, UIM_SIM_PUK }, { 5, UIM_SIM_BLOCKED },
		{ 6, UIM_SIM_READY }, { 7, UIM_SIM_READY }, { 8, UIM_SIM_INITIALIZING },
		{ 0xff, UIM_SIM_INITIALIZING },
	};
	struct vector pin[] = { TLV(0x11, 0, 3, 10), END };
	struct uim_sim sim;
	QmiMessage *m;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		pin[0].value[0] = rows[i].state;
		m = message(RESPONSE, QMI_DMS, 0x2b, pin);
		ASSERT_EQ(0, card_pin_status_parse(m, &sim));
		EXPECT_EQ(rows[i].means, sim.state);
		EXPECT_EQ(3, sim.pin_tries);
		EXPECT_EQ(10, sim.puk_tries);
		qmi_message_unref(m);
	}
	/* nonsense is no number of tries */
	pin[0].value[1] = 0xff;
	m = message(RESPONSE, QMI_DMS, 0x2b, pin);
	ASSERT_EQ(0, card_pin_status_parse(m, &sim));
	EXPECT_EQ(UIM_TRIES_UNKNOWN, sim.pin_tries);
	qmi_message_unref(m);
	for (int len = 0; len < 3; len++) {
		m = cut(RESPONSE, QMI_DMS, 0x2b, pin[0], len);
		EXPECT_EQ(-EBADMSG, card_pin_status_parse(m, &sim));
		qmi_message_unref(m);
	}
}

TEST(sim_states)
{
	static const struct {
		struct vector card;
		enum uim_sim_state state;
		int tries;
	} rows[] = {
		{ TLV(0x10, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 1,
		      0, 0, 0, 0, 0, 0),
		  UIM_SIM_ABSENT, UIM_TRIES_UNKNOWN },
		{ TLV(0x10, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 1,
		      2, 0, 0, 0, 3, 0),
		  UIM_SIM_ERROR, UIM_TRIES_UNKNOWN },
		{ TLV(0x10, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 1,
		      1, 0, 0, 0, 0, 0),
		  UIM_SIM_INITIALIZING, UIM_TRIES_UNKNOWN },
		{ TLV(0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0),
		  UIM_SIM_INITIALIZING, UIM_TRIES_UNKNOWN },
		/* detected, PUK, blocked for good, illegal, ready */
		{ TLV(0x10, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1,
		      2, 1, 0, 0, 0, 0, 0, 0, 0, 3, 10, 0, 0, 0),
		  UIM_SIM_INITIALIZING, 3 },
		{ TLV(0x10, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1,
		      2, 3, 0, 0, 0, 0, 0, 0, 4, 0, 10, 0, 0, 0),
		  UIM_SIM_PUK, 0 },
		{ TLV(0x10, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1,
		      2, 3, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0),
		  UIM_SIM_BLOCKED, 0 },
		{ TLV(0x10, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1,
		      2, 6, 0, 0, 0, 0, 0, 0, 2, 3, 10, 0, 0, 0),
		  UIM_SIM_ILLEGAL, 3 },
		{ TLV(0x10, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1,
		      2, 7, 0, 0, 0, 0, 0, 0, 2, 3, 10, 0, 0, 0),
		  UIM_SIM_READY, 3 },
		/* personalisation looked at, and wanted */
		{ TLV(0x10, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1,
		      2, 4, 2, 0, 0, 0, 0, 0, 2, 3, 10, 0, 0, 0),
		  UIM_SIM_INITIALIZING, 3 },
		{ TLV(0x10, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1,
		      2, 4, 3, 0, 0, 0, 0, 0, 2, 3, 10, 0, 0, 0),
		  UIM_SIM_PERSO, 3 },
		/* UPIN replaces PIN1: the card's counters are those */
		{ TLV(0x10, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 9, 0, 1,
		      2, 2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0),
		  UIM_SIM_PIN, 2 },
		/* 255 tries are no number of tries */
		{ TLV(0x10, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1,
		      2, 2, 0, 0, 0, 0, 0, 0, 1, 255, 10, 0, 0, 0),
		  UIM_SIM_PIN, UIM_TRIES_UNKNOWN },
		/* the primary application is one that is not there */
		{ TLV(0x10, 7, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1,
		      2, 7, 0, 0, 0, 0, 0, 0, 2, 3, 10, 0, 0, 0),
		  UIM_SIM_INITIALIZING, UIM_TRIES_UNKNOWN },
	};
	struct uim_sim sim;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		parse_sim(&rows[i].card, &sim);
		EXPECT_EQ(rows[i].state, sim.state);
		EXPECT_EQ(rows[i].tries, sim.pin_tries);
	}
}

TEST(slots_and_numbers)
{
	static const struct vector tlvs[] = {
		TLV(0x10, 0x02,
		    0x02, 0, 0, 0, 0x01, 0, 0, 0, 0x01,
		    0x0a, 0x98, 0x94, 0x20, 0x00, 0x00, 0x00, 0x00, 0x00, 0x21,
		    0xf3,
		    0x01, 0, 0, 0, 0x00, 0, 0, 0, 0x00, 0x00),
		END,
	};
	QmiMessage *m = message(RESPONSE, QMI_UIM, 0x47, tlvs);
	struct uim_slots slots;

	ASSERT_EQ(0, uim_slots_parse(m, &slots));
	EXPECT_EQ(2, slots.n);
	EXPECT_TRUE(slots.slots[0].present);
	EXPECT_TRUE(slots.slots[0].active);
	EXPECT_STREQ("8949020000000000123", slots.slots[0].iccid);
	EXPECT_FALSE(slots.slots[1].present);
	EXPECT_STREQ("", slots.slots[1].iccid);
	qmi_message_unref(m);
	for (int len = 0; len < tlvs[0].len; len++) {
		m = cut(RESPONSE, QMI_UIM, 0x47, tlvs[0], len);
		EXPECT_EQ(-EBADMSG, uim_slots_parse(m, &slots));
		qmi_message_unref(m);
	}
}

TEST(service_providers_name)
{
	static const struct {
		uint8_t bytes[20];
		size_t len;
		const char *name;
	} rows[] = {
		{ { 0x01, 'm', '2', 'm', 0xff, 0xff }, 6, "m2m" },
		{ { 0x01, ' ', 'm', ' ', 0xff }, 5, "m" },
		{ { 0x01, 0x11, 'a' }, 3, "_a" },
		{ { 0x01, 0x80, 0x4e, 0x2d, 0x00, 'a', 0xff, 0xff }, 8, "\u4e2da" },
		{ { 0x01, 0x80, 0x00, 'a', 0x4e }, 5, "a" },
		{ { 0x01, 0x80 }, 2, "" },
		{ { 0x01, 0x81, 0x01, 0x9c, 'a' }, 5, "" },
		{ { 0x01, 0xff, 'a' }, 3, "" },
		{ { 0x01 }, 1, "" },
		{ { 0x01 }, 0, "" },
		{ { 0x01, 'a' }, 18, "" },	/* longer than the file can be */
	};
	char name[64];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uim_spn(rows[i].bytes, rows[i].len, name, sizeof(name));
		EXPECT_STREQ(rows[i].name, name);
	}
}

TEST(bcd)
{
	static const uint8_t hex[] = { 0x21, 0xa3 };
	static const uint8_t longer[] = { 0x21, 0x43, 0x65, 0x87 };
	char digits[5];

	uim_bcd(hex, sizeof(hex), digits, sizeof(digits));
	EXPECT_STREQ("", digits);
	uim_bcd(longer, sizeof(longer), digits, sizeof(digits));
	EXPECT_STREQ("1234", digits);
	uim_bcd(longer, 0, digits, sizeof(digits));
	EXPECT_STREQ("", digits);
}

/* Chinese issuers count on with letters where digits end */
TEST(iccid_with_letters)
{
	static const uint8_t file[] = {
		0x98, 0x68, 0x00, 0x6b, 0x21, 0x43, 0x65, 0x87, 0x09, 0xf1,
	};
	char iccid[24];

	uim_iccid(file, sizeof(file), iccid, sizeof(iccid));
	EXPECT_STREQ("898600B612345678901", iccid);
	uim_iccid(file, sizeof(file), iccid, 5);
	EXPECT_STREQ("8986", iccid);
}

/* --- identity ------------------------------------------------------------------ */

TEST(a_tlv_may_be_empty)
{
	QmiMessage *request = qmi_message_new(QMI_WDS, 0, 1, 0x28);
	struct tlv tlv;

	tlv_put_string(request, 0x1b, "");
	tlv_put_u8(request, 0x1d, 2);
	ASSERT_EQ(0, frame_check(request->data, request->len, NULL));
	EXPECT_EQ(13 + 3 + 3 + 1, request->len);
	EXPECT_TRUE(tlv_find(request, 0x1d, &tlv));
	EXPECT_EQ(2, tlv_u8(&tlv));
	qmi_message_unref(request);
}

TEST(imei)
{
	EXPECT_TRUE(dms_imei_is_valid("866000000000013"));
	EXPECT_FALSE(dms_imei_is_valid(""));
	EXPECT_FALSE(dms_imei_is_valid("000000000000000"));
	EXPECT_FALSE(dms_imei_is_valid("8660000000000"));
	EXPECT_FALSE(dms_imei_is_valid("86600000000001x"));
}

TEST(what_a_mode_means)
{
	static const uint8_t radios[] = {
		DMS_RADIO_ON, DMS_RADIO_OFF, DMS_RADIO_OFFLINE, DMS_RADIO_OFFLINE,
		DMS_RADIO_OFFLINE, DMS_RADIO_OFFLINE, DMS_RADIO_OFF, DMS_RADIO_OFF,
		DMS_RADIO_LOCKED,
	};
	struct dms_operating operating = { 0 };

	for (; operating.mode < G_N_ELEMENTS(radios); operating.mode++) {
		operating.hardware_restricted = false;
		EXPECT_EQ(radios[operating.mode], dms_radio_of(&operating));
		operating.hardware_restricted = true;
		EXPECT_EQ(DMS_RADIO_LOCKED, dms_radio_of(&operating));
	}
	operating = (struct dms_operating){ .mode = 0xff };
	EXPECT_EQ(DMS_RADIO_LOCKED, dms_radio_of(&operating));
}

TEST(text_from_the_modem_is_printable)
{
	static const struct vector tlvs[] = {
		TLV(0x01, 'E', 0x1b, '[', '2', 0xff, 'C', 0x00, 'x'), END,
	};
	QmiMessage *m = message(RESPONSE, QMI_DMS, 0x22, tlvs);
	char text[8];

	ASSERT_TRUE(tlv_get_string(m, 0x01, text, sizeof(text)));
	EXPECT_STREQ("E?[2?C", text);
	ASSERT_TRUE(tlv_get_string(m, 0x01, text, 3));
	EXPECT_STREQ("E?", text);
	qmi_message_unref(m);
}

/* --- network ------------------------------------------------------------------- */

TEST(serving_system)
{
	static const struct vector tlvs[] = {
		TLV(0x01, 0x01, 0x01, 0x01, 0x02, 0x01, 0x08),
		TLV(0x10, 0x00),
		TLV(0x12, 0x06, 0x01, 0x02, 0x00, 0x04, 'T', 'e', 's', 't'),
		TLV(0x1d, 0x78, 0x56, 0x34, 0x12),
		TLV(0x24, 0x39, 0x30),
		TLV(0x27, 0x06, 0x01, 0x02, 0x00, 0x01),
		END,
	};
	struct nas_serving serving;
	QmiMessage *m;

	m = message(RESPONSE, QMI_NAS, NAS_SERVING_SYSTEM, tlvs);
	ASSERT_EQ(0, nas_serving_parse(m, &serving));
	qmi_message_unref(m);
	EXPECT_EQ(NAS_REGISTERED, serving.registration);
	EXPECT_EQ(NAS_RADIO_LTE, serving.radio);
	EXPECT_TRUE(serving.roaming);
	EXPECT_EQ(262, serving.mcc);
	EXPECT_EQ(2, serving.mnc);
	EXPECT_TRUE(serving.has_mnc3 && serving.mnc3);
	EXPECT_STREQ("Test", serving.operator_name);
	EXPECT_EQ(0x12345678, serving.cell);
	EXPECT_EQ(12345, serving.tac);

	/* in the indication cell and TAC have other numbers */
	m = message(INDICATION, QMI_NAS, NAS_SERVING_SYSTEM, tlvs);
	ASSERT_EQ(0, nas_serving_parse(m, &serving));
	qmi_message_unref(m);
	EXPECT_FALSE(serving.has_cell);
	EXPECT_FALSE(serving.has_tac);
	EXPECT_FALSE(serving.has_mnc3);

	for (int len = 0; len < tlvs[0].len; len++) {
		m = cut(RESPONSE, QMI_NAS, NAS_SERVING_SYSTEM, tlvs[0], len);
		EXPECT_EQ(-EBADMSG, nas_serving_parse(m, &serving));
		qmi_message_unref(m);
	}
}

TEST(reject_cause)
{
	static const struct vector tlvs[] = {
		TLV(0x14, 0x01, 0x01, 0x00),
		TLV(0x19, 1, 2, 1, 2, 1, 0, 1, 1, 1, 0xfe, 0xff,
		    1, 0x01, 0x02, 0x03, 0x00,
		    1, 2, 15,
		    1, '2', '6', '2', '0', '2', 0xff,
		    1, 0x39, 0x30),
		END,
	};
	struct nas_system system;
	QmiMessage *m;

	m = message(RESPONSE, QMI_NAS, 0x4d, tlvs);
	ASSERT_EQ(0, nas_system_parse(m, &system));
	qmi_message_unref(m);
	EXPECT_EQ(1, system.service);
	EXPECT_TRUE(system.has_reject);
	EXPECT_EQ(15, system.reject_cause);
	EXPECT_EQ(0x30201, system.cell);
	EXPECT_EQ(12345, system.tac);
	EXPECT_EQ(2, system.domain);
	EXPECT_TRUE(system.forbidden);

	/* a value cut short says nothing at all */
	m = cut(RESPONSE, QMI_NAS, 0x4d, tlvs[1], tlvs[1].len - 1);
	EXPECT_EQ(-EBADMSG, nas_system_parse(m, &system));
	EXPECT_FALSE(system.has_reject);
	EXPECT_EQ(-1, system.domain);
	EXPECT_FALSE(system.forbidden);
	qmi_message_unref(m);
}

/* GSM and UMTS say the same of themselves, but for the TAC; most service counts */
TEST(reject_cause_of_old_networks)
{
	static const struct vector tlvs[] = {
		TLV(0x12, 0x01, 0x01, 0x00),
		TLV(0x13, 0x00, 0x00, 0x00),
		TLV(0x14, 0x00, 0x00, 0x00),
		TLV(0x17, 1, 1, 1, 2, 1, 0, 1, 1, 1, 0xfe, 0xff,
		    1, 0x01, 0x02, 0x00, 0x00, 1, 1, 11,
		    1, '2', '6', '2', '0', '2', 0xff, 1, 0, 1, 0),
		TLV(0x18, 1, 2, 1, 2, 1, 0, 0, 0, 1, 0xfe, 0xff,
		    1, 0x03, 0x02, 0x00, 0x00, 1, 1, 17,
		    1, '2', '6', '2', '0', '2', 0xff, 1, 0, 1, 0, 1, 7, 0),
		END,
	};
	struct vector umts[ARRAY_SIZE(tlvs)];
	struct nas_system system;
	QmiMessage *m;

	for (int ind = 0; ind < 2; ind++) {
		m = message(ind ? INDICATION : RESPONSE, QMI_NAS, 0x4d + ind, tlvs);
		ASSERT_EQ(0, nas_system_parse(m, &system));
		qmi_message_unref(m);
		EXPECT_EQ(1, system.service);
		EXPECT_EQ(1, system.domain);
		EXPECT_TRUE(system.has_forbidden && system.forbidden);
		EXPECT_TRUE(system.has_reject);
		EXPECT_EQ(11, system.reject_cause);
		EXPECT_EQ(0x201, system.cell);
		EXPECT_FALSE(system.has_tac);
	}
	memcpy(umts, tlvs, sizeof(umts));
	umts[1] = (struct vector)TLV(0x13, 0x02, 0x02, 0x01);
	m = message(RESPONSE, QMI_NAS, 0x4d, umts);
	ASSERT_EQ(0, nas_system_parse(m, &system));
	qmi_message_unref(m);
	EXPECT_EQ(2, system.service);
	EXPECT_EQ(17, system.reject_cause);
	EXPECT_FALSE(system.has_forbidden);
}

TEST(signal_strength)
{
	static const struct vector tlvs[] = {
		TLV(0x14, (uint8_t)-65, (uint8_t)-11, 0xa1, 0xff, 0x7b, 0x00),
		END,
	};
	struct nas_signal signal;
	QmiMessage *m = message(RESPONSE, QMI_NAS, 0x4f, tlvs);

	ASSERT_EQ(0, nas_signal_parse(m, &signal));
	qmi_message_unref(m);
	EXPECT_EQ(-65, signal.lte_rssi_dbm);
	EXPECT_EQ(-11, signal.lte_rsrq_db);
	EXPECT_EQ(-95, signal.lte_rsrp_dbm);
	EXPECT_EQ(123, signal.lte_snr_tenth_db);
	EXPECT_EQ(NAS_UNKNOWN, signal.nr_rsrp_dbm);
	EXPECT_EQ(NAS_UNKNOWN, signal.gsm_rssi_dbm);

	m = cut(RESPONSE, QMI_NAS, 0x4f, tlvs[0], 5);
	ASSERT_EQ(0, nas_signal_parse(m, &signal));
	EXPECT_EQ(NAS_UNKNOWN, signal.lte_rsrp_dbm);
	qmi_message_unref(m);
}

/* --- answers of any service ---------------------------------------------------- */

TEST(results)
{
	static const struct vector ok[] = { TLV(0x02, 0, 0, 0, 0), END };
	static const struct vector no[] = { TLV(0x02, 1, 0, 12, 0), END };
	static const struct vector shrt[] = { TLV(0x02, 1, 0, 12), END };
	static const struct vector none[] = { END };
	QmiMessage *m;

	m = message(RESPONSE, QMI_UIM, 0x26, ok);
	EXPECT_EQ(0, qmi_result(m));
	qmi_message_unref(m);
	m = message(RESPONSE, QMI_UIM, 0x26, no);
	EXPECT_EQ(12, qmi_result(m));
	qmi_message_unref(m);
	m = message(RESPONSE, QMI_UIM, 0x26, shrt);
	EXPECT_EQ(1, qmi_result(m));
	qmi_message_unref(m);
	m = message(RESPONSE, QMI_UIM, 0x26, none);
	EXPECT_EQ(1, qmi_result(m));
	qmi_message_unref(m);
}

TEST(qmi_errors_in_words)
{
	struct m2m_error error;

	EXPECT_EQ(-EKEYREJECTED, m2m_qmi_error(12, &error));
	EXPECT_EQ(12, error.qmi);
	EXPECT_STREQ("the modem answered IncorrectPin (QMI error 12)",
		     error.msg);
	EXPECT_EQ(-EREMOTEIO, m2m_qmi_error(9999, &error));
	EXPECT_STREQ("the modem answered unknown-9999 (QMI error 9999)",
		     error.msg);
}

/* --- how good a signal is ----------------------------------------------------- */

static struct nas_signal no_signal(void)
{
	const struct vector none[] = { END };
	QmiMessage *m = message(RESPONSE, QMI_NAS, 0x4f, none);
	struct nas_signal signal;

	EXPECT_EQ(0, nas_signal_parse(m, &signal));
	qmi_message_unref(m);
	return signal;
}

TEST(a_signal_is_as_good_as_its_worst_figure)
{
	struct nas_signal s = no_signal();

	EXPECT_EQ(NAS_QUALITY_UNKNOWN, nas_quality_gsm(&s));
	EXPECT_EQ(NAS_QUALITY_UNKNOWN, nas_quality_umts(&s));
	EXPECT_EQ(NAS_QUALITY_UNKNOWN, nas_quality_lte(&s));
	EXPECT_EQ(NAS_QUALITY_UNKNOWN, nas_quality_nr(&s));
	s.lte_rsrp_dbm = -80;
	EXPECT_EQ(NAS_EXCELLENT, nas_quality_lte(&s));
	s.lte_rsrp_dbm = -81;
	EXPECT_EQ(NAS_GOOD, nas_quality_lte(&s));
	s.lte_rsrp_dbm = -101;
	EXPECT_EQ(NAS_POOR, nas_quality_lte(&s));
	s.lte_rsrp_dbm = -70;
	s.lte_rsrq_db = -17;
	EXPECT_EQ(NAS_FAIR, nas_quality_lte(&s));
	s.lte_snr_tenth_db = -5;
	EXPECT_EQ(NAS_POOR, nas_quality_lte(&s));
	s.nr_rsrp_dbm = -85;
	s.nr_snr_tenth_db = 250;
	EXPECT_EQ(NAS_GOOD, nas_quality_nr(&s));
	s.gsm_rssi_dbm = -76;
	EXPECT_EQ(NAS_FAIR, nas_quality_gsm(&s));
	s.umts_rssi_dbm = -60;
	s.umts_ecio_db = -12;
	EXPECT_EQ(NAS_GOOD, nas_quality_umts(&s));
}

TEST_HARNESS_MAIN
