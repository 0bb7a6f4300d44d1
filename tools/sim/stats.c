// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the names of the counters. */
#include "bytes.h"
#include "stats.h"

static const struct usb_counter counters[] = {
#define X(counter) { #counter, offsetof(struct usb_stats, counter) },
	USB_COUNTERS(X)
#undef X
};

const struct usb_counter *usb_counter_at(unsigned int index)
{
	if (index >= ARRAY_SIZE(counters))
		return NULL;
	return &counters[index];
}
