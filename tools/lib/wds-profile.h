/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The modem's stored profiles, and which of them it attaches with. */
#ifndef M2M_WDS_PROFILE_H
#define M2M_WDS_PROFILE_H

#include "wds.h"

#define WDS_APN_MAX		100	/* characters, as 3GPP TS 23.003 has it */
/*
 * Characters that a message has room for: QMI_WDS_USER_NAME_MAX_V01, which passwords share,
 * and QMI_WDS_PROFILE_NAME_MAX_V01 of Qualcomm's wireless_data_service_v01.h. Firmware may
 * keep fewer of a profile's name.
 */
#define WDS_USER_MAX		127
#define WDS_PROFILE_NAME_MAX	50
#define WDS_PROFILES_MAX	64
#define WDS_ATTACH_MAX		16

/* PDP types */
#define WDS_PDP_IPV4		0
#define WDS_PDP_IPV6		2
#define WDS_PDP_IPV4V6		3

/* What can be changed of a profile: NULL and -1 are left as they are */
struct wds_profile_change {
	const char *name, *apn, *user;
	const char *password;	/* the caller wipes it */
	int pdp;		/* WDS_PDP_... */
	int auth;		/* enum wds_auth */
};

/* To be wiped with wds_profile_wipe() */
struct wds_profile {
	uint8_t number;
	char name[64];
	char apn[WDS_APN_MAX + 1];
	char user[WDS_USER_MAX + 1];
	bool has_password, has_auth;	/* the modem told it; not every one does */
	char password[WDS_USER_MAX + 1];
	uint8_t pdp, auth;
	bool disabled, no_roaming;
};

struct wds_profile_list {
	unsigned int n;
	uint8_t number[WDS_PROFILES_MAX];
};

/* What the modem attaches to LTE with */
struct wds_attach {
	bool has_used;		/* told while it is attached */
	char apn[WDS_APN_MAX + 1];
	uint8_t pdp;		/* WDS_PDP_... */
	bool has_list;		/* old firmware has none and uses the default profile */
	unsigned int n, n_pending;
	uint16_t profile[WDS_ATTACH_MAX], pending[WDS_ATTACH_MAX];
	int max;		/* entries of the list, -1 unknown */
	int by_default;		/* the default profile, -1 unknown */
};

/* The profile that the modem attaches with next */
uint8_t wds_attach_next(const struct wds_attach *attach);

void wds_profile_wipe(struct wds_profile *profile);
/* Whether a change is one for this profile */
bool wds_profile_differs(const struct wds_profile *profile,
			 const struct wds_profile_change *change);
/* Whether the modem has the beginning of a name, and not all of it */
bool wds_profile_name_is_cut(const struct wds_profile *profile, const char *name);

/* Parsers: 0, or -EBADMSG */
int wds_profile_list_parse(QmiMessage *answer, struct wds_profile_list *ret);
int wds_profile_parse(QmiMessage *answer, struct wds_profile *ret);
/* A list of profiles of the attach PDN list: how many, -1 without it */
int wds_attach_list_parse(QmiMessage *answer, uint8_t tlv, uint16_t *ret_numbers);

/*
 * The requests. -ENOENT is a profile that is not there, -ENOSPC no room for one more;
 * -EACCES one that the modem does not let go.
 */
int wds_profile_list_get(struct m2m_client *wds, struct wds_profile_list *ret,
			 struct m2m_error *error);
int wds_profile_get(struct m2m_client *wds, uint8_t number, struct wds_profile *ret,
		    struct m2m_error *error);
int wds_profile_create(struct m2m_client *wds, const struct wds_profile_change *change,
		       uint8_t *ret_number, struct m2m_error *error);
/* What of @change is so already is not sent */
int wds_profile_modify(struct m2m_client *wds, const struct wds_profile *profile,
		       const struct wds_profile_change *change, struct m2m_error *error);
int wds_profile_delete(struct m2m_client *wds, uint8_t number, struct m2m_error *error);

/* What the modem does not tell is unknown in @ret; fails only if it is mute */
int wds_attach_get(struct m2m_client *wds, struct wds_attach *ret,
		   struct m2m_error *error);
/* @now: it detaches for it, else the list counts at the next attach */
int wds_attach_set(struct m2m_client *wds, const uint16_t *numbers, unsigned int n,
		   bool now, struct m2m_error *error);
int wds_default_profile_set(struct m2m_client *wds, uint8_t number,
			    struct m2m_error *error);

#endif /* M2M_WDS_PROFILE_H */
