/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A firmware half without USB: its frames and events end in these arrays. */
#ifndef TESTS_SIMQMI_H
#define TESTS_SIMQMI_H

#include "../lib/harness.h"
#include "../../tools/sim/firmware.h"

#define SIMQMI_FRAMES	64

struct simqmi_frame {
	unsigned int port;
	size_t len;
	uint8_t data[MODEM_FRAME_MAX];
};

struct simqmi {
	struct modem *modem;
	/* Frames go here instead of straight to @modem, if set. */
	void (*send)(const uint8_t *frame, size_t len);
	/* One turn of a main loop whose time is not the machine's, if set. */
	void (*turn)(void);
	struct simqmi_frame frame[SIMQMI_FRAMES];
	unsigned int n_frames;
	unsigned int reboots;
	unsigned int calls_up, calls_down;
	struct modem_format format[MODEM_PORTS_MAX];
	char last_event[64];
	const char *awaited;
	bool seen;
};

extern struct simqmi simqmi;

/* A modem with one port on interface 4, powered on; delays of a few ms. */
void simqmi_start(void);
/* The same, not yet powered on, with @n_ports ports on interfaces 8 and 10. */
void simqmi_new(unsigned int n_ports);
void simqmi_new_model(const struct modem_config *config);
void simqmi_set(const char *key, const char *value);
const char *simqmi_get(const char *key);

/* A frame in hexadecimal, spaces ignored; forgets the frames seen before. */
void simqmi_send(const char *hex);
/* The only frame since simqmi_send() is this one. */
void simqmi_expect(const char *file, int line, const char *hex);
#define EXPECT_FRAME(hex) simqmi_expect(__FILE__, __LINE__, hex)

/* What the modem's seam tells; a test with the USB half calls them itself. */
void simqmi_receive(unsigned int port, const uint8_t *frame, size_t len);
void simqmi_event(const char *name);

/* Runs the main loop until @event happened or fails the test. */
void simqmi_wait(const char *event);

/* Allocates an id of @service and returns it; 0 if refused. */
uint8_t simqmi_client(uint8_t service);
void simqmi_release(uint8_t service, uint8_t id);

/*
 * Sends message @id with TLVs in hexadecimal to @service and @client, waits
 * for its response, and returns its error. The response stays in
 * simqmi_answer; TLVs are read by simqmi_tlv().
 */
unsigned int simqmi_call(uint8_t service, uint8_t client, uint16_t id,
			 const char *tlvs);
/* Sends without waiting; the transaction is returned. */
uint16_t simqmi_post(uint8_t service, uint8_t client, uint16_t id,
		     const char *tlvs);
/* Waits for the response to @transaction and returns its error. */
unsigned int simqmi_result(uint8_t service, uint16_t transaction);
/* The value of a TLV of the last response as hexadecimal, "" if absent. */
const char *simqmi_tlv(uint8_t type);
/* How many indications @id to @service and @client came since simqmi_send(). */
unsigned int simqmi_indications(uint8_t service, uint8_t client, uint16_t id);

/* Waits until the card is ready and the modem registered. */
void simqmi_register(void);

#endif /* TESTS_SIMQMI_H */
