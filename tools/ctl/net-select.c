// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the commands that say which networks, modes and bands the modem may use. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "config-job.h"
#include "config-setting.h"
#include "net.h"
#include "network.h"

/*
 * DOC: writing
 *
 * The modem keeps all this in flash, and some leave the network for each write. So it
 * is read first, only a difference is written, and read again, since firmware is known
 * to accept and to ignore. Then the modem has to find a network again.
 */

#define HINT_SHOW	"m2mctl net show"

/* --- changing the preference ------------------------------------------------ */

static int change(struct ctl *ctl, struct m2m_client *nas,
		  const struct nas_preference *wanted, struct nas_preference *now,
		  bool *ret_changed)
{
	int err;

	err = nas_preference_get(nas, now, &ctl->error);
	if (!err)
		err = nas_preference_check(now, wanted, &ctl->error);
	if (err || !nas_preference_differs(now, wanted))
		return err;
	*ret_changed = true;
	err = nas_preference_set(nas, now, wanted, &ctl->error);
	if (!err)
		err = nas_preference_get(nas, now, &ctl->error);
	if (!err && nas_preference_differs(now, wanted))
		err = ctl_fail(ctl, -EIO, EXIT_FAILED, HINT_SHOW,
			       "the modem said yes, but is not set so");
	return err;
}

struct preference_look {
	struct m2m_client *nas;
	const struct nas_preference *wanted;
	struct nas_preference *now;
};

static int look_at_preference(struct ctl *ctl, void *data, bool *ret_is_so)
{
	struct preference_look *l = data;
	int err = nas_preference_get(l->nas, l->now, &ctl->error);

	*ret_is_so = !err && !nas_preference_differs(l->now, l->wanted);
	return err;
}

/* m2md is about to write it */
static int await_preference(struct ctl *ctl, struct m2m_client *nas,
			    const struct nas_preference *wanted, struct nas_preference *now)
{
	struct preference_look l = { nas, wanted, now };
	int err = ctl_await(ctl, &l.nas, ctl_deadline_us(ctl, CTL_WAIT_S),
			    look_at_preference, &l);

	return err <= 0 ? err :
	       ctl_fail(ctl, -ETIMEDOUT, EXIT_TIMEOUT, "m2mctl why; m2mctl config revert",
			"it is tried, but m2md has not set the modem so yet");
}

/* As change(), by way of the configuration */
static int change_on_trial(struct ctl *ctl, struct m2m_client *nas,
			   const struct nas_wish *wish, const struct nas_preference *wanted,
			   struct nas_preference *now, bool *ret_changed)
{
	const char *key = wish->operator ? "Operator" : wish->modes ? "Modes" : "Bands";
	const char *value = wish->operator ? wish->operator :
			    wish->modes ? wish->modes : wish->bands;
	int err;

	err = nas_preference_get(nas, now, &ctl->error);
	if (!err)
		err = nas_preference_check(now, wanted, &ctl->error);
	if (!err)
		err = config_setting_try(ctl, CONFIG_NETWORK, key, value);
	if (err)
		return err;
	*ret_changed = nas_preference_differs(now, wanted);
	return await_preference(ctl, nas, wanted, now);
}

/* @wanted, and @wish where there is one */
static int run_change(struct ctl *ctl, const struct nas_wish *wish,
		      struct nas_preference *wanted)
{
	bool tried = ctl->args->given[OPTION_CONFIRM], changed = false;
	struct nas_preference now = { 0 };
	struct m2m_client *nas;
	int err;

	err = ctl_open(ctl, QMI_NAS, &nas);
	if (err)
		return err;
	if (wish)
		err = nas_preference_want(ctl->qmi, wish, wanted, &ctl->error);
	if (!err && tried)
		err = change_on_trial(ctl, nas, wish, wanted, &now, &changed);
	else if (!err)
		err = change(ctl, nas, wanted, &now, &changed);
	m2m_client_close(nas, false);
	/* what was asked for explicitly may still be one that takes nobody */
	if (!err && changed && ctl->args->given[OPTION_WAIT])
		err = network_settle(ctl);
	if (err)
		return err;
	net_say_preference(ctl->out, &now);
	out_bool(ctl->out, "changed", NULL, changed);
	if (tried)
		config_job_say_trial(ctl, true);
	return 0;
}

/* --- what is asked ---------------------------------------------------------- */

int net_select_run(struct ctl *ctl)
{
	const struct nas_wish wish = { .operator = ctl->args->arg[0] };
	struct nas_preference wanted = { 0 };

	if (!nas_wish_operator(wish.operator, &wanted))
		return ctl_fail(ctl, -EINVAL, EXIT_USAGE, "m2mctl net scan",
				"an operator is \"auto\" or the 5 or 6 digits of MCC and MNC, not \"%s\"",
				wish.operator);
	return run_change(ctl, &wish, &wanted);
}

int net_modes_run(struct ctl *ctl)
{
	const struct nas_wish wish = { .modes = ctl->args->arg[0] };
	struct nas_preference wanted = { 0 };
	int err;

	if (!nas_wish_modes(wish.modes, &wanted))
		return ctl_fail(ctl, -EINVAL, EXIT_USAGE, NULL,
				"modes are \"auto\" or of gsm,umts,lte,5gnr each once, not \"%s\"",
				wish.modes);
	err = run_change(ctl, &wish, &wanted);
	/* which of them all are is what it does not tell; one can be named */
	if (err == -EOPNOTSUPP && !wanted.modes && !ctl->hint)
		ctl->hint = "m2mctl net modes lte";
	return err;
}

int net_roaming_run(struct ctl *ctl)
{
	struct nas_preference wanted = {
		.has_roaming = true,
		.roaming = strcmp(ctl->args->arg[0], "home") ? NAS_ROAMING_ANY :
							       NAS_ROAMING_HOME,
	};

	return run_change(ctl, NULL, &wanted);
}

int net_bands_run(struct ctl *ctl)
{
	const struct nas_wish wish = { .bands = ctl->args->arg[0] };
	struct nas_preference wanted = { 0 };
	int err;

	if (!nas_wish_bands(wish.bands, &wanted))
		return ctl_fail(ctl, -EINVAL, EXIT_USAGE, HINT_SHOW,
				"bands are \"all\" or a list like b3,b20,n78, not \"%s\"",
				wish.bands);
	err = run_change(ctl, &wish, &wanted);
	if (err == -EOPNOTSUPP && !ctl->hint)
		ctl->hint = "m2mctl net bands all, which shows those it has";
	return err;
}

/* --- attach ----------------------------------------------------------------- */

static bool is_attached(const struct nas_serving *s)
{
	return s->ps == NAS_PS_ATTACHED;
}

struct attach_look {
	struct m2m_client *nas;
	bool attach;
};

static int look_at_attach(struct ctl *ctl, void *data, bool *ret_is_so)
{
	const struct attach_look *l = data;
	struct nas_serving serving;
	int err = nas_serving_get(l->nas, &serving, &ctl->error);

	*ret_is_so = !err && is_attached(&serving) == l->attach;
	return err;
}

static int wait_attached(struct ctl *ctl, struct m2m_client *nas, bool attach)
{
	struct attach_look l = { nas, attach };
	struct m2m_error ignored;
	int err;

	/* without them there is still the asking */
	nas_indications_on(nas, &ignored);
	err = ctl_await(ctl, &l.nas, ctl_deadline_us(ctl, CTL_WAIT_S), look_at_attach, &l);
	return err <= 0 ? err :
	       ctl_fail(ctl, -ENETUNREACH, EXIT_NOT_REGISTERED, HINT_SHOW,
			attach ? "the modem does not attach" : "the modem stays attached");
}

static int run_attach(struct ctl *ctl, bool attach)
{
	struct nas_serving serving;
	struct m2m_client *nas;
	bool changed = false;
	int err;

	err = ctl_open(ctl, QMI_NAS, &nas);
	if (err)
		return err;
	err = nas_serving_get(nas, &serving, &ctl->error);
	if (!err && is_attached(&serving) != attach) {
		changed = true;
		err = nas_attach(nas, attach, &ctl->error);
		if (!err)
			err = wait_attached(ctl, nas, attach);
	}
	m2m_client_close(nas, false);
	if (err)
		return err;
	out_bool(ctl->out, "attached", NULL, attach);
	out_bool(ctl->out, "changed", NULL, changed);
	out_line(ctl->out, attach ? "attached" : "detached");
	return 0;
}

int net_attach_run(struct ctl *ctl)
{
	return run_attach(ctl, true);
}

int net_detach_run(struct ctl *ctl)
{
	return run_attach(ctl, false);
}
