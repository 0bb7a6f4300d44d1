/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the commands about connections share. */
#ifndef M2MCTL_PDN_H
#define M2MCTL_PDN_H

#include "../lib/connection.h"
#include "ctl.h"

/* A way to ctl's modem; ctl_qmi() is done. m2m_nl_free(ret->rt) in the end */
int pdn_connector(struct ctl *ctl, struct connector *ret);
/* ctl fails as the connector did; 0 if @err is */
int pdn_failed(struct ctl *ctl, const struct connector *c, int err);

/* The fields of a connection, into an open section or row */
void pdn_report(struct out *out, const struct connection *pdn);

#endif /* M2MCTL_PDN_H */
