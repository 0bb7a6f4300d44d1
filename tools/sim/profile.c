// SPDX-License-Identifier: GPL-2.0-or-later
/* Profiles as the factory left them, and finding one. */
#include <stddef.h>
#include <string.h>

#include "profile.h"

void profiles_init(struct profiles *profiles)
{
	struct profile *p = profiles->slot;

	memset(profiles, 0, sizeof(*profiles));
	p[1] = (struct profile) {
		.used = true,
		.name = "profile1",
		.apn = "internet",
		.pdp = PROFILE_IPV4V6,
	};
	p[2] = (struct profile) {
		.used = true,
		.name = "profile2",
		.apn = "ims",
		.pdp = PROFILE_IPV4V6,
	};
	profiles->default_tethered = 1;
	profiles->default_embedded = 1;
	profiles->attach[0] = 1;
	profiles->n_attach = 1;
}

struct profile *profile_find(struct profiles *profiles, unsigned int number)
{
	if (!number || number > PROFILES_MAX || !profiles->slot[number].used)
		return NULL;
	return &profiles->slot[number];
}

unsigned int profile_free_number(const struct profiles *profiles)
{
	unsigned int i;

	for (i = 1; i <= PROFILES_MAX; i++)
		if (!profiles->slot[i].used)
			return i;
	return 0;
}

void profiles_attach(struct profiles *profiles)
{
	if (!profiles->n_pending)
		return;
	memcpy(profiles->attach, profiles->pending, sizeof(profiles->attach));
	profiles->n_attach = profiles->n_pending;
	profiles->n_pending = 0;
}
