/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The USB device below a port, and the sleep of the whole system. */
#ifndef TESTS_USB_H
#define TESTS_USB_H

#include <stdbool.h>

/* Attributes of the device that $M2M_USB names, a directory of sysfs; all end
 * the test if one is missing.
 */
void usb_set(const char *attribute, const char *value);
bool usb_is(const char *attribute, const char *value);
long usb_number(const char *attribute);
/* Waits until usb_is(). */
void usb_wait(const char *attribute, const char *value, int ms);

/*
 * All devices go to sleep and wake at once, as for @state (of /sys/power/state).
 * Ends the test if one refuses.
 */
void system_suspend(const char *state);

#endif /* TESTS_USB_H */
