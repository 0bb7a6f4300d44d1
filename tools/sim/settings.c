// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of what can be set and done: modem_set(). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "settings.h"

/*
 * DOC: Keys
 *
 * Plain values are rows of a table (offset, kind, limits) and read back as
 * they were set. Actions ("sim", "nas", "wds", "dms", "sms", "qmi", "lie")
 * take words. "sim.x" is the card in slot 1, "sim2.x" that in slot 2. States
 * (states.c) can only be asked.
 */

#define MS_MAX	3600000

/* Fields of struct modem, and of the card in a slot */
#define M(_field)	offsetof(struct modem, _field)
#define C(_field)	offsetof(struct uicc, _field)
#define CSIZE(_field)	(sizeof_field(struct uicc, _field) - 1)

#define sizeof_field(_type, _field) sizeof(((_type *)NULL)->_field)

static const struct setting settings[] = {
	{ "boot.ms", KIND_NUMBER, M(boot_ms), 0, MS_MAX },
	{ "boot.sync", KIND_FLAG, M(boot_sync) },
	{ "slow-first.ms", KIND_NUMBER, M(slow_first_ms), 0, MS_MAX },
	{ "pool.size", KIND_NUMBER, M(pool_size_all), 1, 254 },
	{ "qmi.unknown", KIND_TEXT, M(unknown), 0,
	  sizeof_field(struct modem, unknown) - 1 },
	{ "dms.fcc-lock", KIND_FLAG, M(dms.fcc_locked) },
	{ "dms.fcc-foreign", KIND_FLAG, M(dms.fcc_foreign) },
	{ "dms.refuse-reset", KIND_FLAG, M(dms.refuse_reset) },
	{ "dms.reboot-ms", KIND_NUMBER, M(dms.reboot_ms), 0, MS_MAX },
	{ "dms.hardware", KIND_TEXT, M(dms.hardware), 0,
	  sizeof_field(struct modem, dms.hardware) - 1 },
	{ "dms.software", KIND_TEXT, M(dms.software), 0,
	  sizeof_field(struct modem, dms.software) - 1 },
	{ "wda.dl-size", KIND_NUMBER, M(wda.dl_size), 512, 131072 },
	{ "wda.dl-datagrams", KIND_NUMBER, M(wda.dl_datagrams), 1, 255 },
	{ "wda.ul-size", KIND_NUMBER, M(wda.ul_size), 512, 131072 },
	{ "wda.ul-datagrams", KIND_NUMBER, M(wda.ul_datagrams), 1, 255 },
	{ "wda.qmap-mask", KIND_NUMBER, M(config.qmap_mask), 0, 0x36 },
	{ "wda.endpoint-required", KIND_FLAG, M(wda.endpoint_required) },
	{ "wda.refuse", KIND_FLAG, M(wda.refuse) },
	{ "sim.slots", KIND_NUMBER, M(sim.n_slots), 1, UICC_SLOTS_MAX },
	{ "sim.ready-ms", KIND_NUMBER, M(sim.ready_ms), 0, MS_MAX },
	{ "sim.unlock-ms", KIND_NUMBER, M(sim.unlock_ms), 0, MS_MAX },
	{ "sim.switch-ms", KIND_NUMBER, M(sim.switch_ms), 0, MS_MAX },
	{ "uim.absent", KIND_FLAG, M(sim.no_uim) },
	{ "uim.refuse", KIND_FLAG, M(sim.refuse_uim) },
	{ "uim.empty-status", KIND_FLAG, M(sim.empty_status) },
	{ "sim.needs-radio", KIND_FLAG, M(sim.needs_radio) },
	{ "sim.manual-session", KIND_FLAG, M(sim.manual_session) },
	{ "nas.register-ms", KIND_NUMBER, M(net.register_ms), 0, MS_MAX },
	{ "nas.scan-ms", KIND_NUMBER, M(net.scan_ms), 0, MS_MAX },
	{ "nas.deny-cause", KIND_NUMBER, M(net.deny_cause), 0, 255 },
	{ "nas.coverage", KIND_FLAG, M(net.coverage), 0, 0, true },
	{ "nas.roaming", KIND_FLAG, M(net.roaming), 0, 0, true },
	{ "nas.cell", KIND_NUMBER, M(net.cell), 0, UINT32_MAX },
	{ "nas.clock", KIND_NUMBER, M(net.clock), 0, UINT32_MAX },
	{ "wds.connect-ms", KIND_NUMBER, M(pdn.connect_ms), 0, MS_MAX },
	{ "wds.mtu", KIND_NUMBER, M(pdn.mtu), 68, 65535 },
	{ "wms.send-cause", KIND_NUMBER, M(sms.send_cause), 0, 255 },
};

/* Behind "sim." and "sim2." */
static const struct setting card_settings[] = {
	{ "iccid", KIND_HEX_DIGITS, C(iccid), 18, CSIZE(iccid) },
	{ "imsi", KIND_DIGITS, C(imsi), 14, CSIZE(imsi) },
	{ "spn", KIND_TEXT, C(spn), 0, CSIZE(spn) },
	{ "msisdn", KIND_TEXT, C(msisdn), 0, CSIZE(msisdn) },
	{ "gid1", KIND_HEX, C(gid1), 0, CSIZE(gid1) },
	{ "gid2", KIND_HEX, C(gid2), 0, CSIZE(gid2) },
	{ "fplmn", KIND_HEX, C(fplmn), 0, CSIZE(fplmn) },
	{ "eid", KIND_DIGITS, C(eid), 0, CSIZE(eid) },
	{ "pin", KIND_DIGITS, C(pin), 4, CSIZE(pin) },
	{ "puk", KIND_DIGITS, C(puk), 8, CSIZE(puk) },
	{ "pin-enabled", KIND_FLAG, C(pin_enabled) },
	{ "pin-tries", KIND_NUMBER, C(pin_tries), 0, UICC_PIN_TRIES },
	{ "puk-tries", KIND_NUMBER, C(puk_tries), 0, UICC_PUK_TRIES },
	{ "fault", KIND_FLAG, C(fault) },
};

const char *const lie_names[LIE_COUNT] = {
	[LIE_WDA_V5_SENDS_V1] = "wda-v5-sends-v1",
	[LIE_DEAD_BEARER] = "dead-bearer",
	[LIE_SET_IGNORED] = "set-ignored",
	[LIE_BAD_ADDRESS] = "bad-address",
	[LIE_BAD_MASK] = "bad-mask",
	[LIE_BAD_MTU] = "bad-mtu",
	[LIE_BAD_DNS] = "bad-dns",
	[LIE_SAME_HANDLE] = "same-handle",
	[LIE_PIN_TRIES_255] = "pin-tries-255",
	[LIE_IMEI_EMPTY] = "imei-empty",
	[LIE_IMEI_ZERO] = "imei-zero",
	[LIE_IMEI_DOUBLED] = "imei-doubled",
	[LIE_NO_INDICATIONS] = "no-indications",
	[LIE_DEAD_SERVICES] = "dead-services",
	[LIE_SLOW_FIRST] = "slow-first",
	[LIE_PASSWORD_HIDDEN] = "password-hidden",
	[LIE_AUTH_HIDDEN] = "auth-hidden",
	[LIE_NAME_CUT] = "name-cut",
};

static const struct setting *row_find(const struct setting *table, size_t n,
				      const char *key)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!strcmp(table[i].key, key))
			return &table[i];
	return NULL;
}

const struct setting *setting_find(struct modem *modem, const char *key,
				   void **ret_field)
{
	const struct setting *s;
	void *base = modem;

	s = row_find(settings, G_N_ELEMENTS(settings), key);
	if (!s && g_str_has_prefix(key, "sim.")) {
		base = &modem->sim.card[0];
		key += strlen("sim.");
	} else if (!s && g_str_has_prefix(key, "sim2.")) {
		base = &modem->sim.card[1];
		key += strlen("sim2.");
	}
	if (base != modem)
		s = row_find(card_settings, G_N_ELEMENTS(card_settings), key);
	if (s)
		*ret_field = (char *)base + s->offset;
	return s;
}

const char *setting_key(bool card, size_t i)
{
	if (card)
		return i < G_N_ELEMENTS(card_settings) ? card_settings[i].key :
							 NULL;
	return i < G_N_ELEMENTS(settings) ? settings[i].key : NULL;
}

static bool number_read(const char *value, uint32_t *ret_number)
{
	unsigned long long n;
	char *end;

	if (!g_ascii_isdigit(*value))
		return false;
	errno = 0;
	n = strtoull(value, &end, 0);
	if (errno || *end || n > UINT32_MAX)
		return false;
	*ret_number = n;
	return true;
}

static bool flag_read(const char *value, bool *ret_flag)
{
	static const char *const words[] = { "off", "on", "0", "1",
					     "no", "yes" };
	unsigned int i;

	for (i = 0; i < G_N_ELEMENTS(words); i++) {
		if (!strcmp(words[i], value)) {
			*ret_flag = i % 2;
			return true;
		}
	}
	return false;
}

static bool text_fits(const struct setting *s, const char *value)
{
	size_t len = strlen(value);

	if (len > s->max || len < s->min)
		return false;
	if (s->kind == KIND_DIGITS)
		return strspn(value, "0123456789") == len;
	if (s->kind == KIND_HEX_DIGITS)
		return strspn(value, "0123456789ABCDE") == len;
	if (s->kind == KIND_HEX)
		return len % 2 == 0 &&
		       strspn(value, "0123456789abcdefABCDEF") == len;
	return true;
}

/* Where a refusal is explained */
struct sentence {
	char *text;
	size_t len;
};

static int setting_set(struct modem *modem, const struct setting *s,
		       void *field, const char *value, struct sentence *err)
{
	uint32_t number;

	switch (s->kind) {
	case KIND_NUMBER:
		if (!number_read(value, &number) || number < s->min ||
		    number > s->max) {
			g_snprintf(err->text, err->len,
				   "%s: want a number from %u to %u", s->key,
				   s->min, s->max);
			return -EINVAL;
		}
		*(uint32_t *)field = number;
		break;
	case KIND_FLAG:
		if (!flag_read(value, field)) {
			g_snprintf(err->text, err->len, "%s: want on or off", s->key);
			return -EINVAL;
		}
		break;
	case KIND_TEXT:
	case KIND_DIGITS:
	case KIND_HEX_DIGITS:
	case KIND_HEX:
		if (!text_fits(s, value)) {
			g_snprintf(err->text, err->len,
				   "%s: does not fit (%u to %u characters)",
				   s->key, s->min, s->max);
			return -EINVAL;
		}
		g_strlcpy(field, value, s->max + 1);
		break;
	}
	if (s->changes_network && modem->booted)
		network_restart(modem);
	return 0;
}

/* Actions */

static int usage(char *err, size_t err_len, const char *sentence)
{
	g_snprintf(err, err_len, "%s", sentence);
	return -EINVAL;
}

/* Words "NAME", "NAME off", or "none" */
static int lie_set(struct modem *modem, const char *value, char *err,
		   size_t err_len)
{
	char **w = g_strsplit(value, " ", 2);
	bool on = true, ok = w[0] && (!w[1] || flag_read(w[1], &on));
	unsigned int i, n = LIE_COUNT;

	for (i = 0; ok && i < LIE_COUNT; i++)
		if (!strcmp(w[0], lie_names[i]))
			n = i;
	if (ok && !strcmp(w[0], "none"))
		modem->lies = 0;
	else if (ok && n < LIE_COUNT && on)
		modem->lies |= 1u << n;
	else if (ok && n < LIE_COUNT)
		modem->lies &= ~(1u << n);
	else
		ok = false;
	g_strfreev(w);
	return ok ? 0 : usage(err, err_len, "want the name of a lie, or none");
}

static int sim_action(struct modem *modem, const char *value, char *err,
		      size_t err_len)
{
	char **w = g_strsplit(value, " ", 2);
	uint32_t slot = 1;
	bool ok = w[0] && (!w[1] || (number_read(w[1], &slot) && slot &&
				     slot <= UICC_SLOTS_MAX));

	if (!ok)
		;
	else if (!strcmp(w[0], "remove"))
		uicc_remove(modem, slot - 1);
	else if (!strcmp(w[0], "insert"))
		uicc_insert(modem, slot - 1);
	else if (!strcmp(w[0], "off") || !strcmp(w[0], "on"))
		uicc_card_power(modem, slot - 1, !strcmp(w[0], "on"));
	else if (!strcmp(w[0], "refresh"))
		uim_refresh(modem);
	else
		ok = false;
	g_strfreev(w);
	return ok ? 0 : usage(err, err_len,
			      "want remove, insert, off or on [SLOT], or refresh");
}

static int sim_absent(struct modem *modem, unsigned int slot,
		      const char *value, char *err, size_t err_len)
{
	bool absent;

	if (!flag_read(value, &absent))
		return usage(err, err_len, "want on or off");
	if (absent)
		uicc_remove(modem, slot);
	else
		uicc_insert(modem, slot);
	return 0;
}

static int sim_absent_set(struct modem *modem, const char *value, char *err,
			  size_t err_len)
{
	return sim_absent(modem, 0, value, err, err_len);
}

static int sim2_absent_set(struct modem *modem, const char *value, char *err,
			   size_t err_len)
{
	return sim_absent(modem, 1, value, err, err_len);
}

static int dms_action(struct modem *modem, const char *value, char *err,
		      size_t err_len)
{
	bool off;

	if (!strcmp(value, "online")) {
		dms_mode_set(modem, DMS_ONLINE);
		return 0;
	}
	if (!strcmp(value, "low-power")) {
		dms_mode_set(modem, DMS_LOW_POWER);
		return 0;
	}
	if (!strcmp(value, "offline")) {
		dms_mode_set(modem, DMS_OFFLINE);
		return 0;
	}
	if (!g_str_has_prefix(value, "rfkill ") ||
	    !flag_read(value + strlen("rfkill "), &off))
		return usage(err, err_len,
			     "want online, low-power, offline or rfkill on|off");
	modem->dms.switched_off = off;
	dms_mode_set(modem, off ? DMS_LOW_POWER : DMS_ONLINE);
	return 0;
}

/* Bytes leave port 0 as they are: what no firmware of ours would say. */
static int qmi_inject(struct modem *modem, const char *hex, char *err,
		      size_t err_len)
{
	uint8_t frame[128];
	size_t i, len = strlen(hex) / 2;

	if (!len || strlen(hex) % 2 || len > sizeof(frame) ||
	    strspn(hex, "0123456789abcdefABCDEF") != strlen(hex))
		return usage(err, err_len, "want pairs of hexadecimal digits");
	for (i = 0; i < len; i++)
		frame[i] = g_ascii_xdigit_value(hex[2 * i]) << 4 |
			   g_ascii_xdigit_value(hex[2 * i + 1]);
	modem->ops->ctrl_out(modem->usb, 0, frame, len);
	return 0;
}

/* Longer than any program waits */
#define LATE_MAX_MS	3600000

static int qmi_action(struct modem *modem, const char *value, char *err,
		      size_t err_len)
{
	if (g_str_has_prefix(value, "inject "))
		return qmi_inject(modem, value + strlen("inject "), err, err_len);
	if (g_str_has_prefix(value, "refuse "))
		return message_fault_set(&modem->refuse, value + strlen("refuse "),
					 UINT16_MAX) ?
		       usage(err, err_len, "want a message, a QMI error and perhaps how often") :
		       0;
	if (g_str_has_prefix(value, "lose "))
		return message_fault_set(&modem->lose, value + strlen("lose "), 0) ?
		       usage(err, err_len, "want a message and perhaps how often") : 0;
	if (g_str_has_prefix(value, "late "))
		return message_fault_set(&modem->late, value + strlen("late "), LATE_MAX_MS) ?
		       usage(err, err_len, "want a message, milliseconds and perhaps how often") :
		       0;
	if (strcmp(value, "restart"))
		return usage(err, err_len, "want restart, refuse, lose, late or inject HEX");
	modem_qmi_restart(modem);
	return 0;
}

static int rat_set(struct modem *modem, const char *value, char *err,
		   size_t err_len)
{
	static const struct {
		const char *name;
		enum net_rat rat;
	} rats[] = {
		{ "gsm", NET_GSM }, { "umts", NET_UMTS }, { "lte", NET_LTE },
		{ "nr", NET_NR },
	};
	unsigned int i;

	for (i = 0; i < G_N_ELEMENTS(rats); i++) {
		if (strcmp(rats[i].name, value))
			continue;
		modem->net.rat = rats[i].rat;
		if (rats[i].rat == NET_NR && !modem->net.nr)
			network_add_nr(modem);
		network_restart(modem);
		return 0;
	}
	return usage(err, err_len, "want gsm, umts, lte or nr");
}

static int endc_set(struct modem *modem, const char *value, char *err,
		    size_t err_len)
{
	if (!flag_read(value, &modem->net.endc))
		return usage(err, err_len, "want on or off");
	nas_registration_changed(modem);
	return 0;
}

/* "RSSI RSRQ RSRP SNR" in dBm, dB, dBm and 0.1 dB */
static int signal_set(struct modem *modem, const char *value, char *err,
		      size_t err_len)
{
	char **w = g_strsplit(value, " ", -1);
	struct net_signal signal;
	long n[4];
	bool ok = g_strv_length(w) == G_N_ELEMENTS(n);
	unsigned int i;
	char *end;

	for (i = 0; ok && i < G_N_ELEMENTS(n); i++) {
		n[i] = strtol(w[i], &end, 10);
		ok = *w[i] && !*end && n[i] >= (i < 2 ? INT8_MIN : -3000) &&
		     n[i] <= (i < 2 ? INT8_MAX : 3000);
	}
	g_strfreev(w);
	if (!ok)
		return usage(err, err_len,
			     "want RSSI RSRQ RSRP SNR (dBm, dB, dBm, 0.1 dB)");
	signal = (struct net_signal) { n[0], n[1], n[2], n[3] };
	network_signal(modem, &signal);
	return 0;
}

static const struct {
	const char *key;
	int (*set)(struct modem *modem, const char *value, char *err,
		   size_t err_len);
} actions[] = {
	{ "sim", sim_action },
	{ "sim.absent", sim_absent_set },
	{ "sim2.absent", sim2_absent_set },
	{ "nas", network_command },
	{ "nas.rat", rat_set },
	{ "nas.endc", endc_set },
	{ "nas.signal", signal_set },
	{ "wds", pdn_command },
	{ "wds.apn", pdn_apn_set },
	{ "dms", dms_action },
	{ "sms", sms_receive },
	{ "qmi", qmi_action },
	{ "lie", lie_set },
};

const struct service *service_of_key(const char *key, const char *prefix)
{
	const struct service *s;
	unsigned int i;

	if (!g_str_has_prefix(key, prefix))
		return NULL;
	key += strlen(prefix);
	for (i = 0; (s = service_at(i)); i++)
		if (!strcmp(s->name, key))
			return s;
	return NULL;
}

static int pool_set(struct modem *modem, const struct service *service,
		    const char *value, char *err, size_t err_len)
{
	uint32_t n;

	if (!number_read(value, &n) || !n || n > 254)
		return usage(err, err_len, "want a number from 1 to 254");
	modem->pool_size[service->id] = n;
	return 0;
}

int modem_set(struct modem *modem, const char *key, const char *value,
	      char *err, size_t err_len)
{
	const struct service *service = service_of_key(key, "pool.size.");
	struct sentence sentence = { err, err_len };
	const struct setting *s;
	unsigned int i;
	void *field;

	s = setting_find(modem, key, &field);
	if (s)
		return setting_set(modem, s, field, value, &sentence);
	if (service)
		return pool_set(modem, service, value, err, err_len);
	for (i = 0; i < G_N_ELEMENTS(actions); i++)
		if (!strcmp(actions[i].key, key))
			return actions[i].set(modem, value, err, err_len);
	g_snprintf(err, err_len, "%s: no such setting", key);
	return -ENOENT;
}
