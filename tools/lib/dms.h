/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Device management: who the modem is and whether its radio is on. */
#ifndef M2M_DMS_H
#define M2M_DMS_H

#include "qmi.h"

#define QMI_DMS		0x02

enum dms_mode {
	DMS_ONLINE = 0,
	DMS_LOW_POWER = 1,
	DMS_FACTORY_TEST = 2,
	DMS_OFFLINE = 3,
	DMS_RESET = 4,
	DMS_SHUTTING_DOWN = 5,
	DMS_PERSISTENT_LOW_POWER = 6,
	DMS_MODE_ONLY_LOW_POWER = 7,
};

/* "" is what the modem did not tell */
struct dms_identity {
	char manufacturer[64];
	char model[64];
	char revision[96];
	char imei[24];
};

/* ... nor of these */
struct dms_versions {
	char hardware[64];
	char software[96];
};

struct dms_operating {
	uint8_t mode;			/* enum dms_mode */
	bool knows_restricted;
	bool hardware_restricted;	/* by a switch or a lock, not by us */
};

#define DMS_RADIOS_MAX	8

/* What the modem can; @n_radios 0 also where it does not tell, NAS_RADIO_GSM ... */
struct dms_capabilities {
	uint32_t max_tx_bps, max_rx_bps;
	unsigned int n_radios;
	int8_t radios[DMS_RADIOS_MAX];
};

/* What the radio has: bit 0 of the first word is band 1 */
struct dms_bands {
	uint64_t lte[4];
	bool has_nr;
	uint64_t nr[8];
};

/* What a mode means for who wants to be online */
enum dms_radio {
	DMS_RADIO_ON,
	DMS_RADIO_OFF,		/* dms_online() may help */
	DMS_RADIO_OFFLINE,	/* only a reset leads out */
	DMS_RADIO_LOCKED,	/* a person has to act */
};

/* Parsers of checked answers: 0, or -EBADMSG for one that says too little */
int dms_imei_parse(QmiMessage *answer, char *ret_imei, size_t size);
int dms_operating_parse(QmiMessage *answer, struct dms_operating *ret);

/* Whether it names one modem: 14 to 16 digits, not all of them zero */
bool dms_imei_is_valid(const char *imei);

int dms_imei_get(struct m2m_client *dms, char *ret_imei, size_t size,
		 struct m2m_error *error);
/* What single answers lack stays ""; fails only if the modem is mute */
int dms_identity_get(struct m2m_client *dms, struct dms_identity *ret,
		     struct m2m_error *error);
int dms_operating_get(struct m2m_client *dms, struct dms_operating *ret,
		      struct m2m_error *error);
/* The SIM's own number; "" for a SIM that does not know it */
int dms_msisdn_get(struct m2m_client *dms, char *ret, size_t size,
		   struct m2m_error *error);
int dms_versions_get(struct m2m_client *dms, struct dms_versions *ret,
		     struct m2m_error *error);
int dms_capabilities_parse(QmiMessage *answer, struct dms_capabilities *ret);
int dms_capabilities_get(struct m2m_client *dms, struct dms_capabilities *ret,
			 struct m2m_error *error);
int dms_bands_parse(QmiMessage *answer, struct dms_bands *ret);
int dms_bands_get(struct m2m_client *dms, struct dms_bands *ret,
		  struct m2m_error *error);
int dms_operating_set(struct m2m_client *dms, enum dms_mode mode,
		      struct m2m_error *error);
/* dms_events_on() - have the modem tell whenever its operating mode changes */
int dms_events_on(struct m2m_client *dms, struct m2m_error *error);
enum dms_radio dms_radio_of(const struct dms_operating *operating);

/**
 * dms_online() - switch the radio on
 * @dms: client of the service
 * @error: -ENETDOWN if hardware, or a lock of the maker that we cannot open, forbids it
 */
int dms_online(struct m2m_client *dms, struct m2m_error *error);

/* dms_reset() - have the firmware start anew; 0 if it is about to */
int dms_reset(struct m2m_client *dms, struct m2m_error *error);

#endif /* M2M_DMS_H */
