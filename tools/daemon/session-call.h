/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files about a session's calls share: session-call.c and session-find.c. */
#ifndef M2MD_SESSION_CALL_H
#define M2MD_SESSION_CALL_H

#include "session.h"

/* The way to the modem, for connection.h */
struct connector call_connector(struct session *session);
/* FAMILY_ masks */
uint8_t call_families_up(const struct connection *connection);
uint8_t call_mask_of(enum pdn_family family);

/* call_complain() - in the log, of a PDN */
void call_complain(const struct session *session, const char *name,
		   const struct m2m_error *error);
/* call_tell_up() - its machine hears which families are up */
void call_tell_up(struct call *call, uint8_t families);

/* call_watch() - from now on the modem's indications end it */
void call_watch(struct call *call);
/*
 * call_relay() - addresses of what is gone go; what is still up gets its own anew
 *
 * Return: the families that were up and had to be ended, as without an address they are of
 * no use: the caller tells
 */
uint8_t call_relay(struct call *call);
/* call_release() - end families, and call_relay() the rest */
uint8_t call_release(struct call *call, uint8_t families);

/**
 * call_find() - what there is of a connection, whoever made it
 * @call: what it held is let go
 * @pdn: what is wanted
 * @keep: it stays if it is what is wanted; else it is taken away
 * @error: -ETIMEDOUT if the modem does not say whether a call is up: it is left as it is,
 *	until that has lasted; -EEXIST if an interface of that name is somebody else's
 */
int call_find(struct call *call, const struct plan_pdn *pdn, bool keep,
	      struct m2m_error *error);

#endif /* M2MD_SESSION_CALL_H */
