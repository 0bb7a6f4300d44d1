/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SIM cards and slots: PIN state, retries and files, without any QMI. */
#ifndef SIM_SIM_CARD_H
#define SIM_SIM_CARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "qmi.h"

#define UICC_SLOTS_MAX	2
#define UICC_PIN_TRIES	3
#define UICC_PUK_TRIES	10
#define UICC_FILE_MAX	255
#define UICC_AID_LEN	16
#define UICC_FCP_MAX	64
#define UICC_CHANNELS	4	/* the basic one and three more */

struct modem;

/* Values of UIM's card status (libqmi qmi-enums-uim.h) */
enum uicc_card_state {
	UICC_CARD_ABSENT = 0,
	UICC_CARD_PRESENT = 1,
	UICC_CARD_ERROR = 2,
};

enum uicc_app_state {
	UICC_APP_UNKNOWN = 0,
	UICC_APP_DETECTED = 1,
	UICC_APP_PIN1 = 2,
	UICC_APP_PUK1 = 3,
	UICC_APP_PERSO = 4,
	UICC_APP_BLOCKED = 5,
	UICC_APP_ILLEGAL = 6,
	UICC_APP_READY = 7,
};

enum uicc_pin_state {
	UICC_PIN_UNINITIALIZED = 0,
	UICC_PIN_NOT_VERIFIED = 1,
	UICC_PIN_VERIFIED = 2,
	UICC_PIN_DISABLED = 3,
	UICC_PIN_BLOCKED = 4,
	UICC_PIN_ALWAYS_BLOCKED = 5,
};

/* Where a host is on the card, by one of its logical channels */
struct uicc_channel {
	bool open;
	bool app;		/* the USIM was selected here */
	bool adf;		/* in its directory, not in the MF */
	uint16_t ef;		/* the current file, or 0 */
	uint8_t response[UICC_FCP_MAX];	/* what waits for GET RESPONSE */
	size_t response_len;
};

struct uicc {
	/* What is burnt into the card or survives on it */
	bool present;
	char iccid[21];
	char imsi[16];
	uint8_t mnc_len;
	char spn[17];
	char msisdn[21];
	char gid1[17], gid2[17];	/* hexadecimal */
	char fplmn[61];			/* hexadecimal, 3 bytes each */
	char eid[33];			/* digits of an eUICC, or "" */
	char pin[9], puk[9];
	bool pin_enabled;
	uint32_t pin_tries, puk_tries;

	/* Since power on */
	bool powered;
	bool fault;			/* card error instead of an answer */
	enum uicc_app_state app;
	bool verified;
	bool session;			/* provisioning session active */
	unsigned int timer;
	struct uicc_channel channel[UICC_CHANNELS];
};

struct uicc_slots {
	struct uicc card[UICC_SLOTS_MAX];
	uint32_t n_slots;
	unsigned int active;
	uint32_t ready_ms;	/* power on to PIN known */
	uint32_t unlock_ms;	/* PIN accepted to ready */
	uint32_t switch_ms;	/* gap of a slot switch */
	bool no_uim;		/* the modem has no UIM service */
	bool refuse_uim;	/* it has, and knows none of its messages */
	bool empty_status;	/* without a card its status has no content */
	bool needs_radio;	/* a card has power only while the radio is on */
	bool manual_session;	/* waits for Change Provisioning Session */
	unsigned int switch_timer;
	unsigned int switch_to;
};

void uicc_init(struct modem *modem);
void uicc_power_on(struct modem *modem);
void uicc_power_off(struct modem *modem);
/* The radio was switched: see needs_radio */
void uicc_radio(struct modem *modem, bool on);

struct uicc *uicc_active(struct modem *modem);
bool uicc_is_ready(struct modem *modem);
/* Names of the active card's state, e.g. "absent", "pin", "ready". */
const char *uicc_state_name(struct modem *modem);

enum uicc_card_state uicc_card_state(const struct uicc *card);
enum uicc_pin_state uicc_pin_state(const struct uicc *card);

/* The card in @slot comes, goes, is switched off or on. */
void uicc_insert(struct modem *modem, unsigned int slot);
void uicc_remove(struct modem *modem, unsigned int slot);
void uicc_card_power(struct modem *modem, unsigned int slot, bool on);
/* Starts a switch; the card vanishes now, the other appears later. */
void uicc_switch(struct modem *modem, unsigned int slot);
void uicc_session(struct modem *modem, bool activate);

/* Each counts its tries down and tells everyone whom it concerns. */
enum qmi_error uicc_verify(struct modem *modem, const char *pin);
enum qmi_error uicc_unblock(struct modem *modem, const char *puk,
			    const char *new_pin);
enum qmi_error uicc_change(struct modem *modem, const char *old_pin,
			   const char *new_pin);
enum qmi_error uicc_protect(struct modem *modem, bool enable, const char *pin);

/* What the card says of its tries; a lie may be told here. */
uint8_t uicc_pin_tries(struct modem *modem);
uint8_t uicc_puk_tries(struct modem *modem);

/*
 * Contents of an elementary file: @record 0 reads a transparent one. Returns
 * the length, -ENOENT (no such file), -ENXIO (no such record) or -EISDIR,
 * -ENOTDIR (not of this structure).
 */
int uicc_file(const struct uicc *card, uint16_t file, unsigned int record,
	      uint8_t ret_data[UICC_FILE_MAX]);
/* How many records, 0 for a transparent file. */
unsigned int uicc_file_records(uint16_t file);
bool uicc_file_needs_pin(uint16_t file);
/* Whether it can be read as things stand. */
bool uicc_file_readable(const struct uicc *card, uint16_t file);
/* Whether it lies in the USIM's directory, or else in the MF. */
bool uicc_file_is_in(bool adf, uint16_t file);
/* The file of a directory by its short identifier, or 0. */
uint16_t uicc_file_by_sfi(bool adf, uint8_t sfi);
/* Templates as SELECT returns them: of a file of @len bytes, each record's. */
size_t uicc_file_fcp(uint16_t file, unsigned int records, unsigned int len,
		     uint8_t ret_fcp[UICC_FCP_MAX]);
size_t uicc_directory_fcp(const struct uicc *card, bool adf,
			  uint8_t ret_fcp[UICC_FCP_MAX]);
/* Replaces one record; returns as uicc_file(), or -EINVAL for the length. */
int uicc_file_write(struct modem *modem, uint16_t file, unsigned int record,
		    const uint8_t *data, size_t len);

/* The name of the USIM */
extern const uint8_t uicc_aid[UICC_AID_LEN];

/* Swapped digits padded with F, as ICCID and IMSI are stored. */
size_t uicc_bcd(const char *digits, uint8_t *ret_bcd, size_t size);

#endif /* SIM_SIM_CARD_H */
