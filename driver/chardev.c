// SPDX-License-Identifier: GPL-2.0-only
/* Door 2: /dev/cdc-wdmN, where every open file is a QMUX session of its own. */
#include <linux/compat.h>
#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/usb.h>
#include <linux/usb/cdc-wdm.h>

#include "chardev.h"
#include "clients.h"
#include "qmux.h"
#include "trace.h"

/*
 * DOC: What a file sees
 *
 * The stream of cdc-wdm, so that libqmi, uqmi and their like run unmodified:
 * read() gives bytes, a short one leaves the rest; one write() is one frame.
 * Other than there, answers come to the file that asked. A file that does not
 * read loses its own messages past FILE_BYTES_MAX and reads ENOBUFS once.
 */

#define FILE_BYTES_MAX	(64 * 1024)
#define MINOR_BASE	176	/* where USB minors are not dynamic, as cdc-wdm */

struct m2m_chardev {
	struct list_head node;
	struct m2m_port *port;
};

/* Who has which minor; guards the list. Taken below usbcore's minor lock. */
static DEFINE_MUTEX(chardevs_lock);
static LIST_HEAD(chardevs);

/**
 * struct m2m_file - an open file
 * @client: its session
 * @wait: readers, writers and pollers
 * @read_lock: one reader at a time
 * @lock: guards what follows
 * @frames: to be read
 * @bytes: in @frames
 * @offset: what was read of the first frame
 * @lost: frames did not fit since the last read
 * @room: write() may try again
 */
struct m2m_file {
	struct m2m_client client;
	wait_queue_head_t wait;
	struct mutex read_lock;	/* one reader at a time */
	spinlock_t lock;	/* guards what follows */
	struct list_head frames;
	size_t bytes;
	size_t offset;
	bool lost;
	bool room;
};

static struct m2m_file *to_file(struct m2m_client *client)
{
	return container_of(client, struct m2m_file, client);
}

static bool is_dead(const struct m2m_file *file)
{
	return READ_ONCE(file->client.port->dead);
}

static void file_frame(struct m2m_client *client, const struct m2m_qid *qid,
		       const struct m2m_qmux *qmux)
{
	struct m2m_file *file = to_file(client);
	struct m2m_frame *frame = m2m_frame_new(qmux->frame, qmux->len);
	bool fits = false;

	spin_lock(&file->lock);
	if (frame && file->bytes + frame->len <= FILE_BYTES_MAX) {
		list_add_tail(&frame->node, &file->frames);
		file->bytes += frame->len;
		fits = true;
	} else {
		file->lost = true;
		m2m_port_count(client->port, M2M_COUNT_client_lost);
		trace_m2m_drop(client->port, M2M_COUNT_client_lost);
	}
	spin_unlock(&file->lock);
	if (!fits)
		kfree(frame);
	wake_up_interruptible(&file->wait);
}

static void file_writable(struct m2m_client *client)
{
	struct m2m_file *file = to_file(client);

	if (READ_ONCE(file->room))
		return;
	WRITE_ONCE(file->room, true);
	wake_up_interruptible(&file->wait);
}

static void file_gone(struct m2m_client *client)
{
	wake_up_interruptible_all(&to_file(client)->wait);
}

static const struct m2m_client_ops file_ops = {
	.frame = file_frame,
	.writable = file_writable,
	.gone = file_gone,
};

/* A strong reference to the port behind a minor, or NULL. */
static struct m2m_port *find_port(unsigned int minor)
{
	struct m2m_port *port = NULL;
	struct m2m_chardev *chardev;

	mutex_lock(&chardevs_lock);
	list_for_each_entry(chardev, &chardevs, node)
		if (chardev->port->intf->minor == minor) {
			port = chardev->port;
			kref_get(&port->ref);
			break;
		}
	mutex_unlock(&chardevs_lock);
	return port;
}

static int chardev_open(struct inode *inode, struct file *filp)
{
	struct m2m_port *port = find_port(iminor(inode));
	struct m2m_file *file;
	int ret = -ENOMEM;

	if (!port)
		return -ENODEV;
	file = kzalloc(sizeof(*file), GFP_KERNEL);
	if (!file)
		goto err_put;
	mutex_init(&file->read_lock);
	spin_lock_init(&file->lock);
	INIT_LIST_HEAD(&file->frames);
	init_waitqueue_head(&file->wait);
	file->room = true;
	file->client.ops = &file_ops;
	file->client.pid = task_tgid_nr(current);

	mutex_lock(&port->lock);
	ret = m2m_client_attach(port, &file->client);
	mutex_unlock(&port->lock);
	if (ret)
		goto err_free;
	filp->private_data = file;
	return stream_open(inode, filp);

err_free:
	kfree(file);
err_put:
	m2m_port_put(port);
	return ret;
}

static int chardev_release(struct inode *inode, struct file *filp)
{
	struct m2m_file *file = filp->private_data;
	struct m2m_port *port = file->client.port;
	struct m2m_frame *frame, *next;

	mutex_lock(&port->lock);
	m2m_client_detach(&file->client);
	mutex_unlock(&port->lock);
	list_for_each_entry_safe(frame, next, &file->frames, node)
		kfree(frame);
	mutex_destroy(&file->read_lock);
	kfree(file);
	m2m_port_put(port);
	return 0;
}

static bool has_something(struct m2m_file *file)
{
	bool something;

	spin_lock(&file->lock);
	something = file->lost || !list_empty(&file->frames);
	spin_unlock(&file->lock);
	return something;
}

static int wait_for_frame(struct m2m_file *file, bool nonblock)
{
	for (;;) {
		int ret;

		if (is_dead(file))
			return -ENODEV;
		if (has_something(file))
			return 0;
		if (nonblock)
			return -EAGAIN;
		ret = wait_event_interruptible(file->wait, is_dead(file) ||
					       has_something(file));
		if (ret)
			return ret;
	}
}

/* The first frame; it stays in the list until it is read to its end. */
static struct m2m_frame *first_frame(struct m2m_file *file)
{
	struct m2m_frame *frame = NULL;

	spin_lock(&file->lock);
	if (file->lost)
		file->lost = false;
	else
		frame = list_first_entry_or_null(&file->frames,
						 struct m2m_frame, node);
	spin_unlock(&file->lock);
	return frame;
}

static void consume(struct m2m_file *file, struct m2m_frame *frame, size_t n)
{
	file->offset += n;
	if (file->offset < frame->len)
		return;
	spin_lock(&file->lock);
	list_del(&frame->node);
	file->bytes -= frame->len;
	spin_unlock(&file->lock);
	file->offset = 0;
	kfree(frame);
}

static ssize_t chardev_read(struct file *filp, char __user *buf, size_t count,
			    loff_t *pos)
{
	struct m2m_file *file = filp->private_data;
	struct m2m_frame *frame;
	ssize_t ret;
	size_t n;

	if (mutex_lock_interruptible(&file->read_lock))
		return -ERESTARTSYS;
	ret = wait_for_frame(file, filp->f_flags & O_NONBLOCK);
	if (ret)
		goto unlock;
	frame = first_frame(file);
	ret = -ENOBUFS;
	if (!frame)
		goto unlock;
	n = min(count, frame->len - file->offset);
	ret = -EFAULT;
	if (copy_to_user(buf, frame->data + file->offset, n))
		goto unlock;
	consume(file, frame, n);
	ret = n;
unlock:
	mutex_unlock(&file->read_lock);
	return ret;
}

static int try_write(struct m2m_file *file, u8 *frame, size_t len)
{
	struct m2m_port *port = file->client.port;
	int ret;

	mutex_lock(&port->lock);
	ret = m2m_client_write(&file->client, frame, len);
	/* Only file_writable() says otherwise: it wakes everybody who waits. */
	if (ret == -EAGAIN)
		WRITE_ONCE(file->room, false);
	mutex_unlock(&port->lock);
	return ret;
}

static ssize_t chardev_write(struct file *filp, const char __user *buf,
			     size_t count, loff_t *pos)
{
	struct m2m_file *file = filp->private_data;
	ssize_t ret;
	u8 *frame;

	if (count > QMUX_FRAME_MAX)
		return -EMSGSIZE;
	frame = memdup_user(buf, count);
	if (IS_ERR(frame))
		return PTR_ERR(frame);
	for (;;) {
		ret = try_write(file, frame, count);
		if (ret != -EAGAIN || filp->f_flags & O_NONBLOCK)
			break;
		ret = wait_event_interruptible(file->wait, is_dead(file) ||
					       READ_ONCE(file->room));
		if (ret)
			break;
	}
	/* It may hold a PIN. */
	kfree_sensitive(frame);
	return ret ? ret : count;
}

static __poll_t chardev_poll(struct file *filp, poll_table *wait)
{
	struct m2m_file *file = filp->private_data;
	struct m2m_port *port = file->client.port;
	__poll_t mask = 0;

	poll_wait(filp, &file->wait, wait);
	if (is_dead(file))
		return EPOLLHUP | EPOLLERR;
	if (has_something(file))
		mask |= EPOLLIN | EPOLLRDNORM;
	mutex_lock(&port->lock);
	if (m2m_client_can_write(&file->client))
		mask |= EPOLLOUT | EPOLLWRNORM;
	else
		WRITE_ONCE(file->room, false);
	mutex_unlock(&port->lock);
	return mask;
}

static long chardev_ioctl(struct file *filp, unsigned int cmd,
			  unsigned long arg)
{
	u16 max = QMUX_FRAME_MAX;

	if (cmd != IOCTL_WDM_MAX_COMMAND)
		return -ENOTTY;
	return copy_to_user((void __user *)arg, &max, sizeof(max)) ? -EFAULT : 0;
}

static const struct file_operations chardev_fops = {
	.owner = THIS_MODULE,
	.open = chardev_open,
	.release = chardev_release,
	.read = chardev_read,
	.write = chardev_write,
	.poll = chardev_poll,
	.unlocked_ioctl = chardev_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct usb_class_driver chardev_class = {
	.name = "cdc-wdm%d",
	.fops = &chardev_fops,
	.minor_base = MINOR_BASE,
};

int m2m_chardev_add(struct m2m_port *port)
{
	struct m2m_chardev *chardev = kzalloc(sizeof(*chardev), GFP_KERNEL);
	int ret;

	if (!chardev)
		return -ENOMEM;
	chardev->port = port;
	/* Listed before it is seen: whoever reacts to the node finds the port. */
	mutex_lock(&chardevs_lock);
	list_add_tail(&chardev->node, &chardevs);
	mutex_unlock(&chardevs_lock);
	ret = usb_register_dev(port->intf, &chardev_class);
	if (ret) {
		mutex_lock(&chardevs_lock);
		list_del(&chardev->node);
		mutex_unlock(&chardevs_lock);
		kfree(chardev);
		return ret;
	}
	port->chardev = chardev;
	mutex_lock(&port->lock);
	strscpy(port->node, dev_name(port->intf->usb_dev), sizeof(port->node));
	mutex_unlock(&port->lock);
	return 0;
}

void m2m_chardev_del(struct m2m_port *port)
{
	struct m2m_chardev *chardev = port->chardev;

	if (!chardev)
		return;
	usb_deregister_dev(port->intf, &chardev_class);
	mutex_lock(&chardevs_lock);
	list_del(&chardev->node);
	mutex_unlock(&chardevs_lock);
	mutex_lock(&port->lock);
	port->node[0] = '\0';
	mutex_unlock(&port->lock);
	port->chardev = NULL;
	kfree(chardev);
}
