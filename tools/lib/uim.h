/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The SIM: cards, slots, PINs and the two files everybody wants. */
#ifndef M2M_UIM_H
#define M2M_UIM_H

#include "qmi.h"

#define QMI_UIM			0x0b
#define UIM_CARD_STATUS_IND	0x0032
#define UIM_SLOT_STATUS_IND	0x0048

#define UIM_CARDS_MAX		4
#define UIM_APPS_MAX		8
#define UIM_SLOTS_MAX		8
#define UIM_AID_MAX		32
#define UIM_INDEX_NONE		0xffff

enum uim_card_state {
	UIM_CARD_ABSENT = 0,
	UIM_CARD_PRESENT = 1,
	UIM_CARD_ERROR = 2,
};

enum uim_app_state {
	UIM_APP_UNKNOWN = 0,
	UIM_APP_DETECTED = 1,
	UIM_APP_PIN = 2,
	UIM_APP_PUK = 3,
	UIM_APP_PERSO = 4,
	UIM_APP_BLOCKED = 5,
	UIM_APP_ILLEGAL = 6,
	UIM_APP_READY = 7,
};

/* The states of a PIN that decide something */
#define UIM_PIN_NOT_VERIFIED	1
#define UIM_PIN_VERIFIED	2
#define UIM_PIN_DISABLED	3
#define UIM_PIN_BLOCKED_FOR_GOOD	5

/* Why a card cannot be used: it was switched off */
#define UIM_ERROR_POWER_DOWN	1

struct uim_pin {
	uint8_t state;		/* UIM_PIN_... */
	uint8_t tries, puk_tries;
};

struct uim_app {
	uint8_t type;		/* 1 SIM, 2 USIM ... */
	uint8_t state;		/* enum uim_app_state */
	uint8_t perso_state;
	bool upin_replaces_pin1;
	struct uim_pin pin1;
};

struct uim_card {
	uint8_t state;		/* enum uim_card_state */
	uint8_t error;
	struct uim_pin upin;
	unsigned int n_apps;
	struct uim_app apps[UIM_APPS_MAX];
};

struct uim_status {
	bool empty;		/* the modem has nothing to say: there is no card */
	uint16_t primary;	/* high byte card, low byte application */
	unsigned int n_cards;
	struct uim_card cards[UIM_CARDS_MAX];
};

/* The status of the card that counts, in one word and with what matters */
enum uim_sim_state {
	UIM_SIM_INITIALIZING,	/* nothing may be concluded yet */
	UIM_SIM_ABSENT,
	UIM_SIM_ERROR,
	UIM_SIM_PIN,
	UIM_SIM_PUK,
	UIM_SIM_BLOCKED,
	UIM_SIM_PERSO,
	UIM_SIM_ILLEGAL,
	UIM_SIM_READY,
};

#define UIM_TRIES_UNKNOWN	-1

struct uim_sim {
	enum uim_sim_state state;
	uint8_t card_error;
	int app_type;		/* -1 without an application */
	int pin_state;		/* -1 unknown */
	int pin_tries, puk_tries; /* UIM_TRIES_UNKNOWN also for nonsense */
};

struct uim_slot {
	bool present, active;
	uint8_t logical;
	char iccid[24];
	char eid[36];
};

struct uim_slots {
	unsigned int n;
	struct uim_slot slots[UIM_SLOTS_MAX];
};

/* Parsers of answers and indications: 0 or -EBADMSG */
int uim_status_parse(QmiMessage *message, struct uim_status *ret);
int uim_slots_parse(QmiMessage *message, struct uim_slots *ret);
/* Digits of a nibble-swapped file padded with F; "" if it is not one */
void uim_bcd(const uint8_t *bytes, size_t len, char *ret, size_t size);
/* The same for an ICCID, where some issuers use A to E as well */
void uim_iccid(const uint8_t *bytes, size_t len, char *ret, size_t size);

/* EF SPN as UTF-8, "" if it has no name that can be read */
void uim_spn(const uint8_t *bytes, size_t len, char *ret, size_t size);

void uim_sim_of(const struct uim_status *status, struct uim_sim *ret);
/* Word of the state, stable: "ready", "pin-required" ... */
const char *uim_sim_word(enum uim_sim_state state);

int uim_status_get(struct m2m_client *uim, struct uim_status *ret,
		   struct m2m_error *error);
int uim_slots_get(struct m2m_client *uim, struct uim_slots *ret,
		  struct m2m_error *error);
int uim_indications_on(struct m2m_client *uim, struct m2m_error *error);

/* EF ICCID and EF IMSI, as digits; the latter needs the PIN first */
int uim_iccid_get(struct m2m_client *uim, char *ret, size_t size,
		  struct m2m_error *error);
int uim_imsi_get(struct m2m_client *uim, char *ret, size_t size,
		 struct m2m_error *error);

/*
 * What tells an issuer's cards apart: the digits of its MNC, its service provider's name
 * in UTF-8, its group in hexadecimal. -EBADMSG also where a card has the file and nothing
 * in it.
 */
int uim_mnc_len_get(struct m2m_client *uim, unsigned int *ret_len,
		    struct m2m_error *error);
int uim_spn_get(struct m2m_client *uim, char *ret, size_t size, struct m2m_error *error);
int uim_gid1_get(struct m2m_client *uim, char *ret, size_t size, struct m2m_error *error);

/**
 * uim_power() - switch a card's power
 * @uim: client of the service
 * @slot: from 1
 * @on: what it should be; that it is so already is no error
 * @ret_was_so: whether the modem says that it was so already; may be NULL
 * @error: -EOPNOTSUPP where the firmware cannot
 */
int uim_power(struct m2m_client *uim, uint8_t slot, bool on, bool *ret_was_so,
	      struct m2m_error *error);

/**
 * uim_slot_switch() - use the card of another slot
 * @uim: client of the service
 * @slot: the physical one, from 1; that it is so already is no error
 * @error: -EOPNOTSUPP where the firmware cannot
 *
 * Slots change a little later, and the card starts anew.
 */
int uim_slot_switch(struct m2m_client *uim, uint8_t slot, struct m2m_error *error);

/* uim_slot_of() - the slot of the card that counts: its number in uim_power() */
uint8_t uim_slot_of(const struct uim_status *status);

/* What is left of PIN1 and its PUK; UIM_TRIES_UNKNOWN if not told, or nonsense */
struct uim_tries {
	int pin, puk;
};

/*
 * The requests that need PIN1 or its PUK: 4 to 8 digits, 8 for a PUK, which the
 * caller wipes. -EKEYREJECTED is a wrong one, -EKEYREVOKED one that is blocked,
 * -EALREADY no change; @ret_tries is written in any case.
 */
int uim_pin_protect(struct m2m_client *uim, const char *pin, bool on,
		    struct uim_tries *ret_tries, struct m2m_error *error);
int uim_pin_change(struct m2m_client *uim, const char *pin, const char *new_pin,
		   struct uim_tries *ret_tries, struct m2m_error *error);
int uim_pin_unblock(struct m2m_client *uim, const char *puk, const char *new_pin,
		    struct uim_tries *ret_tries, struct m2m_error *error);

/**
 * uim_pin_verify() - try a PIN1
 * @uim: client of the service
 * @pin: 4 to 8 digits; the caller wipes it
 * @ret_tries: how many are left now, UIM_TRIES_UNKNOWN if not told
 * @error: -EKEYREJECTED for a wrong PIN
 */
int uim_pin_verify(struct m2m_client *uim, const char *pin, int *ret_tries,
		   struct m2m_error *error);

#endif /* M2M_UIM_H */
