// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the rule by which a card is never locked by a program. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "pin.h"

static bool is_of(const struct pin_record *record, const char *iccid, uint64_t pin)
{
	return record->fate != PIN_FREE && record->pin == pin &&
	       !strcmp(record->iccid, iccid);
}

static const struct pin_record *find(const struct pin_memory *memory,
				     const char *iccid, uint64_t pin)
{
	for (int i = 0; i < PIN_RECORDS; i++)
		if (is_of(&memory->records[i], iccid, pin))
			return &memory->records[i];
	return NULL;
}

enum pin_fate pin_fate(const struct pin_memory *memory, const char *iccid, uint64_t pin)
{
	const struct pin_record *record = find(memory, iccid, pin);

	return record ? record->fate : PIN_FREE;
}

static struct pin_record *find_to_change(struct pin_memory *memory, const char *iccid,
					 uint64_t pin)
{
	for (int i = 0; i < PIN_RECORDS; i++)
		if (is_of(&memory->records[i], iccid, pin))
			return &memory->records[i];
	return NULL;
}

static enum pin_verdict refuse(uint8_t *ret_cause, enum cause_kind cause)
{
	*ret_cause = cause;
	return PIN_REFUSE;
}

enum pin_verdict pin_judge(const struct pin_memory *memory, const struct pin_card *card,
			   uint64_t pin, uint8_t *ret_cause)
{
	const struct pin_record *record;

	if (!card->settled)
		return PIN_WAIT;
	if (!pin)
		return refuse(ret_cause, CAUSE_PIN_MISSING);
	if (!card->iccid[0])
		return refuse(ret_cause, CAUSE_PIN_CARD_UNKNOWN);
	record = find(memory, card->iccid, pin);
	if (record && record->fate == PIN_REJECTED)
		return refuse(ret_cause, CAUSE_PIN_REJECTED);
	if (card->tries > PIN_TRIES)
		return refuse(ret_cause, CAUSE_PIN_TRIES_ODD);
	if (card->tries < PIN_TRIES)
		return refuse(ret_cause, CAUSE_PIN_TRIES_FEW);
	if (!record)
		return PIN_RECORD_THEN_SEND;
	if (record->fate == PIN_ACCEPTED)
		return PIN_SEND;
	if (!card->fresh)
		return refuse(ret_cause, CAUSE_PIN_HISTORY);
	return PIN_RECORD_THEN_SEND;
}

/* A free record; else one whose loss costs no more than another sending with all tries */
static struct pin_record *spare(struct pin_memory *memory)
{
	for (int i = 0; i < PIN_RECORDS; i++)
		if (memory->records[i].fate == PIN_FREE)
			return &memory->records[i];
	for (int i = 0; i < PIN_RECORDS; i++)
		if (memory->records[i].fate == PIN_ACCEPTED)
			return &memory->records[i];
	return NULL;
}

bool pin_note(struct pin_memory *memory, const char *iccid, uint64_t pin,
	      enum pin_fate fate)
{
	struct pin_record *record = find_to_change(memory, iccid, pin);

	if (!record) {
		record = spare(memory);
		if (!record)
			return false;
		memset(record, 0, sizeof(*record));
		snprintf(record->iccid, sizeof(record->iccid), "%s", iccid);
		record->pin = pin;
	}
	if (record->fate == PIN_REJECTED)
		return fate == PIN_REJECTED;
	if (fate == PIN_SENT && record->unknown < UINT8_MAX)
		record->unknown++;
	if (fate == PIN_ACCEPTED)
		record->unknown = 0;
	record->fate = fate;
	return true;
}

void pin_unnote(struct pin_memory *memory, const char *iccid, uint64_t pin)
{
	struct pin_record *record = find_to_change(memory, iccid, pin);

	if (!record || record->fate != PIN_SENT || !record->unknown)
		return;
	record->unknown--;
	if (!record->unknown)
		record->fate = PIN_FREE;
}
