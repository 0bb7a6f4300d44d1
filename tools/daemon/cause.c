// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns what a cause means: its class, its token and its sentence. */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "cause.h"
#include "policy.h"

enum {
	END_MIP = 1,
	END_INTERNAL = 2,
	END_CM = 3,
	END_3GPP = 6,
	END_PPP = 7,
	END_EHRPD = 8,
	END_IPV6 = 9,
};

struct end_row {
	uint8_t type;
	uint8_t class;
	int16_t first;
	int16_t last;
};

/*
 * Numbers: libqmi's QmiWdsVerboseCallEndReason* enums and TS 24.008, 10.5.6.6.
 * What is left out is temporary. The first row that matches counts.
 */
static const struct end_row ends[] = {
	{ END_3GPP, CLASS_PERMANENT, 8, 8 },	/* operator determined barring */
	{ END_3GPP, CLASS_PERMANENT, 27, 30 },	/* APN, PDP type, password, gateway */
	{ END_3GPP, CLASS_PERMANENT, 32, 33 },	/* not supported, not subscribed */
	{ END_3GPP, CLASS_STALE, 35, 35 },	/* NSAPI in use */
	{ END_3GPP, CLASS_PERMANENT, 37, 37 },	/* QoS */
	{ END_3GPP, CLASS_REATTACH, 39, 39 },
	{ END_3GPP, CLASS_FAMILY, 50, 52 },
	{ END_3GPP, CLASS_REATTACH, 54, 54 },	/* PDN connection does not exist */
	{ END_3GPP, CLASS_FAMILY, 55, 55 },	/* one connection to this PDN is up */
	{ END_3GPP, CLASS_PERMANENT, 111, 113 },
	{ END_INTERNAL, CLASS_FAMILY, 208, 208 },
	{ END_INTERNAL, CLASS_WAIT, 209, 209 },
	{ END_INTERNAL, CLASS_FAMILY, 210, 210 },
	{ END_INTERNAL, CLASS_WAIT, 211, 211 },
	{ END_INTERNAL, CLASS_PERMANENT, 217, 217 },
	{ END_INTERNAL, CLASS_SIM, 218, 218 },
	{ END_INTERNAL, CLASS_RADIO, 219, 219 },
	{ END_INTERNAL, CLASS_PERMANENT, 220, 220 },
	{ END_INTERNAL, CLASS_PERMANENT, 225, 225 },
	{ END_INTERNAL, CLASS_STALE, 228, 229 },
	{ END_INTERNAL, CLASS_PERMANENT, 230, 230 },
	{ END_INTERNAL, CLASS_FAMILY, 231, 231 },
	{ END_INTERNAL, CLASS_PERMANENT, 232, 233 },
	{ END_INTERNAL, CLASS_PERMANENT, 235, 235 },
	{ END_INTERNAL, CLASS_STALE, 236, 237 },
	{ END_INTERNAL, CLASS_FAMILY, 238, 238 },
	{ END_INTERNAL, CLASS_ROAMING, 239, 239 },
	{ END_INTERNAL, CLASS_STALE, 241, 241 },
	{ END_INTERNAL, CLASS_PERMANENT, 242, 242 },
	{ END_INTERNAL, CLASS_WAIT, 243, 243 },	/* thermal mitigation */
	{ END_INTERNAL, CLASS_PERMANENT, 244, 244 },
	{ END_INTERNAL, CLASS_WAIT, 245, 245 },	/* data switched off in the module */
	{ END_INTERNAL, CLASS_ROAMING, 246, 246 },
	{ END_INTERNAL, CLASS_PERMANENT, 247, 247 },
	{ END_INTERNAL, CLASS_PERMANENT, 253, 253 },
	{ END_INTERNAL, CLASS_ROAMING, 255, 255 },
	{ END_INTERNAL, CLASS_PERMANENT, 263, 263 },
	{ END_CM, CLASS_SIM, 518, 518 },
	{ END_CM, CLASS_WAIT, 523, 524 },	/* heat, origination throttled */
	{ END_CM, CLASS_PERMANENT, 1004, 1007 },
	{ END_CM, CLASS_REATTACH, 1009, 1009 },
	{ END_CM, CLASS_PERMANENT, 1010, 1010 },
	{ END_CM, CLASS_PERMANENT, 1012, 1012 },
	{ END_CM, CLASS_STALE, 1013, 1013 },
	{ END_CM, CLASS_PERMANENT, 1020, 1020 },
	{ END_CM, CLASS_ROAMING, 1022, 1022 },
	{ END_CM, CLASS_REATTACH, 1028, 1029 },
	{ END_CM, CLASS_WAIT, 1043, 1043 },	/* disallowed by the data service */
	{ END_CM, CLASS_REATTACH, 1067, 1068 },
	{ END_CM, CLASS_PERMANENT, 1501, 1501 },
	{ END_CM, CLASS_RADIO, 2500, 2500 },
	{ END_CM, CLASS_SIM, 2504, 2504 },
	{ END_PPP, CLASS_IGNORED, 1, 1 },
	{ END_PPP, CLASS_PERMANENT, 2, 2 },
	{ END_PPP, CLASS_PERMANENT, 31, 32 },
	{ END_EHRPD, CLASS_FAMILY, 1, 2 },
	{ END_EHRPD, CLASS_IGNORED, 4, 4 },
	{ END_EHRPD, CLASS_PERMANENT, 7, 7 },
	{ END_EHRPD, CLASS_PERMANENT, 14, 14 },
	{ END_EHRPD, CLASS_STALE, 15, 15 },
	{ END_EHRPD, CLASS_PERMANENT, 16, 16 },
	{ END_EHRPD, CLASS_STALE, 17, 17 },
	{ END_IPV6, CLASS_FAMILY, 1, 3 },
	{ END_MIP, CLASS_PERMANENT, 65, 65 },
	{ END_MIP, CLASS_PERMANENT, 67, 68 },
	{ END_MIP, CLASS_PERMANENT, 129, 129 },
	{ END_MIP, CLASS_PERMANENT, 131, 132 },
};

enum cause_class cause_of_end(int type, int number)
{
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		if (ends[i].type == type && number >= ends[i].first &&
		    number <= ends[i].last)
			return ends[i].class;
	return CLASS_TEMPORARY;
}

/*
 * TS 24.301, 5.5.1.2.5: after these the card or the service is as good as gone until
 * power-off, or the operator is on the forbidden list. The ones that hold for an area
 * (12, 13, 15) or a moment (17, 22, ...) end by themselves.
 */
enum cause_class cause_of_reject(int number)
{
	switch (number) {
	case 2:
	case 3:
	case 5:
	case 6:
	case 7:
	case 8:
	case 11:
	case 14:
	case 35:
		return CLASS_PERMANENT;
	default:
		return CLASS_TEMPORARY;
	}
}

enum cause_class cause_class(const struct cause *cause)
{
	switch (cause->kind) {
	case CAUSE_NONE:
		return CLASS_NONE;
	case CAUSE_CALL_END:
		return cause_of_end(cause->type, cause->number);
	case CAUSE_CALL_IGNORED:
		return CLASS_IGNORED;
	case CAUSE_REJECT:
		return cause_of_reject(cause->number);
	case CAUSE_ROAMING:
		return CLASS_ROAMING;
	case CAUSE_FOREIGN_CALL:
		return CLASS_STALE;
	case CAUSE_ACTIVATION_CAP:
	case CAUSE_BOOT_SPREAD:
		return CLASS_WAIT;
	case CAUSE_VRF:
	case CAUSE_NETNS:
	case CAUSE_QUOTA:
	case CAUSE_PASSWORD:
	case CAUSE_INTERFACE_TAKEN:
	case CAUSE_LINK:
	case CAUSE_ADDRESS:
	case CAUSE_IPV6_OFF:
		return CLASS_HOST;
	default:
		return CLASS_TEMPORARY;
	}
}

struct cause cause_of_preparing(int err, bool refused)
{
	switch (err) {
	case -ETIMEDOUT:
	case -EBADMSG:
	case -ECONNRESET:
	case -ENODEV:
		refused = true;
		break;
	default:
		break;
	}
	return (struct cause){ refused ? CAUSE_UNPREPARED : CAUSE_LINK };
}

bool cause_is_end(const struct cause *cause)
{
	switch (cause->kind) {
	case CAUSE_CALL_END:
	case CAUSE_CALL_IGNORED:
	case CAUSE_VRF:
	case CAUSE_NETNS:
	case CAUSE_PASSWORD:
	case CAUSE_INTERFACE_TAKEN:
	case CAUSE_LINK:
	case CAUSE_ADDRESS:
	case CAUSE_IPV6_OFF:
	case CAUSE_UNPREPARED:
	case CAUSE_FOREIGN_CALL:
		return true;
	default:
		return false;
	}
}

bool cause_was_dialled(const struct cause *cause)
{
	switch (cause_class(cause)) {
	case CLASS_WAIT:
		return false;
	case CLASS_HOST:
		return cause->kind == CAUSE_ADDRESS;
	default:
		return cause->kind != CAUSE_UNPREPARED &&
		       cause->kind != CAUSE_FOREIGN_CALL;
	}
}

bool cause_lasts(const struct cause *cause)
{
	return cause_class(cause) == CLASS_FAMILY || cause->kind == CAUSE_ADDRESS ||
	       cause->kind == CAUSE_IPV6_OFF;
}

uint8_t cause_families(int type, int number, uint8_t asked)
{
	uint8_t left = asked;

	if (type == END_3GPP && number == 50)
		left = FAMILY_V4;
	else if (type == END_3GPP && number == 51)
		left = FAMILY_V6;
	else if (type == END_INTERNAL && number == 208)
		left = asked & FAMILY_V6;
	else if (type == END_INTERNAL && number == 210)
		left = asked & FAMILY_V4;
	else if (type == END_EHRPD)
		left = number == 1 ? FAMILY_V4 : FAMILY_V6;
	else if (type == END_IPV6)
		left = asked & FAMILY_V4;
	else
		left = asked == FAMILY_V4 ? FAMILY_V6 : FAMILY_V4;
	return left == asked ? 0 : left;
}

struct kind_row {
	const char *token;
	const char *words;
};

static const struct kind_row kinds[CAUSE_KINDS] = {
	[CAUSE_NONE] = { "none", "nothing is wrong" },
	[CAUSE_CALL_END] = { "call-ended", "the call was refused or ended" },
	[CAUSE_CALL_IGNORED] = { "call-ignored",
				 "the network did not answer the call" },
	[CAUSE_REJECT] = { "registration-rejected",
			   "the network refuses to register this SIM" },
	[CAUSE_MODEM_GONE] = { "modem-gone", "the modem is not on the bus" },
	[CAUSE_MODEM_STARTING] = { "modem-starting", "the modem does not answer yet" },
	[CAUSE_MODEM_OPENING] = { "modem-opening", "the modem is being asked what it is" },
	[CAUSE_MODEM_DEAF] = { "modem-deaf", "the modem does not answer requests" },
	[CAUSE_MODEM_RESET] = { "modem-reset", "the modem was reset and has to come back" },
	[CAUSE_IN_USE] = { "in-use", "another program manages this modem" },
	[CAUSE_NOT_CONFIGURED] = { "not-configured",
				   "no file matches this modem: it is only watched" },
	[CAUSE_SIM_ABSENT] = { "sim-absent", "there is no SIM" },
	[CAUSE_SIM_INITIALISING] = { "sim-not-ready", "the SIM is starting" },
	[CAUSE_SIM_ERROR] = { "sim-error", "the modem cannot read the SIM" },
	[CAUSE_SIM_ILLEGAL] = { "sim-illegal", "the network declared the SIM invalid" },
	[CAUSE_SIM_LOCKED] = { "sim-locked", "the modem is locked to another operator" },
	[CAUSE_SIM_BLOCKED] = { "sim-blocked", "the SIM is blocked for good" },
	[CAUSE_PUK] = { "puk-needed", "the SIM wants its PUK, which a person has to enter" },
	[CAUSE_PIN_SENDING] = { "pin-sending", "the PIN is being entered" },
	[CAUSE_PIN_MISSING] = { "pin-needed", "the SIM wants a PIN and none is configured" },
	[CAUSE_PIN_REJECTED] = { "pin-rejected",
				 "this PIN was wrong for this SIM: configure another" },
	[CAUSE_PIN_TRIES_FEW] = { "pin-tries-few",
				  "a try is used up: a person has to enter the PIN" },
	[CAUSE_PIN_TRIES_ODD] = { "pin-tries-odd",
				  "the number of tries left cannot be believed" },
	[CAUSE_PIN_HISTORY] = { "pin-history",
				"nobody knows what the SIM said to this PIN: it is asked anew" },
	[CAUSE_PIN_CARD_UNKNOWN] = { "pin-card-unknown",
				     "the SIM does not say which it is" },
	[CAUSE_STATE_UNWRITABLE] = { "state-unwritable",
				     "the state cannot be written to disk" },
	[CAUSE_SETTINGS] = { "settings", "settings are being written to the modem" },
	[CAUSE_SLOT] = { "slot-wrong", "the SIM slot that is configured is not in use" },
	[CAUSE_RADIO_OFF] = { "radio-off", "the radio is off" },
	[CAUSE_RADIO_LOCKED] = { "radio-locked",
				 "hardware or a lock of the maker keeps the radio off" },
	[CAUSE_RADIO_OFFLINE] = { "radio-offline",
				  "the modem is offline, and only a reset leads out" },
	[CAUSE_SEARCHING] = { "searching", "the modem is looking for a network" },
	[CAUSE_REGISTERING] = { "registering", "the modem was told to register anew" },
	[CAUSE_HELD] = { "held", "a person asked m2md to let go of the modem" },
	[CAUSE_UPDATE] = { "firmware-update", "the modem's firmware is being updated" },
	[CAUSE_SUSPENDED] = { "suspended", "the host sleeps" },
	[CAUSE_SHUTDOWN] = { "shutdown", "m2md was stopped" },
	[CAUSE_ROAMING] = { "roaming-refused", "roaming is not allowed here" },
	[CAUSE_NO_APN] = { "apn-unknown", "no APN is configured and none can be guessed" },
	[CAUSE_BOOT_SPREAD] = { "boot-spread",
				"waiting, so that not every site calls at once" },
	[CAUSE_ACTIVATION_CAP] = { "activation-cap",
				   "as many calls as an hour allows were made" },
	[CAUSE_NO_ANSWER] = { "no-answer", "packets go out and none come in" },
	[CAUSE_ONE_FAMILY] = { "one-family", "the network gives one IP family only" },
	[CAUSE_VRF] = { "vrf-missing",
			"the VRF it is to be a part of is not there, or is down" },
	[CAUSE_NETNS] = { "netns-missing",
			  "its network namespace is not there, or m2m-helper does not open it" },
	[CAUSE_QUOTA] = { "quota-used-up", "the data of this period is used up" },
	[CAUSE_PASSWORD] = { "password-unreadable",
			     "the file with the password of its APN cannot be read" },
	[CAUSE_INTERFACE_TAKEN] = { "interface-taken",
				    "an interface has its name and is not this modem's" },
	[CAUSE_LINK] = { "link-refused", "this host does not make its interface" },
	[CAUSE_ADDRESS] = { "address-refused",
			    "the call came up, and this host takes no such address or route" },
	[CAUSE_IPV6_OFF] = { "ipv6-off", "IPv6 is switched off on this host" },
	[CAUSE_UNPREPARED] = { "call-unprepared",
			       "the modem does not take what comes before a call" },
	[CAUSE_FOREIGN_CALL] = { "call-in-the-way",
				 "the modem has a call to another APN up that was not made here" },
};

struct word cause_token(const struct cause *cause)
{
	struct word token;

	if (cause->kind == CAUSE_CALL_END) {
		snprintf(token.s, sizeof(token.s), "%.20s-%.70s",
			 word(WORD_END_TYPE, cause->type).s,
			 word_end_reason(cause->type, cause->number).s);
		return token;
	}
	if (cause->kind == CAUSE_REJECT) {
		snprintf(token.s, sizeof(token.s), "reject-%.80s",
			 word(WORD_REJECT_CAUSE, cause->number).s);
		return token;
	}
	snprintf(token.s, sizeof(token.s), "%s",
		 cause->kind < CAUSE_KINDS ? kinds[cause->kind].token : "unknown");
	return token;
}

const char *cause_words(const struct cause *cause)
{
	return cause->kind < CAUSE_KINDS ? kinds[cause->kind].words : "unknown";
}
