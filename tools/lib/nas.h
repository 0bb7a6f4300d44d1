/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Network access: registration, what the cell says, signal. */
#ifndef M2M_NAS_H
#define M2M_NAS_H

#include "qmi.h"

#define QMI_NAS		0x03

#define NAS_SERVING_SYSTEM	0x0024	/* request and indication */
#define NAS_SYSTEM_INFO_IND	0x004e
#define NAS_SIGNAL_INFO_IND	0x0051
#define NAS_NETWORK_REJECT_IND	0x0068

enum nas_registration {
	NAS_NOT_REGISTERED = 0,
	NAS_REGISTERED = 1,
	NAS_SEARCHING = 2,
	NAS_DENIED = 3,
	NAS_REGISTRATION_UNKNOWN = 4,
};

#define NAS_PS_ATTACHED		1
#define NAS_RADIO_NONE		0
#define NAS_RADIO_GSM		4
#define NAS_RADIO_UMTS		5
#define NAS_RADIO_LTE		8
#define NAS_RADIO_NR		12

struct nas_serving {
	uint8_t registration;	/* enum nas_registration */
	uint8_t cs, ps;		/* 1 attached, 2 detached */
	int radio;		/* QMI radio interface, NAS_RADIO_NONE */
	bool has_roaming, roaming;
	bool has_plmn;
	uint16_t mcc, mnc;
	bool has_mnc3, mnc3;	/* the MNC has three digits: 001 is another than 01 */
	char operator_name[64];
	bool has_tac, has_cell;
	uint16_t tac;
	uint32_t cell;
};

/* System Info of the radio technology that has the most service, LTE's before others */
struct nas_system {
	bool has_status;
	uint8_t service;	/* 0 none, 1 limited, 2 available, 4 power-save */
	int domain;		/* 0 none, 1 CS, 2 PS, 3 both, 4 camped; -1 unknown */
	bool has_forbidden;
	bool forbidden;		/* the network is on the SIM's list of those */
	bool has_reject;
	uint8_t reject_cause;	/* 3GPP cause */
	bool has_tac;
	uint16_t tac;
	bool has_cell;
	uint32_t cell;
};

struct nas_reject {
	uint8_t domain, cause;
};

#define NAS_UNKNOWN	INT16_MIN

/* NAS_UNKNOWN where the modem said nothing */
struct nas_signal {
	int gsm_rssi_dbm;
	int umts_rssi_dbm, umts_ecio_db;
	int lte_rssi_dbm, lte_rsrq_db, lte_rsrp_dbm;
	int lte_snr_tenth_db;
	int nr_rsrp_dbm, nr_rsrq_db;
	int nr_snr_tenth_db;
};

/* How good that is: as good as the worst of what makes it */
enum nas_quality {
	NAS_QUALITY_UNKNOWN,
	NAS_POOR,
	NAS_FAIR,
	NAS_GOOD,
	NAS_EXCELLENT,
};

/* Of a technology alone; NAS_QUALITY_UNKNOWN if the modem does not use it */
enum nas_quality nas_quality_gsm(const struct nas_signal *signal);
enum nas_quality nas_quality_umts(const struct nas_signal *signal);
enum nas_quality nas_quality_lte(const struct nas_signal *signal);
enum nas_quality nas_quality_nr(const struct nas_signal *signal);

/* Parsers: 0, or -EBADMSG for a message that says too little */
int nas_serving_parse(QmiMessage *message, struct nas_serving *ret);
int nas_system_parse(QmiMessage *message, struct nas_system *ret);
int nas_signal_parse(QmiMessage *message, struct nas_signal *ret);
int nas_reject_parse(QmiMessage *message, struct nas_reject *ret);

int nas_serving_get(struct m2m_client *nas, struct nas_serving *ret,
		    struct m2m_error *error);
int nas_system_get(struct m2m_client *nas, struct nas_system *ret,
		   struct m2m_error *error);
int nas_signal_get(struct m2m_client *nas, struct nas_signal *ret,
		   struct m2m_error *error);
/* Ask for indications of registration, system, signal and rejects */
int nas_indications_on(struct m2m_client *nas, struct m2m_error *error);

/**
 * nas_signal_watch() - ask for an indication whenever a quality may have changed
 * @nas: client of the service
 * @error: filled on failure
 *
 * The modem gets the limits between the qualities and compares by itself. One that does not
 * know how tells every change.
 */
int nas_signal_watch(struct m2m_client *nas, struct m2m_error *error);

#endif /* M2M_NAS_H */
