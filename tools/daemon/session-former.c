// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns what a modem had before a trial: on the disk first, restored, forgotten. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "../lib/task.h"
#include "plan.h"
#include "session.h"
#include "state.h"
#include "tell.h"
#include "unit.h"

/* A disk that is slower has the modem not written to */
#define DISK_MS		15000
#define KEY_SIZE	96

G_STATIC_ASSERT(FORMER_SETTINGS <= STATE_CHANGES_MAX);

/* Records that are to be other ones, with what they say */
struct changes {
	struct state_change list[FORMER_SETTINGS];
	char keys[FORMER_SETTINGS][KEY_SIZE];
	char texts[FORMER_SETTINGS][FORMER_TEXT_SIZE];
	unsigned int n;
};

/* What became of them, until somebody has heard of it or the modem is gone */
struct answer {
	const struct session *session;
	bool is_known;
	int err;
	struct m2m_error *error;
};

static void key_of(const struct unit *unit, enum former_setting which,
		   char ret[static KEY_SIZE])
{
	g_snprintf(ret, KEY_SIZE, "%s/former-%s", unit_name(unit), former_name(which));
}

/* Also one that cannot be read is none: it is in nobody's way */
static void load(const struct unit *unit, struct former *ret)
{
	char key[KEY_SIZE];
	const char *text;

	memset(ret, 0, sizeof(*ret));
	for (int i = 0; i < FORMER_SETTINGS; i++) {
		key_of(unit, i, key);
		text = state_get(unit_state(unit), key);
		if (text)
			former_parse(text, i, ret);
	}
}

/* "slot, bands"; for g_free() */
static char *names_of(const struct former *former)
{
	GString *names = g_string_new(NULL);

	for (int i = 0; i < FORMER_SETTINGS; i++)
		if (former_has(former, i))
			g_string_append_printf(names, "%s%s", names->len ? ", " : "",
					       former_name(i));
	return g_string_free(names, FALSE);
}

char *unit_former(const struct unit *unit)
{
	struct former kept;
	char *names;

	load(unit, &kept);
	names = names_of(&kept);
	if (!*names)
		g_clear_pointer(&names, g_free);
	return names;
}

/* --- on the disk ------------------------------------------------------------------- */

/* @former: has it, or NULL: the record goes */
static void add(struct changes *changes, const struct session *session,
		const struct former *former, enum former_setting which)
{
	unsigned int at = changes->n++;

	key_of(session->unit, which, changes->keys[at]);
	if (former)
		former_text(former, which, changes->texts[at]);
	changes->list[at].key = changes->keys[at];
	changes->list[at].value = former ? changes->texts[at] : NULL;
}

static void written(void *data, uint32_t number, int err, const struct m2m_error *error)
{
	struct answer *answer = data;

	answer->is_known = true;
	answer->err = err;
	if (err)
		*answer->error = *error;
}

static bool is_known_or_gone(void *data)
{
	const struct answer *answer = data;

	return answer->is_known || !answer->session->unit;
}

static int commit(struct session *session, const struct changes *changes,
		  struct m2m_error *error)
{
	struct answer answer = { .session = session, .error = error };
	struct state *state = unit_state(session->unit);
	int err;

	if (!changes->n)
		return 0;
	state_change(state, changes->list, changes->n, written, &answer);
	err = task_wait(is_known_or_gone, &answer, DISK_MS);
	state_forget(state, &answer);
	if (!session->unit)
		return m2m_error_set(error, -EINTR, "the modem is gone");
	if (err)
		return m2m_error_set(error, -EIO, "the disk does not answer");
	return answer.err;
}

static void forget(struct session *session, const struct changes *changes)
{
	struct m2m_error error;
	int err = commit(session, changes, &error);

	/* it is there again, and forgotten at the next look */
	if (err && session->unit)
		tell_complaint(unit_tell(session->unit), SAY_WARNING,
			       "what was before the trial is not forgotten: %s", error.msg);
}

int session_keep(struct session *session, const struct plan *plan, const struct former *is,
		 struct m2m_error *error)
{
	g_autofree char *names = NULL;
	struct former kept, added = { 0 };
	struct changes changes = { 0 };
	int err;

	if (!plan->tried)
		return 0;
	/* gone while the modem was asked for it */
	if (!session->unit)
		return m2m_error_set(error, -EINTR, "the modem is gone");
	load(session->unit, &kept);
	for (int i = 0; i < FORMER_SETTINGS; i++) {
		if (!former_has(is, i))
			continue;
		/* the first one counts; it may have failed to reach the disk, so once more */
		if (!former_has(&kept, i)) {
			former_take(&kept, is, i);
			former_take(&added, is, i);
		}
		add(&changes, session, &kept, i);
	}
	names = names_of(&added);
	err = commit(session, &changes, error);
	if (!err && *names)
		tell_complaint(unit_tell(session->unit), SAY_NOTICE,
			       "tried until it is confirmed: another setting of %s", names);
	return err;
}

/* --- what becomes of it --------------------------------------------------------------- */

static bool is_stated(const struct plan *plan, enum former_setting which)
{
	switch (which) {
	case FORMER_SLOT:
		return plan->slot || plan->n_order;
	case FORMER_OPERATOR:
		return plan->operator;
	case FORMER_MODES:
		return plan->modes;
	case FORMER_BANDS:
		return plan->bands;
	default:
		return false;
	}
}

void session_look_back(struct session *session, const struct plan *plan)
{
	/* which file is the modem's a card that has not been looked at may change */
	bool is_certain = unit_machine(session->unit)->sim > SIM_INITIALISING;
	struct changes changes = { 0 };
	struct former kept;

	load(session->unit, &kept);
	memset(&session->restore, 0, sizeof(session->restore));
	for (int i = 0; i < FORMER_SETTINGS && plan->managed; i++) {
		switch (former_judge(former_has(&kept, i), is_stated(plan, i), plan->tried)) {
		case FORMER_RESTORE:
			former_take(&session->restore, &kept, i);
			break;
		case FORMER_DROP:
			if (is_certain)
				add(&changes, session, NULL, i);
			break;
		case FORMER_NONE:
		case FORMER_KEEP:
			break;
		}
	}
	forget(session, &changes);
}

void session_restored(struct session *session, enum former_setting which, bool is_so)
{
	struct changes changes = { 0 };

	if (!session->unit || !former_has(&session->restore, which))
		return;
	tell_complaint(unit_tell(session->unit), SAY_NOTICE, is_so ?
		       "the trial is over: %s as before" :
		       "the trial is over: what %s was before is none of this modem",
		       former_name(which));
	add(&changes, session, NULL, which);
	forget(session, &changes);
}
