/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ports as the kernel lists them: who they are, their clients, what happens to them. */
#ifndef M2M_PORT_H
#define M2M_PORT_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

#define PORT_SERVICES_MAX	48
#define PORT_LINKS_MAX		254
#define PORT_COUNTERS_MAX	64

struct m2m_nl;
struct nlmsghdr;

struct port_service {
	uint8_t id;
	uint16_t major, minor;
};

/* Values of link_layer, ul and dl are WDA's (enum m2m_wwan_link_layer, ..._aggregation) */
struct port_format {
	bool confirmed;		/* by the modem, since its last start */
	uint32_t link_layer;
	uint32_t ul, dl;
	uint32_t ul_max_datagrams, dl_max_datagrams;
	uint32_t ul_max_size, dl_max_size;	/* bytes of one transfer */
};

struct port_link {
	uint8_t mux_id;
	uint32_t ifindex;
	char ifname[IF_NAMESIZE];	/* "" in another namespace */
};

struct port_counter {
	char name[32];
	uint64_t value;
};

struct port {
	uint32_t id;
	char usb_path[64];
	uint16_t vendor, product;
	uint8_t interface;
	uint32_t ifindex;
	char ifname[IF_NAMESIZE];
	char chardev[32];		/* below /dev */
	uint32_t state;			/* enum m2m_wwan_state */
	bool leased;
	bool mainline;			/* the driver is not ours: see mainline.h */
	uint32_t clients;
	char serial[128];		/* "" unless CAP_NET_ADMIN */
	uint32_t usb_speed;		/* Mbit/s, 0 unknown */
	uint32_t agg_mask;		/* bit n: the driver speaks aggregation n */
	struct port_format format;
	size_t n_services;
	struct port_service services[PORT_SERVICES_MAX];
	size_t n_links;
	struct port_link links[PORT_LINKS_MAX];
	size_t n_counters;
	struct port_counter counters[PORT_COUNTERS_MAX];
};

struct port_client {
	uint32_t handle;
	uint8_t service, cid;
	uint32_t owner;			/* enum m2m_wwan_owner */
	uint32_t pid;
	char name[32];			/* "" unless opened with keep */
};

struct port_event {
	uint32_t port_id;
	uint32_t kind;			/* enum m2m_wwan_event */
	char usb_path[64];
	uint8_t interface;
	char reason[64];		/* "" if none */
	bool has_format, has_mux_id, has_on;
	struct port_format format;
	uint8_t mux_id;
	bool on;
};

/* A control frame as tap and ring show it; @frame lies in the message. */
struct port_tap {
	uint32_t port_id;
	bool from_modem;
	uint64_t time_ns;		/* CLOCK_BOOTTIME */
	const uint8_t *frame;
	size_t len;
};

/**
 * port_list() - all ports, by USB path and interface
 * @nl: socket of the m2m_wwan family
 * @ret_ports: array for free()
 * @ret_n: how many, maybe 0
 * @error: filled on failure
 */
int port_list(struct m2m_nl *nl, struct port **ret_ports, size_t *ret_n,
	      struct m2m_error *error);

/* port_get() - one port as it is now; -ENODEV when it is gone */
int port_get(struct m2m_nl *nl, uint32_t id, struct port *ret_port,
	     struct m2m_error *error);

/* port_refresh() - read @port anew; one of mainline's driver stays as it is */
int port_refresh(struct m2m_nl *nl, struct port *port, struct m2m_error *error);

/* port_clients() - the client ids of a port, an array for free(); privileged */
int port_clients(struct m2m_nl *nl, uint32_t id,
		 struct port_client **ret_clients, size_t *ret_n,
		 struct m2m_error *error);

/* port_ring() - the last control frames of a port, values masked; privileged */
int port_ring(struct m2m_nl *nl, uint32_t id,
	      void (*fn)(const struct port_tap *tap, void *data), void *data,
	      struct m2m_error *error);

/* port_lease() - become (or cease to be) the manager, as long as @nl lives */
int port_lease(struct m2m_nl *nl, uint32_t id, bool take,
	       struct m2m_error *error);

/* port_reset() - queue a reset of its USB device; events tell what becomes of it */
int port_reset(struct m2m_nl *nl, uint32_t id, struct m2m_error *error);

/*
 * Whether its modem may be asked: it answers, wakes up when it is, or is hung,
 * which only an answer can end.
 */
bool port_is_usable(const struct port *port);

/*
 * port_goes_before() - of two ports of one modem, whether @port is the one to use: a PDN
 * that is there stays reachable, and else the first interface is the same one each time
 */
bool port_goes_before(const struct port *port, const struct port *other);

/**
 * port_choose() - the port by which a modem with several is used
 * @ports: all there are
 * @n: how many
 * @usb_path: the modem
 *
 * Return: one of @ports, or NULL if the modem has none there.
 */
struct port *port_choose(struct port *ports, size_t n, const char *usb_path);

/* Whether the modem listed the service; false also while nothing is known. */
bool port_has_service(const struct port *port, uint8_t service);

/* What a message of the event and tap groups says; -ENOMSG if it is not one. */
int port_event_parse(struct nlmsghdr *msg, struct port_event *ret_event);
int port_tap_parse(struct nlmsghdr *msg, struct port_tap *ret_tap);

#endif /* M2M_PORT_H */
