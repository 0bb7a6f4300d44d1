/* SPDX-License-Identifier: GPL-2.0-only */
/* Tracepoints: control frames by their headers, changes of state, and what is dropped. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM m2m_wwan

#if !defined(M2M_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define M2M_TRACE_H

#include <linux/tracepoint.h>

#include "port.h"
#include "qmux.h"

TRACE_EVENT(m2m_ctrl,
	TP_PROTO(const struct m2m_port *port, bool from_modem,
		 const struct m2m_qmux *qmux),
	TP_ARGS(port, from_modem, qmux),
	TP_STRUCT__entry(
		__field(u32, port)
		__field(bool, from_modem)
		__field(u8, service)
		__field(u8, cid)
		__field(u8, type)
		__field(u16, tid)
		__field(u16, msgid)
		__field(u32, len)
	),
	TP_fast_assign(
		__entry->port = port->id;
		__entry->from_modem = from_modem;
		__entry->service = qmux->service;
		__entry->cid = qmux->cid;
		__entry->type = qmux->type;
		__entry->tid = qmux->tid;
		__entry->msgid = qmux->msgid;
		__entry->len = qmux->len;
	),
	TP_printk("port=%u %s service=%u cid=%u %s tid=%u msgid=0x%04x len=%u",
		  __entry->port, __entry->from_modem ? "rx" : "tx",
		  __entry->service, __entry->cid,
		  __print_symbolic(__entry->type,
				   { M2M_QMUX_REQUEST, "request" },
				   { M2M_QMUX_RESPONSE, "response" },
				   { M2M_QMUX_INDICATION, "indication" }),
		  __entry->tid, __entry->msgid, __entry->len)
);

TRACE_EVENT(m2m_state,
	TP_PROTO(const struct m2m_port *port, u32 state),
	TP_ARGS(port, state),
	TP_STRUCT__entry(
		__field(u32, port)
		__field(u32, from)
		__field(u32, to)
	),
	TP_fast_assign(
		__entry->port = port->id;
		__entry->from = port->state;
		__entry->to = state;
	),
	TP_printk("port=%u %u -> %u", __entry->port, __entry->from,
		  __entry->to)
);

TRACE_EVENT(m2m_drop,
	TP_PROTO(const struct m2m_port *port, u32 why),
	TP_ARGS(port, why),
	TP_STRUCT__entry(
		__field(u32, port)
		__field(u32, why)
	),
	TP_fast_assign(
		__entry->port = port->id;
		__entry->why = why;
	),
	TP_printk("port=%u %s", __entry->port,
		  __print_symbolic(__entry->why,
				   { M2M_COUNT_ctrl_rx_garbage, "garbage" },
				   { M2M_COUNT_ctrl_rx_truncated, "truncated" },
				   { M2M_COUNT_ctrl_rx_malformed, "malformed" },
				   { M2M_COUNT_ctrl_rx_unowned, "unowned" },
				   { M2M_COUNT_ctrl_rx_overflow, "overflow" },
				   { M2M_COUNT_client_lost, "client-full" }))
);

TRACE_EVENT(m2m_link_drop,
	TP_PROTO(const struct m2m_port *port, u8 mux_id, const char *why),
	TP_ARGS(port, mux_id, why),
	TP_STRUCT__entry(
		__field(u32, port)
		__field(u8, mux_id)
		/* Of this module, as the event is */
		__field(const char *, why)
	),
	TP_fast_assign(
		__entry->port = port->id;
		__entry->mux_id = mux_id;
		__entry->why = why;
	),
	TP_printk("port=%u mux_id=%u %s", __entry->port, __entry->mux_id,
		  __entry->why)
);

#endif /* M2M_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
