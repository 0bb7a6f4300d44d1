// SPDX-License-Identifier: GPL-2.0-or-later
/* tools/lib's parsers of short messages in their stores. */
#include <errno.h>
#include <kselftest_harness.h>
#include <libqmi-glib.h>

#include "../../tools/lib/qmi-tlv.h"
#include "../../tools/lib/wms.h"
#include "../lib/harness.h"
#include "qmivector.h"

/* --- short messages ----------------------------------------------------------- */

static const struct vector sms_list = TLV(0x01,
	2, 0, 0, 0, 3, 0, 0, 0, 1, 0, 1, 0, 0, 0);
static const struct vector sms_read = TLV(0x01, 1, 6, 4, 0, 0x00, 0x04, 0x00, 0x81);
static const struct vector sms_stored = TLV(0x10, 1, 0x04, 0x03, 0x02, 0x01);
static const struct vector sms_handed_over = TLV(0x11,
	0, 7, 0, 0, 0, 6, 3, 0, 0x04, 0x00, 0x81);
static const struct vector smsc[] = {
	TLV(0x15, '+', '4', '9'), TLV(0x15, 0x11, 0xff, 0xff), TLV(0x15, 0),
};

TEST(a_store_of_messages)
{
	const struct vector tlvs[] = { sms_list, END };
	QmiMessage *m = message(RESPONSE, QMI_WMS, 0x31, tlvs);
	struct wms_entry *entries;
	size_t n;

	ASSERT_EQ(0, wms_list_parse(m, WMS_NV, &entries, &n));
	ASSERT_EQ(2, n);
	EXPECT_EQ(WMS_NV, entries[0].place.storage);
	EXPECT_EQ(3, entries[0].place.index);
	EXPECT_EQ(WMS_NOT_READ, entries[0].tag);
	EXPECT_EQ(256, entries[1].place.index);
	free(entries);
	qmi_message_unref(m);
	for (int len = 0; len < sms_list.len; len++) {
		m = cut(RESPONSE, QMI_WMS, 0x31, sms_list, len);
		EXPECT_EQ(-EBADMSG, wms_list_parse(m, WMS_NV, &entries, &n));
		qmi_message_unref(m);
	}
}

TEST(a_list_of_more_than_there_is)
{
	static const struct vector many = TLV(0x01, 0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0, 0);
	const struct vector tlvs[] = { many, END };
	QmiMessage *m = message(RESPONSE, QMI_WMS, 0x31, tlvs);
	struct wms_entry *entries;
	size_t n;

	EXPECT_EQ(-EBADMSG, wms_list_parse(m, WMS_UIM, &entries, &n));
	qmi_message_unref(m);
}

TEST(a_message_of_a_store)
{
	const struct vector tlvs[] = { sms_read, END };
	QmiMessage *m = message(RESPONSE, QMI_WMS, 0x22, tlvs);
	struct wms_message read;

	ASSERT_EQ(0, wms_message_parse(m, &read));
	EXPECT_EQ(WMS_NOT_READ, read.tag);
	EXPECT_TRUE(read.is_pdu);
	ASSERT_EQ(4, read.len);
	EXPECT_EQ(0x81, read.pdu[3]);
	qmi_message_unref(m);
	for (int len = 0; len < sms_read.len; len++) {
		m = cut(RESPONSE, QMI_WMS, 0x22, sms_read, len);
		EXPECT_EQ(-EBADMSG, wms_message_parse(m, &read));
		qmi_message_unref(m);
	}
}

TEST(a_message_that_is_too_long_is_none)
{
	uint8_t value[4 + SMS_PDU_MAX + 1] = { 1, 6, SMS_PDU_MAX + 1, 0 };
	QmiMessage *m = qmi_message_new(QMI_WMS, 1, 1, 0x22);
	struct wms_message read;

	ASSERT_TRUE(qmi_message_add_raw_tlv(m, 0x01, value, sizeof(value), NULL));
	EXPECT_EQ(-EBADMSG, wms_message_parse(m, &read));
	qmi_message_unref(m);
}

TEST(a_message_that_arrives)
{
	const struct vector stored[] = { sms_stored, END };
	const struct vector handed_over[] = { sms_handed_over, END };
	QmiMessage *m = message(INDICATION, QMI_WMS, 0x01, stored);
	struct wms_event event;

	ASSERT_EQ(0, wms_event_parse(m, &event));
	EXPECT_TRUE(event.is_stored && !event.is_handed_over);
	EXPECT_EQ(0x01020304, event.place.index);
	qmi_message_unref(m);
	m = message(INDICATION, QMI_WMS, 0x01, handed_over);
	ASSERT_EQ(0, wms_event_parse(m, &event));
	EXPECT_TRUE(!event.is_stored && event.is_handed_over);
	EXPECT_EQ(3, event.len);
	qmi_message_unref(m);
	/* Whatever the SMSC looks like, it is no part of it. */
	for (unsigned int i = 0; i < ARRAY_SIZE(smsc); i++) {
		const struct vector both[] = { sms_handed_over, smsc[i], END };

		m = message(INDICATION, QMI_WMS, 0x01, both);
		ASSERT_EQ(0, wms_event_parse(m, &event));
		EXPECT_TRUE(!event.is_stored && event.is_handed_over);
		EXPECT_EQ(3, event.len);
		qmi_message_unref(m);
	}
	for (int len = 0; len < sms_handed_over.len; len++) {
		m = cut(INDICATION, QMI_WMS, 0x01, sms_handed_over, len);
		EXPECT_EQ(-EBADMSG, wms_event_parse(m, &event));
		qmi_message_unref(m);
	}
	for (int len = 0; len < sms_stored.len; len++) {
		m = cut(INDICATION, QMI_WMS, 0x01, sms_stored, len);
		EXPECT_EQ(-EBADMSG, wms_event_parse(m, &event));
		qmi_message_unref(m);
	}
}

TEST_HARNESS_MAIN
