/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When a PIN may be sent by a program: the rule, and the memory it needs. */
#ifndef M2MD_PIN_H
#define M2MD_PIN_H

#include <stdbool.h>
#include <stdint.h>

#include "cause.h"

#define ICCID_SIZE	24	/* 20 digits at most, and a zero */
/* Of a card that is ready and cannot be asked who it is */
#define ICCID_UNKNOWN	"unknown"
#define PIN_RECORDS	16
#define PIN_TRIES	3	/* TS 31.101: what a fresh PIN1 has */

enum pin_fate {
	PIN_FREE,		/* no record */
	PIN_SENT,		/* perhaps sent; nobody knows what the card said */
	PIN_ACCEPTED,
	PIN_REJECTED,
};

/* One PIN on one card. @pin is a hash: the PIN itself is never here. */
struct pin_record {
	char iccid[ICCID_SIZE];
	uint64_t pin;
	uint8_t fate;		/* enum pin_fate */
	uint8_t unknown;	/* sendings whose outcome was lost */
};

struct pin_memory {
	struct pin_record records[PIN_RECORDS];
};

/* What is known of the card */
struct pin_card {
	char iccid[ICCID_SIZE];
	bool settled;		/* its state is no longer changing by itself */
	bool fresh;		/* was powered up since a PIN was last sent to it */
	uint8_t tries;		/* left, as the card says */
};

enum pin_verdict {
	PIN_SEND,		/* it is on record that this PIN fits this card */
	PIN_RECORD_THEN_SEND,
	PIN_REFUSE,
	PIN_WAIT,		/* the card is not settled */
};

/**
 * pin_judge() - may this PIN go to this card
 * @memory: what was tried, as it stands on disk
 * @card: the card
 * @pin: hash of the PIN, 0 if none is configured
 * @ret_cause: why not, an enum cause_kind; untouched unless refused
 *
 * All tries have to be left: then whatever was sent before did no harm, or was put
 * right. Where an outcome got lost, the number of tries may be one that firmware
 * remembers from before: it counts only once the card was powered up anew.
 */
enum pin_verdict pin_judge(const struct pin_memory *memory, const struct pin_card *card,
			   uint64_t pin, uint8_t *ret_cause);

/**
 * pin_note() - put a sending or its outcome into the memory
 * @memory: where
 * @iccid: the card
 * @pin: hash
 * @fate: PIN_SENT before it is sent, PIN_ACCEPTED or PIN_REJECTED when it is known
 *
 * Return: false if no record can be spared: then do not send. Rejected ones are never
 * thrown away.
 */
bool pin_note(struct pin_memory *memory, const char *iccid, uint64_t pin,
	      enum pin_fate fate);

/* pin_fate() - what is on record of a PIN and a card */
enum pin_fate pin_fate(const struct pin_memory *memory, const char *iccid, uint64_t pin);

/* pin_unnote() - a PIN_SENT that could not be written, and so was not sent */
void pin_unnote(struct pin_memory *memory, const char *iccid, uint64_t pin);

#endif /* M2MD_PIN_H */
