/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A clock of the tests' own behind GLib's timers: minutes pass at once. */
#ifndef TESTS_SIMCLOCK_H
#define TESTS_SIMCLOCK_H

/*
 * DOC: Time
 *
 * A program that links simclock.c has g_timeout_add(), g_timeout_add_full() and
 * g_get_monotonic_time() from there. Time stands still but for the calls below;
 * what is due at one time runs in the order of priority, then of age.
 */

/* Milliseconds since the program started. */
unsigned int clock_now(void);
/* Runs what is due now, until nothing is. */
void clock_settle(void);
/* Runs what is due now, or goes on to the next time at which something is. */
void clock_turn(void);
/* Lets @ms pass and runs everything that becomes due meanwhile. */
void clock_pass(unsigned int ms);

#endif /* TESTS_SIMCLOCK_H */
