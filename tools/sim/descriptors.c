// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the bytes of device, configuration, BOS and string descriptors. */
#include <errno.h>
#include <string.h>

#include "bytes.h"
#include "descriptors.h"

#define HIGH_BULK_MAX_PACKET	512
#define SUPER_BULK_MAX_PACKET	1024
#define SUPER_BULK_BURST	4	/* packets after the first */
#define ATTRIBUTES		0xa0	/* bus powered, remote wakeup */

/* A cursor over the configuration; @full stays set once something did not fit. */
struct writer {
	uint8_t *buf;
	size_t len, size;
	bool full;
};

static uint8_t *writer_add(struct writer *writer, size_t len, uint8_t type)
{
	static uint8_t nowhere[32];
	uint8_t *p;

	if (writer->size - writer->len < len) {
		writer->full = true;
		return nowhere;
	}
	p = writer->buf + writer->len;
	memset(p, 0, len);
	p[0] = (uint8_t)len;
	p[1] = type;
	writer->len += len;
	return p;
}

static void build_device(struct descriptors *desc)
{
	const struct identity *id = desc->identity;
	bool super = desc->speed == USB_SPEED_SUPER;
	uint8_t *p = desc->device;

	p[0] = sizeof(desc->device);
	p[1] = USB_DT_DEVICE;
	put_le16(p + 2, super ? id->bcd_usb_super : id->bcd_usb);
	p[4] = id->device_class;
	p[5] = id->device_subclass;
	p[6] = id->device_protocol;
	p[7] = super ? 9 : 64;		/* SuperSpeed states an exponent */
	put_le16(p + 8, id->vendor);
	put_le16(p + 10, id->product);
	put_le16(p + 12, id->bcd_device);
	p[14] = id->usb_manufacturer ? STRING_MANUFACTURER : 0;
	p[15] = id->usb_product ? STRING_PRODUCT : 0;
	p[16] = id->usb_serial ? STRING_SERIAL : 0;
	p[17] = 1;
}

static void build_endpoint(struct writer *writer, const struct descriptors *desc,
			   uint8_t address, uint8_t attributes)
{
	bool bulk = attributes == USB_ATTR_BULK;
	uint8_t *p = writer_add(writer, 7, USB_DT_ENDPOINT);

	p[2] = address;
	p[3] = attributes;
	put_le16(p + 4, bulk ? desc->bulk_max_packet : NOTIFY_MAX_PACKET);
	p[6] = bulk ? 0 : 9;		/* 2^8 microframes: 32 ms */
	if (desc->speed != USB_SPEED_SUPER)
		return;
	p = writer_add(writer, 6, USB_DT_SS_COMPANION);
	p[2] = bulk ? SUPER_BULK_BURST : 0;
	put_le16(p + 4, bulk ? 0 : NOTIFY_MAX_PACKET);
}

static void build_cdc_header(struct writer *writer)
{
	uint8_t *p = writer_add(writer, 5, USB_DT_CS_INTERFACE);

	p[2] = 0x00;
	put_le16(p + 3, 0x0110);
}

static void build_cdc_union(struct writer *writer, uint8_t master, uint8_t slave)
{
	uint8_t *p = writer_add(writer, 5, USB_DT_CS_INTERFACE);

	p[2] = 0x06;
	p[3] = master;
	p[4] = slave;
}

/* CDC header, call management, ACM and union, as Qualcomm's serial ports have. */
static void build_cdc(struct writer *writer, uint8_t number)
{
	uint8_t *p;

	build_cdc_header(writer);
	p = writer_add(writer, 5, USB_DT_CS_INTERFACE);
	p[2] = 0x01;
	p = writer_add(writer, 4, USB_DT_CS_INTERFACE);
	p[2] = 0x02;
	p[3] = 0x02;
	build_cdc_union(writer, number, number);
}

static void build_setting(struct writer *writer,
			  const struct identity_interface *intf,
			  uint8_t alternate, unsigned int n_endpoints)
{
	uint8_t *p = writer_add(writer, 9, USB_DT_INTERFACE);

	p[2] = intf->number;
	p[3] = alternate;
	p[4] = (uint8_t)n_endpoints;
	p[5] = intf->class;
	p[6] = intf->subclass;
	p[7] = intf->protocol;
}

static void build_bulk(struct writer *writer, const struct descriptors *desc,
		       const struct interface_endpoints *eps)
{
	build_endpoint(writer, desc, eps->in, USB_ATTR_BULK);
	build_endpoint(writer, desc, eps->out, USB_ATTR_BULK);
}

static void build_interface(struct writer *writer, struct descriptors *desc,
			    unsigned int index)
{
	const struct identity_interface *intf = &desc->identity->interfaces[index];
	const struct interface_endpoints *eps = &desc->endpoints[index];
	unsigned int n_bulk = intf->slave ? 0 : 2;

	if (intf->role == INTERFACE_DATA) {
		/* As CDC Ethernet has it: no endpoints until it is selected. */
		build_setting(writer, intf, 0, 0);
		build_setting(writer, intf, 1, 2);
		build_bulk(writer, desc, eps - 1);
		return;
	}
	build_setting(writer, intf, 0, n_bulk + intf->notify);
	if (intf->cdc)
		build_cdc(writer, intf->number);
	if (intf->slave) {
		build_cdc_header(writer);
		build_cdc_union(writer, intf->number, intf->slave);
	}
	if (intf->notify)
		build_endpoint(writer, desc, eps->notify, USB_ATTR_INTERRUPT);
	if (n_bulk)
		build_bulk(writer, desc, eps);
}

/* Numbers endpoints as Qualcomm's composite gadget does: in use order. */
static void number_endpoints(struct descriptors *desc)
{
	uint8_t in = 1, out = 1;
	unsigned int i;

	for (i = 0; i < desc->identity->n_interfaces; i++) {
		if (desc->identity->interfaces[i].role == INTERFACE_DATA)
			continue;
		desc->endpoints[i].in = USB_DIR_IN | in++;
		desc->endpoints[i].out = out++;
		if (desc->identity->interfaces[i].notify)
			desc->endpoints[i].notify = USB_DIR_IN | in++;
	}
}

static int build_config(struct descriptors *desc)
{
	struct writer writer = {
		.buf = desc->config, .size = sizeof(desc->config),
	};
	const struct identity *id = desc->identity;
	bool super = desc->speed == USB_SPEED_SUPER;
	uint8_t *p = writer_add(&writer, 9, USB_DT_CONFIG);
	unsigned int i;

	p[4] = (uint8_t)id->n_interfaces;
	p[5] = 1;
	p[7] = ATTRIBUTES;
	/* Units of 8 mA on SuperSpeed, of 2 mA below. */
	p[8] = (uint8_t)(super ? id->max_power_super / 8 : id->max_power / 2);
	for (i = 0; i < id->n_interfaces; i++)
		build_interface(&writer, desc, i);
	if (writer.full)
		return -ENOBUFS;
	put_le16(desc->config + 2, (uint16_t)writer.len);
	desc->config_len = writer.len;
	return 0;
}

/* USB 2.0 extension (LPM) and, where the model has it, SuperSpeed. */
static void build_bos(struct descriptors *desc)
{
	struct writer writer = { .buf = desc->bos, .size = sizeof(desc->bos) };
	const struct identity *id = desc->identity;
	uint8_t *p;

	if (desc->speed != USB_SPEED_SUPER && id->bcd_usb < 0x0201)
		return;
	p = writer_add(&writer, 5, USB_DT_BOS);
	p[4] = 1;
	p = writer_add(&writer, 7, USB_DT_CAPABILITY);
	p[2] = 2;
	p[3] = 0;			/* no link power management */
	if (id->bcd_usb_super) {
		desc->bos[4]++;
		p = writer_add(&writer, 10, USB_DT_CAPABILITY);
		p[2] = 3;
		put_le16(p + 4, 0x000e);	/* full, high, 5 Gbit/s */
		p[6] = 1;
		p[7] = 10;			/* U1 exit, microseconds */
		put_le16(p + 8, 0x07ff);	/* U2 exit */
	}
	put_le16(desc->bos + 2, (uint16_t)writer.len);
	desc->bos_len = writer.len;
}

int descriptors_build(const struct identity *identity, enum usb_speed speed,
		      struct descriptors *ret_desc)
{
	if (speed == USB_SPEED_SUPER && !identity->bcd_usb_super)
		return -EOPNOTSUPP;
	memset(ret_desc, 0, sizeof(*ret_desc));
	ret_desc->identity = identity;
	ret_desc->speed = speed;
	ret_desc->bulk_max_packet = speed == USB_SPEED_SUPER ?
				    SUPER_BULK_MAX_PACKET : HIGH_BULK_MAX_PACKET;
	number_endpoints(ret_desc);
	build_device(ret_desc);
	build_bos(ret_desc);
	return build_config(ret_desc);
}

static size_t build_string(const char *text, uint8_t *buf)
{
	size_t i, n = strlen(text);

	if (n > (DESCRIPTORS_STRING_MAX - 2) / 2)
		n = (DESCRIPTORS_STRING_MAX - 2) / 2;
	buf[0] = (uint8_t)(2 + 2 * n);
	buf[1] = USB_DT_STRING;
	for (i = 0; i < n; i++)
		put_le16(buf + 2 + 2 * i, (uint8_t)text[i]);
	return buf[0];
}

static size_t get_string(const struct descriptors *desc, uint8_t index,
			 uint8_t *buf)
{
	const struct identity *id = desc->identity;
	const char *text = NULL;

	switch (index) {
	case STRING_LANGUAGES:
		buf[0] = 4;
		buf[1] = USB_DT_STRING;
		put_le16(buf + 2, 0x0409);
		return 4;
	case STRING_MANUFACTURER:
		text = id->usb_manufacturer;
		break;
	case STRING_PRODUCT:
		text = id->usb_product;
		break;
	case STRING_SERIAL:
		text = id->usb_serial;
		break;
	}
	return text ? build_string(text, buf) : 0;
}

/* A dual-speed device says what it would be at full speed: the same, 64 bytes. */
static size_t get_qualifier(const struct descriptors *desc, uint8_t *buf)
{
	memset(buf, 0, 10);
	buf[0] = 10;
	buf[1] = USB_DT_QUALIFIER;
	memcpy(buf + 2, desc->device + 2, 5);
	buf[7] = 64;
	buf[8] = 1;
	return 10;
}

int descriptors_get(const struct descriptors *desc, uint8_t type, uint8_t index,
		    uint8_t *buf, size_t size)
{
	uint8_t scratch[DESCRIPTORS_STRING_MAX];
	const uint8_t *from = scratch;
	size_t len = 0;

	switch (type) {
	case USB_DT_DEVICE:
		from = desc->device;
		len = sizeof(desc->device);
		break;
	case USB_DT_CONFIG:
		from = desc->config;
		len = index ? 0 : desc->config_len;
		break;
	case USB_DT_BOS:
		from = desc->bos;
		len = desc->bos_len;
		break;
	case USB_DT_QUALIFIER:
		if (desc->speed == USB_SPEED_HIGH)
			len = get_qualifier(desc, scratch);
		break;
	case USB_DT_STRING:
		len = get_string(desc, index, scratch);
		break;
	}
	if (!len)
		return -ENOENT;
	if (len > size)
		len = size;
	memcpy(buf, from, len);
	return (int)len;
}
