/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The radio network as the modem sees it: coverage, registration, signal. */
#ifndef SIM_NETWORK_H
#define SIM_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

struct modem;

/* NAS registration states */
enum net_registration {
	NET_NOT_REGISTERED = 0,
	NET_REGISTERED = 1,
	NET_SEARCHING = 2,
	NET_DENIED = 3,
};

/* NAS radio interfaces */
enum net_rat {
	NET_GSM = 4,
	NET_UMTS = 5,
	NET_LTE = 8,
	NET_NR = 12,
};

/* NAS mode preference bits */
#define NET_MODE_GSM	0x0004
#define NET_MODE_UMTS	0x0008
#define NET_MODE_LTE	0x0010
#define NET_MODE_NR	0x0040

struct net_operator {
	uint16_t mcc, mnc;
	uint8_t mnc_len;
	char name[32];
	bool forbidden;
};

#define NET_OPERATORS	3

/* What a 5G radio has, alone and beside LTE */
#define NET_NR_BANDS	9
extern const uint16_t net_nr_bands[NET_NR_BANDS];

/* Written by Set System Selection Preference; survives a restart. */
struct net_preference {
	uint16_t mode;
	uint64_t band;
	uint64_t lte_band[4];
	uint64_t nr_sa[8], nr_nsa[8];
	uint16_t roaming;	/* 1 off, 2 not off, 3 not flashing, 0xff any */
	uint8_t manual;
	uint16_t mcc, mnc;
	uint8_t mnc_pcs;
	uint32_t domain;
	uint32_t acquisition;	/* GSM/WCDMA order */
	uint32_t usage;
	uint32_t voice;
	uint8_t order[8];
	uint8_t n_order;
	uint16_t technology;	/* the older Set Technology Preference */
	uint8_t technology_duration;
};

/* dBm, dB and 0.1 dB as NAS has them */
struct net_signal {
	int8_t rssi;
	int8_t rsrq;
	int16_t rsrp;
	int16_t snr;
};

struct network {
	/* Settings */
	struct net_operator operators[NET_OPERATORS];	/* the first is home */
	uint32_t register_ms;
	uint32_t scan_ms;
	uint32_t deny_cause;	/* 0: not denied */
	bool coverage;
	bool roaming;
	enum net_rat rat;
	bool nr;		/* the modem has a 5G radio */
	bool endc;		/* the LTE cell lends itself to 5G beside it */
	struct net_signal signal;
	uint16_t lac, tac;
	uint32_t cell;
	uint32_t clock;		/* seconds since 1970; 0: this host's */
	struct net_preference preference;

	/* State */
	enum net_registration registration;
	const struct net_operator *serving;	/* NULL: none */
	uint8_t reject_cause;
	bool detached;
	bool time_known;
	unsigned int timer;
};

void network_init(struct modem *modem);
/* The modem has a 5G radio, of which its preference makes use. */
void network_add_nr(struct modem *modem);
void network_power_off(struct modem *modem);

/* Something registration depends on has changed. */
void network_update(struct modem *modem);
/* Starts registration anew, as after a forced search. */
void network_restart(struct modem *modem);
void network_detach(struct modem *modem, bool detach);
void network_signal(struct modem *modem, const struct net_signal *signal);

bool network_is_registered(const struct modem *modem);
/* Registered, and where the preference wants it. */
bool network_is_settled(const struct modem *modem);
bool network_is_roaming(const struct modem *modem);
const char *network_state_name(const struct modem *modem);
/* @words: "deny cause 15", "register", "roam", "home", "search", "lost". */
int network_command(struct modem *modem, const char *words, char *err,
		    size_t err_len);

#endif /* SIM_NETWORK_H */
