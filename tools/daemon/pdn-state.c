// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns what a PDN knows: its access points and their waits, its facts and its timers. */
#include <stddef.h>
#include <string.h>

#include "table.h"

const char *pdn_token(unsigned int state)
{
	static const char * const tokens[] = {
		[PDN_ROUTE] = "route",
		[PDN_IDLE] = "idle",
		[PDN_ADOPTING] = "adopting",
		[PDN_SPREAD] = "spread",
		[PDN_WAITING] = "waiting",
		[PDN_REFUSED] = "refused",
		[PDN_NO_APN] = "no-apn",
		[PDN_DIALLING] = "dialling",
		[PDN_ONLINE] = "online",
		[PDN_RELEASING] = "releasing",
		[PDN_SAME] = "same",
		[PDN_ANY] = "any",
	};

	return state <= PDN_ANY ? tokens[state] : "unknown";
}

/* --- what outlives a reboot --------------------------------------------------------- */

/* KEPT_MAX if nothing is known of it */
static int kept_at(const struct machine *m, uint64_t key)
{
	int i = 0;

	while (i < KEPT_MAX && m->saved.kept[i].key != key)
		i++;
	return i;
}

static const struct kept *kept_of(const struct machine *m, uint64_t key)
{
	int at = kept_at(m, key);

	return at < KEPT_MAX ? &m->saved.kept[at] : NULL;
}

_Static_assert(PDN_MAX * APN_MAX <= KEPT_MAX, "what is in use has to stay counted");

/* Is it an access point of a PDN that there is; no more of them than are kept */
static bool is_in_use(const struct machine *m, uint64_t key)
{
	for (unsigned int i = 0; i < m->pdn_count; i++)
		for (unsigned int j = 0; j < m->pdn[i].config.apn_count; j++)
			if (m->pdn[i].config.apn[j].key == key)
				return true;
	return false;
}

static struct kept *keep(struct machine *m, uint64_t key)
{
	struct saved *saved = &m->saved;
	int at = kept_at(m, key);
	struct kept *kept;

	if (at < KEPT_MAX)
		return &saved->kept[at];
	/* in turn; what is counted of an access point in use stays counted */
	for (int i = 0; i < KEPT_MAX; i++) {
		kept = &saved->kept[saved->kept_next % KEPT_MAX];
		saved->kept_next = (saved->kept_next + 1) % KEPT_MAX;
		if (!is_in_use(m, kept->key))
			break;
	}
	*kept = (struct kept){ .key = key };
	return kept;
}

/* --- an access point's line --------------------------------------------------------- */

struct line *pdn_line(struct pdn *pdn)
{
	return &pdn->line[pdn->apn < APN_MAX ? pdn->apn : 0];
}

const struct line *pdn_line_now(const struct pdn *pdn)
{
	return &pdn->line[pdn->apn < APN_MAX ? pdn->apn : 0];
}

/* Activations of an access point that are under way, of any PDN */
static unsigned int under_way(const struct machine *m, uint64_t key)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < m->pdn_count; i++) {
		const struct pdn *pdn = &m->pdn[i];

		if (pdn->apn < APN_MAX && pdn->config.apn[pdn->apn].key == key)
			n += __builtin_popcount(pdn_pending(pdn));
	}
	return n;
}

static enum calls calls_of(const struct machine *m, const struct activations *activations)
{
	enum calls calls = CALLS_NONE;

	for (int i = 0; i < OUTCOMES; i++) {
		unsigned int n = tally_count(&activations->of[i], HOUR, m->clock);

		if (n >= activations_max(i) / POLICY_CROWD)
			return CALLS_MANY;
		if (n)
			calls = CALLS_FEW;
	}
	return calls;
}

enum calls pdn_calls(const struct machine *m)
{
	enum calls calls = CALLS_NONE;

	for (unsigned int i = 0; i < m->pdn_count; i++)
		if (pdn_pending(&m->pdn[i]))
			calls = CALLS_FEW;
	for (int i = 0; i < KEPT_MAX; i++) {
		enum calls of = calls_of(m, &m->saved.kept[i].activations);

		calls = of > calls ? of : calls;
	}
	return calls;
}

/*
 * Has it had its share of calls, or is that not to be known for want of writes? A host that
 * comes up every few minutes would begin to count anew each time.
 */
static bool is_crowded(const struct machine *m, const struct activations *activations)
{
	return tally_count(&m->saved.writes, DAY, m->clock) >= POLICY_SPARE_WRITES ||
	       calls_of(m, activations) == CALLS_MANY;
}

static const struct activations *activations_of(const struct machine *m, uint64_t key)
{
	static const struct activations none;
	const struct kept *kept = kept_of(m, key);

	return kept ? &kept->activations : &none;
}

/* The first call of a boot: later ones are far enough from it, as any are */
static bool is_first(const struct machine *m, const struct line *line)
{
	return m->booted && !line->called;
}

/* When a first call is made with many on disk: not in one boot with those of other PDNs */
static int64_t calm_at(const struct machine *m, uint64_t key)
{
	int64_t at = m->calm_until;

	for (unsigned int i = 0; i < m->pdn_count; i++)
		for (unsigned int j = 0; j < m->pdn[i].config.apn_count; j++)
			if (m->pdn[i].config.apn[j].key == key && m->pdn[i].line[j].called)
				at += POLICY_CALM_MS;
	return at;
}

/* What was in the hour that is counted may have been in another boot */
static bool is_young(const struct machine *m)
{
	return m->booted && m->clock < HOUR;
}

int64_t line_free_at(const struct machine *m, const struct pdn *pdn, unsigned int apn)
{
	uint64_t key = pdn->config.apn[apn].key;
	const struct activations *activations = activations_of(m, key);
	const struct line *line = &pdn->line[apn];
	unsigned int left = is_young(m) && line->called ? POLICY_LEFT : 0;
	int64_t at = activations_next(activations, under_way(m, key) + left, m->clock);

	if (line->backoff.until > at)
		at = line->backoff.until;
	if (is_first(m, line) && calm_at(m, key) > at && is_crowded(m, activations))
		at = calm_at(m, key);
	return at;
}

int64_t pdn_free_at(const struct machine *m, const struct pdn *pdn)
{
	return line_free_at(m, pdn, pdn->apn < APN_MAX ? pdn->apn : 0);
}

uint8_t pdn_families_wanted(const struct machine *m, const struct pdn *pdn)
{
	const struct line *line = pdn_line_now(pdn);

	if (!line->families || m->clock - line->families_at >= POLICY_FAMILY_MS)
		return pdn->config.families;
	return line->families & pdn->config.families ? line->families :
						       pdn->config.families;
}

void pdn_choose_apn(const struct machine *m, struct pdn *pdn)
{
	const struct line *line = pdn_line_now(pdn);
	int64_t best = NEVER;

	if (pdn->apn < pdn->config.apn_count && !line->backoff.permanent &&
	    line->backoff.temporary < 6)
		return;
	for (unsigned int i = 0; i < pdn->config.apn_count; i++) {
		int64_t at = line_free_at(m, pdn, i);

		if (at < best) {
			best = at;
			pdn->apn = i;
		}
	}
}

static void load_line(struct machine *m, struct line *line, uint64_t key)
{
	const struct kept *kept = kept_of(m, key);

	memset(line, 0, sizeof(*line));
	line->backoff.until = LONG_AGO;
	if (!kept)
		return;
	/* the first call of a boot is free; after it the series goes on */
	line->backoff.temporary = kept->temporary <= 6 ? kept->temporary : 6;
	line->backoff.permanent = kept->permanent <= 4 ? kept->permanent : 4;
}

/*
 * Two calls a boot cost nothing; from the second step on each is remembered, so that a
 * host that reboots every three minutes does not begin the series anew each time.
 */
void pdn_keep_line(struct step *step)
{
	struct pdn *pdn = step->pdn;
	const struct backoff *backoff = &pdn_line_now(pdn)->backoff;
	uint64_t key = pdn->config.apn[pdn->apn].key;
	struct kept *kept;
	uint8_t temporary = backoff->temporary > 1 ? backoff->temporary : 0;
	uint8_t permanent = backoff->permanent;

	if (!kept_of(step->m, key) && !temporary && !permanent)
		return;
	kept = keep(step->m, key);
	if (kept->temporary == temporary && kept->permanent == permanent)
		return;
	kept->temporary = temporary;
	kept->permanent = permanent;
	step_record(step, POLICY_SPARE_WRITES);
}

/*
 * On its way to the disk before it is made, as the host may die of it: the first of a boot,
 * and then each few. Not one that waited for being one of many: no matter how often that is
 * forgotten, those are far apart.
 */
void pdn_keep_call(struct step *step)
{
	struct machine *m = step->m;
	uint64_t key = step->pdn->config.apn[step->pdn->apn].key;
	struct line *line = pdn_line(step->pdn);
	struct kept *kept = keep(m, key);
	bool first = is_first(m, line), crowded = is_crowded(m, &kept->activations);

	line->called = true;
	if (first ? !crowded : m->unsaved >= (crowded && is_young(m) ? 1 : POLICY_UNSAVED))
		step_record(step, POLICY_SPARE_WRITES);
}

void pdn_save_pending(const struct machine *m, struct saved *ret)
{
	for (unsigned int i = 0; i < m->pdn_count; i++) {
		const struct pdn *pdn = &m->pdn[i];
		int at = kept_at(m, pdn->config.apn[pdn->apn].key);

		for (uint8_t left = pdn_pending(pdn); left && at < KEPT_MAX; left &= left - 1)
			tally_add(&ret->kept[at].activations.of[OUTCOME_SUCCESS], HOUR,
				  m->clock);
	}
}

bool pdn_survives(const struct pdn *pdn, const struct pdn_config *config)
{
	uint64_t key = pdn->apn < APN_MAX ? pdn->config.apn[pdn->apn].key : 0;

	if (pdn->up & ~config->families || pdn->config.call != config->call)
		return false;
	for (unsigned int i = 0; i < config->apn_count && i < APN_MAX; i++)
		if (config->apn[i].key == key)
			return true;
	return false;
}

void pdn_load(struct machine *m, struct pdn *pdn, const struct pdn_config *config)
{
	struct pdn_config old = pdn->config;
	struct line lines[APN_MAX];

	if (!memcmp(&old, config, sizeof(old)))
		return;
	/* what is under way is counted where it was dialled */
	pdn_park(m, pdn);
	memcpy(lines, pdn->line, sizeof(lines));
	pdn->config = *config;
	if (pdn->config.apn_count > APN_MAX)
		pdn->config.apn_count = APN_MAX;
	pdn->config.families &= FAMILY_BOTH;
	for (unsigned int i = 0; i < pdn->config.apn_count; i++) {
		load_line(m, &pdn->line[i], config->apn[i].key);
		/* also of the card before: what was counted stays counted */
		for (unsigned int j = 0; j < APN_MAX; j++)
			if (old.apn[j].key == config->apn[i].key)
				pdn->line[i] = lines[j];
	}
	pdn->apn = 0;
	/* what a person changed is tried at once */
	pdn->cause = (struct cause){ CAUSE_NONE };
	for (unsigned int i = 0; i < pdn->config.apn_count; i++)
		pdn->line[i].backoff.until = LONG_AGO;
}

void pdn_void(struct machine *m, struct pdn *pdn)
{
	pdn_park(m, pdn);
	pdn->adopt = false;
}

void pdn_park(struct machine *m, struct pdn *pdn)
{
	/* a call that was under way has been made, whatever came of it */
	if (pdn->state == PDN_DIALLING)
		for (uint8_t left = pdn_pending(pdn); left; left &= left - 1)
			pdn_count_outcome(m, pdn, OUTCOME_IGNORED);
	pdn->state = PDN_IDLE;
	pdn->asked = 0;
	pdn->up = 0;
	pdn->failed = 0;
	pdn->silent = false;
	pdn->settled = false;
	pdn->adopt = true;
}

uint8_t pdn_pending(const struct pdn *pdn)
{
	return pdn->asked & ~pdn->up & ~pdn->failed;
}

bool pdn_may_have_call(const struct pdn *pdn)
{
	return pdn->up || pdn_pending(pdn) || pdn->state == PDN_ADOPTING;
}

bool pdn_is_hopeless(const struct pdn *pdn)
{
	enum cause_class class = cause_class(&pdn->cause);

	return class == CLASS_PERMANENT || class == CLASS_ROAMING;
}

/* --- facts -------------------------------------------------------------------------- */

static enum outcome outcome_of(const struct cause *cause)
{
	switch (cause_class(cause)) {
	case CLASS_PERMANENT:
	case CLASS_ROAMING:
	case CLASS_FAMILY:
		return OUTCOME_PERMANENT;
	case CLASS_IGNORED:
		return OUTCOME_IGNORED;
	case CLASS_HOST:
		/* the network gave what the host could not take */
		return OUTCOME_SUCCESS;
	case CLASS_NONE:
	case CLASS_TEMPORARY:
	case CLASS_WAIT:
	case CLASS_STALE:
	case CLASS_REATTACH:
	case CLASS_SIM:
	case CLASS_RADIO:
		break;
	}
	return OUTCOME_TEMPORARY;
}

void pdn_count_outcome(struct machine *m, const struct pdn *pdn, enum outcome outcome)
{
	struct kept *kept = keep(m, pdn->config.apn[pdn->apn].key);

	m->unsaved += m->unsaved < UINT8_MAX;
	tally_add(&kept->activations.of[outcome], HOUR, m->clock);
}

static void absorb_up(struct step *step)
{
	struct pdn *pdn = step->pdn;
	uint8_t families = step->event->families & FAMILY_BOTH;
	uint8_t fresh = families & pdn->asked & ~pdn->up;

	for (; fresh; fresh &= fresh - 1)
		pdn_count_outcome(step->m, pdn, OUTCOME_SUCCESS);
	pdn->up |= families;
	pdn->failed &= ~families;
}

static void absorb_end(struct step *step)
{
	const struct event *event = step->event;
	struct pdn *pdn = step->pdn;
	uint8_t families = event->families & FAMILY_BOTH;
	uint8_t refused = families & pdn_pending(pdn);
	struct cause cause = event->cause;

	/* of a call that is over already, or was never wanted: it explains nothing */
	if (!(families & pdn->up) && !refused)
		return;
	if (!cause_is_end(&cause))
		cause = (struct cause){ CAUSE_CALL_IGNORED };
	/* the module's own no never reached the network, and the host's no the module */
	if (!cause_was_dialled(&cause))
		refused = 0;
	for (uint8_t left = refused; left; left &= left - 1)
		pdn_count_outcome(step->m, pdn, outcome_of(&cause));
	pdn->failed |= families & pdn->asked;
	pdn->up &= ~families;
	pdn->cause = cause;
	if (event->network_ms > pdn->network_ms)
		pdn->network_ms = event->network_ms;
}

void pdn_absorb(struct step *step)
{
	const struct event *event = step->event;
	struct pdn *pdn = step->pdn;

	switch (event->type) {
	case EVENT_PDN_UP:
		absorb_up(step);
		break;
	case EVENT_PDN_END:
		absorb_end(step);
		break;
	case EVENT_ANSWERED:
		if (event->test >= HEALTH_TESTS)
			break;
		health_answer(&pdn->health, event->test);
		pdn->silent = false;
		if (pdn->cause.kind == CAUSE_NO_ANSWER)
			pdn->cause = (struct cause){ CAUSE_NONE };
		break;
	default:
		break;
	}
}

/* --- timers ------------------------------------------------------------------------- */

uint8_t pdn_families_missing(const struct machine *m, const struct pdn *pdn)
{
	if (pdn_pending(pdn))
		return 0;
	return pdn_families_wanted(m, pdn) & ~pdn->up;
}

int64_t pdn_silence_due(const struct machine *m, const struct pdn *pdn)
{
	int64_t passive = health_next(&pdn->health, HEALTH_PASSIVE, m->clock);
	int64_t probe = health_next(&pdn->health, HEALTH_PROBE, m->clock);
	int64_t due = passive < probe ? passive : probe;
	int64_t line = pdn_free_at(m, pdn);

	if (!pdn->silent || !m->redial || m->state != MODEM_REGISTERED)
		return NEVER;
	return line > due ? line : due;
}

static int64_t online_due(const struct machine *m, const struct pdn *pdn)
{
	int64_t due = pdn_silence_due(m, pdn);
	int64_t repair = NEVER;

	if (!pdn->settled && pdn->since + POLICY_SETTLED_MS < due)
		due = pdn->since + POLICY_SETTLED_MS;
	if (pdn_pending(pdn))
		repair = pdn->asked_at + POLICY_DIAL_MS;
	else if (m->state == MODEM_REGISTERED && pdn_families_missing(m, pdn))
		repair = pdn_free_at(m, pdn);
	return repair < due ? repair : due;
}

int64_t pdn_due(const struct machine *m, const struct pdn *pdn)
{
	switch (pdn->state) {
	case PDN_ADOPTING:
		return pdn->since + POLICY_ADOPT_MS;
	case PDN_SPREAD:
		return m->spread_until;
	case PDN_WAITING:
		return pdn_free_at(m, pdn);
	case PDN_DIALLING:
		return pdn->asked_at + POLICY_DIAL_MS;
	case PDN_RELEASING:
		return pdn->since + POLICY_HANGUP_MS;
	case PDN_ONLINE:
		return online_due(m, pdn);
	case PDN_REFUSED:
		return machine_is_cut(m) ? m->cut_until : NEVER;
	default:
		return NEVER;
	}
}

const char *pdn_next(const struct machine *m, const struct pdn *pdn)
{
	switch (pdn->state) {
	case PDN_ADOPTING:
	case PDN_SPREAD:
	case PDN_WAITING:
	case PDN_RELEASING:
		return "dial";
	case PDN_DIALLING:
		return "give-up";
	case PDN_ONLINE:
		return pdn_silence_due(m, pdn) <= pdn->due ? "dial" : "watch";
	case PDN_REFUSED:
		return machine_is_cut(m) ? "dial" : "person";
	case PDN_NO_APN:
		return "person";
	default:
		return modem_next(m);
	}
}
