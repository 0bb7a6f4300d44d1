// SPDX-License-Identifier: GPL-2.0-only
/* QMAP commands: the modem stops and starts the queue of a mux id. */
#include "compat.h"
#include "pipe.h"

/*
 * DOC: Flow control
 *
 * A command names a mux id and is acknowledged at once, others are answered
 * "unsupported". A modem that forgets to say go is not waited for longer than
 * FLOW_TIMEOUT. Listeners are told from flow_work, so that a modem which
 * toggles costs them at most one event for each time the work runs.
 *
 * A command has two bits for an IP family and a number for a QoS flow. They are not
 * looked at: the link stops, and what is said last counts. What they may say is published
 * nowhere. Mainline's rmnet and its makers' own, which modems are tried with, read
 * them and do as is done here (rmnet_map_command.c), since there is one flow for both
 * families on the host; to keep one of two families would take a second queue behind the
 * link's. A modem that meant one family has the other's packets a moment later; one that
 * lets but one of them go is sent both, and may say stop again.
 */

#define FLOW_TIMEOUT		(10 * HZ)
#define FLOW_COMMAND_MAX	256

static void flow_set(struct m2m_data *data, struct m2m_link *link, bool off)
{
	struct m2m_tx *tx = &data->tx;
	unsigned long flags;

	spin_lock_irqsave(&tx->lock, flags);
	if (off && !link->flow_off)
		m2m_link_count(link, M2M_LINK_flow_off);
	link->flow_since = jiffies;
	m2m_tx_set_flow(link, off);
	spin_unlock_irqrestore(&tx->lock, flags);
	mod_delayed_work(system_percpu_wq, &data->flow_work, 0);
}

static void flow_answer(struct m2m_data *data,
			const struct m2m_qmap_frame *frame,
			enum m2m_qmap_command_type type)
{
	struct m2m_qmap_frame head = *frame;
	struct sk_buff *skb;

	head.len = min_t(size_t, head.len, FLOW_COMMAND_MAX);
	skb = alloc_skb(QMAP_HEADER_LEN + head.len, GFP_ATOMIC);
	if (!skb) {
		m2m_pipe_drop(data, frame->mux_id, M2M_PIPE_tx_answers_lost);
		return;
	}
	m2m_qmap_answer(&head, type, skb_put(skb, QMAP_HEADER_LEN + head.len));
	m2m_tx_answer(data, skb);
}

void m2m_flow_command(struct m2m_data *data,
		      const struct m2m_qmap_frame *frame)
{
	struct m2m_link *link = m2m_data_link(data, frame->mux_id);
	struct m2m_qmap_command command;

	m2m_pipe_count(data, M2M_PIPE_rx_commands);
	m2m_qmap_read_command(frame, &command);
	/* Answers to commands that nobody sent need none. */
	if (command.type != M2M_QMAP_REQUEST)
		return;
	switch (command.name) {
	case M2M_QMAP_FLOW_DISABLE:
	case M2M_QMAP_FLOW_ENABLE:
		if (link)
			flow_set(data, link,
				 command.name == M2M_QMAP_FLOW_DISABLE);
		flow_answer(data, frame, M2M_QMAP_ACK);
		return;
	default:
		m2m_pipe_count(data, M2M_PIPE_rx_commands_unsupported);
		flow_answer(data, frame, M2M_QMAP_UNSUPPORTED);
	}
}

/* Returns jiffies until the link's silence is too long, 0 if it is not off. */
static unsigned long flow_expire(struct m2m_link *link)
{
	unsigned long since = jiffies - link->flow_since;

	lockdep_assert_held(&link->port->data->tx.lock);
	if (!link->flow_off)
		return 0;
	if (since < FLOW_TIMEOUT)
		return FLOW_TIMEOUT - since;
	m2m_link_count(link, M2M_LINK_flow_timeouts);
	m2m_tx_set_flow(link, false);
	return 0;
}

static unsigned long flow_check(struct m2m_data *data, struct m2m_link *link)
{
	struct m2m_event event = {
		.kind = M2M_WWAN_EVENT_FLOW,
		.mux_id = link->mux_id,
	};
	unsigned long left;
	bool tell;

	spin_lock_irq(&data->tx.lock);
	left = flow_expire(link);
	tell = link->flow_told != link->flow_off;
	link->flow_told = link->flow_off;
	event.on = !link->flow_off;
	spin_unlock_irq(&data->tx.lock);
	if (tell)
		m2m_port_event(data->port, &event);
	return left;
}

static void flow_work(struct work_struct *work)
{
	struct m2m_data *data = container_of(work, struct m2m_data,
					     flow_work.work);
	unsigned long next = 0, left;
	struct m2m_link *link;
	unsigned int i;

	rcu_read_lock();
	for (i = 0; i <= M2M_MUX_MAX; i++) {
		link = m2m_data_link(data, i);
		left = link ? flow_check(data, link) : 0;
		if (left && (!next || left < next))
			next = left;
	}
	rcu_read_unlock();
	/* Does nothing if a command asked for sooner. */
	if (next)
		schedule_delayed_work(&data->flow_work, next);
}

void m2m_flow_reset(struct m2m_data *data)
{
	struct m2m_link *link;
	unsigned int i;

	rcu_read_lock();
	for (i = 0; i <= M2M_MUX_MAX; i++) {
		link = m2m_data_link(data, i);
		if (link && READ_ONCE(link->flow_off))
			flow_set(data, link, false);
	}
	rcu_read_unlock();
}

void m2m_flow_init(struct m2m_data *data)
{
	INIT_DELAYED_WORK(&data->flow_work, flow_work);
}
