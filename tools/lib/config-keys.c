// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the table of keys: m2md.conf(5), m2m.modem(5) and the reader follow it. */
#include <arpa/inet.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "nas-preference.h"

static const struct {
	const char *name;
	bool main;
} sections[CONFIG_SECTIONS] = {
	[CONFIG_MANAGER] = { "Manager", true },
	[CONFIG_HELPER] = { "Helper", true },
	[CONFIG_MATCH] = { "Match" },
	[CONFIG_SIM] = { "SIM" },
	[CONFIG_ATTACH] = { "Attach" },
	[CONFIG_NETWORK] = { "Network" },
	[CONFIG_PDN] = { "PDN" },
	[CONFIG_SUPERVISE] = { "Supervise" },
	[CONFIG_QUOTA] = { "Quota" },
	[CONFIG_MODEM] = { "Modem" },
};

/* --- texts ------------------------------------------------------------------- */

/* Whether it is made of letters, digits and these */
static bool is_made_of(const char *text, const char *others)
{
	for (; *text; text++)
		if (!g_ascii_isalnum(*text) && !strchr(others, *text))
			return false;
	return true;
}

static const char *check_apn(const char *text)
{
	return is_made_of(text, "-._") ? NULL : "letters, digits, - . and _";
}

/* Of an interface or a namespace: nothing that is a path or an option */
static const char *check_interface(const char *text)
{
	return is_made_of(text, "-._") && !strchr("-.", *text) ?
		NULL : "letters, digits, - . and _, and begins with no - or .";
}

static const char *check_address(const char *text)
{
	unsigned char address[16];

	return inet_pton(AF_INET, text, address) == 1 ||
		inet_pton(AF_INET6, text, address) == 1 ?
		NULL : "IPv4 and IPv6 addresses";
}

static const char *check_target(const char *text)
{
	return is_made_of(text, "-._:[]") && !strchr("-.", *text) ?
		NULL : "an address or the name of a host, for tcp with :PORT";
}

/* --- what a modem may choose from -------------------------------------------- */

static const char *check_operator(const char *text)
{
	return nas_wish_operator(text, &(struct nas_preference){ 0 }) ?
		NULL : "auto or the 5 or 6 digits of MCC and MNC";
}

static const char *check_modes(const char *text)
{
	return nas_wish_modes(text, &(struct nas_preference){ 0 }) ?
		NULL : "auto or of gsm,umts,lte,5gnr each once";
}

static const char *check_bands(const char *text)
{
	return nas_wish_bands(text, &(struct nas_preference){ 0 }) ?
		NULL : "all or a list like b3,b20,n78";
}

/* --- slots ------------------------------------------------------------------- */

unsigned int config_order(const char *text, uint8_t ret[CONFIG_ORDER_MAX])
{
	unsigned int seen = 0;

	for (unsigned int n = 0; n < CONFIG_ORDER_MAX; text += 2) {
		int slot = *text - '0';

		if (slot < 1 || slot > CONFIG_SLOT_MAX || seen & 1u << slot)
			return 0;
		seen |= 1u << slot;
		ret[n++] = slot;
		if (!text[1])
			return n;
		if (text[1] != ',')
			return 0;
	}
	return 0;
}

static const char *check_order(const char *text)
{
	uint8_t slots[CONFIG_ORDER_MAX];

	switch (config_order(text, slots)) {
	case 0:
		return "2 to 4 slots of 1 to 8, each once, like 1,2";
	case 1:
		return "at least 2 slots, Slot= is for one";
	default:
		return NULL;
	}
}

/* --- patterns ---------------------------------------------------------------- */

static const char *check_imei(const char *text)
{
	bool wild = strpbrk(text, "*?");

	return strspn(text, "0123456789*?") == strlen(text) &&
		(wild || strlen(text) == 15) ?
		NULL : "15 digits, or a pattern of digits, * and ?";
}

static const char *check_iccid(const char *text)
{
	bool wild = strpbrk(text, "*?");
	size_t len = strlen(text);

	return strspn(text, "0123456789ABCDEF*?") == len &&
		(wild || (len >= 18 && len <= 20)) ?
		NULL : "18 to 20 digits, or a pattern of digits, * and ?";
}

static const char *check_path(const char *text)
{
	return strspn(text, "0123456789-.*?") == strlen(text) ?
		NULL : "a USB path such as 1-1.2, or a pattern with * and ?";
}

/* --- AT commands ----------------------------------------------------------------- */

/* Commands that have a PIN or PUK in them, which stands in a file of its own */
static const char *check_at(const char *text)
{
	static const char * const secret[] = { "CPIN", "CLCK", "CPWD" };
	char *upper = g_ascii_strup(text, -1);
	const char *wrong = NULL;

	if (strncmp(upper, "AT", 2))
		wrong = "a command that begins with AT";
	for (const char *at = text; *at; at++)
		if (!g_ascii_isprint(*at))
			wrong = "a command in ASCII";
	for (size_t i = 0; i < G_N_ELEMENTS(secret); i++)
		if (strstr(upper, secret[i]))
			wrong = "no command with a PIN or PUK, see PINFile=";
	g_free(upper);
	return wrong;
}

static const char *check_usb_interface(const char *text)
{
	return *text && strspn(text, "0123456789") == strlen(text) && atoi(text) <= 255 ?
		NULL : "the number of a USB interface, 0 to 255";
}

/* --- the table ------------------------------------------------------------------- */

const struct config_key config_keys[] = {
	{ CONFIG_MANAGER, "AutoConnect", CONFIG_BOOL,
	  offsetof(struct config_manager, auto_connect), 0, 0, NULL, NULL,
	  "no", CONFIG_EFFECT_MATCH, "YES|NO",
	  "manage also modems that no .modem file matches, with one PDN whose APN is found" },
	{ CONFIG_MANAGER, "BootSpread", CONFIG_SECONDS,
	  offsetof(struct config_manager, boot_spread_s), 0, 3600, NULL, NULL,
	  "60s", CONFIG_EFFECT_NONE, "TIME",
	  "longest random wait before the first dial after a boot without a clean shutdown" },
	{ CONFIG_HELPER, "PortPower", CONFIG_BOOL,
	  offsetof(struct config_helper, port_power), 0, 0, NULL, NULL,
	  "no", CONFIG_EFFECT_NONE, "YES|NO",
	  "the helper may switch the power of a USB port" },
	{ CONFIG_HELPER, "NetNS", CONFIG_BOOL,
	  offsetof(struct config_helper, netns), 0, 0, NULL, NULL,
	  "no", CONFIG_EFFECT_NONE, "YES|NO",
	  "the helper may move an interface into a network namespace" },
	{ CONFIG_HELPER, "ResolvFile", CONFIG_BOOL,
	  offsetof(struct config_helper, resolv_file), 0, 0, NULL, NULL,
	  "no", CONFIG_EFFECT_NONE, "YES|NO",
	  "the helper may write /etc/resolv.conf where it is ours" },
	{ CONFIG_HELPER, "Hook", CONFIG_BOOL,
	  offsetof(struct config_helper, hook), 0, 0, NULL, NULL,
	  "no", CONFIG_EFFECT_NONE, "YES|NO",
	  "the helper may run the programs in /etc/m2m/hook.d" },
	{ CONFIG_HELPER, "SetClock", CONFIG_BOOL,
	  offsetof(struct config_helper, set_clock), 0, 0, NULL, NULL,
	  "no", CONFIG_EFFECT_NONE, "YES|NO",
	  "the helper may set the clock from the network" },
	{ CONFIG_HELPER, "Reboot", CONFIG_BOOL,
	  offsetof(struct config_helper, reboot), 0, 0, NULL, NULL,
	  "no", CONFIG_EFFECT_NONE, "YES|NO",
	  "the helper may reboot the host" },
	{ CONFIG_MATCH, "IMEI", CONFIG_LIST,
	  offsetof(struct config_match, imei), 0, 32, NULL, check_imei,
	  "", CONFIG_EFFECT_MATCH, "PATTERN",
	  "the modem" },
	{ CONFIG_MATCH, "ICCID", CONFIG_LIST,
	  offsetof(struct config_match, iccid), 0, 32, NULL, check_iccid,
	  "", CONFIG_EFFECT_MATCH, "PATTERN",
	  "the card in it" },
	{ CONFIG_MATCH, "Path", CONFIG_LIST,
	  offsetof(struct config_match, path), 0, 64, NULL, check_path,
	  "", CONFIG_EFFECT_MATCH, "PATTERN",
	  "the USB path, such as 1-1.2" },
	{ CONFIG_MATCH, "Model", CONFIG_LIST,
	  offsetof(struct config_match, model), 0, 64, NULL, NULL,
	  "", CONFIG_EFFECT_MATCH, "PATTERN",
	  "what the modem calls itself" },
	{ CONFIG_SIM, "Slot", CONFIG_NUMBER,
	  offsetof(struct config_sim, slot), 1, CONFIG_SLOT_MAX, NULL, NULL,
	  "", CONFIG_EFFECT_CARD, "N",
	  "slot to use; without it the one that is active" },
	{ CONFIG_SIM, "Order", CONFIG_TEXT,
	  offsetof(struct config_sim, order), 0, 16, NULL, check_order,
	  "", CONFIG_EFFECT_CARD, "SLOT,...",
	  "slots to use, the best one first: the next where a card is of no use" },
	{ CONFIG_SIM, "PINFile", CONFIG_SECRET,
	  offsetof(struct config_sim, pin_file), 0, 512, NULL, NULL,
	  "", CONFIG_EFFECT_CARD, "FILE",
	  "file with the PIN" },
	{ CONFIG_ATTACH, "APN", CONFIG_TEXT,
	  offsetof(struct config_attach, apn), 0, 100, NULL, check_apn,
	  "", CONFIG_EFFECT_ATTACH, "APN",
	  "access point of the attach, where it is not that of the PDN" },
	{ CONFIG_ATTACH, "User", CONFIG_TEXT,
	  offsetof(struct config_attach, user), 0, 127, NULL, NULL,
	  "", CONFIG_EFFECT_ATTACH, "NAME",
	  "user name" },
	{ CONFIG_ATTACH, "PasswordFile", CONFIG_SECRET,
	  offsetof(struct config_attach, password_file), 0, 512, NULL, NULL,
	  "", CONFIG_EFFECT_ATTACH, "FILE",
	  "file with the password" },
	{ CONFIG_ATTACH, "Auth", CONFIG_WORD,
	  offsetof(struct config_attach, auth), 0, 0, "none|pap|chap|both", NULL,
	  "", CONFIG_EFFECT_ATTACH, NULL,
	  "how user name and password are sent; both with User=, else none" },
	{ CONFIG_ATTACH, "IPFamily", CONFIG_WORD,
	  offsetof(struct config_attach, ip_family), 0, 0, "ipv4|ipv6|both", NULL,
	  "both", CONFIG_EFFECT_ATTACH, NULL,
	  "IP families to ask for" },
	{ CONFIG_NETWORK, "Roaming", CONFIG_WORD,
	  offsetof(struct config_network, roaming), 0, 0, "auto|home|any", NULL,
	  "auto", CONFIG_EFFECT_CALL, NULL,
	  "where to dial: auto abroad only with an APN from here or an international card" },
	{ CONFIG_NETWORK, "Operator", CONFIG_TEXT,
	  offsetof(struct config_network, operator), 0, 6, NULL, check_operator,
	  "", CONFIG_EFFECT_ATTACH, "OPERATOR",
	  "the only operator that is taken, or auto; without it as the modem is set" },
	{ CONFIG_NETWORK, "Modes", CONFIG_TEXT,
	  offsetof(struct config_network, modes), 0, 32, NULL, check_modes,
	  "", CONFIG_EFFECT_ATTACH, "MODE,...",
	  "of gsm,umts,lte,5gnr, or auto; without it as the modem is set" },
	{ CONFIG_NETWORK, "Bands", CONFIG_TEXT,
	  offsetof(struct config_network, bands), 0, 255, NULL, check_bands,
	  "", CONFIG_EFFECT_ATTACH, "BAND,...",
	  "such as b3,b20,n78, or all; without it as the modem is set" },
	{ CONFIG_PDN, "APN", CONFIG_TEXT,
	  offsetof(struct config_pdn, apn), 0, 100, NULL, check_apn,
	  "", CONFIG_EFFECT_CALL, "APN",
	  "access point; without it one that is found" },
	{ CONFIG_PDN, "User", CONFIG_TEXT,
	  offsetof(struct config_pdn, user), 0, 127, NULL, NULL,
	  "", CONFIG_EFFECT_CALL, "NAME",
	  "user name" },
	{ CONFIG_PDN, "PasswordFile", CONFIG_SECRET,
	  offsetof(struct config_pdn, password_file), 0, 512, NULL, NULL,
	  "", CONFIG_EFFECT_CALL, "FILE",
	  "file with the password" },
	{ CONFIG_PDN, "Auth", CONFIG_WORD,
	  offsetof(struct config_pdn, auth), 0, 0, "none|pap|chap|both", NULL,
	  "", CONFIG_EFFECT_CALL, NULL,
	  "how user name and password are sent; both with User=, else none" },
	{ CONFIG_PDN, "IPFamily", CONFIG_WORD,
	  offsetof(struct config_pdn, ip_family), 0, 0, "ipv4|ipv6|both", NULL,
	  "both", CONFIG_EFFECT_CALL, NULL,
	  "IP families to ask for; both takes what the network grants" },
	{ CONFIG_PDN, "RouteMetric", CONFIG_NUMBER,
	  offsetof(struct config_pdn, route_metric), 1, 2147483647, NULL, NULL,
	  "", CONFIG_EFFECT_LINK, "N",
	  "metric of the default routes; without it 2048 and up by mux id" },
	{ CONFIG_PDN, "RouteTable", CONFIG_NUMBER,
	  offsetof(struct config_pdn, route_table), 1, 4294967295, NULL, NULL,
	  "", CONFIG_EFFECT_LINK, "N",
	  "routing table for the PDN's address; without it 20000 and the interface index" },
	{ CONFIG_PDN, "VRF", CONFIG_TEXT,
	  offsetof(struct config_pdn, vrf), 0, 15, NULL, check_interface,
	  "", CONFIG_EFFECT_LINK, "NAME",
	  "VRF that the interface is made a part of" },
	{ CONFIG_PDN, "NetNS", CONFIG_TEXT,
	  offsetof(struct config_pdn, netns), 0, 63, NULL, check_interface,
	  "", CONFIG_EFFECT_LINK, "NAME",
	  "network namespace that the interface is moved into" },
	{ CONFIG_PDN, "DNS", CONFIG_WORDS,
	  offsetof(struct config_pdn, dns), 0, 45, NULL, check_address,
	  "", CONFIG_EFFECT_LINK, "ADDRESS...",
	  "DNS servers instead of the network's" },
	{ CONFIG_PDN, "MTU", CONFIG_NUMBER,
	  offsetof(struct config_pdn, mtu), 576, 65535, NULL, NULL,
	  "", CONFIG_EFFECT_LINK, "BYTES",
	  "MTU instead of the network's" },
	{ CONFIG_PDN, "MuxId", CONFIG_NUMBER,
	  offsetof(struct config_pdn, mux_id), 1, 254, NULL, NULL,
	  "", CONFIG_EFFECT_CALL, "N",
	  "mux id of the link; without it the lowest free one" },
	{ CONFIG_SUPERVISE, "Probe", CONFIG_WORD,
	  offsetof(struct config_supervise, probe), 0, 0, "icmp|dns|tcp", NULL,
	  "icmp", CONFIG_EFFECT_NONE, NULL,
	  "how to ask the target whether it is there" },
	{ CONFIG_SUPERVISE, "Target", CONFIG_TEXT,
	  offsetof(struct config_supervise, target), 0, 253, NULL, check_target,
	  "", CONFIG_EFFECT_NONE, "HOST",
	  "address or name to ask, HOST:PORT for tcp; without it nothing is asked" },
	{ CONFIG_SUPERVISE, "Interval", CONFIG_SECONDS,
	  offsetof(struct config_supervise, interval_s), 60, 86400, NULL, NULL,
	  "15min", CONFIG_EFFECT_NONE, "TIME",
	  "between two probes of an idle PDN" },
	{ CONFIG_SUPERVISE, "Ladder", CONFIG_WORD,
	  offsetof(struct config_supervise, ladder), 0, 0,
	  "none|redial|reattach|radio|sim-power|modem-reset|usb-reset|port-power|host-reboot", NULL,
	  "host-reboot", CONFIG_EFFECT_NONE, NULL,
	  "the highest rung that may be taken; the last two also need [Helper]" },
	{ CONFIG_SUPERVISE, "MaxResetsPerDay", CONFIG_NUMBER,
	  offsetof(struct config_supervise, max_resets_per_day), 0, 4, NULL, NULL,
	  "4", CONFIG_EFFECT_NONE, "N",
	  "resets a day, of each kind" },
	{ CONFIG_QUOTA, "Limit", CONFIG_BYTES,
	  offsetof(struct config_quota, limit_bytes), 1000, 1000000000000000, NULL, NULL,
	  "", CONFIG_EFFECT_NONE, "SIZE",
	  "data of a card in a period; without it none is counted against" },
	{ CONFIG_QUOTA, "Period", CONFIG_WORD,
	  offsetof(struct config_quota, period), 0, 0, "day|week|month", NULL,
	  "month", CONFIG_EFFECT_NONE, NULL,
	  "when counting begins anew" },
	{ CONFIG_QUOTA, "Action", CONFIG_WORD,
	  offsetof(struct config_quota, action), 0, 0, "warn|cut", NULL,
	  "warn", CONFIG_EFFECT_NONE, NULL,
	  "what happens at the limit" },
	{ CONFIG_MODEM, "AtInit", CONFIG_LIST,
	  offsetof(struct config_init, at_init), 0, 128, NULL, check_at,
	  "", CONFIG_EFFECT_NONE, "COMMAND",
	  "AT command for a modem that starts", .hide = true },
	{ CONFIG_MODEM, "AtPort", CONFIG_TEXT,
	  offsetof(struct config_init, at_port), 0, 3, NULL, check_usb_interface,
	  "", CONFIG_EFFECT_NONE, "N",
	  "USB interface with the port for them; without it one that answers" },
	{ .name = NULL }
};

const char *config_section_name(enum config_section_id section)
{
	return sections[section].name;
}

bool config_section_is_main(enum config_section_id section)
{
	return sections[section].main;
}

const struct config_key *config_key(enum config_section_id section, const char *name)
{
	for (const struct config_key *key = config_keys; key->name; key++)
		if (key->section == section && !strcmp(key->name, name))
			return key;
	return NULL;
}
