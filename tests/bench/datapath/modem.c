// SPDX-License-Identifier: GPL-2.0-or-later
/* The modem's control pipe: descriptors, and as much QMI as a format needs. */
#include <linux/module.h>
#include <linux/usb/cdc.h>

#include "bench.h"
#include "pure.h"

static unsigned int uplink_packets = 32;
module_param(uplink_packets, uint, 0444);
MODULE_PARM_DESC(uplink_packets, "that the modem takes in one transfer");
static unsigned int uplink_bytes = 65536;
module_param(uplink_bytes, uint, 0444);
MODULE_PARM_DESC(uplink_bytes, "of one transfer, the same");

/* A Quectel RM500Q: both drivers bind to its interface by class and protocol. */
#define MODEM_VENDOR		0x2c7c
#define MODEM_PRODUCT		0x0800

#define QMI_CTL			0x00
#define QMI_WDA			0x1a
#define CTL_GET_VERSION_INFO	0x0021
#define CTL_GET_CLIENT_ID	0x0022
#define CTL_RELEASE_CLIENT_ID	0x0023
#define WDA_SET_DATA_FORMAT	0x0020
#define WDA_GET_DATA_FORMAT	0x0021

#define FRAME_MAX		512
#define QMUX_LEN		6

static const struct usb_device_descriptor device = {
	.bLength = USB_DT_DEVICE_SIZE,
	.bDescriptorType = USB_DT_DEVICE,
	.bcdUSB = cpu_to_le16(0x0300),
	.bMaxPacketSize0 = 9,
	.idVendor = cpu_to_le16(MODEM_VENDOR),
	.idProduct = cpu_to_le16(MODEM_PRODUCT),
	.bNumConfigurations = 1,
};

struct endpoint {
	u8 desc[USB_DT_ENDPOINT_SIZE];
	struct usb_ss_ep_comp_descriptor comp;
} __packed;

#define ENDPOINT(address, attributes, packet, burst, interval) {	\
	.desc = { USB_DT_ENDPOINT_SIZE, USB_DT_ENDPOINT, address,	\
		  attributes, (packet) & 0xff, (packet) >> 8, interval }, \
	.comp = {							\
		.bLength = USB_DT_SS_EP_COMP_SIZE,			\
		.bDescriptorType = USB_DT_SS_ENDPOINT_COMP,		\
		.bMaxBurst = burst,					\
		.wBytesPerInterval = cpu_to_le16((interval) ? packet : 0), \
	},								\
}

static const struct {
	struct usb_config_descriptor config;
	struct usb_interface_descriptor interface;
	struct endpoint endpoints[3];
} __packed configuration = {
	.config = {
		.bLength = USB_DT_CONFIG_SIZE,
		.bDescriptorType = USB_DT_CONFIG,
		.wTotalLength = cpu_to_le16(sizeof(configuration)),
		.bNumInterfaces = 1,
		.bConfigurationValue = 1,
		.bmAttributes = USB_CONFIG_ATT_ONE | USB_CONFIG_ATT_SELFPOWER,
	},
	.interface = {
		.bLength = USB_DT_INTERFACE_SIZE,
		.bDescriptorType = USB_DT_INTERFACE,
		.bNumEndpoints = 3,
		.bInterfaceClass = USB_CLASS_VENDOR_SPEC,
		.bInterfaceSubClass = USB_SUBCLASS_VENDOR_SPEC,
		.bInterfaceProtocol = 0xff,
	},
	.endpoints = {
		ENDPOINT(0x81, USB_ENDPOINT_XFER_INT, 16, 0, 9),
		ENDPOINT(0x82, USB_ENDPOINT_XFER_BULK, 1024, 3, 0),
		ENDPOINT(0x01, USB_ENDPOINT_XFER_BULK, 1024, 3, 0),
	},
};

static const struct {
	struct usb_bos_descriptor bos;
	struct usb_ss_cap_descriptor ss;
} __packed device_bos = {
	.bos = {
		.bLength = USB_DT_BOS_SIZE,
		.bDescriptorType = USB_DT_BOS,
		.wTotalLength = cpu_to_le16(sizeof(device_bos)),
		.bNumDeviceCaps = 1,
	},
	.ss = {
		.bLength = USB_DT_USB_SS_CAP_SIZE,
		.bDescriptorType = USB_DT_DEVICE_CAPABILITY,
		.bDevCapabilityType = USB_SS_CAP_TYPE,
		.wSpeedSupported = cpu_to_le16(USB_5GBPS_OPERATION),
		.bFunctionalitySupport = ilog2(USB_5GBPS_OPERATION),
	},
};

/* One answer at a time, as the hosts ask. */
static u8 answer[FRAME_MAX];
static size_t answer_len;

/* Data format in force: what a TLV of four bytes last said, by type. */
#define FORMAT_LINK		0x11
#define FORMAT_UL		0x12
#define FORMAT_DL		0x13
#define FORMAT_TLVS		0x19
static u32 format[FORMAT_TLVS];

/* The limits of its aggregates */
#define FORMAT_DL_PACKETS	0x15
#define FORMAT_DL_BYTES		0x16
#define FORMAT_UL_PACKETS	0x17
#define FORMAT_UL_BYTES		0x18
#define DOWNLINK_BYTES		65536

static int put(u8 *data, size_t len, const void *from, size_t size)
{
	len = min(len, size);
	memcpy(data, from, len);
	return len;
}

static int get_descriptor(u8 type, u8 *data, size_t len)
{
	switch (type) {
	case USB_DT_DEVICE:
		return put(data, len, &device, sizeof(device));
	case USB_DT_CONFIG:
		return put(data, len, &configuration, sizeof(configuration));
	case USB_DT_BOS:
		return put(data, len, &device_bos, sizeof(device_bos));
	}
	return -EPIPE;
}

static void put_tlv(u8 type, const void *value, size_t size)
{
	u8 *tlv = answer + answer_len;

	if (answer_len + 3 + size > sizeof(answer))
		return;
	tlv[0] = type;
	pure_put_le16(tlv + 1, size);
	memcpy(tlv + 3, value, size);
	answer_len += 3 + size;
}

static void put_tlv_u32(u8 type, u32 value)
{
	__le32 wire = cpu_to_le32(value);

	put_tlv(type, &wire, sizeof(wire));
}

static const u8 *find_tlv(const u8 *tlvs, size_t len, u8 type, size_t size)
{
	size_t at = 0, n;

	while (at + 3 <= len) {
		n = pure_le16(tlvs + at + 1);
		if (at + 3 + n > len)
			return NULL;
		if (tlvs[at] == type && n >= size)
			return tlvs + at + 3;
		at += 3 + n;
	}
	return NULL;
}

static void answer_ctl(u16 msgid, const u8 *tlvs, size_t len)
{
	static const u8 versions[] = {
		2, QMI_CTL, 1, 0, 5, 0, QMI_WDA, 1, 0, 16, 0,
	};
	const u8 *tlv = find_tlv(tlvs, len, 0x01, 1);
	u8 client[2] = { tlv ? tlv[0] : 0, 1 };

	if (msgid == CTL_GET_VERSION_INFO)
		put_tlv(0x01, versions, sizeof(versions));
	if (msgid == CTL_GET_CLIENT_ID || msgid == CTL_RELEASE_CLIENT_ID)
		put_tlv(0x01, client, sizeof(client));
}

static void answer_wda(u16 msgid, const u8 *tlvs, size_t len)
{
	static const u8 no_qos_header;
	const u8 *tlv;
	u8 type;

	if (msgid != WDA_SET_DATA_FORMAT && msgid != WDA_GET_DATA_FORMAT)
		return;
	for (type = FORMAT_LINK; type <= FORMAT_DL; type++) {
		tlv = find_tlv(tlvs, len, type, 4);
		if (tlv && msgid == WDA_SET_DATA_FORMAT)
			format[type] = pure_le32(tlv);
	}
	put_tlv(0x10, &no_qos_header, 1);
	for (type = FORMAT_LINK; type <= FORMAT_DL; type++)
		put_tlv_u32(type, format[type]);
	put_tlv_u32(FORMAT_DL_PACKETS, BENCH_K_MAX);
	put_tlv_u32(FORMAT_DL_BYTES, DOWNLINK_BYTES);
	put_tlv_u32(FORMAT_UL_PACKETS, uplink_packets);
	put_tlv_u32(FORMAT_UL_BYTES, uplink_bytes);
}

/* A request whose head says it is whole is answered by success. */
static int command(const u8 *frame, size_t len)
{
	bool ctl = len > QMUX_LEN && frame[4] == QMI_CTL;
	size_t head = QMUX_LEN + (ctl ? 2 : 3);
	u16 msgid;

	if (len < head + 4 || pure_le16(frame + 1) + 1 != len)
		return -EPIPE;
	memcpy(answer, frame, head + 4);
	answer[3] = 0x80;
	answer[QMUX_LEN] = ctl ? 0x01 : 0x02;
	answer_len = head + 4;
	put_tlv(0x02, "\0\0\0\0", 4);
	msgid = pure_le16(frame + head);
	if (ctl)
		answer_ctl(msgid, frame + head + 4, len - head - 4);
	else if (frame[4] == QMI_WDA)
		answer_wda(msgid, frame + head + 4, len - head - 4);
	pure_put_le16(answer + head + 2, answer_len - head - 4);
	pure_put_le16(answer + 1, answer_len - 1);
	bench_hcd_notify();
	return len;
}

static int take_answer(u8 *data, size_t len)
{
	len = put(data, len, answer, answer_len);
	answer_len = 0;
	return len;
}

int bench_modem_control(const struct usb_ctrlrequest *setup, u8 *data,
			size_t len)
{
	if ((setup->bRequestType & USB_TYPE_MASK) == USB_TYPE_CLASS) {
		if (setup->bRequest == USB_CDC_SEND_ENCAPSULATED_COMMAND)
			return command(data, len);
		if (setup->bRequest == USB_CDC_GET_ENCAPSULATED_RESPONSE)
			return take_answer(data, len);
		return len;
	}
	if (!(setup->bRequestType & USB_DIR_IN))
		return len;
	if (setup->bRequest == USB_REQ_GET_DESCRIPTOR)
		return get_descriptor(le16_to_cpu(setup->wValue) >> 8, data,
				      len);
	memset(data, 0, len);
	return len;
}
