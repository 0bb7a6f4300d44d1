/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The SIM by whichever service the modem has for it: UIM, or DMS as before UIM existed. */
#ifndef M2M_CARD_H
#define M2M_CARD_H

#include "uim.h"

struct card {
	struct m2m_client *uim;		/* NULL where the modem has none */
	struct m2m_client *dms;		/* NULL: UIM alone is asked */
};

/**
 * card_sim_get() - what the card is
 * @card: whom to ask
 * @ret: the answer
 * @ret_slot: its number in uim_power(); 0 where its power cannot be switched
 * @error: filled on failure
 */
int card_sim_get(const struct card *card, struct uim_sim *ret, uint8_t *ret_slot,
		 struct m2m_error *error);

/* As uim_iccid_get() and the like */
int card_iccid_get(const struct card *card, char *ret, size_t size,
		   struct m2m_error *error);
int card_imsi_get(const struct card *card, char *ret, size_t size,
		  struct m2m_error *error);
int card_pin_verify(const struct card *card, const char *pin, int *ret_tries,
		    struct m2m_error *error);
int card_pin_protect(const struct card *card, const char *pin, bool on,
		     struct uim_tries *ret_tries, struct m2m_error *error);
int card_pin_change(const struct card *card, const char *pin, const char *new_pin,
		    struct uim_tries *ret_tries, struct m2m_error *error);
int card_pin_unblock(const struct card *card, const char *puk, const char *new_pin,
		     struct uim_tries *ret_tries, struct m2m_error *error);

/* card_pin_status_parse() - DMS's status of PIN1: 0, or -EBADMSG without one */
int card_pin_status_parse(QmiMessage *answer, struct uim_sim *ret);

#endif /* M2M_CARD_H */
