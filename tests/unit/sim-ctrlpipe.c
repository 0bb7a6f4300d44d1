// SPDX-License-Identifier: GPL-2.0-or-later
/* Claim: the control pipe is that of the CDC transport, also where hosts do it wrong. */
#include <errno.h>
#include <kselftest_harness.h>

#include "../../tools/sim/bytes.h"
#include "simusb.h"

#define CLASS_OUT	(USB_TYPE_CLASS | USB_RECIP_INTERFACE)
#define CLASS_IN	(USB_DIR_IN | CLASS_OUT)

static int get(void *data, size_t *len)
{
	return simusb_control(CLASS_IN, USB_CDC_GET_ENCAPSULATED_RESPONSE, 0,
			      simusb.qmi_interface, data, len);
}

static int set_dtr(bool on)
{
	size_t none = 0;

	return simusb_control(CLASS_OUT, USB_CDC_SET_CONTROL_LINE_STATE, on,
			      simusb.qmi_interface, NULL, &none);
}

TEST(nothing_to_fetch_is_an_empty_answer)
{
	uint8_t data[64];
	size_t len = sizeof(data);

	simusb_start("gobi", NULL);
	EXPECT_EQ(0, get(data, &len));
	EXPECT_EQ(0, len);
	EXPECT_EQ(1, simusb_stat("ctl_empty_reads"));
}

TEST(a_response_may_be_fetched_in_pieces)
{
	uint8_t whole[512], part[512];
	size_t len, off = 0, n;

	simusb_start("gobi", NULL);
	simusb.deaf = true;
	simqmi_post(QMI_CTL, 0, 0x0021, "");
	simqmi_post(QMI_CTL, 0, 0x0021, "");
	clock_settle();
	len = sizeof(whole);
	EXPECT_EQ(0, get(whole, &len));
	ASSERT_LE(20, len);
	EXPECT_EQ(len, get_le16(whole + 1) + 1u);
	do {
		n = 7;
		EXPECT_EQ(0, get(part + off, &n));
		off += n;
	} while (n == 7);
	EXPECT_EQ(len, off);
	/* All but the transaction is the same. */
	part[7] = whole[7];
	EXPECT_FALSE(memcmp(whole, part, len));
	EXPECT_EQ(2, simusb_stat("ctl_responses"));
}

TEST(commands_have_a_size)
{
	uint8_t frame[MODEM_FRAME_MAX + 1] = { 0 };
	size_t len = sizeof(frame);

	simusb_start("gobi", NULL);
	EXPECT_EQ(-EPIPE, simusb_control(CLASS_OUT, USB_CDC_SEND_ENCAPSULATED_COMMAND,
					 0, simusb.qmi_interface, frame, &len));
	len = 0;
	EXPECT_EQ(-EPIPE, simusb_control(CLASS_OUT, USB_CDC_SEND_ENCAPSULATED_COMMAND,
					 0, simusb.qmi_interface, frame, &len));
	/* Nor may they go in the wrong direction, or to nobody. */
	len = 16;
	EXPECT_EQ(-EPIPE, simusb_control(CLASS_IN, USB_CDC_SEND_ENCAPSULATED_COMMAND,
					 0, simusb.qmi_interface, frame, &len));
	len = 16;
	EXPECT_EQ(-EPIPE, simusb_control(CLASS_OUT, USB_CDC_GET_ENCAPSULATED_RESPONSE,
					 0, simusb.qmi_interface, frame, &len));
	len = 0;
	EXPECT_EQ(-EPIPE, simusb_control(CLASS_OUT, USB_CDC_SET_CONTROL_LINE_STATE,
					 1, 77, NULL, &len));
	EXPECT_EQ(0, simusb_stat("ctl_commands"));
}

TEST(without_dtr_it_is_mute)
{
	simusb_start("ec25", NULL);
	EXPECT_STREQ("1", simusb_get("dtr"));
	EXPECT_NE(0, simqmi_client(QMI_DMS));
	EXPECT_EQ(0, set_dtr(false));
	simqmi_post(QMI_CTL, 0, 0x0021, "");
	clock_pass(1000);
	EXPECT_EQ(0, simqmi.n_frames);
	EXPECT_EQ(1, simusb_stat("ctl_mute"));
	/* And what had an id has none. */
	EXPECT_STREQ("0", simusb_get("clients"));
	EXPECT_EQ(0, set_dtr(true));
	EXPECT_EQ(0, simqmi_call(QMI_CTL, 0, 0x0021, ""));
	EXPECT_EQ(2, simusb_count("dtr.on"));
	EXPECT_EQ(1, simusb_count("dtr.off"));
	/* Who never asks for DTR is served all the same, where nobody needs it. */
	simusb_free();
	memset(&simusb, 0, sizeof(simusb));
	simusb_start("gobi", NULL);
	EXPECT_EQ(0, set_dtr(false));
	EXPECT_EQ(0, simqmi_call(QMI_CTL, 0, 0x0021, ""));
}

TEST(a_held_request_may_be_taken_back)
{
	uint8_t data[64];
	size_t len = sizeof(data);
	struct urb *urb;

	simusb_start("gobi", "ctl: hang 60s");
	EXPECT_EQ(-EINPROGRESS, get(data, &len));
	urb = urb_new(64);
	urb->id = 4711;
	urb->ep = USB_DIR_IN;
	urb->setup = (struct usb_setup) { CLASS_IN, 1, 0, simusb.qmi_interface, 64 };
	usbdev_submit(simusb.transport->dev, urb);
	EXPECT_TRUE(usbdev_cancel(simusb.transport->dev, 4711));
	EXPECT_FALSE(usbdev_cancel(simusb.transport->dev, 4711));
	EXPECT_EQ(2 + 1, simusb_stat("ctl_held"));	/* with DTR */
	clock_pass(60000);
	/* Only the one that was left has been answered. */
	EXPECT_EQ(1, simusb_stat("ctl_empty_reads"));
	EXPECT_EQ(0, simqmi_call(QMI_CTL, 0, 0x0021, ""));
}

TEST(a_hang_may_follow_a_hang)
{
	uint16_t posted;

	simusb_start("gobi", "ctl: hang 10s\nat 5s: ctl: hang 10s");
	posted = simqmi_post(QMI_CTL, 0, 0x0021, "");
	clock_pass(14999);
	EXPECT_EQ(0, simqmi.n_frames);
	clock_pass(1);
	EXPECT_EQ(0, simqmi_result(QMI_CTL, posted));
}

TEST(what_waits_is_gone_with_the_bus)
{
	simusb_start("gobi", NULL);
	simusb.deaf = true;
	simusb_do("ctl: late 5s");
	simqmi_post(QMI_CTL, 0, 0x0021, "");
	simqmi_post(QMI_CTL, 0, 0x0021, "");
	simusb_do("unplug");
	simusb_do("replug");
	simusb.deaf = false;
	clock_pass(10000);
	EXPECT_EQ(0, simqmi.n_frames);
	EXPECT_EQ(0, simqmi_call(QMI_CTL, 0, 0x0021, ""));
	EXPECT_EQ(1, simqmi.n_frames);
}

/* Faults belong to the scenario: they wait for their victims across a restart. */
TEST(faults_outlive_the_bus)
{
	simusb_start("gobi", NULL);
	simusb_do("ctl: truncate 9");
	simusb_do("modem: restart 1s");
	clock_pass(2000);
	simqmi_post(QMI_CTL, 0, 0x0021, "");
	clock_settle();
	ASSERT_EQ(1, simqmi.n_frames);
	EXPECT_EQ(9, simqmi.frame[0].len);
}

TEST_HARNESS_MAIN
