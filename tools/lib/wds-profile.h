/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Profiles in the modem's memory, and the one it attaches to LTE with. */
#ifndef M2M_WDS_PROFILE_H
#define M2M_WDS_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "qmi.h"

/* What one has, or is to have */
struct wds_profile {
	char apn[104];
	char user[128];
	bool has_password;	/* the modem told it, or it is wanted; not every one does */
	char password[128];	/* the caller wipes it */
	uint8_t auth;		/* enum wds_auth, none as 0 */
	bool v4, v6;
};

/* Parsers of answers: 0 or -EBADMSG; of no profile at all 0 */
int wds_profile_parse(QmiMessage *answer, struct wds_profile *ret);
int wds_attach_list_parse(QmiMessage *answer, uint8_t *ret_index);

/* wds_profile_same() - whether nothing has to be written; a password not told is right */
bool wds_profile_same(const struct wds_profile *is, const struct wds_profile *want);

/* wds_attach_index() - the 3GPP profile that the modem attaches with next */
int wds_attach_index(struct m2m_client *wds, uint8_t *ret_index, struct m2m_error *error);
int wds_profile_get(struct m2m_client *wds, uint8_t index, struct wds_profile *ret,
		    struct m2m_error *error);
/* wds_profile_set() - write it to the modem's memory, which wears out */
int wds_profile_set(struct m2m_client *wds, uint8_t index, const struct wds_profile *profile,
		    struct m2m_error *error);

#endif /* M2M_WDS_PROFILE_H */
