// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns how a modem is reset from outside, how the host is, and what hooks are told. */
#include <linux/m2m_wwan.h>

#include "../lib/nl.h"
#include "../lib/port.h"
#include "clock.h"
#include "hand.h"
#include "policy.h"
#include "rungs.h"
#include "say.h"
#include "state.h"
#include "tell.h"
#include "unit.h"

/* What the host's own budget is kept under, beside the modems' */
#define HOST_ID		"host"

void rungs_reset_usb(const char *name, uint32_t port_id)
{
	struct m2m_nl *nl = NULL;
	struct m2m_error error;
	int err;

	err = m2m_nl_open(M2M_WWAN_FAMILY_NAME, &nl, &error);
	if (!err)
		err = port_reset(nl, port_id, &error);
	if (err)
		say(SAY_WARNING, "%s: reset-usb: %s", name, error.msg);
	m2m_nl_free(nl);
}

void rungs_port_power(struct host *host, const char *name, const char *usb_path)
{
	hand_ask(host->hand, name, "port-power %s", usb_path);
}

/*
 * Nobody knows how long ago the last one was when its record is read: at the start of the
 * host, at the latest. So a host that was rebooted once is up for a day before the next.
 */
int64_t rungs_reboot_from(const struct state *state)
{
	struct saved saved;

	if (!state_load(state, HOST_ID, &saved) || !saved.strikes[BUDGET_HOST_REBOOT].count)
		return 0;
	return DAY;
}

static void reboot_recorded(void *data, uint32_t number, int err,
			    const struct m2m_error *error)
{
	struct host *host = data;

	if (err)
		say(SAY_ERROR, "reboot: not recorded: %s", error->msg);
	else
		hand_ask(host->hand, HOST_ID, "reboot");
}

/* Each machine has its own budget, but of the host there is one. */
void rungs_reboot(struct host *host, const char *name)
{
	struct saved saved = { .version = SAVED_VERSION };

	budget_spend(&saved.strikes[BUDGET_HOST_REBOOT], BUDGET_HOST_REBOOT, 0);
	if (host->is_online(host->data)) {
		say(SAY_WARNING, "%s: reboot: another modem is online", name);
	} else if (clock_ms() < host->reboot_from) {
		say(SAY_WARNING, "%s: reboot: the host had one within a day", name);
	} else {
		host->reboot_from = clock_ms() + DAY;
		state_save(host->state, HOST_ID, &saved, reboot_recorded, host, 0);
	}
}

/* PDNs may flap for days, and what is wrong with a program is so each time */
static void hook_ended(void *data, const char *request, const char *why)
{
	if (why)
		tell_complaint(unit_tell(data), SAY_WARNING, "%s: %s", request, why);
}

void rungs_hook(struct unit *unit, bool up, const struct hook *hook)
{
	hand_ask_for(unit_hand(unit), hook_ended, unit,
		     "hook %s USB_PATH=%s PDN=%s INTERFACE=%s%s%s%s%s",
		     up ? "pdn-up" : "pdn-down", hook->usb_path, hook->pdn, hook->pdn,
		     hook->imei[0] ? " IMEI=" : "", hook->imei,
		     up ? "" : " CAUSE=", up ? "" : hook->cause);
}
