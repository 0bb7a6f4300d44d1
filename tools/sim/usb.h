/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of USB 2.0 and 3.2, chapter 9, and the request block of this program. */
#ifndef SIM_USB_H
#define SIM_USB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

/* Values as vhci-hcd's attach file takes them. */
enum usb_speed {
	USB_SPEED_HIGH = 3,
	USB_SPEED_SUPER = 5,
};

enum usb_descriptor_type {
	USB_DT_DEVICE = 1,
	USB_DT_CONFIG = 2,
	USB_DT_STRING = 3,
	USB_DT_INTERFACE = 4,
	USB_DT_ENDPOINT = 5,
	USB_DT_QUALIFIER = 6,
	USB_DT_BOS = 15,
	USB_DT_CAPABILITY = 16,
	USB_DT_CS_INTERFACE = 0x24,
	USB_DT_SS_COMPANION = 48,
};

enum usb_standard_request {
	USB_REQ_GET_STATUS = 0,
	USB_REQ_CLEAR_FEATURE = 1,
	USB_REQ_SET_FEATURE = 3,
	USB_REQ_SET_ADDRESS = 5,
	USB_REQ_GET_DESCRIPTOR = 6,
	USB_REQ_GET_CONFIGURATION = 8,
	USB_REQ_SET_CONFIGURATION = 9,
	USB_REQ_GET_INTERFACE = 10,
	USB_REQ_SET_INTERFACE = 11,
	USB_REQ_SET_SEL = 48,
	USB_REQ_SET_ISOCH_DELAY = 49,
};

enum usb_cdc_request {
	USB_CDC_SEND_ENCAPSULATED_COMMAND = 0x00,
	USB_CDC_GET_ENCAPSULATED_RESPONSE = 0x01,
	USB_CDC_SET_LINE_CODING = 0x20,
	USB_CDC_GET_LINE_CODING = 0x21,
	USB_CDC_SET_CONTROL_LINE_STATE = 0x22,
	USB_CDC_SEND_BREAK = 0x23,
};

#define USB_CDC_RESPONSE_AVAILABLE	0x01
#define USB_CDC_LINE_DTR		0x01

#define USB_DIR_IN			0x80
#define USB_TYPE_MASK			0x60
#define USB_TYPE_STANDARD		0x00
#define USB_TYPE_CLASS			0x20
#define USB_RECIP_MASK			0x1f
#define USB_RECIP_DEVICE		0
#define USB_RECIP_INTERFACE		1
#define USB_RECIP_ENDPOINT		2

#define USB_FEATURE_ENDPOINT_HALT	0
#define USB_FEATURE_FUNCTION_SUSPEND	0
#define USB_FEATURE_REMOTE_WAKEUP	1
#define USB_FEATURE_U1_ENABLE		48
#define USB_FEATURE_U2_ENABLE		49
#define USB_FEATURE_LTM_ENABLE		50

#define USB_ATTR_BULK			2
#define USB_ATTR_INTERRUPT		3

/* No host controller driver hands down more than this in one request block. */
#define URB_LENGTH_MAX			(1024 * 1024)

struct usb_setup {
	uint8_t request_type;
	uint8_t request;
	uint16_t value;
	uint16_t index;
	uint16_t length;
};

/* One transfer the host asked for; owned by whoever holds it, freed once. */
struct urb {
	TAILQ_ENTRY(urb) link;
	uint64_t id;			/* the transport's name for it */
	uint8_t ep;			/* bEndpointAddress; 0 and 0x80: control */
	bool zero_packet;		/* out: a zero-length packet ends it if full */
	struct usb_setup setup;		/* control only */
	int status;			/* 0 or a negative errno, as the kernel's */
	size_t length;			/* bytes of @data */
	size_t actual;			/* bytes moved */
	uint8_t data[];
};

TAILQ_HEAD(urb_list, urb);

#endif /* SIM_USB_H */
