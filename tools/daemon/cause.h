/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why it is not online: stable tokens, sentences, and what kind of trouble it is. */
#ifndef M2MD_CAUSE_H
#define M2MD_CAUSE_H

#include <stdbool.h>
#include <stdint.h>

#include "../lib/words.h"

/* What a refusal asks of us */
enum cause_class {
	CLASS_NONE,		/* nothing is wrong */
	CLASS_TEMPORARY,	/* try again soon */
	CLASS_PERMANENT,	/* somebody has to change something: try rarely */
	CLASS_IGNORED,		/* no answer at all */
	CLASS_WAIT,		/* the module's own policy or its heat: no fault */
	CLASS_FAMILY,		/* not this IP family: take the other */
	CLASS_STALE,		/* a call that nobody owns is in the way */
	CLASS_REATTACH,		/* the network wants us to register anew */
	CLASS_SIM,		/* the card, not the call */
	CLASS_RADIO,		/* the radio is off */
	CLASS_ROAMING,		/* not while roaming */
	CLASS_HOST,		/* something on this host: no fault of the modem's */
};

enum cause_kind {
	CAUSE_NONE,
	CAUSE_CALL_END,		/* type and number: a verbose call end reason */
	CAUSE_CALL_IGNORED,
	CAUSE_REJECT,		/* number: a reject cause of TS 24.008, 24.301 */
	CAUSE_MODEM_GONE,
	CAUSE_MODEM_STARTING,
	CAUSE_MODEM_OPENING,
	CAUSE_MODEM_DEAF,
	CAUSE_MODEM_RESET,
	CAUSE_IN_USE,
	CAUSE_NOT_CONFIGURED,
	CAUSE_SIM_ABSENT,
	CAUSE_SIM_INITIALISING,
	CAUSE_SIM_ERROR,
	CAUSE_SIM_ILLEGAL,
	CAUSE_SIM_LOCKED,
	CAUSE_SIM_BLOCKED,
	CAUSE_PUK,
	CAUSE_PIN_SENDING,
	CAUSE_PIN_MISSING,
	CAUSE_PIN_REJECTED,
	CAUSE_PIN_TRIES_FEW,
	CAUSE_PIN_TRIES_ODD,
	CAUSE_PIN_HISTORY,
	CAUSE_PIN_CARD_UNKNOWN,
	CAUSE_STATE_UNWRITABLE,
	CAUSE_SETTINGS,
	CAUSE_SLOT,
	CAUSE_RADIO_OFF,
	CAUSE_RADIO_LOCKED,
	CAUSE_RADIO_OFFLINE,
	CAUSE_SEARCHING,
	CAUSE_REGISTERING,
	CAUSE_HELD,
	CAUSE_UPDATE,
	CAUSE_SUSPENDED,
	CAUSE_SHUTDOWN,
	CAUSE_ROAMING,
	CAUSE_NO_APN,
	CAUSE_BOOT_SPREAD,
	CAUSE_ACTIVATION_CAP,
	CAUSE_NO_ANSWER,
	CAUSE_ONE_FAMILY,
	CAUSE_VRF,
	CAUSE_NETNS,
	CAUSE_QUOTA,
	CAUSE_PASSWORD,
	CAUSE_INTERFACE_TAKEN,
	CAUSE_LINK,
	CAUSE_ADDRESS,
	CAUSE_IPV6_OFF,
	CAUSE_UNPREPARED,
	CAUSE_FOREIGN_CALL,
	CAUSE_KINDS,
};

struct cause {
	uint8_t kind;		/* enum cause_kind */
	int16_t type;		/* of CAUSE_CALL_END: 6 is 3GPP, 2 internal, 3 CM */
	int16_t number;
};

/* Where the two families stand in a mask */
#define FAMILY_V4	1
#define FAMILY_V6	2
#define FAMILY_BOTH	3

/**
 * cause_of_end() - what a verbose call end reason asks of us
 * @type: its type, as QMI gives it (TLV 0x11 of WDS 0x0020 and 0x0022)
 * @number: the reason within the type
 *
 * Return: its class. What no table knows is CLASS_TEMPORARY: tried again, ever more
 * slowly, and shown by its number.
 */
enum cause_class cause_of_end(int type, int number);

/* cause_of_reject() - the same of a reject cause: CLASS_TEMPORARY or _PERMANENT */
enum cause_class cause_of_reject(int number);

/**
 * cause_of_preparing() - what stands before a call went wrong: format, link, client
 * @err: negative errno
 * @refused: by the modem, with an error of its own
 *
 * Return: whose fault it is: of a modem that refuses, says nonsense or nothing, or is gone,
 * or else this host's.
 */
struct cause cause_of_preparing(int err, bool refused);

/* cause_class() - the class of any cause */
enum cause_class cause_class(const struct cause *cause);

/* cause_is_end() - can it be why a call ended or never began */
bool cause_is_end(const struct cause *cause);

/* cause_was_dialled() - such a one: did the network hear of the call */
bool cause_was_dialled(const struct cause *cause);

/* cause_lasts() - such a one of one family, while the other is up: not worth another today */
bool cause_lasts(const struct cause *cause);

/**
 * cause_families() - which families a refusal of CLASS_FAMILY leaves
 * @type: as cause_of_end()
 * @number: as cause_of_end()
 * @asked: FAMILY_ mask that was refused
 *
 * Return: the mask to ask for next; 0 if nothing is left to try.
 */
uint8_t cause_families(int type, int number, uint8_t asked);

/* cause_token() - the stable word for programs: "sim-absent", "3gpp-unknown-apn" */
struct word cause_token(const struct cause *cause);

/* cause_words() - a sentence for people; static */
const char *cause_words(const struct cause *cause);

#endif /* M2MD_CAUSE_H */
