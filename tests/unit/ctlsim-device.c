// SPDX-License-Identifier: GPL-2.0-or-later
/* In place of tools/ctl/device.c: there is one modem, and it comes back at once. */
#include <errno.h>
#include <glib.h>

#include "../../tools/ctl/ctl.h"
#include "ctlsim.h"

struct device_watch {
	unsigned int reboots;	/* before */
};

int device_select(struct ctl *ctl)
{
	return 0;
}

int device_refresh(struct ctl *ctl)
{
	return 0;
}

int device_watch(struct ctl *ctl, struct device_watch **ret)
{
	*ret = g_new0(struct device_watch, 1);
	(*ret)->reboots = ctlsim_reboots();
	return 0;
}

void device_watch_free(struct device_watch *watch)
{
	g_free(watch);
}

static bool is_back(void *data)
{
	const struct device_watch *watch = data;

	return ctlsim_reboots() != watch->reboots;
}

int device_await(struct ctl *ctl, struct device_watch *watch)
{
	int err = m2m_qmi_wait(ctl->qmi, 5000, is_back, watch);

	return err ? ctl_fail(ctl, err, 0, NULL, "the modem does not reset") : 0;
}
