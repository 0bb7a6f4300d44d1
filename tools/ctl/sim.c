// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the commands about the SIM. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "../lib/words.h"
#include "report.h"
#include "secret.h"
#include "sim.h"

/* Indications tell of changes; a modem that sends none is asked this often. */
#define ASK_AGAIN_MS	1000
/* A card that is just being powered up may be called absent so long. */
#define ABSENT_MS	3000
/* From the right PIN to a SIM that says ready */
#define READY_MS	15000
#define PIN_MIN		4
#define PIN_MAX		8
/* The last try is for a person only. */
#define TRIES_KEPT	1

int sim_show_run(struct ctl *ctl)
{
	struct report_sim sim;
	int err;

	err = report_read_sim(ctl, &sim);
	if (err)
		return err;
	out_section(ctl->out, "sim", "SIM");
	report_sim(ctl->out, &sim);
	out_section_end(ctl->out);
	return 0;
}

/* --- waiting ---------------------------------------------------------------- */

static void heard(QmiMessage *indication, void *data)
{
	if (qmi_message_get_message_id(indication) == UIM_CARD_STATUS_IND)
		*(bool *)data = true;
}

static bool is_set(void *data)
{
	return *(bool *)data;
}

/* While a SIM starts the modem may have no status to give. */
static bool means_not_yet(int err)
{
	return err == -EREMOTEIO || err == -EAGAIN || err == -ENOMEDIUM;
}

static int ask(struct ctl *ctl, struct m2m_client *uim, struct uim_sim *ret_sim)
{
	struct uim_status status = { 0 };
	int err;

	err = uim_status_get(uim, &status, &ctl->error);
	if (err && !means_not_yet(err))
		return err;
	uim_sim_of(&status, ret_sim);
	return 0;
}

/* Asks at each indication until @wanted says so or time is up */
static int wait_sim(struct ctl *ctl, struct m2m_client *uim, gint64 until,
		    bool (*wanted)(const struct uim_sim *sim, gint64 waited_ms),
		    struct uim_sim *ret_sim)
{
	gint64 began = g_get_monotonic_time();
	struct m2m_error ignored;
	bool changed = false;
	gint64 left_ms;
	int err;

	m2m_client_watch(uim, heard, &changed);
	/* without them there is still the asking */
	uim_indications_on(uim, &ignored);
	for (;;) {
		changed = false;
		err = ask(ctl, uim, ret_sim);
		left_ms = (until - g_get_monotonic_time()) / 1000;
		if (err || left_ms <= 0 ||
		    wanted(ret_sim, (g_get_monotonic_time() - began) / 1000))
			break;
		err = m2m_qmi_wait(ctl->qmi, MIN(left_ms, ASK_AGAIN_MS), is_set,
				   &changed);
		if (err == -EINTR) {
			m2m_error_set(&ctl->error, err, "interrupted");
			break;
		}
	}
	m2m_client_watch(uim, NULL, NULL);
	return err;
}

static bool is_settled(const struct uim_sim *sim, gint64 waited_ms)
{
	if (sim->state == UIM_SIM_ABSENT)
		return waited_ms >= ABSENT_MS;
	return sim->state != UIM_SIM_INITIALIZING;
}

int sim_settle(struct ctl *ctl, struct m2m_client *uim, struct uim_sim *ret_sim)
{
	return wait_sim(ctl, uim, ctl_deadline_us(ctl, CTL_WAIT_S), is_settled,
			ret_sim);
}

static int bad_card(struct ctl *ctl, const struct uim_sim *sim)
{
	switch (sim->state) {
	case UIM_SIM_ABSENT:
		return ctl_fail(ctl, -ENOMEDIUM, EXIT_SIM, "m2mctl sim show",
				"there is no SIM in the modem");
	case UIM_SIM_ERROR:
		return ctl_fail(ctl, -ENOMEDIUM, EXIT_SIM, "m2mctl sim show",
				"the SIM cannot be used: %s",
				word(WORD_CARD_ERROR, sim->card_error).s);
	case UIM_SIM_BLOCKED:
		return ctl_fail(ctl, -EKEYREVOKED, EXIT_PIN, "another SIM",
				"the SIM is blocked for good");
	case UIM_SIM_PERSO:
		return ctl_fail(ctl, -ENOMEDIUM, EXIT_SIM, "another SIM",
				"the modem is locked to another network's SIM");
	case UIM_SIM_ILLEGAL:
		return ctl_fail(ctl, -ENOMEDIUM, EXIT_SIM, "ask the operator",
				"the network does not accept this SIM");
	default:
		return ctl_fail(ctl, -ETIMEDOUT, EXIT_TIMEOUT,
				"a longer --wait",
				"the SIM is still initialising");
	}
}

/* Some modems give a number that cannot be one. */
static const char *tries_left(int tries, char *ret_text, size_t size)
{
	if (tries == UIM_TRIES_UNKNOWN)
		g_strlcpy(ret_text, "an unknown number of tries left", size);
	else
		g_snprintf(ret_text, size, "%d tries left", tries);
	return ret_text;
}

int sim_usable(struct ctl *ctl, const struct uim_sim *sim)
{
	char left[48];

	switch (sim->state) {
	case UIM_SIM_READY:
		return 0;
	case UIM_SIM_PIN:
		return ctl_fail(ctl, -ENOKEY, EXIT_PIN, "m2mctl sim unlock",
				"the SIM wants its PIN (%s)",
				tries_left(sim->pin_tries, left, sizeof(left)));
	case UIM_SIM_PUK:
		return ctl_fail(ctl, -EKEYREVOKED, EXIT_PIN,
				"the PUK, on paper from the operator",
				"the SIM wants its PUK (%s)",
				tries_left(sim->puk_tries, left, sizeof(left)));
	default:
		return bad_card(ctl, sim);
	}
}

/* --- unlocking -------------------------------------------------------------- */

static int check_tries(struct ctl *ctl, const struct uim_sim *sim)
{
	char question[160];
	char tries[32];
	int err;

	if (sim->pin_tries > TRIES_KEPT)
		return 0;
	if (sim->pin_tries == UIM_TRIES_UNKNOWN)
		snprintf(tries, sizeof(tries), "an unknown number");
	else
		snprintf(tries, sizeof(tries), "%d", sim->pin_tries);
	if (!ctl->args->given[OPTION_FORCE])
		return ctl_fail(ctl, -ENOKEY, EXIT_PIN,
				"--force, if you are sure of the PIN",
				"the last try is not used unasked (%s left)",
				tries);
	snprintf(question, sizeof(question),
		 "Tries left: %s. A wrong PIN blocks the SIM. Type \"last try\" to go on: ",
		 tries);
	err = secret_confirm(question, "last try", ctl->signal_fd, &ctl->error);
	if (err && err != -EINTR)
		ctl->status = EXIT_PIN;
	return err;
}

static int check_pin(struct ctl *ctl, const struct secret *pin)
{
	size_t len = strlen(pin->s);

	/* what cannot be one costs no try */
	if (len < PIN_MIN || len > PIN_MAX ||
	    strspn(pin->s, "0123456789") != len)
		return ctl_fail(ctl, -EINVAL, EXIT_USAGE, NULL,
				"a PIN has %d to %d digits", PIN_MIN, PIN_MAX);
	return 0;
}

static bool is_past_pin(const struct uim_sim *sim, gint64 waited_ms)
{
	return sim->state != UIM_SIM_PIN && is_settled(sim, waited_ms);
}

static int wrong_pin(struct ctl *ctl, int err, int tries)
{
	if (err == -EKEYREVOKED || (err == -EKEYREJECTED && tries == 0))
		return ctl_fail(ctl, -EKEYREVOKED, EXIT_PIN,
				"the PUK, on paper from the operator",
				"wrong PIN, the SIM wants its PUK now (QMI error %u)",
				ctl->error.qmi);
	if (err == -EKEYREJECTED && tries > 0)
		return ctl_fail(ctl, err, EXIT_PIN, NULL,
				"wrong PIN, %d tries left (QMI error %u)",
				tries, ctl->error.qmi);
	m2m_error_prefix(&ctl->error, "the PIN was not accepted");
	return err;
}

static int unlock(struct ctl *ctl, struct m2m_client *uim,
		  struct uim_sim *ret_sim)
{
	const struct args *args = ctl->args;
	struct secret pin;
	int tries;
	int err;

	err = check_tries(ctl, ret_sim);
	if (!err)
		err = secret_read(&(struct secret_source) {
			.file = args->option[OPTION_PIN_FILE],
			.fd = args->option[OPTION_PIN_FD],
			.prompt = "PIN: ",
			.stop_fd = ctl->signal_fd,
		}, &pin, &ctl->error);
	if (!err)
		err = check_pin(ctl, &pin);
	/* a try is spent with the next request and not before */
	if (!err)
		err = ctl_interrupted(ctl);
	if (!err) {
		err = uim_pin_verify(uim, pin.s, &tries, &ctl->error);
		if (err)
			err = wrong_pin(ctl, err, tries);
	}
	secret_wipe(&pin);
	if (err)
		return err;
	return wait_sim(ctl, uim, g_get_monotonic_time() + READY_MS * 1000LL,
			is_past_pin, ret_sim);
}

int sim_unlock_run(struct ctl *ctl)
{
	struct m2m_client *uim = NULL;
	bool was_locked = false;
	struct uim_sim sim;
	int err;

	err = ctl_open(ctl, QMI_UIM, &uim);
	if (!err)
		err = sim_settle(ctl, uim, &sim);
	if (!err && sim.state == UIM_SIM_PIN) {
		was_locked = true;
		err = unlock(ctl, uim, &sim);
	}
	if (!err)
		err = sim_usable(ctl, &sim);
	m2m_client_close(uim, false);
	if (err)
		return err;
	out_section(ctl->out, "sim", "SIM");
	out_string(ctl->out, "state", "State", uim_sim_word(sim.state));
	out_bool(ctl->out, "pin_was_needed", NULL, was_locked);
	report_opt(ctl->out, "pin_tries_left", "PIN tries left", sim.pin_tries,
		   UIM_TRIES_UNKNOWN);
	out_section_end(ctl->out);
	return 0;
}
