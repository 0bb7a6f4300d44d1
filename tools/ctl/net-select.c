// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the commands that say which networks, modes and bands the modem may use. */
#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/dms.h"
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
#define ASK_AGAIN_MS	500

/* --- changing the preference ------------------------------------------------ */

/* Whether the modem told all that the wish is about */
static int check_known(struct ctl *ctl, const struct nas_preference *now,
		       const struct nas_preference *wanted)
{
	if ((wanted->has_modes && !now->has_modes) ||
	    (wanted->has_roaming && !now->has_roaming) ||
	    (wanted->has_selection && !now->has_selection) ||
	    (wanted->has_lte && !now->has_lte) || (wanted->has_nr && !now->has_nr))
		return ctl_fail(ctl, -EOPNOTSUPP, EXIT_UNSUPPORTED, NULL,
				"the modem does not tell how it is set, so it is not set");
	return 0;
}

static int change(struct ctl *ctl, struct m2m_client *nas,
		  const struct nas_preference *wanted, struct nas_preference *now,
		  bool *ret_changed)
{
	int err;

	err = nas_preference_get(nas, now, &ctl->error);
	if (!err)
		err = check_known(ctl, now, wanted);
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

static int run_change(struct ctl *ctl, const struct nas_preference *wanted)
{
	struct nas_preference now = { 0 };
	struct m2m_client *nas;
	bool changed = false;
	int err;

	err = ctl_open(ctl, QMI_NAS, &nas);
	if (err)
		return err;
	err = change(ctl, nas, wanted, &now, &changed);
	m2m_client_close(nas, false);
	/* what was asked for explicitly may still be one that takes nobody */
	if (!err && changed && ctl->args->given[OPTION_WAIT])
		err = network_settle(ctl);
	if (err)
		return err;
	net_say_preference(ctl->out, &now);
	out_bool(ctl->out, "changed", NULL, changed);
	return 0;
}

/* --- what is asked ---------------------------------------------------------- */

/* "auto", or the five or six digits of a PLMN */
static bool parse_plmn(const char *word, struct nas_preference *ret)
{
	size_t len = strlen(word);

	ret->has_selection = true;
	ret->manual = strcmp(word, "auto");
	if (!ret->manual)
		return true;
	if (strspn(word, "0123456789") != len || len < 5 || len > 6)
		return false;
	ret->plmn.mnc3 = len == 6;
	ret->plmn.mnc = strtoul(word + 3, NULL, 10);
	ret->plmn.mcc = strtoul(word, NULL, 10) / (len == 6 ? 1000 : 100);
	return ret->plmn.mcc;
}

int net_select_run(struct ctl *ctl)
{
	struct nas_preference wanted = { 0 };

	if (!parse_plmn(ctl->args->arg[0], &wanted))
		return ctl_fail(ctl, -EINVAL, EXIT_USAGE, "m2mctl net scan",
				"an operator is \"auto\" or the 5 or 6 digits of MCC and MNC, not \"%s\"",
				ctl->args->arg[0]);
	return run_change(ctl, &wanted);
}

static bool parse_modes(const char *text, uint16_t *ret)
{
	static const struct {
		const char *word;
		uint16_t bits;
	} modes[] = {
		{ "gsm", NAS_MODE_GSM }, { "umts", NAS_MODE_UMTS },
		{ "lte", NAS_MODE_LTE }, { "5gnr", NAS_MODE_NR },
	};
	g_auto(GStrv) words = g_strsplit(text, ",", -1);
	size_t m;

	for (unsigned int i = 0; words[i]; i++) {
		for (m = 0; m < G_N_ELEMENTS(modes); m++)
			if (!strcmp(words[i], modes[m].word))
				break;
		if (m == G_N_ELEMENTS(modes) || *ret & modes[m].bits)
			return false;
		*ret |= modes[m].bits;
	}
	return *ret;
}

/* All that the radio has: firmware drops the others, and would seem to ignore us */
static int all_modes(struct ctl *ctl, uint16_t *ret)
{
	struct dms_capabilities can = { 0 };
	struct m2m_client *dms;
	int err;

	err = ctl_open(ctl, QMI_DMS, &dms);
	if (err)
		return err;
	err = dms_capabilities_get(dms, &can, &ctl->error);
	m2m_client_close(dms, false);
	for (unsigned int i = 0; i < can.n_radios && !err; i++)
		*ret |= can.radios[i] == NAS_RADIO_GSM ? NAS_MODE_GSM :
			can.radios[i] == NAS_RADIO_UMTS ? NAS_MODE_UMTS :
			can.radios[i] == NAS_RADIO_LTE ? NAS_MODE_LTE :
			can.radios[i] == NAS_RADIO_NR ? NAS_MODE_NR : 0;
	if (!err && !*ret)
		err = ctl_fail(ctl, -EOPNOTSUPP, EXIT_UNSUPPORTED, "m2mctl net modes lte",
			       "the modem does not tell which modes it has");
	return err;
}

int net_modes_run(struct ctl *ctl)
{
	struct nas_preference wanted = { .has_modes = true };
	int err;

	if (!strcmp(ctl->args->arg[0], "auto")) {
		err = all_modes(ctl, &wanted.modes);
		return err ? err : run_change(ctl, &wanted);
	}
	if (!parse_modes(ctl->args->arg[0], &wanted.modes))
		return ctl_fail(ctl, -EINVAL, EXIT_USAGE, NULL,
				"modes are \"auto\" or of gsm,umts,lte,5gnr each once, not \"%s\"",
				ctl->args->arg[0]);
	return run_change(ctl, &wanted);
}

int net_roaming_run(struct ctl *ctl)
{
	const struct nas_preference wanted = {
		.has_roaming = true,
		.roaming = strcmp(ctl->args->arg[0], "home") ? NAS_ROAMING_ANY :
							       NAS_ROAMING_HOME,
	};

	return run_change(ctl, &wanted);
}

/* "b3" and "n78": a bit of one of the masks */
static bool parse_band(const char *word, struct nas_preference *ret)
{
	bool lte = *word == 'b';
	unsigned long n;
	char *end;

	if ((!lte && *word != 'n') || !g_ascii_isdigit(word[1]))
		return false;
	n = strtoul(word + 1, &end, 10);
	if (*end || !n || n > 64 * (lte ? NAS_LTE_WORDS : NAS_NR_WORDS))
		return false;
	n--;
	if (lte) {
		ret->has_lte = true;
		ret->lte[n / 64] |= 1ull << n % 64;
	} else {
		ret->has_nr = true;
		ret->nr_sa[n / 64] |= 1ull << n % 64;
		ret->nr_nsa[n / 64] |= 1ull << n % 64;
	}
	return true;
}

/* A band that the modem does not have would leave it none. */
static int check_bands(struct ctl *ctl, const struct nas_preference *wanted)
{
	struct dms_bands bands;
	struct m2m_client *dms;
	int err;

	err = ctl_open(ctl, QMI_DMS, &dms);
	if (err)
		return err;
	err = dms_bands_get(dms, &bands, &ctl->error);
	m2m_client_close(dms, false);
	if (err)
		return err;
	for (unsigned int i = 0; i < 64 * NAS_LTE_WORDS; i++)
		if (wanted->has_lte && wanted->lte[i / 64] >> i % 64 & 1 &&
		    !(bands.lte[i / 64] >> i % 64 & 1))
			return ctl_fail(ctl, -EOPNOTSUPP, EXIT_UNSUPPORTED, NULL,
					"the modem has no LTE band b%u", i + 1);
	for (unsigned int i = 0; i < 64 * NAS_NR_WORDS; i++)
		if (wanted->has_nr && wanted->nr_sa[i / 64] >> i % 64 & 1 &&
		    !(bands.nr[i / 64] >> i % 64 & 1))
			return ctl_fail(ctl, -EOPNOTSUPP, EXIT_UNSUPPORTED, NULL,
					"the modem has no NR band n%u", i + 1);
	return 0;
}

/* All that there are */
static int all_bands(struct ctl *ctl, struct nas_preference *ret)
{
	struct dms_bands bands;
	struct m2m_client *dms;
	int err;

	err = ctl_open(ctl, QMI_DMS, &dms);
	if (err)
		return err;
	err = dms_bands_get(dms, &bands, &ctl->error);
	m2m_client_close(dms, false);
	if (err)
		return err;
	ret->has_lte = true;
	memcpy(ret->lte, bands.lte, sizeof(ret->lte));
	ret->has_nr = bands.has_nr;
	memcpy(ret->nr_sa, bands.nr, sizeof(ret->nr_sa));
	memcpy(ret->nr_nsa, bands.nr, sizeof(ret->nr_nsa));
	return 0;
}

int net_bands_run(struct ctl *ctl)
{
	g_auto(GStrv) words = g_strsplit(ctl->args->arg[0], ",", -1);
	struct nas_preference wanted = { 0 };
	bool all = !strcmp(ctl->args->arg[0], "all");
	int err;

	for (unsigned int i = 0; !all && words[i]; i++)
		if (!parse_band(words[i], &wanted))
			return ctl_fail(ctl, -EINVAL, EXIT_USAGE, HINT_SHOW,
					"bands are \"all\" or a list like b3,b20,n78, not \"%s\"",
					ctl->args->arg[0]);
	err = all ? all_bands(ctl, &wanted) : check_bands(ctl, &wanted);
	return err ? err : run_change(ctl, &wanted);
}

/* --- attach ----------------------------------------------------------------- */

static bool is_attached(const struct nas_serving *s)
{
	return s->ps == NAS_PS_ATTACHED;
}

static int wait_attached(struct ctl *ctl, struct m2m_client *nas, bool attach,
			 struct nas_serving *ret)
{
	gint64 until = ctl_deadline_us(ctl, CTL_WAIT_S);
	bool news = false;
	int err;

	ctl_listen(nas, &news);
	for (;;) {
		err = nas_serving_get(nas, ret, &ctl->error);
		if (err || is_attached(ret) == attach)
			break;
		if (g_get_monotonic_time() > until)
			err = ctl_fail(ctl, -ENETUNREACH, EXIT_NOT_REGISTERED, HINT_SHOW,
				       attach ? "the modem does not attach" :
						"the modem stays attached");
		else
			err = ctl_await_news(ctl, &news, ASK_AGAIN_MS);
		if (err)
			break;
	}
	ctl_listen(nas, NULL);
	return err;
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
			err = wait_attached(ctl, nas, attach, &serving);
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
