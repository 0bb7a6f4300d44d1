/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The firmware behind a descriptor; see ctlsim.h. */
#ifndef TESTS_CTLSIM_MODEM_H
#define TESTS_CTLSIM_MODEM_H

/* Starts the modem; a frame is a packet of @fd either way. */
void ctlsim_modem_start(int fd, const char *const settings[]);

#endif /* TESTS_CTLSIM_MODEM_H */
