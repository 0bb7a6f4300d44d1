/* SPDX-License-Identifier: GPL-2.0-only */
/* The last control frames of a port, for looking at afterwards. */
#ifndef M2M_RING_H
#define M2M_RING_H

#include <linux/list.h>
#include <linux/types.h>

struct m2m_qmux;
struct m2m_ring;

/**
 * struct m2m_ring_entry - a frame that passed
 * @node: in the ring
 * @seq: counts up
 * @time_ns: CLOCK_BOOTTIME
 * @from_modem: or to it
 * @len: length of @data
 * @data: the frame, values of its TLVs zeroed
 */
struct m2m_ring_entry {
	struct list_head node;
	u64 seq;
	u64 time_ns;
	bool from_modem;
	size_t len;
	u8 data[];
};

struct m2m_ring *m2m_ring_new(void);
void m2m_ring_free(struct m2m_ring *ring);

/* Adds a frame, the oldest make room. Context: process, port->lock held. */
void m2m_ring_add(struct m2m_ring *ring, bool from_modem,
		  const struct m2m_qmux *qmux);

/* The first entry numbered @seq or later, or NULL. port->lock held. */
const struct m2m_ring_entry *m2m_ring_find(const struct m2m_ring *ring,
					   u64 seq);

/* The entry after @entry, or NULL. port->lock held. */
const struct m2m_ring_entry *m2m_ring_next(const struct m2m_ring *ring,
					   const struct m2m_ring_entry *entry);

#endif /* M2M_RING_H */
