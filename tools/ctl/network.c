// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the wait for registration. */
#include <errno.h>
#include <glib.h>

#include "../lib/dms.h"
#include "../lib/nas.h"
#include "../lib/words.h"
#include "network.h"

/* A modem that was denied may find another network in this time. */
#define DENIED_MS	5000

static int switch_on(struct ctl *ctl, struct m2m_client *dms,
		     const struct dms_operating *operating)
{
	int err;

	switch (dms_radio_of(operating)) {
	case DMS_RADIO_ON:
		break;
	case DMS_RADIO_OFF:
		err = dms_online(dms, &ctl->error);
		if (err == -ENETDOWN)
			ctl->status = EXIT_NOT_REGISTERED;
		return err;
	case DMS_RADIO_OFFLINE:
		return ctl_fail(ctl, -ENETDOWN, EXIT_NOT_REGISTERED,
				"a reset of the modem", "the radio is off: %s",
				word(WORD_OPERATING_MODE, operating->mode).s);
	case DMS_RADIO_LOCKED:
		if (operating->hardware_restricted)
			return ctl_fail(ctl, -ENETDOWN, EXIT_NOT_REGISTERED,
					"its switch, or the unlock of its maker",
					"the radio is locked off by hardware");
		return ctl_fail(ctl, -ENETDOWN, EXIT_NOT_REGISTERED,
				"m2mctl modem mode online; m2mctl modem reset",
				"the radio is off: %s",
				word(WORD_OPERATING_MODE, operating->mode).s);
	}
	return 0;
}

int network_radio_on(struct ctl *ctl)
{
	struct dms_operating operating;
	struct m2m_client *dms;
	int err;

	err = ctl_open(ctl, QMI_DMS, &dms);
	if (err)
		return err;
	err = dms_operating_get(dms, &operating, &ctl->error);
	/* a modem that does not tell its mode is taken to be online */
	if (err && err != -EINTR)
		err = 0;
	else if (!err)
		err = switch_on(ctl, dms, &operating);
	m2m_client_close(dms, false);
	return err;
}

static int not_registered(struct ctl *ctl, struct m2m_client *nas,
			  const struct nas_serving *serving)
{
	struct m2m_error ignored;
	struct nas_system system;

	if (!nas_system_get(nas, &system, &ignored) && system.has_reject)
		return ctl_fail(ctl, -ENETUNREACH, EXIT_NOT_REGISTERED,
				"m2mctl status; APN, SIM or roaming may be why",
				"%s: %s (cause %u)",
				word(WORD_REGISTRATION,
				     serving->registration).s,
				word(WORD_REJECT_CAUSE, system.reject_cause).s,
				system.reject_cause);
	return ctl_fail(ctl, -ENETUNREACH, EXIT_NOT_REGISTERED,
			"m2mctl signal; a longer --wait",
			"no network: %s",
			word(WORD_REGISTRATION, serving->registration).s);
}

struct registration_look {
	struct m2m_client *nas;
	struct nas_serving serving;
	gint64 denied_since;	/* 0: it is not */
};

static int look_at_registration(struct ctl *ctl, void *data, bool *ret_is_so)
{
	struct registration_look *l = data;
	gint64 now = g_get_monotonic_time();
	int err = nas_serving_get(l->nas, &l->serving, &ctl->error);

	if (err && err != -EREMOTEIO && err != -EAGAIN)
		return err;
	*ret_is_so = !err && l->serving.registration == NAS_REGISTERED;
	if (l->serving.registration != NAS_DENIED)
		l->denied_since = 0;
	else if (!l->denied_since)
		l->denied_since = now;
	if (l->denied_since && now - l->denied_since > DENIED_MS * 1000LL)
		return not_registered(ctl, l->nas, &l->serving);
	return 0;
}

static int wait_registered(struct ctl *ctl, struct m2m_client *nas)
{
	struct registration_look l = { .nas = nas };
	int err = ctl_await(ctl, &l.nas, ctl_deadline_us(ctl, CTL_WAIT_S),
			    look_at_registration, &l);

	return err <= 0 ? err : not_registered(ctl, nas, &l.serving);
}

int network_settle(struct ctl *ctl)
{
	struct m2m_error ignored;
	struct m2m_client *nas;
	int err;

	err = ctl_open(ctl, QMI_NAS, &nas);
	if (err)
		return err;
	/* without them there is still the asking */
	nas_indications_on(nas, &ignored);
	err = wait_registered(ctl, nas);
	m2m_client_close(nas, false);
	return err;
}
