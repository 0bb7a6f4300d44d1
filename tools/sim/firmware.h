/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the firmware half share: the modem, clients, requests. */
#ifndef SIM_FIRMWARE_H
#define SIM_FIRMWARE_H

#include "message-fault.h"
#include "modem.h"
#include "network.h"
#include "pdn.h"
#include "qmi.h"
#include "sim-card.h"
#include "sms.h"

/* Changes of state a scenario may wait for; names in modem.c. */
enum modem_event {
	EVENT_BOOTED,
	EVENT_SYNC,
	EVENT_SIM_READY,
	EVENT_SIM_LOCKED,
	EVENT_SIM_BLOCKED,
	EVENT_SIM_REMOVED,
	EVENT_SIM_INSERTED,
	EVENT_NAS_SEARCHING,
	EVENT_NAS_REGISTERED,
	EVENT_NAS_DENIED,
	EVENT_NAS_LOST,
	EVENT_WDS_CONNECTED,
	EVENT_WDS_DISCONNECTED,
	EVENT_WDS_REFUSED,
	EVENT_DMS_MODE,
	EVENT_WDA_FORMAT,
	EVENT_WMS_RECEIVED,
	EVENT_CLIENTS_EXHAUSTED,
	EVENT_MEMORY_WRITTEN,
};

/* The "lie" class, one bit each; names in settings.c. */
enum modem_lie {
	LIE_WDA_V5_SENDS_V1,
	LIE_DEAD_BEARER,
	LIE_SET_IGNORED,
	LIE_BAD_ADDRESS,
	LIE_BAD_MASK,
	LIE_BAD_MTU,
	LIE_BAD_DNS,
	LIE_SAME_HANDLE,
	LIE_PIN_TRIES_255,
	LIE_IMEI_EMPTY,
	LIE_IMEI_ZERO,
	LIE_IMEI_DOUBLED,
	LIE_NO_INDICATIONS,
	LIE_DEAD_SERVICES,
	LIE_SLOW_FIRST,
	LIE_PASSWORD_HIDDEN,
	LIE_AUTH_HIDDEN,
	LIE_NAME_CUT,
	LIE_COUNT,
};

/* DMS operating modes */
enum dms_mode {
	DMS_ONLINE = 0,
	DMS_LOW_POWER = 1,
	DMS_FACTORY_TEST = 2,
	DMS_OFFLINE = 3,
	DMS_RESET = 4,
	DMS_SHUTDOWN = 5,
	DMS_PERSISTENT_LOW_POWER = 6,
	DMS_MODE_ONLY_LOW_POWER = 7,
};

struct dms_state {
	uint8_t mode;
	bool persistent_low_power;
	bool fcc_locked;	/* online only after FCC authentication */
	bool fcc_foreign;	/* that is another message than ours */
	bool fcc_done;
	bool refuse_reset;
	bool switched_off;	/* hardware rf-kill line */
	uint32_t reboot_ms;
	unsigned int reboot_timer;
	char hardware[32];
	char software[64];
	int64_t time_offset_ms;
};

struct wda_state {
	uint32_t dl_size, dl_datagrams;	/* most the firmware grants */
	uint32_t ul_size, ul_datagrams;
	bool endpoint_required;
	bool refuse;		/* an unoffered version is an error */
};

#define AT_EDRX_TYPES	5	/* of access technologies */

/* What AT commands alone set; lies in memory */
struct at_state {
	uint8_t psm;
	char psm_timer[4][9];			/* bits; "" where none was set */
	char edrx[AT_EDRX_TYPES][5];
	uint8_t iot_mode;
};

struct dms_client {
	bool mode, pin, uim, wireless;
};

#define NAS_THRESHOLDS	16

/* When a change of one figure is worth an indication; unit as the figure's */
struct nas_threshold {
	bool set;
	int16_t list[NAS_THRESHOLDS];
	uint8_t n;
	uint16_t delta;
	int16_t last;
};

enum nas_figure {
	NAS_RSSI,
	NAS_RSRQ,
	NAS_RSRP,
	NAS_SNR,
	NAS_FIGURES,
};

struct nas_client {
	bool preference, serving, time, system, signal, band, reject;
	bool suppress_system;
	bool event_signal, event_band, event_reject;
	struct nas_threshold threshold[NAS_FIGURES];
};

struct uim_client {
	uint32_t events;
	bool refresh;
};

struct wds_client {
	uint8_t family;		/* 4, 6 or 0: not said */
	bool bound;
	unsigned int port;	/* of the data, see Bind Mux Data Port */
	uint8_t mux_id;
	bool data_call, technology, current_technology, dormancy;
	bool ip_config, profile_events;
	uint32_t statistics_mask;
	unsigned int statistics_timer;
};

struct wms_client {
	bool report;
};

/* An allocated client id; freed when released. */
struct client {
	struct client *next;
	struct modem *modem;
	unsigned int port;
	uint8_t service;
	uint8_t id;
	union {
		struct dms_client dms;
		struct nas_client nas;
		struct uim_client uim;
		struct wds_client wds;
		struct wms_client wms;
	};
};

struct fw_port {
	struct client *clients;
	uint8_t last_id[UINT8_MAX + 1];	/* by service */
	struct modem_format format;
	bool mute;		/* DTR is wanted and off */
};

struct held_frame;
struct late_answer;

struct modem {
	struct modem_config config;
	const struct modem_ops *ops;
	void *usb;

	bool on;
	bool booted;
	bool waiting;		/* "slow-first": the first message waits */
	bool waited;
	unsigned int boot_timer;
	unsigned int wait_timer;
	struct held_frame *held, **held_end;

	/* Settings of the firmware itself */
	uint32_t boot_ms;
	bool boot_sync;
	uint32_t slow_first_ms;
	uint32_t pool_size[UINT8_MAX + 1];	/* by service, 0: as all */
	uint32_t pool_size_all;
	uint32_t lies;
	char unknown[128];	/* messages it lacks: "wds.set-ip-family,..." */
	struct message_fault refuse, lose, late;
	struct late_answer *late_answers;

	uint32_t nv_writes;
	struct fw_port port[MODEM_PORTS_MAX];
	struct answer *answers;

	struct dms_state dms;
	struct at_state at;
	struct wda_state wda;
	struct uicc_slots sim;
	struct network net;
	struct pdn_state pdn;
	struct sms_state sms;
};

struct request;

struct message {
	uint16_t id;
	const char *name;	/* as qmicli's options spell it */
	enum qmi_error (*handle)(struct request *request);
};

struct service {
	uint8_t id;
	const char *name;
	uint16_t major, minor;
	const struct message *messages;
	unsigned int n_messages;
	/* Default state of a new client; may be NULL. */
	void (*open)(struct client *client);
	/* The id is about to be freed; may be NULL. */
	void (*close)(struct client *client);
};

/* One request while its handler runs. */
struct request {
	struct modem *modem;
	unsigned int port;
	struct client *client;	/* NULL for CTL */
	const struct qmi_frame *frame;
	const struct service *service;
	const struct message *message;
	struct qmi_msg *msg;	/* the response; TLVs stay on an error too */
};

/* An answer given later; dropped with its client. */
struct answer {
	struct answer *next;
	struct modem *modem;
	unsigned int port;
	struct qmi_frame to;	/* without its TLVs */
	const struct service *service;
	const struct message *message;
	unsigned int timer;
	enum qmi_error (*fill)(struct answer *answer, struct qmi_msg *msg);
	void *data;
};

extern const struct service svc_ctl, svc_dms, svc_nas, svc_wds, svc_uim,
	svc_wda, svc_wms, svc_dpm, svc_voice;

const struct service *service_find(uint8_t id);
/* Is it "service.message" of one that there is? */
bool message_is_known(const char *name);
/* All services there are; NULL after the last. */
const struct service *service_at(unsigned int i);
/* Is it one that this model has, and that is not dead? */
bool modem_offers(const struct modem *modem, const struct service *service);

static inline bool modem_lies(const struct modem *modem, enum modem_lie lie)
{
	return modem->lies & 1u << lie;
}

void modem_event(struct modem *modem, enum modem_event event);
/* One write to non-volatile memory. */
void modem_nv_write(struct modem *modem);
/* Firmware leaves the bus; @down_ms later it comes back. */
void modem_reboot(struct modem *modem, unsigned int down_ms);
/* QMI restarts below a USB device that stays. */
void modem_qmi_restart(struct modem *modem);

/* NULL with @ret_error if the pool is empty or the service unknown. */
struct client *client_new(struct modem *modem, unsigned int port,
			  uint8_t service, enum qmi_error *ret_error);
struct client *client_find(const struct modem *modem, unsigned int port,
			   uint8_t service, uint8_t id);
void client_free(struct client *client);
void clients_drop(struct modem *modem, unsigned int port);
unsigned int clients_count(const struct modem *modem, unsigned int port,
			   uint8_t service);

/* The response to @request is sent @ms from now; returns QMI_DEFERRED. */
struct answer *request_defer(struct request *request, unsigned int ms,
			     enum qmi_error (*fill)(struct answer *answer,
						    struct qmi_msg *msg),
			     void *data);
/* Fills, sends and frees it now. */
void answer_send(struct answer *answer);
/* Frees it unsent; NULL is ignored. */
void answer_drop(struct answer *answer);

/*
 * Offers an indication to every client of @service; @fill adds TLVs, or
 * returns false if this client did not ask for it.
 */
void modem_indicate(struct modem *modem, uint8_t service, uint16_t message,
		    bool (*fill)(struct client *client, struct qmi_msg *msg,
				 const void *data),
		    const void *data);

/* Index of the port whose data interface is @interface, or -1. */
int modem_port_of_interface(const struct modem *modem, uint32_t interface);

/* State behind one service tells another service's clients. */
void uim_card_changed(struct modem *modem);
void uim_slots_changed(struct modem *modem);
void uim_refresh(struct modem *modem);
void dms_mode_changed(struct modem *modem);
void dms_sim_changed(struct modem *modem);
void nas_registration_changed(struct modem *modem);
void nas_rejected(struct modem *modem, uint8_t cause);
void nas_signal_changed(struct modem *modem);
void nas_time_changed(struct modem *modem);
void wds_call_changed(struct modem *modem, const struct pdn_call *call,
		      bool up, struct pdn_reason reason);
/* Every client of the call is told to read its settings again. */
void wds_settings_changed(struct modem *modem, const struct pdn_call *call);
void wms_received(struct modem *modem, enum sms_storage storage, int index);
void wms_transfer(struct modem *modem, const uint8_t *pdu, size_t len);

void dms_init(struct modem *modem);
/* Online, low power or offline; on behalf of DMS or of a setting. */
void dms_mode_set(struct modem *modem, enum dms_mode mode);
bool dms_radio_is_on(const struct modem *modem);
const char *dms_imei(const struct modem *modem);

void wda_init(struct modem *modem);
void wda_power_on(struct modem *modem);

#endif /* SIM_FIRMWARE_H */
