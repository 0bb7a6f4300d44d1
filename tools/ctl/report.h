/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts that reports are made of: read from the modem, said to the output. */
#ifndef M2MCTL_REPORT_H
#define M2MCTL_REPORT_H

#include "../lib/dms.h"
#include "../lib/nas.h"
#include "../lib/uim.h"
#include "ctl.h"

/* A list or a status does not hang where one modem or one service is dead */
#define REPORT_TIMEOUT_MS	3000

struct report_sim {
	bool known;
	struct uim_sim sim;
	struct uim_slots slots;
	char iccid[24], imsi[24], msisdn[32];
};

struct report_network {
	bool known;
	struct nas_serving serving;
	struct nas_system system;
};

/*
 * Readers: what cannot be read is unknown in @ret; they fail, with ctl->error,
 * only if nothing at all could be.
 */
int report_read_sim(struct ctl *ctl, struct report_sim *ret);
int report_read_network(struct ctl *ctl, struct m2m_client *nas,
			struct report_network *ret);

void report_port(struct out *out, const struct port *port);
void report_format(struct out *out, const struct port_format *format);
void report_identity(struct out *out, const struct dms_identity *identity);
void report_sim(struct out *out, const struct report_sim *sim);
void report_network(struct out *out, const struct report_network *network);
void report_signal(struct out *out, const struct nas_signal *signal);

/* pdn-show.c: the table of PDNs; unprivileged it has what the kernel shows */
int report_pdns(struct ctl *ctl);

/* The mux id links of a port, number or unknown */
void report_opt(struct out *out, const char *key, const char *label,
		int64_t value, int64_t unknown);

/* Yes, no, or unknown */
void report_opt_bool(struct out *out, const char *key, const char *label, bool known,
		     bool value);

#endif /* M2MCTL_REPORT_H */
