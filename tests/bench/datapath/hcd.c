// SPDX-License-Identifier: GPL-2.0-or-later
/* The host controller: bulk transfers move when the benchmark says so. */
#include <linux/platform_device.h>
#include <linux/scatterlist.h>
#include <linux/usb/cdc.h>

#include "bench.h"
#include "pure.h"

#define HCD_NAME	"m2m_bench"

enum queue { CONTROL, INTERRUPT, BULK_IN, BULK_OUT, QUEUES };

static struct usb_hcd *hcd;
static struct platform_device *pdev;

/*
 * Transfers wait in usbcore's own list of their endpoint, which changes only
 * where we link and unlink, under this lock.
 */
static DEFINE_SPINLOCK(lock);
static struct usb_host_endpoint *endpoints[QUEUES];
static unsigned int waiting[QUEUES];
static bool notify;
static struct work_struct control_work;

struct bench_out bench_out;
enum bench_mode bench_out_mode;

static enum queue queue_of(const struct urb *urb)
{
	if (usb_pipecontrol(urb->pipe))
		return CONTROL;
	if (usb_pipeint(urb->pipe))
		return INTERRUPT;
	return usb_pipein(urb->pipe) ? BULK_IN : BULK_OUT;
}

static struct urb *first(enum queue queue)
{
	lockdep_assert_held(&lock);
	return waiting[queue] ?
	       list_first_entry(&endpoints[queue]->urb_list, struct urb,
				urb_list) : NULL;
}

static void unlink(struct urb *urb)
{
	lockdep_assert_held(&lock);
	waiting[queue_of(urb)]--;
	usb_hcd_unlink_urb_from_ep(hcd, urb);
}

/* --- control pipe ----------------------------------------------------------- */

static void complete_interrupt(void)
{
	static const struct usb_cdc_notification available = {
		.bmRequestType = USB_DIR_IN | USB_TYPE_CLASS |
				 USB_RECIP_INTERFACE,
		.bNotificationType = USB_CDC_NOTIFY_RESPONSE_AVAILABLE,
	};
	unsigned long flags;
	struct urb *urb = NULL;

	spin_lock_irqsave(&lock, flags);
	if (notify)
		urb = first(INTERRUPT);
	if (urb) {
		notify = false;
		unlink(urb);
		urb->actual_length = min_t(u32, sizeof(available),
					   urb->transfer_buffer_length);
		memcpy(urb->transfer_buffer, &available, urb->actual_length);
	}
	spin_unlock_irqrestore(&lock, flags);
	if (urb)
		usb_hcd_giveback_urb(hcd, urb, 0);
}

static void control(struct work_struct *work)
{
	unsigned long flags;
	struct urb *urb;
	int ret;

	for (;;) {
		spin_lock_irqsave(&lock, flags);
		urb = first(CONTROL);
		if (urb)
			unlink(urb);
		spin_unlock_irqrestore(&lock, flags);
		if (!urb)
			break;
		ret = bench_modem_control((void *)urb->setup_packet,
					  urb->transfer_buffer,
					  urb->transfer_buffer_length);
		urb->actual_length = max(ret, 0);
		usb_hcd_giveback_urb(hcd, urb, min(ret, 0));
	}
	complete_interrupt();
}

void bench_hcd_notify(void)
{
	unsigned long flags;

	spin_lock_irqsave(&lock, flags);
	notify = true;
	spin_unlock_irqrestore(&lock, flags);
}

/* --- what usbcore calls ----------------------------------------------------- */

static int enqueue(struct usb_hcd *hcd, struct urb *urb, gfp_t gfp)
{
	u64 own = own_begin();
	enum queue queue;
	unsigned long flags;
	int ret;

	spin_lock_irqsave(&lock, flags);
	own_end(own);
	ret = usb_hcd_link_urb_to_ep(hcd, urb);
	own = own_begin();
	queue = queue_of(urb);
	if (!ret) {
		endpoints[queue] = urb->ep;
		waiting[queue]++;
	}
	spin_unlock_irqrestore(&lock, flags);
	if (!ret && queue < BULK_IN)
		schedule_work(&control_work);
	own_end(own);
	return ret;
}

static int dequeue(struct usb_hcd *hcd, struct urb *urb, int status)
{
	unsigned long flags;
	int ret;

	spin_lock_irqsave(&lock, flags);
	ret = usb_hcd_check_unlink_urb(hcd, urb, status);
	if (!ret)
		unlink(urb);
	spin_unlock_irqrestore(&lock, flags);
	if (!ret)
		usb_hcd_giveback_urb(hcd, urb, status);
	return ret;
}

static int start(struct usb_hcd *hcd)
{
	bench_roothub_plug();
	hcd->uses_new_polling = 1;
	hcd->state = HC_STATE_RUNNING;
	return 0;
}

static void stop(struct usb_hcd *hcd)
{
}

static int frame_number(struct usb_hcd *hcd)
{
	return 0;
}

static const struct hc_driver driver = {
	.description = HCD_NAME,
	.product_desc = "host controller of a benchmark",
	.flags = HCD_USB3 | HCD_DMA | HCD_BH,
	.start = start,
	.stop = stop,
	.get_frame_number = frame_number,
	.urb_enqueue = enqueue,
	.urb_dequeue = dequeue,
	.hub_status_data = bench_roothub_status,
	.hub_control = bench_roothub_control,
};

/* --- bulk transfers ---------------------------------------------------------- */

unsigned int bench_hcd_posted(void)
{
	return READ_ONCE(waiting[BULK_IN]);
}

/* The first one, out of its queue; what usbcore has to do with it is counted. */
static struct urb *take(enum queue queue)
{
	u64 own = own_begin();
	struct urb *urb;

	spin_lock(&lock);
	urb = first(queue);
	waiting[queue]--;
	own_end(own);
	usb_hcd_unlink_urb_from_ep(hcd, urb);
	own = own_begin();
	spin_unlock(&lock);
	own_end(own);
	return urb;
}

struct urb *bench_hcd_take(void)
{
	return take(BULK_IN);
}

void bench_hcd_give(struct urb *urb, size_t len)
{
	urb->actual_length = len;
	usb_hcd_giveback_urb(hcd, urb, 0);
}

/* Frames that begin in a piece, whose first @left bytes belong to the last one. */
static unsigned int frames_of(const u8 *data, size_t len, size_t *left)
{
	static const size_t head[] = {
		[BENCH_QMAP_V1] = 4, [BENCH_QMAP_V4] = 8, [BENCH_QMAP_V5] = 8,
	};
	unsigned int frames = 0;
	size_t at = *left;

	while (at + 4 <= len) {
		at += head[bench_out_mode] + pure_be16(data + at + 2);
		frames++;
	}
	*left = at > len ? at - len : 0;
	return frames;
}

static unsigned int frames_of_urb(const struct urb *urb)
{
	unsigned int frames = 0;
	struct scatterlist *sg;
	size_t left = 0;
	int i;

	if (bench_out_mode == BENCH_RAW_IP)
		return 1;
	if (!urb->num_sgs)
		return frames_of(urb->transfer_buffer,
				 urb->transfer_buffer_length, &left);
	/* A header lies in one piece. */
	for_each_sg(urb->sg, sg, urb->num_sgs, i)
		frames += frames_of(sg_virt(sg), sg->length, &left);
	return frames;
}

static void count_out(struct urb *urb)
{
	bench_out.transfers++;
	bench_out.bytes += urb->transfer_buffer_length;
	bench_out.frames += frames_of_urb(urb);
}

unsigned int bench_hcd_complete_out(void)
{
	unsigned int n, i;
	struct urb *urb;
	u64 own;

	n = READ_ONCE(waiting[BULK_OUT]);
	for (i = 0; i < n; i++) {
		urb = take(BULK_OUT);
		own = own_begin();
		count_out(urb);
		urb->actual_length = urb->transfer_buffer_length;
		own_end(own);
		usb_hcd_giveback_urb(hcd, urb, 0);
	}
	return n;
}

/* --- made and unmade with the module ------------------------------------------ */

/* usbcore asks the controller's driver for its name. */
static struct platform_driver bench_platform_driver = {
	.driver.name = HCD_NAME,
};

static int add_hcd(void)
{
	int ret;

	hcd = usb_create_hcd(&driver, &pdev->dev, HCD_NAME);
	if (!hcd)
		return -ENOMEM;
	hcd->self.sg_tablesize = ~0;
	hcd->self.no_sg_constraint = 1;
	ret = usb_add_hcd(hcd, 0, 0);
	if (ret)
		usb_put_hcd(hcd);
	return ret;
}

int bench_hcd_init(void)
{
	struct platform_device_info info = {
		.name = HCD_NAME,
		.id = PLATFORM_DEVID_NONE,
		.dma_mask = DMA_BIT_MASK(64),
	};
	int ret;

	INIT_WORK(&control_work, control);
	ret = platform_driver_register(&bench_platform_driver);
	if (ret)
		return ret;
	pdev = platform_device_register_full(&info);
	if (IS_ERR(pdev)) {
		ret = PTR_ERR(pdev);
		goto err_driver;
	}
	ret = add_hcd();
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(pdev);
err_driver:
	platform_driver_unregister(&bench_platform_driver);
	return ret;
}

void bench_hcd_exit(void)
{
	usb_remove_hcd(hcd);
	cancel_work_sync(&control_work);
	usb_put_hcd(hcd);
	platform_device_unregister(pdev);
	platform_driver_unregister(&bench_platform_driver);
}
