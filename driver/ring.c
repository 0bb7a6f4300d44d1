// SPDX-License-Identifier: GPL-2.0-only
/* The ring of past control frames: bounded in bytes, no secrets in it. */
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "qmux.h"
#include "ring.h"

#define RING_BYTES_MAX	(256 * 1024)

struct m2m_ring {
	struct list_head entries;
	size_t bytes;
	u64 next_seq;
};

struct m2m_ring *m2m_ring_new(void)
{
	struct m2m_ring *ring = kzalloc(sizeof(*ring), GFP_KERNEL);

	if (ring)
		INIT_LIST_HEAD(&ring->entries);
	return ring;
}

static void drop_oldest(struct m2m_ring *ring)
{
	struct m2m_ring_entry *entry;

	entry = list_first_entry(&ring->entries, struct m2m_ring_entry, node);
	list_del(&entry->node);
	ring->bytes -= struct_size(entry, data, entry->len);
	kfree(entry);
}

void m2m_ring_free(struct m2m_ring *ring)
{
	if (!ring)
		return;
	while (!list_empty(&ring->entries))
		drop_oldest(ring);
	kfree(ring);
}

void m2m_ring_add(struct m2m_ring *ring, bool from_modem,
		  const struct m2m_qmux *qmux)
{
	struct m2m_ring_entry *entry;
	size_t size = struct_size(entry, data, qmux->len);

	entry = kmalloc(size, GFP_KERNEL);
	if (!entry)
		return;
	entry->seq = ring->next_seq++;
	entry->time_ns = ktime_get_boottime_ns();
	entry->from_modem = from_modem;
	entry->len = qmux->len;
	m2m_qmux_mask(qmux, entry->data);
	list_add_tail(&entry->node, &ring->entries);
	ring->bytes += size;
	while (ring->bytes > RING_BYTES_MAX)
		drop_oldest(ring);
}

const struct m2m_ring_entry *m2m_ring_next(const struct m2m_ring *ring,
					   const struct m2m_ring_entry *entry)
{
	return list_is_last(&entry->node, &ring->entries) ? NULL :
	       list_next_entry(entry, node);
}

const struct m2m_ring_entry *m2m_ring_find(const struct m2m_ring *ring,
					   u64 seq)
{
	const struct m2m_ring_entry *entry;

	list_for_each_entry(entry, &ring->entries, node)
		if (entry->seq >= seq)
			return entry;
	return NULL;
}
