// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the checking and the redaction of QMUX frames. */
#include <errno.h>
#include <string.h>

#include "frame.h"

/*
 * DOC: layout, little endian
 *
 *   01 | length u16 = total - 1 | flags u8 (80 from the modem) | service u8 | cid u8
 *   CTL:    type u8 | tid u8  | msgid u16 | length of TLVs u16
 *   others: type u8 | tid u16 | msgid u16 | length of TLVs u16
 *   TLV:    type u8 | length u16 | value
 */
#define MARKER		0x01
#define HEADER_LEN	6
#define FROM_MODEM	0x80
#define TLV_HEADER_LEN	3
#define SERVICE_CTL	0x00
#define SERVICE_WDS	0x01
#define SERVICE_DMS	0x02
#define SERVICE_NAS	0x03
#define SERVICE_WMS	0x05
#define SERVICE_PDS	0x06	/* LOC of old firmware: NMEA, positions */
#define SERVICE_AUTH	0x07	/* EAP: who the subscriber is */
#define SERVICE_AT	0x08	/* AT commands of the host's programs, PINs among them */
#define SERVICE_VOICE	0x09	/* numbers that are called and that call, USSD */
#define SERVICE_CAT	0x0a	/* what the card's own programs say: messages, places */
#define SERVICE_UIM	0x0b
#define SERVICE_PBM	0x0c	/* the telephone book */
#define SERVICE_LOC	0x10
#define SERVICE_IMS	0x12	/* SIP: URIs have the subscriber's number or IMSI in them */
#define SERVICE_IMSP	0x1f
#define SERVICE_IMSA	0x21
#define SERVICE_CAT1	0xe0	/* CAT of old firmware */

static uint16_t le16(const uint8_t *p)
{
	return p[0] | p[1] << 8;
}

static void put_le16(uint8_t *p, uint16_t value)
{
	p[0] = value;
	p[1] = value >> 8;
}

/* Length of the SDU's header, which the transaction id's width decides */
static size_t sdu_header_len(const uint8_t *buf)
{
	return buf[4] == SERVICE_CTL ? 6 : 7;
}

static bool tlvs_fill(const uint8_t *tlvs, size_t len)
{
	while (len >= TLV_HEADER_LEN) {
		size_t size = TLV_HEADER_LEN + le16(tlvs + 1);

		if (size > len)
			return false;
		tlvs += size;
		len -= size;
	}
	return len == 0;
}

int frame_check(const uint8_t *buf, size_t len, struct frame *ret_frame)
{
	const uint8_t *sdu = buf + HEADER_LEN;
	struct frame frame;
	size_t head;

	if (len > FRAME_MAX)
		return -EMSGSIZE;
	if (len < HEADER_LEN || buf[0] != MARKER || le16(buf + 1) != len - 1u)
		return -EBADMSG;
	head = sdu_header_len(buf);
	if (len < HEADER_LEN + head)
		return -EBADMSG;
	frame.from_modem = buf[3] & FROM_MODEM;
	frame.service = buf[4];
	frame.cid = buf[5];
	frame.type = sdu[0];
	frame.tid = head == 6 ? sdu[1] : le16(sdu + 1);
	frame.msgid = le16(sdu + head - 4);
	frame.tlvs = sdu + head;
	frame.tlvs_len = len - HEADER_LEN - head;
	if (le16(sdu + head - 2) != frame.tlvs_len ||
	    !tlvs_fill(frame.tlvs, frame.tlvs_len))
		return -EBADMSG;
	if (ret_frame)
		*ret_frame = frame;
	return 0;
}

const uint8_t *frame_tlv(const struct frame *frame, uint8_t type,
			 size_t *ret_len)
{
	const uint8_t *end = frame->tlvs + frame->tlvs_len;
	const uint8_t *tlv = frame->tlvs;

	while (tlv < end) {
		size_t len = le16(tlv + 1);

		if (tlv[0] == type) {
			*ret_len = len;
			return tlv + TLV_HEADER_LEN;
		}
		tlv += TLV_HEADER_LEN + len;
	}
	return NULL;
}

/* TLV 0 stands for all of them but the result */
struct mark {
	uint8_t service;
	uint16_t msgid;
	uint8_t tlv;
};

static const struct mark secrets[] = {
	{ SERVICE_WDS, 0x0020, 0x18 },	/* Start Network: password */
	{ SERVICE_WDS, 0x0027, 0x1c },	/* Create Profile */
	{ SERVICE_WDS, 0x0028, 0x1c },	/* Modify Profile */
	{ SERVICE_WDS, 0x002b, 0x1c },	/* Get Profile Settings */
	{ SERVICE_WDS, 0x002c, 0x1c },	/* Get Default Settings */
	{ SERVICE_DMS, 0x0027, 0x01 },	/* UIM Set PIN Protection */
	{ SERVICE_DMS, 0x0028, 0x01 },	/* UIM Verify PIN */
	{ SERVICE_DMS, 0x0029, 0x01 },	/* UIM Unblock PIN */
	{ SERVICE_DMS, 0x002a, 0x01 },	/* UIM Change PIN */
	{ SERVICE_DMS, 0x0033, 0x00 },	/* Activate Manual */
	{ SERVICE_DMS, 0x0035, 0x00 },	/* Set User Lock State */
	{ SERVICE_DMS, 0x0036, 0x00 },	/* Set User Lock Code */
	{ SERVICE_DMS, 0x003b, 0x00 },	/* Validate Service Programming Code */
	{ SERVICE_DMS, 0x0041, 0x00 },	/* UIM Set CK Protection */
	{ SERVICE_DMS, 0x0042, 0x00 },	/* UIM Unblock CK */
	{ SERVICE_DMS, 0x0052, 0x00 },	/* Set Service Programming Code */
	{ SERVICE_UIM, 0x0025, 0x02 },	/* Set PIN Protection */
	{ SERVICE_UIM, 0x0026, 0x02 },	/* Verify PIN */
	{ SERVICE_UIM, 0x0027, 0x02 },	/* Unblock PIN */
	{ SERVICE_UIM, 0x0028, 0x02 },	/* Change PIN */
	{ SERVICE_UIM, 0x0029, 0x00 },	/* Depersonalization */
	{ SERVICE_UIM, 0x0034, 0x00 },	/* Authenticate: the keys that come of it */
	{ SERVICE_UIM, 0x003b, 0x00 },	/* Send APDU: may hold anything */
	{ SERVICE_UIM, 0x005d, 0x00 },	/* Remote Unlock */
};

/* Identifiers, telephone numbers, cells, user names, and the files of a card */
static const struct mark personal[] = {
	{ SERVICE_WDS, 0x0020, 0x17 },	/* Start Network: user name */
	{ SERVICE_WDS, 0x0027, 0x1b },	/* Create Profile */
	{ SERVICE_WDS, 0x0028, 0x1b },	/* Modify Profile */
	{ SERVICE_WDS, 0x002b, 0x1b },	/* Get Profile Settings */
	{ SERVICE_WDS, 0x002c, 0x1b },	/* Get Default Settings */
	{ SERVICE_WDS, 0x002d, 0x1b },	/* Get Current Settings */
	{ SERVICE_DMS, 0x0024, 0x00 },	/* Get MSISDN */
	{ SERVICE_DMS, 0x0025, 0x00 },	/* Get IDs */
	{ SERVICE_DMS, 0x003c, 0x00 },	/* UIM Get ICCID */
	{ SERVICE_DMS, 0x0043, 0x00 },	/* UIM Get IMSI */
	{ SERVICE_DMS, 0x005c, 0x00 },	/* Get MAC Address */
	{ SERVICE_NAS, 0x0024, 0x1c },	/* Serving System: area and cell */
	{ SERVICE_NAS, 0x0024, 0x1d },
	{ SERVICE_NAS, 0x0024, 0x1e },
	{ SERVICE_NAS, 0x0024, 0x24 },
	{ SERVICE_NAS, 0x0024, 0x25 },
	{ SERVICE_NAS, 0x0043, 0x00 },	/* Get Cell Location */
	{ SERVICE_NAS, 0x004d, 0x17 },	/* System Info: GSM, WCDMA, LTE, NR */
	{ SERVICE_NAS, 0x004d, 0x18 },
	{ SERVICE_NAS, 0x004d, 0x19 },
	{ SERVICE_NAS, 0x004d, 0x4b },
	{ SERVICE_NAS, 0x004e, 0x17 },	/* as an indication */
	{ SERVICE_NAS, 0x004e, 0x18 },
	{ SERVICE_NAS, 0x004e, 0x19 },
	{ SERVICE_NAS, 0x004e, 0x4d },
	{ SERVICE_WMS, 0x0001, 0x11 },	/* Event Report: a message, its centre */
	{ SERVICE_WMS, 0x0001, 0x15 },
	{ SERVICE_WMS, 0x0020, 0x01 },	/* Raw Send */
	{ SERVICE_WMS, 0x0021, 0x01 },	/* Raw Write */
	{ SERVICE_WMS, 0x0022, 0x01 },	/* Raw Read */
	{ SERVICE_WMS, 0x0034, 0x10 },	/* Get SMSC Address */
	{ SERVICE_WMS, 0x0035, 0x01 },	/* Set SMSC Address */
	{ SERVICE_UIM, 0x0020, 0x11 },	/* Read Transparent */
	{ SERVICE_UIM, 0x0021, 0x11 },	/* Read Record */
	{ SERVICE_UIM, 0x0021, 0x12 },
	{ SERVICE_UIM, 0x0022, 0x00 },	/* Write Transparent */
	{ SERVICE_UIM, 0x0023, 0x00 },	/* Write Record */
	{ SERVICE_UIM, 0x0034, 0x02 },	/* Authenticate: what the network asks this card */
	{ SERVICE_UIM, 0x0047, 0x10 },	/* Get Slot Status: ICCID, EID */
	{ SERVICE_UIM, 0x0047, 0x12 },
	{ SERVICE_UIM, 0x0048, 0x10 },	/* as an indication */
	{ SERVICE_UIM, 0x0048, 0x12 },
};

/* Services of which each message is so, but for its result */
static const uint8_t personal_services[] = {
	SERVICE_PDS, SERVICE_AUTH, SERVICE_VOICE, SERVICE_CAT, SERVICE_PBM, SERVICE_LOC,
	SERVICE_CAT1, SERVICE_IMS, SERVICE_IMSP, SERVICE_IMSA,
};

static bool is_marked(const struct mark *marks, size_t n, const struct mark *what)
{
	for (size_t i = 0; i < n; i++) {
		if (marks[i].service != what->service || marks[i].msgid != what->msgid)
			continue;
		if (marks[i].tlv ? marks[i].tlv == what->tlv : what->tlv != 0x02)
			return true;
	}
	return false;
}

bool frame_is_secret(uint8_t service, uint16_t msgid, uint8_t tlv)
{
	const struct mark what = { service, msgid, tlv };

	return (service == SERVICE_AT && tlv != 0x02) ||
	       is_marked(secrets, sizeof(secrets) / sizeof(*secrets), &what);
}

bool frame_is_personal(uint8_t service, uint16_t msgid, uint8_t tlv)
{
	const struct mark what = { service, msgid, tlv };

	for (size_t i = 0; i < sizeof(personal_services); i++)
		if (service == personal_services[i])
			return tlv != 0x02;
	return is_marked(personal, sizeof(personal) / sizeof(*personal), &what);
}

static unsigned int redact(const uint8_t *buf, size_t len, bool all, uint8_t *ret_buf,
			   size_t *ret_len)
{
	size_t head = HEADER_LEN + sdu_header_len(buf);
	uint16_t msgid = le16(buf + head - 4);
	const uint8_t *end = buf + len;
	const uint8_t *tlv = buf + head;
	uint8_t *to = ret_buf + head;
	unsigned int n = 0;

	memcpy(ret_buf, buf, head);
	while (tlv < end) {
		size_t size = TLV_HEADER_LEN + le16(tlv + 1);

		if (frame_is_secret(buf[4], msgid, tlv[0]) ||
		    (all && frame_is_personal(buf[4], msgid, tlv[0]))) {
			n++;
		} else {
			memcpy(to, tlv, size);
			to += size;
		}
		tlv += size;
	}
	*ret_len = to - ret_buf;
	put_le16(ret_buf + 1, *ret_len - 1);
	put_le16(ret_buf + head - 2, *ret_len - head);
	return n;
}

unsigned int frame_redact(const uint8_t *buf, size_t len, uint8_t *ret_buf,
			  size_t *ret_len)
{
	return redact(buf, len, false, ret_buf, ret_len);
}

unsigned int frame_redact_personal(const uint8_t *buf, size_t len, uint8_t *ret_buf,
				   size_t *ret_len)
{
	return redact(buf, len, true, ret_buf, ret_len);
}
