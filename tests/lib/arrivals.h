/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What became of the packets of streams.h: is it what was sent? */
#ifndef TESTS_ARRIVALS_H
#define TESTS_ARRIVALS_H

#include "streams.h"

extern struct packet got[STREAM];
extern size_t n_got;

/* A packet has come. */
void arrive(const u8 *packet, size_t len);

/* One of TCP, whose checksum is left to the device */
void arrive_unsummed(const u8 *packet, size_t len);

/*
 * One that is several segments: as tcp_gso_segment() and inet_gso_segment() make them,
 * and a device with TSO. @mss: of their payload; @counts: IPv4's ids do. Returns how
 * many they are.
 */
unsigned int arrive_segments(const u8 *whole, size_t len, size_t mss, bool counts);

/* All of @sent came: of each flow the same bytes, in the same order. */
void check_arrivals(void);

#endif /* TESTS_ARRIVALS_H */
