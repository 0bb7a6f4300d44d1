/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A reader of QMI that nobody here wrote. */
#ifndef TESTS_WITNESS_H
#define TESTS_WITNESS_H

#include <stddef.h>
#include <stdint.h>

/*
 * What libqmi makes of a frame, as qmicli --verbose shows it; to be freed. Fails the test
 * where it takes it for none.
 */
char *witness_text(const uint8_t *frame, size_t len);

#endif /* TESTS_WITNESS_H */
