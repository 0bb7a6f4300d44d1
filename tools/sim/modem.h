/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The seam of the virtual modem: USB half above, firmware (QMI) half below. */
#ifndef SIM_MODEM_H
#define SIM_MODEM_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * DOC: Who does what
 *
 * The USB half (usbdev.c and the transports) owns descriptors, endpoints, the
 * queues of both pipes, the data plane and every fault that happens to bytes.
 * The firmware half (modem.c, svc-*.c) owns QMI: client ids, SIM, registration,
 * PDNs, SMS, and every fault that happens to meaning (the "lie" class).
 * Both run in the one thread of the GLib main loop; nothing here blocks.
 */

#define MODEM_PORTS_MAX	2
#define MODEM_FRAME_MAX	4096

struct modem;

/* What a model is born with; strings must outlive the modem. */
struct modem_config {
	const char *manufacturer;
	const char *model;
	const char *revision;
	const char *imei;		/* 15 digits, or "" */
	unsigned int n_ports;		/* QMI interfaces, 1..MODEM_PORTS_MAX */
	uint8_t interface[MODEM_PORTS_MAX];	/* bInterfaceNumber of each */
	bool raw_ip_only;		/* refuses link layer 802.3 */
	bool voice;			/* offers the voice service */
	bool nr;			/* has a 5G radio */
	unsigned int qmap_mask;		/* QMAP versions offered: bit N is vN */
};

enum modem_link_layer {
	MODEM_802_3 = 1,		/* values of WDA's link layer TLV */
	MODEM_RAW_IP = 2,
};

/* WDA's aggregation protocol numbers (libqmi qmi-enums-wda.h) */
enum modem_aggregation {
	MODEM_AGG_OFF = 0,
	MODEM_AGG_QMAP = 5,
	MODEM_AGG_QMAPV2 = 6,
	MODEM_AGG_QMAPV4 = 8,
	MODEM_AGG_QMAPV5 = 9,
};

/* The data format in force on a port; the data plane obeys it. */
struct modem_format {
	enum modem_link_layer link_layer;
	enum modem_aggregation ul, dl;
	uint32_t dl_max_datagrams;
	uint32_t dl_max_size;		/* bytes of one bulk-in transfer */
	uint32_t ul_max_datagrams;
	uint32_t ul_max_size;
};

/* One established call of one IP family; lives in the firmware half. */
struct modem_call {
	unsigned int port;
	uint8_t mux_id;			/* 0: not bound to a mux id */
	uint8_t family;			/* 4 or 6 */
	struct in_addr addr4, gw4, dns4[2];
	uint8_t prefix4;
	struct in6_addr addr6, gw6, dns6[2];
	uint8_t prefix6;
	uint32_t mtu;
	bool dead;			/* "lie: dead-bearer": up, but no packet passes */
	bool dns64;			/* v6-only PDN: DNS answers are synthesised */
	bool public;			/* IPv4 that the Internet could reach */
	uint64_t tx_packets, rx_packets, tx_bytes, rx_bytes; /* as WDS counts: tx = from host */
};

/* The firmware half calls these; @usb is what modem_new() was given. */
struct modem_ops {
	/* A whole QMUX frame leaves the modem on the control pipe of @port. */
	void (*ctrl_out)(void *usb, unsigned int port,
			 const uint8_t *frame, size_t len);
	/* WDA or CTL 0x26 changed what the data pipe of @port carries. */
	void (*format)(void *usb, unsigned int port,
		       const struct modem_format *format);
	/* A call came up or went down: the peer forgets or learns addresses. */
	void (*call)(void *usb, const struct modem_call *call, bool up);
	/*
	 * Something a scenario may wait for, by name: "wds.start-network" after
	 * a message was answered, "nas.registered", "sim.ready" on a change.
	 * Called from within: what it starts must wait for the main loop.
	 */
	void (*event)(void *usb, const char *name);
	/* Leave the bus and come back @down_ms later (DMS reset, crash). */
	void (*reboot)(void *usb, unsigned int down_ms);
};

/* Is it a name that event() is ever told, by any model? */
bool modem_has_event(const char *name);

/* Returns a powered-off modem; the config is copied, its strings are not. */
struct modem *modem_new(const struct modem_config *config,
			const struct modem_ops *ops, void *usb);
void modem_free(struct modem *modem);

/* Firmware starts (boot delays, SIM and registration timers run) and stops. */
void modem_power_on(struct modem *modem);
void modem_power_off(struct modem *modem);

/* A frame arrived from the host by SEND_ENCAPSULATED_COMMAND; not trusted. */
void modem_ctrl_in(struct modem *modem, unsigned int port,
		   const uint8_t *frame, size_t len);
/*
 * SET_CONTROL_LINE_STATE of a model that wants DTR: without it the port is
 * mute, and losing it voids the port's client ids. Not called for others.
 */
void modem_dtr(struct modem *modem, unsigned int port, bool on);

/* The call packets of @mux_id and @family (4 or 6) belong to, or NULL. */
struct modem_call *modem_call_find(struct modem *modem, unsigned int port,
				   uint8_t mux_id, uint8_t family);

/*
 * Setting before or during the run: --set, the control socket and scenario
 * actions end here, e.g. key "sim.pin" value "1234", key "nas" value
 * "deny cause 15", key "lie" value "imei-empty". Returns 0, or -ENOENT for a
 * key that is not the firmware's, or another negative errno with a sentence
 * in @err.
 */
int modem_set(struct modem *modem, const char *key, const char *value,
	      char *err, size_t err_len);
/* Answers "key" queries of the control socket (counters, states); as above. */
int modem_get(struct modem *modem, const char *key, char *ret_value,
	      size_t len);

/*
 * An AT command about what the firmware keeps, without its AT: 0 with the lines of the
 * answer in @ret_text, "" for none; a cause of +CME ERROR; -ENOENT for another command.
 */
int modem_at(struct modem *modem, const char *command, char *ret_text, size_t len);

#endif /* SIM_MODEM_H */
