/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A whole modem on a bus made of function calls; the test is the host. */
#ifndef TESTS_SIMUSB_H
#define TESTS_SIMUSB_H

#include "../../tools/sim/usbdev.h"
#include "../../tools/sim/vmodem.h"
#include "simclock.h"
#include "simqmi.h"

/*
 * DOC: The host
 *
 * It configures the device when it appears, asks for DTR, keeps a request block
 * on the notification and bulk IN endpoints, fetches one response for each
 * notification, and clears a halt when it meets one. simqmi_call() and its kin
 * work through it, on port 0. Time is that of simclock.h.
 */

#define SIMUSB_TRANSFERS	64
#define SIMUSB_IN_LENGTH	32768

struct simusb_transfer {
	int status;
	size_t len;
	uint8_t data[SIMUSB_IN_LENGTH];
};

struct simusb {
	struct vmodem *vm;
	struct transport *transport;
	const struct identity *identity;
	unsigned int qmi_index;		/* of port 0's interface in the table */
	uint8_t qmi_interface;
	/* Frames are fetched and thrown away, whatever their size. */
	bool drain;
	/* Notifications change nothing; the bulk IN pipe is read no further. */
	bool deaf, jammed;
	unsigned int attaches, detaches;
	unsigned int notifications;
	unsigned int fetched, stalled;	/* GET_ENCAPSULATED_RESPONSEs */
	unsigned int halts;
	size_t longest;			/* response fetched */
	struct simusb_transfer in[SIMUSB_TRANSFERS];
	unsigned int n_in;
	const char *where, *failure;	/* what the program is told */
};

extern struct simusb simusb;

/*
 * Builds @model with @scenario (NULL: none) and starts it. The modem has
 * nothing to wait for unless the scenario says otherwise.
 */
void simusb_start(const char *model, const char *scenario);
/* The same in two steps, and from a scenario with its own delays. */
void simusb_new(const char *model, const char *scenario);
/* 0, or what vmodem_start() said; its sentence is then in @ret_err. */
int simusb_power(char *ret_err, size_t len);
void simusb_free(void);

/* "key: value" or a bare word; fails the test if it is refused. */
void simusb_do(const char *action);
const char *simusb_get(const char *key);
unsigned long simusb_stat(const char *name);
unsigned int simusb_count(const char *event);
bool simusb_is_plugged(void);
/* Waits until the modem is registered. */
void simusb_register(void);

/*
 * One control request. Returns its status, or -EINPROGRESS while the device
 * keeps it; *@len is what @data holds (OUT) or has room for (IN), and what came.
 */
int simusb_control(uint8_t type, uint8_t request, uint16_t value, uint16_t index,
		   void *data, size_t *len);
/* One transfer on the bulk OUT endpoint of interface @index of the table. */
int simusb_out(unsigned int index, const void *data, size_t len);
/* Clears a halt of port 0, as hosts do when they meet one. */
void simusb_unhalt(enum usbdev_pipe pipe);
/* The next transfer from the modem on port 0, or fails the test. */
const struct simusb_transfer *simusb_in(void);
/* Reads a serial port until nothing comes; text ends with NUL. */
const char *simusb_text(unsigned int index);

/* Index of the first interface with this role, or fails the test. */
unsigned int simusb_interface(enum interface_role role);

#endif /* TESTS_SIMUSB_H */
