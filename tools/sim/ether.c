// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the modem's Ethernet address; frames and ARP. */
#include <string.h>

#include "bytes.h"
#include "local.h"

#define ARP_LENGTH	28
#define ARP_REQUEST	1
#define ARP_REPLY	2

const uint8_t ether_modem[ETHER_ADDRESS] = { 0x02, 0x4d, 0x32, 0x4d, 0x00, 0x01 };

bool ether_is_for_modem(const uint8_t *address)
{
	return address[0] & 0x01 || !memcmp(address, ether_modem, ETHER_ADDRESS);
}

void ether_header(uint8_t *frame, const uint8_t *host, uint8_t ip_family)
{
	if (host)
		memcpy(frame, host, ETHER_ADDRESS);
	else
		memset(frame, 0xff, ETHER_ADDRESS);
	memcpy(frame + 6, ether_modem, ETHER_ADDRESS);
	put_be16(frame + 12, ip_family == 6 ? ETHERTYPE_IP6 : ETHERTYPE_IP4);
}

size_t arp_answer(const struct modem_call *call, const uint8_t *arp, size_t len,
		  uint8_t *ret_frame)
{
	static const uint8_t head[6] = { 0, 1, 0x08, 0x00, 6, 4 };
	uint8_t *p = ret_frame + ETHER_HEADER;

	if (len < ARP_LENGTH || memcmp(arp, head, sizeof(head)) ||
	    get_be16(arp + 6) != ARP_REQUEST)
		return 0;
	/* Silence about the host's own address is what its probe waits for. */
	if (!memcmp(arp + 24, &call->addr4, 4))
		return 0;
	ether_header(ret_frame, arp + 8, 4);
	put_be16(ret_frame + 12, ETHERTYPE_ARP);
	memcpy(p, head, sizeof(head));
	put_be16(p + 6, ARP_REPLY);
	memcpy(p + 8, ether_modem, ETHER_ADDRESS);
	memcpy(p + 14, arp + 24, 4);
	memcpy(p + 18, arp + 8, 10);
	return ETHER_HEADER + ARP_LENGTH;
}
