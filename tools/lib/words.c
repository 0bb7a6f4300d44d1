// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the words that stand for the numbers of driver and modem. */
#include <errno.h>
#include <linux/m2m_wwan.h>
#include <stdio.h>
#include <string.h>

#include "words-tables.h"
#include "words.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

static const struct word_row port_state[] = {
	{ M2M_WWAN_STATE_ATTACHED, "attached" },
	{ M2M_WWAN_STATE_READY, "ready" },
	{ M2M_WWAN_STATE_HUNG, "hung" },
	{ M2M_WWAN_STATE_SUSPENDED, "suspended" },
	{ M2M_WWAN_STATE_GONE, "gone" },
	{ 0, NULL }
};

static const struct word_row event[] = {
	{ M2M_WWAN_EVENT_ATTACHED, "attached" },
	{ M2M_WWAN_EVENT_READY, "ready" },
	{ M2M_WWAN_EVENT_GONE, "gone" },
	{ M2M_WWAN_EVENT_RESTARTED, "restarted" },
	{ M2M_WWAN_EVENT_HUNG, "hung" },
	{ M2M_WWAN_EVENT_SUSPENDED, "suspended" },
	{ M2M_WWAN_EVENT_RESUMED, "resumed" },
	{ M2M_WWAN_EVENT_FORMAT, "format" },
	{ M2M_WWAN_EVENT_FORMAT_REFUSED, "format-refused" },
	{ M2M_WWAN_EVENT_FORMAT_SUSPECT, "format-suspect" },
	{ M2M_WWAN_EVENT_FLOW, "flow" },
	{ M2M_WWAN_EVENT_LEASE, "lease" },
	{ 0, NULL }
};

static const struct word_row owner[] = {
	{ M2M_WWAN_OWNER_CHARDEV, "chardev" },
	{ M2M_WWAN_OWNER_NETLINK, "netlink" },
	{ M2M_WWAN_OWNER_PARKED, "parked" },
	{ M2M_WWAN_OWNER_KEPT, "kept" },
	{ 0, NULL }
};

static const struct word_row link_layer[] = {
	{ M2M_WWAN_LINK_UNKNOWN, "unknown" },
	{ M2M_WWAN_LINK_802_3, "802-3" },
	{ M2M_WWAN_LINK_RAW_IP, "raw-ip" },
	{ 0, NULL }
};

static const struct word_row aggregation[] = {
	{ M2M_WWAN_AGG_NONE, "none" },
	{ M2M_WWAN_AGG_QMAP, "qmap" },
	{ M2M_WWAN_AGG_QMAPV4, "qmapv4" },
	{ M2M_WWAN_AGG_QMAPV5, "qmapv5" },
	{ 0, NULL }
};

static const struct word_row service[] = {
	{ 0x00, "ctl" }, { 0x01, "wds" }, { 0x02, "dms" }, { 0x03, "nas" },
	{ 0x04, "qos" }, { 0x05, "wms" }, { 0x06, "pds" }, { 0x07, "auth" },
	{ 0x08, "at" }, { 0x09, "voice" }, { 0x0a, "cat2" }, { 0x0b, "uim" },
	{ 0x0c, "pbm" }, { 0x0d, "qchat" }, { 0x0e, "rmtfs" },
	{ 0x0f, "test" }, { 0x10, "loc" }, { 0x11, "sar" }, { 0x12, "ims" },
	{ 0x13, "adc" }, { 0x14, "csd" }, { 0x15, "mfs" }, { 0x16, "time" },
	{ 0x17, "ts" }, { 0x18, "tmd" }, { 0x19, "sap" }, { 0x1a, "wda" },
	{ 0x1b, "tsync" }, { 0x1c, "rfsa" }, { 0x1d, "csvt" },
	{ 0x1e, "qcmap" }, { 0x1f, "imsp" }, { 0x20, "imsvt" },
	{ 0x21, "imsa" }, { 0x22, "coex" }, { 0x24, "pdc" },
	{ 0x26, "stx" }, { 0x27, "bit" }, { 0x28, "imsrtp" },
	{ 0x29, "rfrpe" }, { 0x2a, "dsd" }, { 0x2b, "ssctl" },
	{ 0x2f, "dpm" }, { 0xe0, "cat" }, { 0xe1, "rms" }, { 0xe2, "oma" },
	{ 0xe3, "fox" }, { 0xe7, "gas" },
	{ 0, NULL }
};

static const struct word_row operating_mode[] = {
	{ 0, "online" },
	{ 1, "low-power" },
	{ 2, "factory-test" },
	{ 3, "offline" },
	{ 4, "reset" },
	{ 5, "shutting-down" },
	{ 6, "persistent-low-power" },
	{ 7, "mode-only-low-power" },
	{ 0, NULL }
};

static const struct word_row card_state[] = {
	{ 0, "absent" }, { 1, "present" }, { 2, "error" },
	{ 0, NULL }
};

static const struct word_row card_error[] = {
	{ 0, "unknown" },
	{ 1, "power-down" },
	{ 2, "poll" },
	{ 3, "no-atr-received" },
	{ 4, "volt-mismatch" },
	{ 5, "parity" },
	{ 6, "possibly-removed" },
	{ 7, "technical" },
	{ 0, NULL }
};

static const struct word_row app_type[] = {
	{ 0, "unknown" }, { 1, "sim" }, { 2, "usim" }, { 3, "ruim" },
	{ 4, "csim" }, { 5, "isim" },
	{ 0, NULL }
};

static const struct word_row app_state[] = {
	{ 0, "unknown" },
	{ 1, "detected" },
	{ 2, "pin1-or-upin-required" },
	{ 3, "puk1-or-upin-puk-required" },
	{ 4, "check-personalization-state" },
	{ 5, "pin1-blocked" },
	{ 6, "illegal" },
	{ 7, "ready" },
	{ 0, NULL }
};

static const struct word_row pin_state[] = {
	{ 0, "not-initialized" },
	{ 1, "enabled-not-verified" },
	{ 2, "enabled-verified" },
	{ 3, "disabled" },
	{ 4, "blocked" },
	{ 5, "permanently-blocked" },
	{ 0, NULL }
};

static const struct word_row registration[] = {
	{ 0, "not-registered" },
	{ 1, "registered" },
	{ 2, "not-registered-searching" },
	{ 3, "registration-denied" },
	{ 4, "unknown" },
	{ 0, NULL }
};

static const struct word_row attach[] = {
	{ 0, "unknown" }, { 1, "attached" }, { 2, "detached" },
	{ 0, NULL }
};

static const struct word_row radio[] = {
	{ -1, "unknown" },
	{ 0, "none" },
	{ 1, "cdma-1x" },
	{ 2, "cdma-1xevdo" },
	{ 3, "amps" },
	{ 4, "gsm" },
	{ 5, "umts" },
	{ 8, "lte" },
	{ 9, "td-scdma" },
	{ 12, "5gnr" },
	{ 0, NULL }
};

static const struct word_row service_status[] = {
	{ 0, "none" },
	{ 1, "limited" },
	{ 2, "available" },
	{ 3, "limited-regional" },
	{ 4, "power-save" },
	{ 0, NULL }
};

/* 3GPP TS 24.008 and 24.301: what the network gives as the cause of a no */
static const struct word_row reject_cause[] = {
	{ 2, "imsi-unknown-in-hlr" },
	{ 3, "illegal-ue" },
	{ 5, "imei-not-accepted" },
	{ 6, "illegal-me" },
	{ 7, "ps-services-not-allowed" },
	{ 8, "ps-and-cs-services-not-allowed" },
	{ 9, "identity-cannot-be-derived" },
	{ 10, "implicitly-detached" },
	{ 11, "plmn-not-allowed" },
	{ 12, "area-not-allowed" },
	{ 13, "roaming-not-allowed-in-area" },
	{ 14, "ps-services-not-allowed-in-plmn" },
	{ 15, "no-suitable-cells-in-area" },
	{ 16, "msc-temporarily-not-reachable" },
	{ 17, "network-failure" },
	{ 18, "cs-domain-not-available" },
	{ 19, "esm-failure" },
	{ 20, "mac-failure" },
	{ 21, "synch-failure" },
	{ 22, "congestion" },
	{ 25, "not-authorized-for-csg" },
	{ 35, "service-option-not-authorized-in-plmn" },
	{ 42, "severe-network-failure" },
	{ 0, NULL }
};

static const struct word_row domain[] = {
	{ 0, "none" }, { 1, "cs" }, { 2, "ps" }, { 3, "cs-ps" }, { 4, "camped" },
	{ 0, NULL }
};

static const struct word_row roaming[] = {
	{ 1, "home" },
	{ 2, "roaming-only" },
	{ 3, "home-or-not-flashing" },
	{ 255, "any" },
	{ 0, NULL }
};

static const struct word_row call_status[] = {
	{ 0, "unknown" },
	{ 1, "disconnected" },
	{ 2, "connected" },
	{ 3, "suspended" },
	{ 4, "authenticating" },
	{ 0, NULL }
};

static const struct word_row pdp_type[] = {
	{ 0, "ipv4" }, { 1, "ppp" }, { 2, "ipv6" }, { 3, "ipv4-or-ipv6" },
	{ 0, NULL }
};

static const struct word_row auth[] = {
	{ 0, "none" }, { 1, "pap" }, { 2, "chap" }, { 3, "both" },
	{ 0, NULL }
};

static const struct word_row profile_error[] = {
	{ 0, "unknown" },
	{ 1, "fail" },
	{ 2, "invalid-handle" },
	{ 3, "invalid-operation" },
	{ 4, "invalid-profile-type" },
	{ 5, "invalid-profile-number" },
	{ 6, "invalid-profile-id" },
	{ 7, "invalid-argument" },
	{ 8, "registry-not-initialized" },
	{ 9, "invalid-parameter-length" },
	{ 10, "list-end" },
	{ 11, "invalid-subscription-id" },
	{ 12, "invalid-profile-family" },
	{ 1001, "3gpp-invalid-profile-family" },
	{ 1002, "3gpp-access-error" },
	{ 1003, "3gpp-context-not-defined" },
	{ 1004, "3gpp-valid-flag-not-set" },
	{ 1005, "3gpp-read-only-flag-set" },
	{ 1006, "3gpp-out-of-profiles" },
	{ 0, NULL }
};

static const struct word_row quality[] = {
	{ 1, "poor" }, { 2, "fair" }, { 3, "good" }, { 4, "excellent" },
	{ 0, NULL }
};

static const struct word_row sms_storage[] = {
	{ 0, "sim" }, { 1, "modem" },
	{ 0, NULL }
};

static const struct word_row sms_state[] = {
	{ 0, "read" }, { 1, "unread" }, { 2, "sent" }, { 3, "unsent" },
	{ 0, NULL }
};

static const struct word_row sms_delivery[] = {
	{ 0, "delivered" }, { 1, "forwarded" }, { 2, "replaced" }, { 3, "trying" },
	{ 4, "failed" },
	{ 0, NULL }
};

/* 3GPP TS 24.011: why a network does not take a short message */
static const struct word_row rp_cause[] = {
	{ 1, "unassigned-number" },
	{ 8, "operator-determined-barring" },
	{ 10, "call-barred" },
	{ 11, "reserved" },
	{ 21, "transfer-rejected" },
	{ 22, "memory-capacity-exceeded" },
	{ 27, "destination-out-of-order" },
	{ 28, "unidentified-subscriber" },
	{ 29, "facility-rejected" },
	{ 30, "unknown-subscriber" },
	{ 38, "network-out-of-order" },
	{ 41, "temporary-failure" },
	{ 42, "congestion" },
	{ 47, "resources-unavailable" },
	{ 50, "facility-not-subscribed" },
	{ 69, "facility-not-implemented" },
	{ 81, "invalid-message-reference" },
	{ 95, "semantically-incorrect-message" },
	{ 96, "invalid-mandatory-information" },
	{ 97, "message-type-not-implemented" },
	{ 98, "message-not-compatible-with-state" },
	{ 99, "information-element-not-implemented" },
	{ 111, "protocol-error" },
	{ 127, "interworking" },
	{ 0, NULL }
};

static const struct word_row end_type[] = {
	{ 1, "mip" },
	{ 2, "internal" },
	{ 3, "cm" },
	{ 6, "3gpp" },
	{ 7, "ppp" },
	{ 8, "ehrpd" },
	{ 9, "ipv6" },
	{ 0, NULL }
};

static const struct word_row * const tables[] = {
	[WORD_PORT_STATE] = port_state,
	[WORD_EVENT] = event,
	[WORD_OWNER] = owner,
	[WORD_LINK_LAYER] = link_layer,
	[WORD_AGGREGATION] = aggregation,
	[WORD_SERVICE] = service,
	[WORD_QMI_ERROR] = words_qmi_error,
	[WORD_OPERATING_MODE] = operating_mode,
	[WORD_CARD_STATE] = card_state,
	[WORD_CARD_ERROR] = card_error,
	[WORD_APP_TYPE] = app_type,
	[WORD_APP_STATE] = app_state,
	[WORD_PIN_STATE] = pin_state,
	[WORD_REGISTRATION] = registration,
	[WORD_ATTACH] = attach,
	[WORD_RADIO] = radio,
	[WORD_SERVICE_STATUS] = service_status,
	[WORD_REJECT_CAUSE] = reject_cause,
	[WORD_DOMAIN] = domain,
	[WORD_ROAMING] = roaming,
	[WORD_ACTIVE_BAND] = words_active_band,
	[WORD_CALL_STATUS] = call_status,
	[WORD_PDP_TYPE] = pdp_type,
	[WORD_AUTH] = auth,
	[WORD_PROFILE_ERROR] = profile_error,
	[WORD_QUALITY] = quality,
	[WORD_SMS_STORAGE] = sms_storage,
	[WORD_SMS_STATE] = sms_state,
	[WORD_SMS_DELIVERY] = sms_delivery,
	[WORD_RP_CAUSE] = rp_cause,
	[WORD_END_TYPE] = end_type,
};

static const struct word_row * const end_tables[] = {
	[1] = words_end_mip,
	[2] = words_end_internal,
	[3] = words_end_cm,
	[6] = words_end_3gpp,
	[7] = words_end_ppp,
	[8] = words_end_ehrpd,
	[9] = words_end_ipv6,
};

static struct word lookup(const struct word_row *row, int value)
{
	struct word word;

	for (; row && row->word; row++) {
		if (row->value != value)
			continue;
		snprintf(word.s, sizeof(word.s), "%s", row->word);
		return word;
	}
	snprintf(word.s, sizeof(word.s), "unknown-%d", value);
	return word;
}

struct word word(enum word_table table, int value)
{
	return lookup(tables[table], value);
}

struct word word_end_reason(int type, int reason)
{
	const struct word_row *table = NULL;

	if (type >= 0 && type < (int)ARRAY_SIZE(end_tables))
		table = end_tables[type];
	return lookup(table, reason);
}

int word_value(enum word_table table, const char *word)
{
	const struct word_row *row;

	for (row = tables[table]; row->word; row++)
		if (!strcmp(row->word, word))
			return row->value;
	return -ENOENT;
}
