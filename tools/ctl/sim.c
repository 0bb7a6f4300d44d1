// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the wait for a SIM, and what is said of one. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "../lib/words.h"
#include "report.h"
#include "sim.h"

/* A card that is just being powered up may be called absent, or faulty, so long. */
#define ABSENT_MS	3000

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

struct sim_look {
	const struct card *card;
	const struct sim_wish *wish;
	gint64 began_us;
	struct uim_sim *sim;
};

/* While a SIM starts the modem may have no status to give. */
bool sim_is_early(int err)
{
	return err == -EREMOTEIO || err == -EAGAIN || err == -ENOMEDIUM;
}

static int ask(struct ctl *ctl, const struct card *card, struct uim_sim *ret_sim)
{
	uint8_t ignored;
	int err;

	uim_sim_of(&(struct uim_status) { 0 }, ret_sim);
	err = card_sim_get(card, ret_sim, &ignored, &ctl->error);
	return sim_is_early(err) ? 0 : err;
}

static int look_at_sim(struct ctl *ctl, void *data, bool *ret_is_so)
{
	const struct sim_look *l = data;
	int err = ask(ctl, l->card, l->sim);
	int64_t waited_ms = (g_get_monotonic_time() - l->began_us) / 1000;

	*ret_is_so = !err && l->wish->is_so(l->sim, waited_ms, l->wish->data);
	return err;
}

int sim_wait(struct ctl *ctl, const struct card *card, const struct sim_wish *wish,
	     struct uim_sim *ret_sim)
{
	struct sim_look l = { card, wish, g_get_monotonic_time(), ret_sim };
	struct m2m_client *uim = card->uim;
	struct m2m_error ignored;
	int err;

	/* without them there is still the asking */
	if (uim)
		uim_indications_on(uim, &ignored);
	err = ctl_await(ctl, &uim, wish->until_us, look_at_sim, &l);
	/* what it is by then the caller sees */
	return MIN(err, 0);
}

bool sim_is_settled(const struct uim_sim *sim, int64_t waited_ms, const void *data)
{
	if (sim->state == UIM_SIM_ABSENT || sim->state == UIM_SIM_ERROR)
		return waited_ms >= ABSENT_MS;
	return sim->state != UIM_SIM_INITIALIZING;
}

int sim_open(struct ctl *ctl, struct card *ret_card)
{
	int err;

	*ret_card = (struct card) { 0 };
	err = ctl_open(ctl, QMI_DMS, &ret_card->dms);
	if (err)
		return err;
	err = ctl_open(ctl, QMI_UIM, &ret_card->uim);
	/* old firmware has none */
	if (err == -EOPNOTSUPP)
		err = 0;
	if (err)
		sim_close(ret_card);
	return err;
}

void sim_close(struct card *card)
{
	m2m_client_close(card->uim, false);
	m2m_client_close(card->dms, false);
	*card = (struct card) { 0 };
}

int sim_settle(struct ctl *ctl, const struct card *card, struct uim_sim *ret_sim)
{
	const struct sim_wish settled = {
		.is_so = sim_is_settled,
		.until_us = ctl_deadline_us(ctl, CTL_WAIT_S),
	};

	return sim_wait(ctl, card, &settled, ret_sim);
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
const char *sim_tries_left(int tries, char *ret_text, size_t size)
{
	if (tries == UIM_TRIES_UNKNOWN)
		g_strlcpy(ret_text, "an unknown number of tries left", size);
	else
		g_snprintf(ret_text, size, tries == 1 ? "%d try left" : "%d tries left",
			   tries);
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
				sim_tries_left(sim->pin_tries, left, sizeof(left)));
	case UIM_SIM_PUK:
		return ctl_fail(ctl, -EKEYREVOKED, EXIT_PIN,
				"m2mctl sim unblock; the PUK is on paper from the operator",
				"the SIM wants its PUK (%s)",
				sim_tries_left(sim->puk_tries, left, sizeof(left)));
	default:
		return bad_card(ctl, sim);
	}
}

int sim_ready(struct ctl *ctl)
{
	struct uim_sim sim;
	struct card card;
	int err;

	err = sim_open(ctl, &card);
	if (err)
		return err;
	err = sim_settle(ctl, &card, &sim);
	if (!err)
		err = sim_usable(ctl, &sim);
	sim_close(&card);
	return err;
}

/* --- what a command about it says at its end --------------------------------- */

void sim_say(struct ctl *ctl, const struct uim_sim *sim, bool changed)
{
	out_section(ctl->out, "sim", "SIM");
	out_string(ctl->out, "state", "State", uim_sim_word(sim->state));
	out_string(ctl->out, "pin", "PIN", sim->pin_state < 0 ? NULL :
		   word(WORD_PIN_STATE, sim->pin_state).s);
	report_opt(ctl->out, "pin_tries_left", "PIN tries left", sim->pin_tries,
		   UIM_TRIES_UNKNOWN);
	report_opt(ctl->out, "puk_tries_left", "PUK tries left", sim->puk_tries,
		   UIM_TRIES_UNKNOWN);
	out_bool(ctl->out, "changed", NULL, changed);
	out_section_end(ctl->out);
}
