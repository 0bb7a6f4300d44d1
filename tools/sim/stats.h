/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything the USB half counts, one set per QMI port. */
#ifndef SIM_STATS_H
#define SIM_STATS_H

#include <stddef.h>
#include <stdint.h>

/* X(name): each drop has one reason; a packet counts as moved or as one drop. */
#define USB_COUNTERS(X) \
	X(ctl_commands)			/* SEND_ENCAPSULATED_COMMAND taken */ \
	X(ctl_responses)		/* frames the host read */ \
	X(ctl_empty_reads)		/* GET_ENCAPSULATED_RESPONSE with none */ \
	X(ctl_notifications)		/* RESPONSE_AVAILABLE queued */ \
	X(ctl_mute)			/* frames lost for want of DTR */ \
	X(ctl_queue_full)		/* responses nobody fetched */ \
	X(ctl_held)			/* requests that met a hung pipe */ \
	X(faults)			/* faults that hit something */ \
	X(ul_transfers) \
	X(ul_empty_transfers) \
	X(ul_packets) \
	X(ul_bytes) \
	X(dl_transfers) \
	X(dl_packets) \
	X(dl_bytes) \
	X(dl_max_packets)		/* most packets in one transfer */ \
	X(ul_max_packets) \
	X(ul_checksums)			/* checksums computed for the host */ \
	X(drop_malformed)		/* transfer or frame that does not parse */ \
	X(drop_ul_size)			/* transfer above the uplink limit */ \
	X(drop_ul_datagrams) \
	X(drop_mux)			/* no call on that mux id and family */ \
	X(drop_source)			/* not an address of the call */ \
	X(drop_checksum)		/* IP or transport checksum wrong */ \
	X(drop_offload)			/* checksum header wrong or impossible */ \
	X(drop_mtu) \
	X(drop_dead)			/* call that passes nothing */ \
	X(drop_fragment)		/* the peer reassembles nothing */ \
	X(drop_unreachable)		/* the peer is none of that address */ \
	X(drop_unsupported)		/* protocol the peer does not speak */ \
	X(drop_queue)			/* downlink queue full */ \
	X(drop_flow)			/* uplink on a mux id switched off */ \
	X(drop_local)			/* multicast and link-local: no modem forwards it */ \
	X(drop_ethernet)		/* frame not for us, or no IP */ \
	X(arp_replies) \
	X(nd_replies) \
	X(dhcp_replies) \
	X(echo_replies) \
	X(udp_echoes) \
	X(tcp_echoes) \
	X(dns_answers) \
	X(flow_commands)		/* QMAP flow control sent */ \
	X(flow_acks)			/* right answers to it */ \
	X(flow_bad)			/* wrong ones */ \
	X(flow_timeouts)		/* none within a second */ \
	X(tap_packets)

struct usb_stats {
#define X(name) uint64_t name;
	USB_COUNTERS(X)
#undef X
};

struct usb_counter {
	const char *name;
	size_t offset;
};

/* Returns counter number @index (name and place), or NULL behind the last. */
const struct usb_counter *usb_counter_at(unsigned int index);

static inline uint64_t usb_counter_value(const struct usb_stats *stats,
					 const struct usb_counter *counter)
{
	return *(const uint64_t *)((const char *)stats + counter->offset);
}

#endif /* SIM_STATS_H */
