// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the settings that AT commands alone reach, and what lies in memory of them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "firmware.h"

/* Causes of 3GPP TS 27.007, 9.2 */
#define CME_NOT_ALLOWED		3
#define CME_NOT_SUPPORTED	4
#define CME_NO_SIM		10
#define CME_SIM_BUSY		14
#define CME_PARAMETERS		50

#define FIELDS_MAX	6

/* Values after the =, without their quotes; "" where one was left out */
static unsigned int fields_of(const char *text, char **ret)
{
	char **words = g_strsplit(text, ",", FIELDS_MAX);
	unsigned int n = g_strv_length(words);

	for (unsigned int i = 0; i < FIELDS_MAX; i++) {
		char *word = i < n ? g_strstrip(words[i]) : NULL;
		size_t len = word ? strlen(word) : 0;

		if (len > 1 && word[0] == '"' && word[len - 1] == '"') {
			word[len - 1] = '\0';
			word++;
		}
		ret[i] = g_strdup(word ? word : "");
	}
	g_strfreev(words);
	return n;
}

static void fields_free(char **fields)
{
	for (unsigned int i = 0; i < FIELDS_MAX; i++)
		g_free(fields[i]);
}

static bool is_bits(const char *text, size_t len)
{
	return strlen(text) == len && strspn(text, "01") == len;
}

/* One digit of @least to @most, or -1 */
static int digit_of(const char *text, int least, int most)
{
	int digit = text[0] && !text[1] ? g_ascii_digit_value(text[0]) : -1;

	return digit >= least && digit <= most ? digit : -1;
}

/* The modem says OK; whether it does it is another matter */
static bool is_taken(struct modem *modem)
{
	if (modem_lies(modem, LIE_SET_IGNORED))
		return false;
	modem_nv_write(modem);
	return true;
}

/* --- power saving: 27.007, 7.38 ----------------------------------------------------- */

static int psm_set(struct modem *modem, char **fields, unsigned int n)
{
	int mode = digit_of(fields[0], 0, 1);

	if (mode < 0 || n > 5)
		return CME_PARAMETERS;
	for (unsigned int i = 1; i < 5; i++)
		if (*fields[i] && !is_bits(fields[i], 8))
			return CME_PARAMETERS;
	if (!is_taken(modem))
		return 0;
	modem->at.psm = mode;
	for (unsigned int i = 1; i < 5; i++)
		if (*fields[i])
			g_strlcpy(modem->at.psm_timer[i - 1], fields[i],
				  sizeof(modem->at.psm_timer[0]));
	return 0;
}

static void psm_get(const struct modem *modem, GString *text)
{
	g_string_printf(text, "+CPSMS: %d", modem->at.psm);
	for (unsigned int i = 0; modem->at.psm && i < 4; i++) {
		const char *timer = modem->at.psm_timer[i];

		g_string_append_printf(text, *timer ? ",\"%s\"" : ",%s", timer);
	}
}

/* --- extended DRX: 27.007, 7.40 ----------------------------------------------------- */

static int edrx_set(struct modem *modem, char **fields, unsigned int n)
{
	int mode = digit_of(fields[0], 0, 3);
	int type = n > 1 ? digit_of(fields[1], 1, 5) : 0;

	if (mode < 0 || type < 0 || n > 3 || (*fields[2] && !is_bits(fields[2], 4)) ||
	    ((mode == 1 || mode == 2) && !type))
		return CME_PARAMETERS;
	if (!is_taken(modem))
		return 0;
	for (int i = 1; i <= AT_EDRX_TYPES; i++) {
		char *edrx = modem->at.edrx[i - 1];

		if (type && i != type)
			continue;
		if (mode == 0 || mode == 3)
			*edrx = '\0';
		else if (*fields[2] || !*edrx)
			g_strlcpy(edrx, *fields[2] ? fields[2] : "0000",
				  sizeof(modem->at.edrx[0]));
	}
	return 0;
}

static void edrx_get(const struct modem *modem, GString *text)
{
	for (int i = 0; i < AT_EDRX_TYPES; i++)
		if (*modem->at.edrx[i])
			g_string_append_printf(text, "%s+CEDRXS: %d,\"%s\"",
					       text->len ? "\r\n" : "", i + 1,
					       modem->at.edrx[i]);
}

/* --- radio: 27.007, 8.2; not kept --------------------------------------------------- */

static int radio_set(struct modem *modem, char **fields, unsigned int n)
{
	int mode = digit_of(fields[0], 0, 4);

	if ((mode != 0 && mode != 1 && mode != 4) || n > 2)
		return CME_PARAMETERS;
	if (n == 2 && digit_of(fields[1], 0, 1) < 0)
		return CME_PARAMETERS;
	if (n == 2 && *fields[1] == '1') {
		modem_reboot(modem, modem->dms.reboot_ms);
		return 0;
	}
	dms_mode_set(modem, mode == 1 ? DMS_ONLINE : DMS_LOW_POWER);
	return 0;
}

static void radio_get(const struct modem *modem, GString *text)
{
	g_string_printf(text, "+CFUN: %d", dms_radio_is_on(modem) ? 1 : 4);
}

/* --- Quectel's own ------------------------------------------------------------------ */

/* AT+QCFG="iotopmode"[,MODE[,EFFECT]]: 0 LTE-M, 1 NB-IoT, 2 both */
static int quectel_config(struct modem *modem, char **fields, unsigned int n, GString *text)
{
	int mode = digit_of(fields[1], 0, 2);

	if (g_ascii_strcasecmp(fields[0], "iotopmode"))
		return CME_NOT_SUPPORTED;
	if (n == 1) {
		g_string_printf(text, "+QCFG: \"iotopmode\",%d", modem->at.iot_mode);
		return 0;
	}
	if (mode < 0 || n > 3 || (n == 3 && digit_of(fields[2], 0, 1) < 0))
		return CME_PARAMETERS;
	if (is_taken(modem))
		modem->at.iot_mode = mode;
	return 0;
}

static bool is_quectel(const struct modem *modem)
{
	return g_str_has_prefix(modem->config.model, "EC") ||
	       g_str_has_prefix(modem->config.model, "RM");
}

/* --- the card: 27.007, 8.18 --------------------------------------------------------- */

/* READ BINARY (176) of all of EF_ICCID (12258), and no other file */
static int card_read(struct modem *modem, char **fields, unsigned int n, GString *text)
{
	const struct uicc *card = uicc_active(modem);
	uint8_t bcd[10];

	if (uicc_card_state(card) != UICC_CARD_PRESENT)
		return CME_NO_SIM;
	if (card->app == UICC_APP_UNKNOWN || card->app == UICC_APP_DETECTED)
		return CME_SIM_BUSY;
	if (n != 5 || strcmp(fields[0], "176") || strcmp(fields[1], "12258") ||
	    strcmp(fields[2], "0") || strcmp(fields[3], "0") || strcmp(fields[4], "10"))
		return CME_NOT_ALLOWED;
	memset(bcd, 0xff, sizeof(bcd));
	uicc_bcd(card->iccid, bcd, sizeof(bcd));
	g_string_assign(text, "+CRSM: 144,0,\"");
	for (unsigned int i = 0; i < sizeof(bcd); i++)
		g_string_append_printf(text, "%02X", bcd[i]);
	g_string_append_c(text, '"');
	return 0;
}

/* --- all of it ---------------------------------------------------------------------- */

static const struct {
	const char *name;
	int (*set)(struct modem *modem, char **fields, unsigned int n);
	void (*get)(const struct modem *modem, GString *text);
} settings[] = {
	{ "+CPSMS", psm_set, psm_get },
	{ "+CEDRXS", edrx_set, edrx_get },
	{ "+CFUN", radio_set, radio_get },
};

static int run(struct modem *modem, const char *name, const char *rest, GString *text)
{
	char *fields[FIELDS_MAX];
	int ret = -ENOENT;
	unsigned int n;

	for (size_t i = 0; *rest == '?' && !rest[1] && i < G_N_ELEMENTS(settings); i++) {
		if (g_ascii_strcasecmp(settings[i].name, name))
			continue;
		settings[i].get(modem, text);
		return 0;
	}
	if (*rest != '=' || rest[1] == '?')
		return -ENOENT;
	n = fields_of(rest + 1, fields);
	if (!g_ascii_strcasecmp(name, "+CRSM"))
		ret = card_read(modem, fields, n, text);
	else if (!g_ascii_strcasecmp(name, "+QCFG") && is_quectel(modem))
		ret = quectel_config(modem, fields, n, text);
	for (size_t i = 0; i < G_N_ELEMENTS(settings); i++)
		if (!g_ascii_strcasecmp(settings[i].name, name))
			ret = settings[i].set(modem, fields, n);
	fields_free(fields);
	return ret;
}

int modem_at(struct modem *modem, const char *command, char *ret_text, size_t len)
{
	char *name = g_strndup(command, strcspn(command, "=?"));
	GString *text = g_string_new(NULL);
	int ret = run(modem, name, command + strlen(name), text);

	g_strlcpy(ret_text, text->str, len);
	g_string_free(text, TRUE);
	g_free(name);
	return ret;
}
