/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the commands about connections share. */
#ifndef M2MCTL_PDN_H
#define M2MCTL_PDN_H

#include "../lib/connection.h"
#include "ctl.h"
#include "nat64.h"

/* A way to ctl's modem; ctl_qmi() is done. pdn_connector_close() in the end */
int pdn_connector(struct ctl *ctl, struct connector *ret);
void pdn_connector_close(struct connector *c);
/* ctl fails as the connector did; 0 if @err is */
int pdn_failed(struct ctl *ctl, const struct connector *c, int err);

/* Whether all its calls are up and its interface is */
bool pdn_is_up(const struct connection *pdn);
/* "up", "partly-up", "down", or "unknown" */
const char *pdn_state(const struct connection *pdn);

/**
 * pdn_is_same() - whether one that is up is as it is asked for
 * @pdn: up
 * @want: what is asked for
 * @family: "4", "6", "46" or NULL
 * @vrf: ifindex of the VRF that @want names
 * @ret_what: if not, what it is up with: "the APN internet"
 * @size: of @ret_what
 *
 * A password cannot be compared. What is not asked for may be anything.
 */
bool pdn_is_same(const struct connection *pdn, const struct connection_want *want,
		 const char *family, unsigned int vrf, char *ret_what, size_t size);

/* What has to be asked for besides, and is not known where it was not */
struct pdn_more {
	bool nobody_told;		/* of its DNS servers */
	char nat64[NAT64_MAX];		/* "" */
	bool is_public[PDN_FAMILIES];
	bool knows_filter;
	bool is_filtered[PDN_FAMILIES];	/* what comes in */
};

void pdn_more_read(struct ctl *ctl, const struct connection *pdn, struct pdn_more *ret);
/* pdn_more_explain() - @before, which is taken over, and a line for each thing to be said */
char *pdn_more_explain(const struct connection *pdn, const struct pdn_more *more,
		       char *before);
/* ... and says and frees them */
void pdn_more_say(struct out *out, char *lines);

/**
 * pdn_dns_set() - have the host's names asked through it, or, with "dns no", not
 * @ctl: its key
 * @c: the way
 * @want: its metric
 * @pdn: up
 *
 * Return: false if it has servers, and there is nobody to tell of them.
 */
bool pdn_dns_set(struct ctl *ctl, struct connector *c, const struct connection_want *want,
		 struct connection *pdn);
/* pdn_dns_unset() - take that back, before the link goes; then pdn_dns_settle() the others */
void pdn_dns_unset(const struct connection *pdn);
void pdn_dns_settle(struct ctl *ctl, struct connector *c);

/* The fields of a connection, into an open section or row */
void pdn_report(struct out *out, const struct connection *pdn, const struct pdn_more *more);

#endif /* M2MCTL_PDN_H */
