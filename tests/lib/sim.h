/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The control socket of the virtual modem that $M2M_SIM names. */
#ifndef TESTS_SIM_H
#define TESTS_SIM_H

#include <stddef.h>

/* All end the test if the modem says no. */

/* One command, as printf() has it. */
void sim_do(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* What "ok" is followed by. */
void sim_ask(char *ret_answer, size_t len, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* "get KEY" and "stat KEY", as numbers */
long sim_get(const char *key);
long sim_stat(const char *key);
/* Waits until sim_get(@key) is @value. */
void sim_wait_get(const char *key, long value, int ms);
/* Waits until sim_get(@key) is @most or less. */
void sim_wait_most(const char *key, long most, int ms);
/* Waits until sim_stat(@key) is @value or more. */
void sim_wait_stat(const char *key, long value, int ms);

#endif /* TESTS_SIM_H */
