// SPDX-License-Identifier: GPL-2.0-or-later
/* The root hub: one SuperSpeed port with the modem plugged in. */
#include <linux/usb/ch11.h>

#include "bench.h"

static u16 port_status;
static u16 port_change;

static const struct {
	struct usb_bos_descriptor bos;
	struct usb_ss_cap_descriptor ss;
} __packed hub_bos = {
	.bos = {
		.bLength = USB_DT_BOS_SIZE,
		.bDescriptorType = USB_DT_BOS,
		.wTotalLength = cpu_to_le16(sizeof(hub_bos)),
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

static int put(char *buf, u16 len, const void *from, size_t size)
{
	size = min_t(size_t, len, size);
	memcpy(buf, from, size);
	return size;
}

static int hub_descriptor(char *buf, u16 len)
{
	struct usb_hub_descriptor desc = {
		.bDescLength = USB_DT_SS_HUB_SIZE,
		.bDescriptorType = USB_DT_SS_HUB,
		.bNbrPorts = 1,
		.wHubCharacteristics = cpu_to_le16(HUB_CHAR_INDV_PORT_LPSM),
	};

	return put(buf, len, &desc, USB_DT_SS_HUB_SIZE);
}

static int get_port_status(char *buf, u16 len)
{
	__le16 words[] = {
		cpu_to_le16(port_status), cpu_to_le16(port_change),
	};

	return put(buf, len, words, sizeof(words));
}

static int set_port_feature(u16 feature)
{
	switch (feature) {
	case USB_PORT_FEAT_POWER:
		port_status |= USB_SS_PORT_STAT_POWER;
		return 0;
	case USB_PORT_FEAT_RESET:
	case USB_PORT_FEAT_BH_PORT_RESET:
		port_status |= USB_PORT_STAT_ENABLE;
		port_change |= USB_PORT_STAT_C_RESET;
		if (feature == USB_PORT_FEAT_BH_PORT_RESET)
			port_change |= USB_PORT_STAT_C_BH_RESET;
		return 0;
	case USB_PORT_FEAT_LINK_STATE:
	case USB_PORT_FEAT_U1_TIMEOUT:
	case USB_PORT_FEAT_U2_TIMEOUT:
	case USB_PORT_FEAT_REMOTE_WAKE_MASK:
		return 0;
	}
	return -EPIPE;
}

/* The bits of the changes are 16 less than the features that clear them. */
static int clear_port_feature(u16 feature)
{
	if (feature >= USB_PORT_FEAT_C_CONNECTION && feature < 32)
		port_change &= ~BIT(feature - USB_PORT_FEAT_C_CONNECTION);
	else if (feature == USB_PORT_FEAT_C_BH_PORT_RESET)
		port_change &= ~USB_PORT_STAT_C_BH_RESET;
	else if (feature == USB_PORT_FEAT_C_PORT_LINK_STATE)
		port_change &= ~USB_PORT_STAT_C_LINK_STATE;
	return 0;
}

int bench_roothub_status(struct usb_hcd *hcd, char *buf)
{
	*buf = port_change ? BIT(1) : 0;
	return port_change ? 1 : 0;
}

int bench_roothub_control(struct usb_hcd *hcd, u16 type, u16 value, u16 index,
			  char *buf, u16 len)
{
	static const __le32 hub_status;

	switch (type) {
	case GetHubDescriptor:
		return hub_descriptor(buf, len);
	case DeviceRequest | USB_REQ_GET_DESCRIPTOR:
		if (value >> 8 != USB_DT_BOS)
			return -EPIPE;
		return put(buf, len, &hub_bos, sizeof(hub_bos));
	case GetHubStatus:
		return put(buf, len, &hub_status, sizeof(hub_status));
	case GetPortStatus:
		return get_port_status(buf, len);
	case SetPortFeature:
		return set_port_feature(value);
	case ClearPortFeature:
		return clear_port_feature(value);
	case SetHubFeature:
	case ClearHubFeature:
	case SetHubDepth:
		return 0;
	}
	return -EPIPE;
}

void bench_roothub_plug(void)
{
	port_status = USB_PORT_STAT_CONNECTION | USB_SS_PORT_STAT_POWER;
	port_change = USB_PORT_STAT_C_CONNECTION;
}
