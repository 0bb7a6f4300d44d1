// SPDX-License-Identifier: GPL-2.0-or-later
/* The data format: asked for on a file, looked at on netlink. */
#include "client.h"
#include "harness.h"
#include "wda.h"
#include "wdm.h"

void wda_set_request(struct frame *request, uint8_t cid, uint32_t link_layer,
		     uint32_t agg)
{
	frame_request(request, WDA, cid, 1, WDA_SET_FORMAT);
	frame_add_u8(request, 0x10, 0);
	frame_add_u32(request, 0x11, link_layer);
	frame_add_u32(request, 0x12, agg);
	frame_add_u32(request, 0x13, agg);
	frame_add_u32(request, 0x15, 32);
	frame_add_u32(request, 0x16, 16384);
}

int wda_set(int fd, uint8_t cid, uint32_t link_layer, uint32_t agg)
{
	struct frame request, answer;

	wda_set_request(&request, cid, link_layer, agg);
	wdm_call(fd, &request, &answer);
	return frame_error(&answer);
}

uint32_t format_u32(const struct genl_msg *msg, unsigned int nest,
		    unsigned int type)
{
	struct genl_msg inner;
	const void *data;
	size_t len;

	data = genl_find(msg, nest, &len);
	ASSERT_TRUE(data);
	memcpy(inner.data, msg->data, NLMSG_HDRLEN + 4);
	memcpy(inner.data + NLMSG_HDRLEN + 4, data, len);
	inner.len = NLMSG_HDRLEN + 4 + len;
	if (type == M2M_WWAN_A_FORMAT_CONFIRMED)
		return genl_has(&inner, type);
	return genl_u32(&inner, type);
}

uint32_t port_format(struct genl *genl, uint32_t port, unsigned int type)
{
	struct genl_msg msg;

	ASSERT_EQ(0, port_get(genl, port, &msg));
	return format_u32(&msg, M2M_WWAN_A_PORT_FORMAT, type);
}
