// SPDX-License-Identifier: GPL-2.0-or-later
/* Claim: descriptors are consistent, and endpoints behave as a bus does. */
#include <errno.h>
#include <kselftest_harness.h>
#include <stdint.h>

#include "../../tools/sim/descriptors.h"
#include "../../tools/sim/endpoint.h"
#include "../lib/harness.h"

/* Walks the configuration and compares what it counts with what is stated. */
static void check_config(const struct descriptors *desc)
{
	unsigned int interfaces = 0, endpoints = 0, stated = 0, companions = 0;
	bool seen[256] = { false };
	size_t off;

	EXPECT_EQ(desc->config_len, desc->config[2] | desc->config[3] << 8);
	for (off = 0; off < desc->config_len; off += desc->config[off]) {
		const uint8_t *p = desc->config + off;

		ASSERT_TRUE(p[0] >= 2 && off + p[0] <= desc->config_len);
		switch (p[1]) {
		case USB_DT_INTERFACE:
			/* A second setting follows the first. */
			EXPECT_EQ(p[3] > 0, seen[p[2]]);
			interfaces += !seen[p[2]];
			seen[p[2]] = true;
			stated += p[4];
			break;
		case USB_DT_ENDPOINT:
			EXPECT_FALSE(seen[0x40 | p[2]]);
			seen[0x40 | p[2]] = true;
			EXPECT_TRUE((p[2] & 0x0f) && (p[2] & 0x0f) < 16);
			if (p[3] == USB_ATTR_BULK)
				EXPECT_EQ(desc->bulk_max_packet, p[4] | p[5] << 8);
			endpoints++;
			break;
		case USB_DT_SS_COMPANION:
			EXPECT_EQ(6, p[0]);
			companions++;
			break;
		}
	}
	EXPECT_EQ(off, desc->config_len);
	EXPECT_EQ(desc->config[4], interfaces);
	EXPECT_EQ(stated, endpoints);
	EXPECT_EQ(desc->speed == USB_SPEED_SUPER ? endpoints : 0, companions);
}

static void check_power(const struct descriptors *desc)
{
	bool super = desc->speed == USB_SPEED_SUPER;
	unsigned int ma = desc->config[8] * (super ? 8u : 2u);

	EXPECT_EQ(super ? desc->identity->max_power_super :
			  desc->identity->max_power, ma);
	EXPECT_TRUE(ma <= (super ? 900 : 500));
}

TEST(descriptors_of_every_model)
{
	static const enum usb_speed speeds[] = { USB_SPEED_HIGH, USB_SPEED_SUPER };
	const struct identity *id;
	struct descriptors desc;
	unsigned int i, s;

	for (i = 0; (id = identity_at(i)); i++) {
		for (s = 0; s < 2; s++) {
			if (speeds[s] == USB_SPEED_SUPER && !id->bcd_usb_super) {
				EXPECT_EQ(-EOPNOTSUPP,
					  descriptors_build(id, speeds[s], &desc));
				continue;
			}
			ASSERT_EQ(0, descriptors_build(id, speeds[s], &desc));
			check_config(&desc);
			check_power(&desc);
			EXPECT_EQ(desc.device[3] >= 3, speeds[s] == USB_SPEED_SUPER);
			/* From bcdUSB 2.01 on the host asks for a BOS. */
			EXPECT_EQ((desc.device[3] << 8 | desc.device[2]) > 0x200,
				  desc.bos_len > 0);
			EXPECT_EQ(desc.bos_len, desc.bos[2]);
		}
	}
	EXPECT_EQ(10, i);
}

TEST(firmware_and_bus_agree_on_the_qmi_interfaces)
{
	const struct identity *id;
	unsigned int i, k, port;

	for (i = 0; (id = identity_at(i)); i++) {
		port = 0;
		for (k = 0; k < id->n_interfaces; k++)
			if (id->interfaces[k].role == INTERFACE_QMI)
				EXPECT_EQ(id->interfaces[k].number,
					  id->firmware.interface[port++]);
		EXPECT_EQ(id->firmware.n_ports, port);
		EXPECT_EQ(15, strlen(id->firmware.imei));
	}
}

TEST(strings_and_short_reads)
{
	static const uint8_t languages[4] = { 4, USB_DT_STRING, 0x09, 0x04 };
	struct descriptors desc;
	uint8_t buf[255];

	ASSERT_EQ(0, descriptors_build(identity_find("ec25"), USB_SPEED_HIGH, &desc));
	ASSERT_EQ(4, descriptors_get(&desc, USB_DT_STRING, 0, buf, sizeof(buf)));
	EXPECT_FALSE(memcmp(languages, buf, 4));
	EXPECT_EQ(16, descriptors_get(&desc, USB_DT_STRING, 1, buf, sizeof(buf)));
	EXPECT_EQ('Q', buf[2]);
	EXPECT_EQ(8, descriptors_get(&desc, USB_DT_DEVICE, 0, buf, 8));
	EXPECT_EQ(-ENOENT, descriptors_get(&desc, USB_DT_STRING, 3, buf, sizeof(buf)));
	EXPECT_EQ(-ENOENT, descriptors_get(&desc, USB_DT_CONFIG, 1, buf, sizeof(buf)));
	EXPECT_EQ(-ENOENT, descriptors_get(&desc, USB_DT_BOS, 0, buf, sizeof(buf)));
}

/* --- endpoints ------------------------------------------------------------- */

static int last_status;
static size_t last_actual, received;
static unsigned int completed, receipts;
static uint8_t last_data[8192];

static void on_complete(void *ctx, struct urb *urb)
{
	(void)ctx;
	completed++;
	last_status = urb->status;
	last_actual = urb->actual;
	if (urb->ep & USB_DIR_IN)
		memcpy(last_data, urb->data, urb->actual);
	urb_free(urb);
}

static void on_receive(void *ctx, const uint8_t *data, size_t len)
{
	(void)ctx;
	(void)data;
	receipts++;
	received = len;
}

static void endpoint_make(struct endpoint *ep, uint8_t address)
{
	endpoint_init(ep, address, 512);
	ep->complete = on_complete;
	ep->receive = on_receive;
}

static void submit(struct endpoint *ep, uint64_t id, size_t len, bool zlp)
{
	struct urb *urb = urb_new(len);

	urb->id = id;
	urb->ep = ep->address;
	urb->zero_packet = zlp;
	memset(urb->data, 0x5a, len);
	endpoint_submit(ep, urb);
}

TEST(a_full_packet_at_the_end_needs_an_empty_one)
{
	uint8_t data[1024] = { 1 };
	struct endpoint ep;

	endpoint_make(&ep, 0x81);
	submit(&ep, 1, 2048, false);
	endpoint_send_unended(&ep, data, 1024);
	EXPECT_EQ(0, completed);
	endpoint_send(&ep, data, 10);
	EXPECT_EQ(1, completed);
	EXPECT_EQ(1034, last_actual);
	submit(&ep, 2, 2048, false);
	endpoint_send(&ep, data, 1024);
	EXPECT_EQ(2, completed);
	EXPECT_EQ(1024, last_actual);
	endpoint_exit(&ep);
}

TEST(an_exactly_filled_block_leaves_the_empty_packet_to_the_next)
{
	uint8_t data[1024] = { 1 };
	struct endpoint ep;

	endpoint_make(&ep, 0x81);
	endpoint_send(&ep, data, 1024);
	submit(&ep, 1, 1024, false);
	EXPECT_EQ(1024, last_actual);
	submit(&ep, 2, 1024, false);
	EXPECT_EQ(2, completed);
	EXPECT_EQ(0, last_actual);
	endpoint_exit(&ep);
}

TEST(a_transfer_larger_than_the_block)
{
	uint8_t data[1600] = { 0 };
	struct endpoint ep;

	endpoint_make(&ep, 0x81);
	/* A block of whole packets is filled and the next one goes on. */
	endpoint_send(&ep, data, sizeof(data));
	submit(&ep, 1, 1024, false);
	EXPECT_EQ(0, last_status);
	EXPECT_EQ(1024, last_actual);
	submit(&ep, 2, 1024, false);
	EXPECT_EQ(576, last_actual);
	/* In any other the packet that does not fit is babble. */
	endpoint_send(&ep, data, sizeof(data));
	endpoint_send(&ep, data, 20);
	submit(&ep, 3, 1514, false);
	EXPECT_EQ(-EOVERFLOW, last_status);
	EXPECT_EQ(1, ep.babbles);
	submit(&ep, 4, 1514, false);
	EXPECT_EQ(0, last_status);
	EXPECT_EQ(20, last_actual);
	EXPECT_EQ(0, ep.queued);
	endpoint_exit(&ep);
}

TEST(a_transfer_from_the_host_ends_with_a_short_packet)
{
	struct endpoint ep;

	endpoint_make(&ep, 0x01);
	submit(&ep, 1, 1024, false);
	EXPECT_EQ(0, receipts);
	submit(&ep, 2, 100, false);
	EXPECT_EQ(1, receipts);
	EXPECT_EQ(1124, received);
	submit(&ep, 3, 1024, true);
	EXPECT_EQ(2, receipts);
	EXPECT_EQ(1024, received);
	submit(&ep, 4, ENDPOINT_OUT_MAX, false);
	submit(&ep, 5, 512, false);
	submit(&ep, 6, 1, false);
	EXPECT_EQ(2, receipts);
	EXPECT_EQ(1, ep.overruns);
	submit(&ep, 7, 1, false);
	EXPECT_EQ(1, received);
	endpoint_exit(&ep);
}

TEST(a_halt_ends_everything_until_cleared)
{
	uint8_t data[4] = { 0 };
	struct endpoint ep;

	endpoint_make(&ep, 0x82);
	submit(&ep, 1, 64, false);
	endpoint_halt(&ep);
	EXPECT_EQ(1, completed);
	EXPECT_EQ(-EPIPE, last_status);
	submit(&ep, 2, 64, false);
	EXPECT_EQ(-EPIPE, last_status);
	endpoint_clear_halt(&ep);
	submit(&ep, 3, 64, false);
	EXPECT_EQ(2, completed);
	endpoint_send(&ep, data, sizeof(data));
	EXPECT_EQ(0, last_status);
	EXPECT_EQ(4, last_actual);
	endpoint_exit(&ep);
}

TEST(a_cancelled_block_is_gone)
{
	uint8_t data[4] = { 0 };
	struct endpoint ep;

	endpoint_make(&ep, 0x81);
	submit(&ep, 7, 64, false);
	submit(&ep, 8, 64, false);
	EXPECT_TRUE(endpoint_cancel(&ep, 7));
	EXPECT_FALSE(endpoint_cancel(&ep, 7));
	endpoint_send(&ep, data, sizeof(data));
	EXPECT_EQ(1, completed);
	EXPECT_FALSE(endpoint_cancel(&ep, 8));
	EXPECT_FALSE(urb_new(URB_LENGTH_MAX + 1));
	endpoint_exit(&ep);
}

TEST_HARNESS_MAIN
