// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the way from the configuration to what is wanted of a modem. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "../lib/config-trial.h"
#include "../lib/config.h"
#include "../lib/fnv.h"
#include "../lib/wds-profile.h"
#include "ladder.h"
#include "plan.h"
#include "policy.h"
#include "probe.h"
#include "quota.h"
#include "say.h"

/* The interface of AutoConnect=yes: nobody named one */
#define AUTO_NAME	"wan"

/* What the configuration may ask for is brought up, all of it */
G_STATIC_ASSERT(CONFIG_PDNS_MAX <= PLAN_PDNS_MAX);
G_STATIC_ASSERT(CONFIG_ORDER_MAX == PLAN_ORDER_MAX);

struct plans {
	struct config *config;
	int64_t until_ms;	/* of a trial, NEVER without one */
	struct conf_notes notes;
};

/* The directory that counts: its own, or a trial below it; for g_free() */
static char *choose_directory(const char *directory, int64_t *ret_until_ms)
{
	struct config_trial *trial = g_new0(struct config_trial, 1);
	char *where = config_tree_where(directory, trial);

	*ret_until_ms = NEVER;
	switch (trial->state) {
	case CONFIG_TRIAL_NONE:
		break;
	case CONFIG_TRIAL_RUNS:
		*ret_until_ms = trial->until_ms;
		say(SAY_NOTICE, "%s is tried for %lld s more", where,
		    (long long)(trial->until_ms - boot_ms()) / SECOND);
		break;
	case CONFIG_TRIAL_OVER:
		say(SAY_WARNING, "what was tried in %s/" CONFIG_TRIAL
		    " was not confirmed: the former configuration counts", where);
		break;
	case CONFIG_TRIAL_CONFIRMED:
		say(SAY_WARNING, "%s is confirmed and not in place: m2mctl config confirm",
		    where);
		break;
	}
	g_free(trial);
	return where;
}

struct plans *plans_load(const char *directory)
{
	struct plans *plans = g_new0(struct plans, 1);
	char *where = choose_directory(directory, &plans->until_ms);

	plans->config = config_load(where, &plans->notes);
	g_free(where);
	for (size_t i = 0; i < plans->notes.n; i++) {
		const struct conf_note *note = &plans->notes.notes[i];

		say(note->severity == CONF_ERROR ? SAY_ERROR : SAY_WARNING,
		    "%s:%u: %s", note->file, note->line, note->text);
	}
	return plans;
}

int64_t plans_left_ms(const struct plans *plans)
{
	int64_t left = plans->until_ms - boot_ms();

	if (plans->until_ms == NEVER)
		return NEVER;
	return MAX(left, 0);
}

bool plans_want_any(const struct plans *plans)
{
	return plans->config->n_modems || plans->config->manager.auto_connect;
}

bool plans_allow_resolv_file(const struct plans *plans)
{
	return plans->config->helper.resolv_file;
}

void plans_free(struct plans *plans)
{
	if (!plans)
		return;
	config_free(plans->config);
	conf_notes_clear(&plans->notes);
	g_free(plans);
}

/* Half of a file might dial what all of it would not */
static bool has_error(const struct plans *plans, const struct config_modem *modem)
{
	for (size_t i = 0; i < plans->notes.n; i++) {
		const struct conf_note *note = &plans->notes.notes[i];

		if (note->severity != CONF_ERROR)
			continue;
		if (!strcmp(note->file, modem->file))
			return true;
		for (size_t j = 0; j < modem->source.n_files; j++)
			if (!strcmp(note->file, modem->source.files[j]))
				return true;
	}
	return false;
}

static char **take_list(const struct config_list *from)
{
	char **list;

	if (!from->n)
		return NULL;
	list = g_new0(char *, from->n + 1);
	for (size_t i = 0; i < from->n; i++)
		list[i] = g_strdup(from->s[i]);
	return list;
}

static void take_pdn(const struct config_pdn *from, struct plan_pdn *to)
{
	g_strlcpy(to->name, from->name, sizeof(to->name));
	to->apn = g_strdup(from->apn);
	to->user = g_strdup(from->user);
	to->password_file = g_strdup(from->password_file);
	to->auth = from->auth;
	to->has_auth = from->user || from->auth != CONFIG_AUTH_NONE;
	to->v4 = from->ip_family != CONFIG_IPV6;
	to->v6 = from->ip_family != CONFIG_IPV4;
	to->metric = from->route_metric;
	to->mtu = from->mtu;
	to->table = from->route_table;
	to->vrf = g_strdup(from->vrf);
	to->netns = g_strdup(from->netns);
	to->mux_id = from->mux_id;
	to->dns = take_list(&from->dns);
}

static void take_ladder(enum config_ladder highest, struct plan *plan)
{
	static const enum rung rungs[] = {
		[CONFIG_LADDER_NONE] = RUNG_NONE,
		[CONFIG_LADDER_REDIAL] = RUNG_NONE,
		[CONFIG_LADDER_REATTACH] = RUNG_REATTACH,
		[CONFIG_LADDER_RADIO] = RUNG_RADIO,
		[CONFIG_LADDER_SIM_POWER] = RUNG_SIM_POWER,
		[CONFIG_LADDER_MODEM_RESET] = RUNG_MODEM_RESET,
		[CONFIG_LADDER_USB_RESET] = RUNG_USB_RESET,
		[CONFIG_LADDER_PORT_POWER] = RUNG_PORT_POWER,
		[CONFIG_LADDER_HOST_REBOOT] = RUNG_HOST_REBOOT,
	};

	plan->redial = highest >= CONFIG_LADDER_REDIAL;
	plan->rungs = ladder_rungs(rungs[highest]);
}

static int take_probe(int64_t probe)
{
	switch ((enum config_probe)probe) {
	case CONFIG_PROBE_ICMP:
		return PROBE_ICMP;
	case CONFIG_PROBE_DNS:
		return PROBE_DNS;
	case CONFIG_PROBE_TCP:
		return PROBE_TCP;
	}
	return PROBE_ICMP;
}

static void take_attach(const struct config_attach *from, struct plan_attach *to)
{
	to->apn = g_strdup(from->apn);
	to->user = g_strdup(from->user);
	to->password_file = g_strdup(from->password_file);
	to->auth = from->auth;
	to->v4 = from->ip_family != CONFIG_IPV6;
	to->v6 = from->ip_family != CONFIG_IPV4;
}

static void take_quota(const struct config_quota *from, struct plan *plan)
{
	static const enum quota_period periods[] = {
		[CONFIG_DAY] = QUOTA_DAY,
		[CONFIG_WEEK] = QUOTA_WEEK,
		[CONFIG_MONTH] = QUOTA_MONTH,
	};

	plan->quota_bytes = from->limit_bytes;
	plan->quota_period = periods[from->period];
	plan->quota_cut = from->action == CONFIG_CUT;
}

static void take_modem(const struct config_modem *from, struct plan *plan)
{
	plan->managed = true;
	plan->of_card = from->match.iccid.n;
	take_ladder(from->supervise.ladder, plan);
	plan->max_resets = from->supervise.max_resets_per_day;
	plan->roaming = from->network.roaming;
	plan->operator = g_strdup(from->network.operator);
	plan->modes = g_strdup(from->network.modes);
	plan->bands = g_strdup(from->network.bands);
	plan->slot = from->sim.slot;
	plan->n_order = from->sim.order ? config_order(from->sim.order, plan->order) : 0;
	plan->pin_file = g_strdup(from->sim.pin_file);
	take_attach(&from->attach, &plan->attach);
	take_quota(&from->quota, plan);
	plan->target = g_strdup(from->supervise.target);
	plan->probe = take_probe(from->supervise.probe);
	plan->interval_ms = from->supervise.interval_s * 1000;
	plan->n_pdns = from->n_pdns;
	for (size_t i = 0; i < plan->n_pdns; i++)
		take_pdn(&from->pdns[i], &plan->pdns[i]);
}

static void take_default(struct plan *plan)
{
	struct plan_pdn *pdn = &plan->pdns[0];

	plan->managed = true;
	take_ladder(CONFIG_LADDER_HOST_REBOOT, plan);
	plan->max_resets = RESETS_MAX;
	plan->roaming = CONFIG_ROAMING_AUTO;
	plan->n_pdns = 1;
	g_strlcpy(pdn->name, AUTO_NAME, sizeof(pdn->name));
	pdn->v4 = true;
	pdn->v6 = true;
}

struct plan *plan_new(const struct plans *plans, const struct plan_modem *modem)
{
	const struct config_identity id = {
		modem->imei, modem->iccid, modem->path, modem->model,
	};
	const struct config *config = plans->config;
	const struct config_modem *file, *other;
	struct plan *plan = g_new0(struct plan, 1);
	int err = config_match(config, &id, &file, &other);

	plan->refs = 1;
	plan->tried = plans->until_ms != NEVER;
	plan->guess = config->manager.auto_connect;
	plan->spread_s = config->manager.boot_spread_s;
	plan->port_power = config->helper.port_power;
	plan->host_reboot = config->helper.reboot;
	plan->hook = config->helper.hook;
	plan->set_clock = config->helper.set_clock;
	/* a file with errors names its modem all the same */
	if (file && !other)
		plan->alias = g_strdup(file->name);
	if (err == -ENOTUNIQ)
		plan->why_not = g_strdup_printf("%s and %s match it equally",
						file->file, other->file);
	else if (err || (file && has_error(plans, file)))
		plan->why_not = g_strdup_printf("%s has errors", file->file);
	else if (file)
		take_modem(file, plan);
	else if (config->manager.auto_connect)
		take_default(plan);
	return plan;
}

struct plan *plan_ref(struct plan *plan)
{
	plan->refs++;
	return plan;
}

void plan_unref(struct plan *plan)
{
	if (!plan || --plan->refs)
		return;
	for (size_t i = 0; i < plan->n_pdns; i++) {
		g_free(plan->pdns[i].apn);
		g_free(plan->pdns[i].user);
		g_free(plan->pdns[i].password_file);
		g_free(plan->pdns[i].vrf);
		g_free(plan->pdns[i].netns);
		g_strfreev(plan->pdns[i].dns);
	}
	g_free(plan->alias);
	g_free(plan->why_not);
	g_free(plan->operator);
	g_free(plan->modes);
	g_free(plan->bands);
	g_free(plan->pin_file);
	g_free(plan->attach.apn);
	g_free(plan->attach.user);
	g_free(plan->attach.password_file);
	g_free(plan->target);
	g_free(plan);
}

bool plan_pdn_same_link(const struct plan_pdn *a, const struct plan_pdn *b)
{
	return !strcmp(a->name, b->name) && a->metric == b->metric && a->mtu == b->mtu &&
	       a->table == b->table && !g_strcmp0(a->vrf, b->vrf) &&
	       !g_strcmp0(a->netns, b->netns);
}

static uint64_t mix_number(uint64_t key, uint8_t number)
{
	return fnv_add(key, &number, 1);
}

/* Ends of texts included; NULL is another one than "" */
static uint64_t mix(uint64_t key, const char *text)
{
	key = mix_number(key, !text);
	return text ? fnv_add(key, text, strlen(text) + 1) : key;
}

/* What the file says now; one that cannot be read is said where it is needed */
static void read_password(const struct plan_pdn *pdn, uint64_t *password)
{
	char secret[WDS_USER_MAX + 1];
	struct m2m_error ignored;

	if (!pdn->password_file ||
	    plan_secret(pdn->password_file, secret, sizeof(secret), &ignored))
		return;
	*password = mix(FNV_START, secret);
	explicit_bzero(secret, sizeof(secret));
}

uint64_t plan_pdn_call(const struct plan_pdn *pdn, uint64_t *password)
{
	uint64_t key = mix(FNV_START, pdn->user);

	key = mix_number(key, pdn->has_auth ? 1 + pdn->auth : 0);
	key = mix_number(key, pdn->mux_id);
	key = mix(key, pdn->password_file);
	read_password(pdn, password);
	return pdn->password_file ? key ^ *password : key;
}

bool plan_guesses(const struct plan *plan)
{
	for (size_t i = 0; plan->guess && plan->managed && i < plan->n_pdns; i++)
		if (!plan->pdns[i].apn)
			return true;
	return false;
}

bool plan_may_guess(const struct plan *plan)
{
	return plan->guess && (!plan->managed || plan_guesses(plan));
}

bool plan_same_settings(const struct plan *a, const struct plan *b)
{
	const struct plan_attach *x = &a->attach, *y = &b->attach;

	return a->managed == b->managed && a->tried == b->tried && a->slot == b->slot &&
	       a->n_order == b->n_order && !memcmp(a->order, b->order, a->n_order) &&
	       !g_strcmp0(a->operator, b->operator) && !g_strcmp0(a->modes, b->modes) &&
	       !g_strcmp0(a->bands, b->bands) &&
	       !g_strcmp0(x->apn, y->apn) && !g_strcmp0(x->user, y->user) &&
	       !g_strcmp0(x->password_file, y->password_file) && x->auth == y->auth &&
	       x->v4 == y->v4 && x->v6 == y->v6;
}

int plan_secret(const char *file, char *ret, size_t size, struct m2m_error *error)
{
	return config_secret_read(file, ret, size, error);
}
