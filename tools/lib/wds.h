/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Wireless data: calls, their addresses, and why they end. */
#ifndef M2M_WDS_H
#define M2M_WDS_H

#include <netinet/in.h>

#include "qmi.h"

#define QMI_WDS			0x01
#define WDS_PACKET_STATUS	0x0022	/* request and indication */

/* A handle that names every call of the modem, not the client's alone */
#define WDS_ANY_HANDLE		0xffffffff

enum wds_auth {
	WDS_AUTH_UNSET = -1,
	WDS_AUTH_NONE = 0,
	WDS_AUTH_PAP = 1,
	WDS_AUTH_CHAP = 2,
	WDS_AUTH_BOTH = 3,
};

enum wds_status {
	WDS_DISCONNECTED = 1,
	WDS_CONNECTED = 2,
	WDS_SUSPENDED = 3,
	WDS_AUTHENTICATING = 4,
};

#define WDS_END_INTERNAL	2
#define WDS_END_CM		3
#define WDS_END_3GPP		6

/* Why a call ended or never began */
struct wds_reason {
	bool known;		/* the modem said anything at all */
	uint16_t short_reason;	/* old list, 0 if absent */
	bool verbose;		/* @type and @cause are known */
	uint16_t type;		/* WDS_END_3GPP ... */
	int16_t cause;
};

struct wds_call {
	const char *apn;	/* NULL: the modem's or network's own */
	const char *user;	/* NULL: none */
	const char *password;	/* NULL: none; the caller wipes it */
	enum wds_auth auth;
	uint8_t family;		/* 4 or 6 */
};

/* What the network gave; has_* say what of it the modem told */
struct wds_settings {
	uint8_t family;		/* 4, 6 or 0 */
	char apn[104];
	bool has_v4, has_v6;
	struct in_addr addr4, gateway4, mask4;
	unsigned int n_dns4;
	struct in_addr dns4[2];
	struct in6_addr addr6, gateway6;
	uint8_t prefix6;
	unsigned int n_dns6;
	struct in6_addr dns6[2];
	uint32_t mtu;		/* 0: not told */
};

/* With what a call was made, as far as the modem told */
struct wds_login {
	bool has_user, has_auth;
	char user[128];		/* in the bytes of the network, not only ASCII */
	uint8_t auth;		/* enum wds_auth */
};

struct wds_packet_status {
	uint8_t status;		/* enum wds_status */
	bool reconfigure;	/* indication: addresses changed */
	uint8_t family;		/* indication: 4, 6 or 0 */
	struct wds_reason reason;
};

struct wds_statistics {
	bool has_packets, has_bytes;
	uint32_t tx_packets, rx_packets;
	uint64_t tx_bytes, rx_bytes;
};

int wds_settings_parse(QmiMessage *answer, struct wds_settings *ret);
void wds_login_parse(QmiMessage *answer, struct wds_login *ret);
int wds_packet_status_parse(QmiMessage *message, struct wds_packet_status *ret);
int wds_statistics_parse(QmiMessage *answer, struct wds_statistics *ret);
/* As wds_throttle_get() has it; -EBADMSG if the list is cut short */
int wds_throttle_parse(QmiMessage *answer, const char *apn, uint8_t family, uint32_t *ret_ms);
/* From the answer of a start that failed, or a status indication */
void wds_reason_parse(QmiMessage *message, struct wds_reason *ret);

/* "3gpp unknown-apn (27)", for people */
void wds_reason_words(const struct wds_reason *reason, char *ret, size_t size);
/* Whether the network grants this APN another family only */
bool wds_reason_is_family(const struct wds_reason *reason);
/* Whether trying again without another configuration is of no use */
bool wds_reason_is_config(const struct wds_reason *reason);

/*
 * Whether a call's APN is the one asked for; the network may have appended its
 * own part to the name, and no name at all contradicts nothing.
 */
bool wds_apn_is(const char *apn, const char *given);

/* Addresses without sense are dropped, and said so: how many were */
unsigned int wds_settings_sanitize(struct wds_settings *settings);

int wds_mux_bind(struct m2m_client *wds, uint8_t interface, uint8_t mux_id,
		 struct m2m_error *error);
int wds_family_set(struct m2m_client *wds, uint8_t family,
		   struct m2m_error *error);

/**
 * wds_start() - start a call
 * @wds: client that will own it; keep it open, kept, or the call ends
 * @call: what to start
 * @ret_handle: packet data handle, for wds_stop(); WDS_ANY_HANDLE where a call
 *	of somebody else was up already, which has to be looked at before it is used
 * @ret_reason: why not, where the network refused
 * @error: after a time-out or interruption an abort was sent
 */
int wds_start(struct m2m_client *wds, const struct wds_call *call,
	      uint32_t *ret_handle, struct wds_reason *ret_reason,
	      struct m2m_error *error);
int wds_stop(struct m2m_client *wds, uint32_t handle, struct m2m_error *error);
/*
 * wds_stop_any() - end the call where the client is bound, whoever made it, and have the
 * modem make none by itself; 0 also if there is none
 */
int wds_stop_any(struct m2m_client *wds, struct m2m_error *error);
/* Whether the modem makes calls by itself: kept in its memory; -EOPNOTSUPP if it never does */
int wds_autoconnect_get(struct m2m_client *wds, bool *ret, struct m2m_error *error);
int wds_autoconnect_off(struct m2m_client *wds, struct m2m_error *error);
/**
 * wds_throttle_get() - how long the modem makes no call to an APN
 * @wds: any client
 * @apn: NULL: the modem's own, whichever that is
 * @family: 4 or 6
 * @ret_ms: 0: it makes one now
 * @error: -EOPNOTSUPP from a modem that does not say
 */
int wds_throttle_get(struct m2m_client *wds, const char *apn, uint8_t family,
		     uint32_t *ret_ms, struct m2m_error *error);
int wds_settings_get(struct m2m_client *wds, struct wds_settings *ret,
		     struct m2m_error *error);
/* Of a call that is up; firmware may tell neither, which is no error */
int wds_login_get(struct m2m_client *wds, struct wds_login *ret, struct m2m_error *error);
int wds_packet_status_get(struct m2m_client *wds,
			  struct wds_packet_status *ret,
			  struct m2m_error *error);
int wds_statistics_get(struct m2m_client *wds, struct wds_statistics *ret,
		       struct m2m_error *error);

#endif /* M2M_WDS_H */
