// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the order of access points. */
#include <string.h>
#include <strings.h>

#include "../lib/fnv.h"
#include "apn.h"

#define MCC_INTERNATIONAL	901

/* APNs are case-insensitive (TS 23.003, 9.1) */
static uint64_t hash(uint64_t key, const char *s)
{
	for (; *s; s++) {
		char c = *s >= 'A' && *s <= 'Z' ? *s + 'a' - 'A' : *s;

		key = fnv_add(key, &c, 1);
	}
	return key;
}

uint64_t apn_key(const char *iccid, const char *name)
{
	uint64_t key = hash(FNV_START, iccid);

	/* so that no digit of the one can pass for a letter of the other */
	key = hash(key, "/");
	key = hash(key, name);
	return key ? key : 1;
}

struct list {
	const char *iccid;
	const char **names;
	struct apn *apns;
	size_t count;
};

static void add(struct list *list, const char *name, enum apn_source source)
{
	if (!name || strlen(name) >= APN_SIZE || list->count == APN_MAX)
		return;
	for (size_t i = 0; i < list->count; i++)
		if (!strcasecmp(list->names[i], name))
			return;
	list->names[list->count] = name;
	list->apns[list->count] = (struct apn){
		.key = apn_key(list->iccid, name),
		.source = source,
		.guessed = source >= APN_WINNER,
	};
	list->count++;
}

size_t apn_order(const char *iccid, const struct apn_known *known,
		 const char *ret_names[APN_MAX], struct apn ret_apns[APN_MAX])
{
	struct list list = { iccid, ret_names, ret_apns, 0 };

	if (known->configured_card)
		add(&list, known->configured_card, APN_CONFIGURED_CARD);
	else
		add(&list, known->configured, APN_CONFIGURED);
	if (list.count || !known->guess)
		return list.count;
	add(&list, known->winner, APN_WINNER);
	add(&list, known->network ? known->network : "", APN_NETWORK);
	if (known->database_count == 1)
		add(&list, known->database[0], APN_DATABASE);
	return list.count;
}

bool apn_may_roam(enum roaming roaming, bool guessed, unsigned int mcc)
{
	switch (roaming) {
	case ROAMING_ANY:
		return true;
	case ROAMING_HOME:
		return false;
	case ROAMING_AUTO:
		return !guessed || mcc == MCC_INTERNATIONAL;
	}
	return false;
}
