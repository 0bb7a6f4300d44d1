/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The character device that $M2M_WDM names, as its users use it. */
#ifndef TESTS_WDM_H
#define TESTS_WDM_H

#include <stdbool.h>

#include "frame.h"

/* A descriptor; ends the test if there is none. */
int wdm_open(int flags);
/* Ends the test unless all of it is taken. */
void wdm_send(int fd, const struct frame *frame);
/* The next frame within @ms; false: none came. */
bool wdm_receive(int fd, struct frame *ret_frame, int ms);
/* Nothing comes within @ms of a healthy machine. */
bool wdm_is_quiet(int fd, int ms);
/* Sends @request and reads on until its answer comes. */
void wdm_call(int fd, const struct frame *request, struct frame *ret_answer);
/* The same without TLVs. Returns the QMI error. */
int wdm_simple_call(int fd, uint8_t service, uint8_t cid, uint16_t msgid);
/* ALLOCATE of CTL; returns the error, or 0 and the id. */
int wdm_try_allocate(int fd, uint8_t service, uint8_t *ret_cid);
uint8_t wdm_allocate(int fd, uint8_t service);
/* RELEASE of CTL; returns the error. */
int wdm_release(int fd, uint8_t service, uint8_t cid);

#endif /* TESTS_WDM_H */
