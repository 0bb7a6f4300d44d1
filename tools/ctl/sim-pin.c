// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the commands that spend a try of PIN or PUK. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "report.h"
#include "secret.h"
#include "sim.h"

/*
 * DOC: what costs a try
 *
 *   SIM settled -> is there anything to do -> enough tries, or the last one confirmed
 *   -> secrets read, and what cannot be one refused -> no signal came -> the request,
 *   again only where the modem said that the card has not started and the tries show
 *   that nothing was tried -> the card's status until it agrees.
 */

/* From the right PIN to a SIM that says ready */
#define READY_MS	15000
/* From an answer to a card status that agrees with it */
#define AGREE_MS	3000
/* Between two times that a card which has not started is asked */
#define EARLY_MS	500
#define PIN_MIN		4
#define PIN_MAX		8
/* The last try is for a person only. */
#define TRIES_KEPT	1

struct attempt;

struct pin_verb {
	/* whether it is so already */
	bool (*is_so)(const struct uim_sim *sim, int64_t waited_ms, const void *data);
	int (*send)(struct attempt *a);
	bool by_puk, sets_new;
	bool anew;		/* cannot be seen, so it is done whenever it is asked */
	unsigned int agree_ms;
};

struct attempt {
	struct ctl *ctl;
	struct card card;
	const struct pin_verb *verb;
	struct uim_sim sim;
	struct secret key, new_pin;	/* PIN or PUK; the PIN to be */
	struct uim_tries tries;		/* after a request */
	bool changed;
};

/* --- secrets ---------------------------------------------------------------- */

static int ask_person(struct attempt *a, int tries)
{
	const char *what = a->verb->by_puk ? "PUK" : "PIN";
	bool last = tries <= TRIES_KEPT;
	struct ctl *ctl = a->ctl;
	char question[192], left[48];
	int err;

	sim_tries_left(tries, left, sizeof(left));
	if (last && !ctl->args->given[OPTION_FORCE])
		return ctl_fail(ctl, -ENOKEY, EXIT_PIN, a->verb->by_puk ?
				"--force, if you are sure of the PUK" :
				"--force, if you are sure of the PIN",
				"the last try is not used unasked (%s)", left);
	snprintf(question, sizeof(question),
		 "A wrong %s %s (%s). Type \"%s\" to go on: ", what,
		 !last ? "costs a try" : a->verb->by_puk ?
		 "destroys the SIM" : "blocks the SIM", left,
		 last ? "last try" : "unblock");
	err = secret_confirm(question, last ? "last try" : "unblock",
			     ctl->signal_fd, &ctl->error);
	if (err && err != -EINTR)
		ctl->status = EXIT_PIN;
	return err;
}

static int check_tries(struct attempt *a)
{
	int tries = a->verb->by_puk ? a->sim.puk_tries : a->sim.pin_tries;

	/* a PUK is for a person only, however many tries there are */
	if (tries > TRIES_KEPT && !a->verb->by_puk)
		return 0;
	return ask_person(a, tries);
}

/* What cannot be one costs no try. */
static int check_digits(struct ctl *ctl, const struct secret *secret, bool puk)
{
	size_t min = puk ? PIN_MAX : PIN_MIN;
	size_t len = strlen(secret->s);

	if (len >= min && len <= PIN_MAX && strspn(secret->s, "0123456789") == len)
		return 0;
	if (puk)
		return ctl_fail(ctl, -EINVAL, EXIT_USAGE, NULL,
				"a PUK has %d digits", PIN_MAX);
	return ctl_fail(ctl, -EINVAL, EXIT_USAGE, NULL, "a PIN has %d to %d digits",
			PIN_MIN, PIN_MAX);
}

static int read_secret(struct ctl *ctl, enum args_option_id file,
		       enum args_option_id fd, const char *prompt,
		       struct secret *ret)
{
	int err = secret_read(&(struct secret_source) {
		.file = ctl->args->option[file],
		.fd = ctl->args->option[fd],
		.prompt = prompt,
		.stop_fd = ctl->signal_fd,
	}, ret, &ctl->error);

	/* nobody there to ask, and no file named: the command line lacks something */
	if (err == -ENXIO) {
		ctl->status = EXIT_USAGE;
		ctl->hint = file == OPTION_PIN_FILE ? "--pin-file" :
			    file == OPTION_PUK_FILE ? "--puk-file" : "--new-pin-file";
	}
	return err;
}

/* A person types it twice */
static int read_new_pin(struct attempt *a)
{
	const struct args *args = a->ctl->args;
	struct secret again;
	int err;

	err = read_secret(a->ctl, OPTION_NEW_PIN_FILE, OPTION_NEW_PIN_FD, "New PIN: ",
			  &a->new_pin);
	if (!err)
		err = check_digits(a->ctl, &a->new_pin, false);
	if (err || args->given[OPTION_NEW_PIN_FILE] || args->given[OPTION_NEW_PIN_FD])
		return err;
	err = read_secret(a->ctl, OPTION_NEW_PIN_FILE, OPTION_NEW_PIN_FD,
			  "New PIN again: ", &again);
	if (!err && strcmp(again.s, a->new_pin.s))
		err = ctl_fail(a->ctl, -EINVAL, EXIT_USAGE, NULL,
			       "the two new PINs differ");
	secret_wipe(&again);
	return err;
}

static int read_secrets(struct attempt *a)
{
	bool puk = a->verb->by_puk;
	int err;

	err = read_secret(a->ctl, puk ? OPTION_PUK_FILE : OPTION_PIN_FILE,
			  puk ? OPTION_PUK_FD : OPTION_PIN_FD,
			  puk ? "PUK: " : "PIN: ", &a->key);
	if (!err)
		err = check_digits(a->ctl, &a->key, puk);
	if (!err && a->verb->sets_new)
		err = read_new_pin(a);
	/* a try is spent with the next request and not before */
	return err ? err : ctl_interrupted(a->ctl);
}

/* --- the request ------------------------------------------------------------ */

static int wrong_secret(struct attempt *a, int err)
{
	struct ctl *ctl = a->ctl;
	char left[48];

	if (a->verb->by_puk && (err == -EKEYREVOKED ||
				(err == -EKEYREJECTED && a->tries.puk == 0)))
		return ctl_fail(ctl, -EKEYREVOKED, EXIT_PIN, "another SIM",
				"wrong PUK, the SIM is blocked for good (QMI error %u)",
				ctl->error.qmi);
	if (err == -EKEYREVOKED || (err == -EKEYREJECTED && a->tries.pin == 0 &&
				    !a->verb->by_puk))
		return ctl_fail(ctl, -EKEYREVOKED, EXIT_PIN,
				"m2mctl sim unblock; the PUK is on paper from the operator",
				"wrong PIN, the SIM wants its PUK now (QMI error %u)",
				ctl->error.qmi);
	if (err == -EKEYREJECTED)
		return ctl_fail(ctl, err, EXIT_PIN, NULL, "wrong %s, %s (QMI error %u)",
				a->verb->by_puk ? "PUK" : "PIN",
				sim_tries_left(a->verb->by_puk ? a->tries.puk :
					       a->tries.pin, left, sizeof(left)),
				ctl->error.qmi);
	/* asked, and not answered: what the card made of it only the card knows */
	if (err == -ETIMEDOUT || err == -ECONNRESET || err == -EINTR)
		return ctl_fail(ctl, err, exit_status(err), "m2mctl sim show",
				"the modem does not say whether the %s was right; a try may be spent",
				a->verb->by_puk ? "PUK" : "PIN");
	m2m_error_prefix(&ctl->error, "the %s was not accepted",
			 a->verb->by_puk ? "PUK" : "PIN");
	/* not the same again: each is a try */
	ctl->hint = "m2mctl sim show";
	return err;
}

static bool never(void *data)
{
	return false;
}

/*
 * The modem says that the card has not started, so nothing was tried: 0 if it may be
 * asked again, after a while. That is a pause, not an event: to the status the card may be
 * ready already, and a PIN is not sent again as fast as a modem can refuse it.
 */
static int wait_card(struct attempt *a, int err)
{
	struct uim_sim before = a->sim;
	struct ctl *ctl = a->ctl;

	if (g_get_monotonic_time() > ctl_deadline_us(ctl, CTL_WAIT_S))
		return ctl_fail(ctl, -ETIMEDOUT, EXIT_TIMEOUT, "a longer --wait",
				"the SIM is still initialising, no try was spent (QMI error %u)",
				ctl->error.qmi);
	if (m2m_qmi_wait(ctl->qmi, EARLY_MS, never, NULL) == -EINTR)
		return m2m_error_set(&ctl->error, -EINTR, "interrupted");
	if (sim_settle(ctl, &a->card, &a->sim))
		return ctl->error.err;
	if (a->sim.pin_tries != before.pin_tries || a->sim.puk_tries != before.puk_tries)
		return wrong_secret(a, err);
	return a->sim.state == before.state ? 0 : sim_usable(ctl, &a->sim);
}

static int spend(struct attempt *a)
{
	int err;

	for (;;) {
		err = a->verb->send(a);
		if (!sim_is_early(err) || err == -EREMOTEIO)
			break;
		err = wait_card(a, err);
		if (err)
			return err;
	}
	/* as a modem says whose status lags behind */
	if (err == -EALREADY)
		return 0;
	a->changed = !err;
	return err ? wrong_secret(a, err) : 0;
}

static int agree(struct attempt *a)
{
	const struct sim_wish wish = {
		.is_so = a->verb->is_so,
		.until_us = ctl_until_us(a->ctl, a->verb->agree_ms),
	};
	int err;

	err = sim_wait(a->ctl, &a->card, &wish, &a->sim);
	if (!err && a->sim.state != UIM_SIM_INITIALIZING &&
	    !a->verb->is_so(&a->sim, a->verb->agree_ms, NULL))
		err = ctl_fail(a->ctl, -EIO, EXIT_FAILED, "m2mctl sim show",
			       "the modem said yes, but the SIM has not changed (%s)",
			       uim_sim_word(a->sim.state));
	return err;
}

/* So already: fine, unless it is so for want of a SIM */
static int already(struct attempt *a)
{
	if (a->sim.state == UIM_SIM_PIN || a->sim.state == UIM_SIM_PUK)
		return 0;
	return sim_usable(a->ctl, &a->sim);
}

/* Whether the SIM is in a state in which its PIN, or PUK, can be used */
static int check_state(struct attempt *a)
{
	if (a->verb->by_puk && a->sim.state == UIM_SIM_PUK)
		return 0;
	if (!a->verb->by_puk && a->sim.state == UIM_SIM_PIN)
		return 0;
	return sim_usable(a->ctl, &a->sim);
}

static int attempt(struct attempt *a)
{
	int err;

	err = sim_settle(a->ctl, &a->card, &a->sim);
	if (err)
		return err;
	if (!a->verb->anew && a->verb->is_so(&a->sim, AGREE_MS, NULL))
		return already(a);
	err = check_state(a);
	if (!err && a->verb->anew && a->sim.pin_state == UIM_PIN_DISABLED)
		err = ctl_fail(a->ctl, -ENOKEY, EXIT_FAILED,
			       "m2mctl sim pin enable, with the PIN it has",
			       "the SIM asks for no PIN, so its PIN cannot be changed");
	if (!err)
		err = check_tries(a);
	if (!err)
		err = read_secrets(a);
	if (!err)
		err = spend(a);
	return err ? err : agree(a);
}

static int run(struct ctl *ctl, const struct pin_verb *verb, struct attempt *a)
{
	int err;

	*a = (struct attempt) { .ctl = ctl, .verb = verb };
	err = sim_open(ctl, &a->card);
	if (!err)
		err = attempt(a);
	secret_wipe(&a->key);
	secret_wipe(&a->new_pin);
	sim_close(&a->card);
	return err;
}

/* --- the verbs -------------------------------------------------------------- */

static int send_verify(struct attempt *a)
{
	a->tries.puk = UIM_TRIES_UNKNOWN;
	return card_pin_verify(&a->card, a->key.s, &a->tries.pin, &a->ctl->error);
}

static int send_enable(struct attempt *a)
{
	return card_pin_protect(&a->card, a->key.s, true, &a->tries, &a->ctl->error);
}

static int send_disable(struct attempt *a)
{
	return card_pin_protect(&a->card, a->key.s, false, &a->tries, &a->ctl->error);
}

static int send_change(struct attempt *a)
{
	return card_pin_change(&a->card, a->key.s, a->new_pin.s, &a->tries,
			      &a->ctl->error);
}

static int send_unblock(struct attempt *a)
{
	return card_pin_unblock(&a->card, a->key.s, a->new_pin.s, &a->tries,
			       &a->ctl->error);
}

static bool is_past_pin(const struct uim_sim *sim, int64_t waited_ms, const void *data)
{
	return sim->state != UIM_SIM_PIN && sim_is_settled(sim, waited_ms, data);
}

static bool is_past_puk(const struct uim_sim *sim, int64_t waited_ms, const void *data)
{
	return sim->state != UIM_SIM_PUK && sim_is_settled(sim, waited_ms, data);
}

static bool is_enabled(const struct uim_sim *sim, int64_t waited_ms, const void *data)
{
	return sim->state == UIM_SIM_PIN || sim->state == UIM_SIM_PUK ||
	       sim->pin_state == UIM_PIN_NOT_VERIFIED ||
	       sim->pin_state == UIM_PIN_VERIFIED;
}

static bool is_disabled(const struct uim_sim *sim, int64_t waited_ms, const void *data)
{
	return sim->pin_state == UIM_PIN_DISABLED &&
	       sim_is_settled(sim, waited_ms, data);
}

static bool is_usable(const struct uim_sim *sim, int64_t waited_ms, const void *data)
{
	return sim->state == UIM_SIM_READY;
}

static const struct pin_verb unlock_verb = {
	.is_so = is_past_pin, .send = send_verify, .agree_ms = READY_MS,
};

static const struct pin_verb unblock_verb = {
	.is_so = is_past_puk, .send = send_unblock, .by_puk = true, .sets_new = true,
	.agree_ms = READY_MS,
};

static const struct {
	const char *action;
	struct pin_verb verb;
} pin_verbs[] = {
	{ "enable", {
		.is_so = is_enabled, .send = send_enable, .agree_ms = AGREE_MS } },
	{ "disable", {
		.is_so = is_disabled, .send = send_disable, .agree_ms = READY_MS } },
	{ "change", {
		.is_so = is_usable, .send = send_change, .sets_new = true,
		.anew = true, .agree_ms = READY_MS } },
};

int sim_unlock_run(struct ctl *ctl)
{
	struct attempt a;
	int err;

	err = run(ctl, &unlock_verb, &a);
	if (!err)
		err = sim_usable(ctl, &a.sim);
	if (err)
		return err;
	out_section(ctl->out, "sim", "SIM");
	out_string(ctl->out, "state", "State", uim_sim_word(a.sim.state));
	out_bool(ctl->out, "pin_was_needed", NULL, a.changed);
	report_opt(ctl->out, "pin_tries_left", "PIN tries left", a.sim.pin_tries,
		   UIM_TRIES_UNKNOWN);
	out_section_end(ctl->out);
	return 0;
}

int sim_unblock_run(struct ctl *ctl)
{
	struct attempt a;
	int err;

	err = run(ctl, &unblock_verb, &a);
	if (!err)
		sim_say(ctl, &a.sim, a.changed);
	return err;
}

int sim_pin_run(struct ctl *ctl)
{
	const struct pin_verb *verb = NULL;
	struct attempt a;
	int err;

	for (size_t i = 0; i < G_N_ELEMENTS(pin_verbs); i++)
		if (!strcmp(pin_verbs[i].action, ctl->args->arg[0]))
			verb = &pin_verbs[i].verb;
	if (!verb->sets_new && (ctl->args->given[OPTION_NEW_PIN_FILE] ||
				ctl->args->given[OPTION_NEW_PIN_FD]))
		return ctl_fail(ctl, -EINVAL, EXIT_USAGE, NULL,
				"only sim pin change takes a new PIN");
	err = run(ctl, verb, &a);
	if (!err)
		sim_say(ctl, &a.sim, a.changed);
	return err;
}
