/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The seam between QMI clients and what carries their frames. */
#ifndef M2M_QMI_TRANSPORT_H
#define M2M_QMI_TRANSPORT_H

#include "qmi.h"

struct m2m_transport;

/**
 * struct m2m_transport_ops - what a transport can do; none of it waits
 * @client_open: begin to open; a handle at once, m2m_transport_opened() later
 * @client_close: the client is gone; release: also if it was kept
 * @send: send a checked frame; m2m_transport_received() or _failed() later
 * @free: close everything
 * @nl: netlink socket, or NULL
 */
struct m2m_transport_ops {
	int (*client_open)(struct m2m_transport *t, uint8_t service,
			   const char *keep, uint32_t *ret_handle,
			   struct m2m_error *error);
	void (*client_close)(struct m2m_transport *t, uint32_t handle,
			     bool release);
	int (*send)(struct m2m_transport *t, uint32_t handle,
		    const uint8_t *frame, size_t len, unsigned int timeout_ms,
		    uint16_t *ret_tid, struct m2m_error *error);
	void (*free)(struct m2m_transport *t);
	struct m2m_nl *(*nl)(struct m2m_transport *t);
};

/* First member of every transport */
struct m2m_transport {
	const struct m2m_transport_ops *ops;
	struct m2m_qmi *qmi;
};

/* Takes the transport over */
struct m2m_qmi *m2m_qmi_new(struct m2m_transport *transport);

/* Upcalls; a handle nobody has any more is ignored. */
void m2m_transport_opened(struct m2m_transport *t, uint32_t handle,
			  bool was_kept, const struct m2m_error *error);
/* An answer (@tid not 0) or an indication; the frame is not checked yet. */
void m2m_transport_received(struct m2m_transport *t, uint32_t handle,
			    uint16_t tid, const uint8_t *frame, size_t len);
void m2m_transport_failed(struct m2m_transport *t, uint32_t handle,
			  uint16_t tid, const struct m2m_error *error);
/* The id is void: all requests fail, no more can be sent. */
void m2m_transport_died(struct m2m_transport *t, uint32_t handle,
			const struct m2m_error *error);

#endif /* M2M_QMI_TRANSPORT_H */
