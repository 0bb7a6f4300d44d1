// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the settings in a modem's memory: compared with the plan, and written. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "../lib/nas-select.h"
#include "../lib/wds-profile.h"
#include "../lib/wds.h"
#include "plan.h"
#include "session.h"
#include "tell.h"
#include "unit.h"

/* A card's slot is in use a moment after the switch */
#define SWITCH_TRIES	20
#define SWITCH_WAIT_MS	500

/* --- the slot --------------------------------------------------------------- */

/* 0: whichever is in use. Of an order the machine says which; @session has not ended */
static uint8_t wanted_slot(const struct session *session, const struct plan *plan)
{
	if (plan->n_order)
		return slots_wanted(&unit_machine(session->unit)->slots);
	return plan->slot ? plan->slot : session->restore.slot;
}

/* Which of how many is in use; -EAGAIN while none is: one is being switched to */
static int read_slot(struct session *session, uint8_t *ret, unsigned int *ret_n,
		     struct m2m_error *error)
{
	struct uim_slots slots;
	int err;

	*ret = 0;
	err = uim_slots_get(session->uim, &slots, error);
	/* who cannot tell has one */
	if (err == -EOPNOTSUPP) {
		*ret = 1;
		*ret_n = 1;
		return 0;
	}
	if (err)
		return err;
	*ret_n = slots.n;
	for (unsigned int i = 0; !*ret && i < slots.n; i++)
		if (slots.slots[i].active)
			*ret = i + 1;
	return *ret ? 0 : m2m_error_set(error, -EAGAIN, "no slot is in use");
}

/* The machine leaves them out */
static void say_missing_slots(struct session *session, const struct plan *plan,
			      unsigned int n)
{
	for (unsigned int i = 0; i < plan->n_order && !session->order_said; i++)
		if (plan->order[i] > n)
			tell_complaint(unit_tell(session->unit), SAY_WARNING,
				       "Order: there is no slot %u, the modem has %u",
				       plan->order[i], n);
	session->order_said = plan->n_order;
}

static int slot_differs(struct session *session, const struct plan *plan, bool *ret,
			struct m2m_error *error)
{
	unsigned int n;
	uint8_t wanted, slot;
	int err = read_slot(session, &slot, &n, error);

	if (!err && !session->unit)
		err = m2m_error_set(error, -EINTR, "the modem is gone");
	if (err)
		return err;
	wanted = wanted_slot(session, plan);
	session->slot_in_use = slot;
	session->slots = n;
	say_missing_slots(session, plan, n);
	*ret = wanted && slot != wanted;
	/* what may have been another modem's keeps nobody offline */
	if (!plan->slot && !plan->n_order && (wanted > n || !*ret)) {
		session_restored(session, FORMER_SLOT, !*ret);
		*ret = false;
	}
	return 0;
}

static bool never(void *data)
{
	return false;
}

static int write_slot(struct session *session, const struct plan *plan,
		      struct m2m_error *error)
{
	uint8_t wanted = wanted_slot(session, plan);
	struct former is = { 0 };
	unsigned int n;
	bool differs;
	int err = 0;

	/* the machine has thought better of it */
	if (plan->n_order && !slots_differ(&unit_machine(session->unit)->slots))
		return 0;
	if (plan->tried)
		err = read_slot(session, &is.slot, &n, error);
	if (!err)
		err = session_keep(session, plan, &is, error);
	if (!err)
		err = uim_slot_switch(session->uim, wanted, error);
	for (int i = 0; !err && i < SWITCH_TRIES; i++) {
		err = slot_differs(session, plan, &differs, error);
		/* some say for a while what was */
		if (err ? err != -EAGAIN : !differs)
			break;
		m2m_qmi_wait(session->qmi, SWITCH_WAIT_MS, never, NULL);
		err = 0;
	}
	return err;
}

/* --- what it attaches with -------------------------------------------------- */

static int read_password(const struct plan_attach *attach, char ret[WDS_USER_MAX + 1],
			 struct m2m_error *error)
{
	ret[0] = '\0';
	return attach->password_file ?
		plan_secret(attach->password_file, ret, WDS_USER_MAX + 1, error) : 0;
}

static int pdp_of(const struct plan_attach *attach)
{
	if (!attach->v6)
		return WDS_PDP_IPV4;
	return attach->v4 ? WDS_PDP_IPV4V6 : WDS_PDP_IPV6;
}

static int read_profile(struct m2m_client *wds, struct wds_profile *ret,
			struct m2m_error *error)
{
	struct wds_attach next;
	int err = wds_attach_get(wds, &next, error);

	return err ? err : wds_profile_get(wds, wds_attach_next(&next), ret, error);
}

/* Compares, and with @write makes it so */
static int work_on_profile(struct session *session, const struct plan *plan, bool write,
			   bool *ret_differs, struct m2m_error *error)
{
	const struct plan_attach *attach = &plan->attach;
	struct wds_profile_change want = {
		.apn = attach->apn, .pdp = pdp_of(attach), .auth = attach->auth,
	};
	struct m2m_client *wds = NULL;
	struct wds_profile is = { 0 };
	char password[WDS_USER_MAX + 1];
	int err;

	/* without authentication nobody sends a name, whatever stands there */
	if (attach->auth != WDS_AUTH_NONE)
		want.user = attach->user ? attach->user : "";
	err = read_password(attach, password, error);
	if (!err)
		err = m2m_client_open(session->qmi, QMI_WDS, NULL, &wds, error);
	if (!err)
		err = read_profile(wds, &is, error);
	/* what the modem does not tell is taken for right, and written with the rest */
	if (!err && is.has_password && attach->password_file)
		want.password = password;
	if (!err && !is.has_auth)
		want.auth = WDS_AUTH_UNSET;
	if (!err)
		*ret_differs = wds_profile_differs(&is, &want);
	want.auth = attach->auth;
	if (attach->password_file)
		want.password = password;
	if (!err && *ret_differs && write)
		err = wds_profile_modify(wds, &is, &want, error);
	wds_profile_wipe(&is);
	explicit_bzero(password, sizeof(password));
	m2m_client_close(wds, false);
	return err;
}

static int attach_differs(struct session *session, const struct plan *plan, bool *ret,
			  struct m2m_error *error)
{
	return work_on_profile(session, plan, false, ret, error);
}

static int write_attach(struct session *session, const struct plan *plan,
			struct m2m_error *error)
{
	bool ignored;

	return work_on_profile(session, plan, true, &ignored, error);
}

/* --- what it may choose its network from -------------------------------------- */

/* Of what is about to be written, as it is now */
static int keep_network(struct session *session, const struct plan *plan,
			const struct nas_preference *is, const struct nas_preference *want,
			struct m2m_error *error)
{
	const struct former now = { .network = *is }, then = { .network = *want };
	struct former differs = { 0 };

	for (int i = 0; i < FORMER_SETTINGS; i++) {
		struct former one = { 0 };

		former_take(&one, &then, i);
		if (nas_preference_differs(is, &one.network))
			former_take(&differs, &now, i);
	}
	return session_keep(session, plan, &differs, error);
}

/* Compares, and with @write makes it so */
static int work_on_network(struct session *session, const struct plan *plan, bool write,
			   bool *ret_differs, struct m2m_error *error)
{
	const struct nas_wish wish = { plan->operator, plan->modes, plan->bands };
	struct nas_preference is, want;
	struct m2m_error lack;
	int err;

	err = nas_preference_want_part(session->qmi, &wish, &want, &lack, error);
	if (!err)
		session_say_lack(session, &lack);
	if (!err)
		err = nas_preference_get(session->nas, &is, error);
	if (!err)
		err = nas_preference_check(&is, &want, error);
	if (err)
		return err;
	*ret_differs = nas_preference_differs(&is, &want);
	if (!*ret_differs || !write)
		return 0;
	err = keep_network(session, plan, &is, &want, error);
	return err ? err : nas_preference_set(session->nas, &is, &want, error);
}

static int network_differs(struct session *session, const struct plan *plan, bool *ret,
			   struct m2m_error *error)
{
	return work_on_network(session, plan, false, ret, error);
}

static int write_network(struct session *session, const struct plan *plan,
			 struct m2m_error *error)
{
	bool ignored;

	return work_on_network(session, plan, true, &ignored, error);
}

/* --- what it had before a trial ------------------------------------------------ */

static int read_former(struct session *session, struct nas_preference *ret_is,
		       struct m2m_error *error)
{
	int err = nas_preference_get(session->nas, ret_is, error);

	return err ? err : nas_preference_check(ret_is, &session->restore.network, error);
}

static int former_differs(struct session *session, const struct plan *plan, bool *ret,
			  struct m2m_error *error)
{
	struct nas_preference is;
	int err = read_former(session, &is, error);

	if (err)
		return err;
	*ret = nas_preference_differs(&is, &session->restore.network);
	for (int i = 0; i < FORMER_SETTINGS; i++) {
		struct former one = { 0 };

		former_take(&one, &session->restore, i);
		/* the slot is read by itself */
		if (i != FORMER_SLOT &&
		    !nas_preference_differs(&is, &one.network))
			session_restored(session, i, true);
	}
	return 0;
}

static int write_former(struct session *session, const struct plan *plan,
			struct m2m_error *error)
{
	struct nas_preference is;
	int err = read_former(session, &is, error);

	return err ? err : nas_preference_set(session->nas, &is, &session->restore.network,
					      error);
}

/* --- calls of its own ------------------------------------------------------- */

/* Off it has to be: who makes calls beside us is in the way, and wears the modem out */
static int autoconnect_differs(struct session *session, const struct plan *plan, bool *ret,
			       struct m2m_error *error)
{
	struct m2m_client *wds;
	int err = m2m_client_open(session->qmi, QMI_WDS, NULL, &wds, error);

	if (err)
		return err;
	err = wds_autoconnect_get(wds, ret, error);
	m2m_client_close(wds, true);
	if (err != -EOPNOTSUPP)
		return err;
	/* who cannot tell has none */
	*ret = false;
	return 0;
}

static int write_autoconnect(struct session *session, const struct plan *plan,
			     struct m2m_error *error)
{
	struct m2m_client *wds;
	int err = m2m_client_open(session->qmi, QMI_WDS, NULL, &wds, error);

	if (err)
		return err;
	err = wds_autoconnect_off(wds, error);
	m2m_client_close(wds, true);
	return err;
}

/* --- all of them ------------------------------------------------------------ */

static bool wants_slot(const struct session *session, const struct plan *plan)
{
	return plan->n_order || wanted_slot(session, plan);
}

static bool wants_attach(const struct session *session, const struct plan *plan)
{
	return plan->attach.apn;
}

static bool wants_network(const struct session *session, const struct plan *plan)
{
	return plan->operator || plan->modes || plan->bands;
}

static bool wants_former(const struct session *session, const struct plan *plan)
{
	const struct former *restore = &session->restore;

	/* the slot has a bit of its own */
	return former_has(restore, FORMER_OPERATOR) || former_has(restore, FORMER_MODES) ||
	       former_has(restore, FORMER_BANDS);
}

static bool wants_calls(const struct session *session, const struct plan *plan)
{
	return plan->n_pdns;
}

/* In the order in which they are written */
static const struct {
	uint32_t bit;
	const char *name;
	bool (*wants)(const struct session *session, const struct plan *plan);
	int (*differs)(struct session *session, const struct plan *plan, bool *ret,
		       struct m2m_error *error);
	int (*write)(struct session *session, const struct plan *plan,
		     struct m2m_error *error);
	bool spare;	/* calls go without it: who does not answer is asked once */
} settings[] = {
	{ SETTING_ATTACH, "[Attach]", wants_attach, attach_differs, write_attach },
	{ SETTING_SLOT, "Slot", wants_slot, slot_differs, write_slot },
	{ SETTING_NETWORK, "[Network]", wants_network, network_differs, write_network,
	  true },
	{ SETTING_FORMER, "what was before the trial", wants_former, former_differs,
	  write_former, true },
	{ SETTING_AUTOCONNECT, "autoconnect", wants_calls, autoconnect_differs,
	  write_autoconnect, true },
};

static bool is_lost(int err)
{
	return err == -ETIMEDOUT || err == -EINTR || err == -ECANCELED || err == -ENODEV;
}

static void complain(struct session *session, unsigned int i, const char *why)
{
	if (session->unit)
		tell_complaint(unit_tell(session->unit), SAY_WARNING, "%s: %s",
			       settings[i].name, why);
}

/* What cannot be read stays as it was known; said once a session */
static int read_one(struct session *session, const struct plan *plan, unsigned int i,
		    uint32_t *differ, struct m2m_error *error)
{
	uint32_t bit = settings[i].bit;
	bool differs = false;
	int err = 0;

	if (session->settings_mute & bit)
		return 0;
	if (settings[i].wants(session, plan))
		err = settings[i].differs(session, plan, &differs, error);
	if (err == -ETIMEDOUT && settings[i].spare) {
		session->settings_mute |= bit;
		*differ &= ~bit;
	} else if (is_lost(err)) {
		return err;
	}
	/* nothing of it is written: no reason to spend a write */
	if (settings[i].spare && (err == -EOPNOTSUPP || err == -EINVAL))
		*differ &= ~bit;
	if (!err) {
		*differ = differs ? *differ | bit : *differ & ~bit;
		session->settings_failed &= ~bit;
	} else if (err != -EAGAIN && !(session->settings_failed & bit)) {
		session->settings_failed |= bit;
		complain(session, i, error->msg);
	}
	return 0;
}

/* @done: mask of those that the modem said yes to, if it was written to */
static int tell_settings(struct session *session, bool written, uint32_t done,
			 struct m2m_error *error)
{
	struct event event = { .type = EVENT_SETTINGS, .ok = written };
	struct plan *plan = plan_ref(unit_plan(session->unit));
	const struct machine *m = unit_machine(session->unit);
	int err = 0;

	session_look_back(session, plan);
	session->slot_in_use = 0;
	if (!session->unit)
		err = m2m_error_set(error, -EINTR, "the modem is gone");
	else
		event.differ = m->differ;
	for (unsigned int i = 0; plan->managed && i < G_N_ELEMENTS(settings) && !err; i++)
		err = read_one(session, plan, i, &event.differ, error);
	if (!plan->managed)
		event.differ = 0;
	for (unsigned int i = 0; !err && i < G_N_ELEMENTS(settings); i++)
		if (event.differ & done & settings[i].bit && session->unit)
			complain(session, i, "the modem said yes, but is not set so");
	event.slot = session->slot_in_use;
	event.slots = session->slots;
	/* one of a machine that has gone on meanwhile */
	if (!err && session->unit && (written || event.differ || m->differ || event.slot))
		session_tell(session, &event);
	session->settings_told = !err;
	plan_unref(plan);
	return err;
}

int session_poll_settings(struct session *session, struct m2m_error *error)
{
	return session->unit ? tell_settings(session, false, 0, error) : 0;
}

void session_settings(struct session *session, const struct action *action)
{
	struct m2m_error error;

	session->settings_failed = 0;
	session->settings_mute = 0;
	session->order_said = false;
	if (session_poll_settings(session, &error))
		session_failed(session, "settings", &error);
}

/* The machine has it on disk that its memory is written to now */
void session_write(struct session *session, const struct action *action)
{
	struct plan *plan = plan_ref(unit_plan(session->unit));
	uint32_t differ = unit_machine(session->unit)->written, done = 0;
	struct m2m_error error;
	int err = 0;

	session_look_back(session, plan);
	for (unsigned int i = 0; i < G_N_ELEMENTS(settings) && !is_lost(err); i++) {
		if (!(differ & settings[i].bit) || !session->unit ||
		    !settings[i].wants(session, plan))
			continue;
		err = settings[i].write(session, plan, &error);
		if (err)
			complain(session, i, error.msg);
		else
			done |= settings[i].bit;
	}
	plan_unref(plan);
	if (!is_lost(err) && session->unit)
		err = tell_settings(session, true, done, &error);
	if (is_lost(err))
		session_failed(session, action_token(action->type), &error);
}
