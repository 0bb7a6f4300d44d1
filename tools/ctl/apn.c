// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the commands about the profiles that the modem stores. */
#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/apn-db.h"
#include "../lib/wds-profile.h"
#include "../lib/words.h"
#include "apn.h"
#include "report.h"

/*
 * DOC: writing
 *
 * A profile lies in flash that wears out, and changing the one the modem attaches with
 * makes some detach. So it is read first, only what differs is written, and read again:
 * firmware is known to accept and to ignore.
 */

#define HINT_LIST	"m2mctl apn list"

/* What a profile shall be, with the secret that belongs to it */
struct wish {
	struct wds_profile_change change;
	struct secret password;
};

int apn_check(struct ctl *ctl, const char *apn)
{
	size_t len = apn ? strlen(apn) : 0;

	if (apn && !len)
		return ctl_fail(ctl, -EINVAL, EXIT_USAGE, NULL, "the APN is empty");
	if (len > WDS_APN_MAX)
		return ctl_fail(ctl, -EINVAL, EXIT_USAGE, NULL,
				"an APN has at most %d characters, not %zu",
				WDS_APN_MAX, len);
	if (len && !apn_is_valid(apn))
		return ctl_fail(ctl, -EINVAL, EXIT_USAGE, NULL,
				"an APN is made of letters, digits, \".\", \"-\" and \"_\"");
	return 0;
}

static int check_bytes(struct ctl *ctl, const char *what, const char *text, size_t max)
{
	size_t len = text ? strlen(text) : 0;

	return len <= max ? 0 : ctl_fail(ctl, -EINVAL, EXIT_USAGE, NULL,
					 "%s has at most %zu bytes, not %zu", what, max, len);
}

int apn_check_user(struct ctl *ctl, const char *user)
{
	return check_bytes(ctl, "a user name", user, WDS_USER_MAX);
}

int apn_auth(const struct args *args)
{
	const char *word = args_key(args, "auth");

	if (word)
		return word_value(WORD_AUTH, word);
	return args_key(args, "user") ? WDS_AUTH_BOTH : WDS_AUTH_UNSET;
}

/* --- what is asked ---------------------------------------------------------- */

static int pdp_of(const char *family)
{
	if (!family)
		return -1;
	return !strcmp(family, "4") ? WDS_PDP_IPV4 :
	       !strcmp(family, "6") ? WDS_PDP_IPV6 : WDS_PDP_IPV4V6;
}

/* Profile numbers are a byte. */
static int read_number(struct ctl *ctl, const char *word, uint16_t *ret)
{
	char *end;
	long n = strtol(word, &end, 10);

	if (!g_ascii_isdigit(*word) || *end || n < 1 || n > UINT8_MAX)
		return ctl_fail(ctl, -EINVAL, EXIT_USAGE, HINT_LIST,
				"a profile is a number from 1 to 255, not \"%s\"", word);
	*ret = n;
	return 0;
}

int apn_read_password(struct ctl *ctl, struct secret *secret, const char **ret)
{
	const char *file = ctl->args->option[OPTION_PASSWORD_FILE];
	const char *fd = ctl->args->option[OPTION_PASSWORD_FD];
	int err;

	*ret = NULL;
	if (!file && !fd && !args_key(ctl->args, "user"))
		return 0;
	err = secret_read(&(struct secret_source) {
		.file = file,
		.fd = fd,
		.prompt = "Password: ",
		.stop_fd = ctl->signal_fd,
	}, secret, &ctl->error);
	if (err == -ENXIO)
		return ctl_fail(ctl, -EINVAL, EXIT_USAGE, "--password-file",
				"a user needs a password");
	if (err == -EMSGSIZE)
		return ctl_fail(ctl, -EINVAL, EXIT_USAGE, NULL,
				"a password has at most %d bytes", SECRET_MAX - 1);
	*ret = err ? NULL : secret->s;
	return err;
}

static int read_wish(struct ctl *ctl, const char *apn, struct wish *ret)
{
	const struct args *args = ctl->args;
	const char *user = args_key(args, "user");
	int err;

	*ret = (struct wish) { .change = {
		.name = args_key(args, "name"),
		.apn = apn,
		.user = user,
		.pdp = pdp_of(args_key(args, "family")),
		.auth = apn_auth(args),
	} };
	err = apn_check(ctl, apn);
	if (!err)
		err = check_bytes(ctl, "a profile's name", ret->change.name,
				  WDS_PROFILE_NAME_MAX);
	if (!err)
		err = apn_check_user(ctl, user);
	/* it would go the way of the one that is forgotten, in silence */
	if (!err && ret->change.auth == WDS_AUTH_NONE && !user &&
	    (args->option[OPTION_PASSWORD_FILE] || args->option[OPTION_PASSWORD_FD]))
		err = ctl_fail(ctl, -EINVAL, EXIT_USAGE, NULL,
			       "auth none takes no password without a user");
	return err ? err : apn_read_password(ctl, &ret->password, &ret->change.password);
}

/* --- what is said ----------------------------------------------------------- */

static bool is_in(const uint16_t *numbers, unsigned int n, unsigned int number)
{
	for (unsigned int i = 0; i < n; i++)
		if (numbers[i] == number)
			return true;
	return false;
}

static void say_fields(struct out *out, const struct wds_profile *p)
{
	out_int(out, "profile", "Profile", p->number);
	out_string(out, "name", "Name", p->name);
	out_string(out, "apn", "APN", p->apn);
	out_string(out, "family", "Family", word(WORD_PDP_TYPE, p->pdp).s);
	out_string(out, "auth", "Auth", p->has_auth ? word(WORD_AUTH, p->auth).s : NULL);
	out_string(out, "user", "User", p->user);
	report_opt_bool(out, "has_password", NULL, p->has_password, *p->password);
	out_bool(out, "disabled", NULL, p->disabled);
	out_bool(out, "roaming_allowed", NULL, !p->no_roaming);
}

static void say_profile(struct ctl *ctl, const struct wds_profile *p)
{
	out_section(ctl->out, "profile", "Profile");
	say_fields(ctl->out, p);
	out_section_end(ctl->out);
}

static void say_list(struct out *out, const char *key, const char *label,
		     const uint16_t *numbers, unsigned int n)
{
	char text[WDS_ATTACH_MAX][8];
	const char *list[WDS_ATTACH_MAX];

	for (unsigned int i = 0; i < n; i++) {
		snprintf(text[i], sizeof(text[i]), "%u", numbers[i]);
		list[i] = text[i];
	}
	out_strings(out, key, label, list, n);
}

static void say_attach(struct out *out, const struct wds_attach *a)
{
	out_section(out, "attach", "Attach");
	out_string(out, "apn", "APN", a->has_used ? a->apn : NULL);
	out_string(out, "family", "Family", a->has_used ?
		   word(WORD_PDP_TYPE, a->pdp).s : NULL);
	report_opt(out, "default_profile", "Default profile", a->by_default, -1);
	say_list(out, "profiles", "Profiles", a->profile, a->n);
	say_list(out, "next_profiles", "Next time", a->pending, a->n_pending);
	report_opt(out, "profiles_max", NULL, a->max, -1);
	out_section_end(out);
}

/* --- asking the modem ------------------------------------------------------- */

static int get(struct ctl *ctl, struct m2m_client *wds, unsigned int number,
	       struct wds_profile *ret)
{
	int err = wds_profile_get(wds, number, ret, &ctl->error);

	if (err == -ENOENT) {
		m2m_error_prefix(&ctl->error, "the modem has no profile %u", number);
		ctl->hint = HINT_LIST;
	}
	return err;
}

/* Done to each profile until it says 1 */
typedef int (*profile_fn)(struct ctl *ctl, const struct wds_profile *p, void *data);

static int for_each(struct ctl *ctl, struct m2m_client *wds, profile_fn fn, void *data)
{
	struct wds_profile_list list = { 0 };
	struct wds_profile p;
	int err;

	err = wds_profile_list_get(wds, &list, &ctl->error);
	for (unsigned int i = 0; i < list.n && !err; i++) {
		err = wds_profile_get(wds, list.number[i], &p, &ctl->error);
		/* one that went meanwhile */
		if (err == -ENOENT)
			err = 0;
		else if (!err)
			err = fn(ctl, &p, data);
		wds_profile_wipe(&p);
	}
	return err;
}

static int say_row(struct ctl *ctl, const struct wds_profile *p, void *data)
{
	const struct wds_attach *attach = data;

	out_row(ctl->out);
	say_fields(ctl->out, p);
	out_bool(ctl->out, "attach", "Attach", is_in(attach->profile, attach->n, p->number));
	out_row_end(ctl->out);
	return 0;
}

int apn_list_run(struct ctl *ctl)
{
	struct wds_attach attach;
	struct m2m_client *wds;
	int err;

	err = ctl_open(ctl, QMI_WDS, &wds);
	if (err)
		return err;
	err = wds_attach_get(wds, &attach, &ctl->error);
	if (!err) {
		out_table(ctl->out, "profiles", NULL);
		err = for_each(ctl, wds, say_row, &attach);
		out_table_end(ctl->out);
		say_attach(ctl->out, &attach);
	}
	m2m_client_close(wds, false);
	return err;
}

/* Does @fn to the profile whose number is the first argument. */
static int with_profile(struct ctl *ctl, int (*fn)(struct ctl *ctl, struct m2m_client *wds,
						   unsigned int number))
{
	struct m2m_client *wds = NULL;
	uint16_t number;
	int err;

	err = read_number(ctl, ctl->args->arg[0], &number);
	if (!err)
		err = ctl_open(ctl, QMI_WDS, &wds);
	if (!err)
		err = fn(ctl, wds, number);
	m2m_client_close(wds, false);
	return err;
}

static int show(struct ctl *ctl, struct m2m_client *wds, unsigned int number)
{
	struct wds_profile p = { 0 };
	int err;

	err = get(ctl, wds, number, &p);
	if (!err)
		say_profile(ctl, &p);
	wds_profile_wipe(&p);
	return err;
}

int apn_show_run(struct ctl *ctl)
{
	return with_profile(ctl, show);
}

/* --- writing ---------------------------------------------------------------- */

/* There is firmware that keeps secrets to itself: nothing is held against it. */
static struct wds_profile_change told(const struct wds_profile *p,
				      const struct wds_profile_change *wanted)
{
	struct wds_profile_change ret = *wanted;

	if (!*p->password)
		ret.password = NULL;
	if (!p->has_auth)
		ret.auth = WDS_AUTH_UNSET;
	return ret;
}

static int is_not_so(struct ctl *ctl, const struct wds_profile *p, unsigned int number,
		     const char *name)
{
	if (p && name && wds_profile_name_is_cut(p, name))
		return ctl_fail(ctl, -EIO, EXIT_FAILED, "a shorter one",
				"the name of %zu bytes is too long for the modem, which keeps %zu of them",
				strlen(name), strlen(p->name));
	return ctl_fail(ctl, -EIO, EXIT_FAILED, HINT_LIST,
			"the modem said yes, but its profile %u is not so", number);
}

/* What was written is read again, said, and held against what was wanted. */
static int say_written(struct ctl *ctl, struct m2m_client *wds, unsigned int number,
		       const struct wish *wish, bool changed)
{
	struct wds_profile p = { 0 };
	struct wds_profile_change wanted;
	int err;

	err = get(ctl, wds, number, &p);
	wanted = told(&p, &wish->change);
	if (err == -ENOENT)
		err = is_not_so(ctl, NULL, number, NULL);
	else if (!err && wds_profile_differs(&p, &wanted))
		err = is_not_so(ctl, &p, number, wanted.name);
	if (!err) {
		say_profile(ctl, &p);
		out_bool(ctl->out, "changed", NULL, changed);
	}
	wds_profile_wipe(&p);
	return err;
}

struct search {
	const struct wds_profile_change *change;
	unsigned int number;	/* of the one that is so already, 0: none */
	unsigned int silent;	/* ... but for what the modem keeps to itself */
	bool seen[UINT8_MAX + 1];
};

static int compare(struct ctl *ctl, const struct wds_profile *p, void *data)
{
	struct search *search = data;
	struct wds_profile_change wanted = told(p, search->change);

	search->seen[p->number] = true;
	if (p->disabled || wds_profile_differs(p, &wanted))
		return 0;
	if (!wds_profile_differs(p, search->change))
		search->number = p->number;
	else if (!search->silent)
		search->silent = p->number;
	return search->number ? 1 : 0;
}

static int set(struct ctl *ctl, struct m2m_client *wds, unsigned int number,
	       const struct wish *wish)
{
	struct wds_profile p = { 0 };
	bool changed = false;
	int err;

	err = get(ctl, wds, number, &p);
	if (!err && wds_profile_differs(&p, &wish->change)) {
		changed = true;
		err = wds_profile_modify(wds, &p, &wish->change, &ctl->error);
	}
	wds_profile_wipe(&p);
	return err ? err : say_written(ctl, wds, number, wish, changed);
}

/* Whether it is there is asked first: firmware answers to deleting what is not all sorts. */
static int delete_if_there(struct ctl *ctl, struct m2m_client *wds, unsigned int number,
			   bool *ret_was_there)
{
	struct wds_profile p = { 0 };
	int err;

	err = wds_profile_get(wds, number, &p, &ctl->error);
	wds_profile_wipe(&p);
	if (err == -ENOENT)
		return 0;
	if (err)
		return err;
	*ret_was_there = true;
	err = wds_profile_delete(wds, number, &ctl->error);
	if (err == -EACCES)
		return ctl_fail(ctl, -EBUSY, EXIT_BUSY, "m2mctl apn default, or apn set",
				"the modem does not let its profile %u go (QMI error %u)",
				number, ctl->error.qmi);
	if (err)
		return err;
	err = wds_profile_get(wds, number, &p, &ctl->error);
	wds_profile_wipe(&p);
	if (err && err != -ENOENT)
		return err;
	return err ? 0 : ctl_fail(ctl, -EIO, EXIT_FAILED, HINT_LIST,
				  "the modem said yes, but its profile %u is still there",
				  number);
}

/* One that was not made as it was wanted; else each run would leave one more */
static void take_back(struct ctl *ctl, struct m2m_client *wds, unsigned int number)
{
	const struct m2m_error error = ctl->error;
	const char *hint = ctl->hint;
	int status = ctl->status;
	bool was_there;

	if (delete_if_there(ctl, wds, number, &was_there))
		fprintf(stderr, "m2mctl: while undoing: profile %u is left: %s\n", number,
			ctl->error.msg);
	ctl->error = error;
	ctl->hint = hint;
	ctl->status = status;
}

static int add(struct ctl *ctl, struct m2m_client *wds, const struct wish *wish)
{
	struct search search = { .change = &wish->change };
	uint8_t number;
	int err;

	err = for_each(ctl, wds, compare, &search);
	if (err < 0)
		return err;
	if (search.number)
		return say_written(ctl, wds, search.number, wish, false);
	/* with firmware that keeps something to itself each run would add one more */
	if (search.silent)
		return set(ctl, wds, search.silent, wish);
	err = wds_profile_create(wds, &wish->change, &number, &ctl->error);
	if (err == -ENOSPC)
		ctl->hint = "m2mctl apn delete, or set";
	if (err)
		return err;
	err = say_written(ctl, wds, number, wish, true);
	/* not one that was there before, whatever number the modem tells */
	if (err == -EIO && !search.seen[number])
		take_back(ctl, wds, number);
	return err;
}

int apn_add_run(struct ctl *ctl)
{
	struct m2m_client *wds = NULL;
	struct wish wish = { 0 };
	int err;

	err = read_wish(ctl, ctl->args->arg[0], &wish);
	/* what is not said of a new one is said by us, not by its firmware */
	if (wish.change.pdp < 0)
		wish.change.pdp = WDS_PDP_IPV4V6;
	if (wish.change.auth < 0)
		wish.change.auth = WDS_AUTH_NONE;
	if (!err)
		err = ctl_open(ctl, QMI_WDS, &wds);
	if (!err)
		err = add(ctl, wds, &wish);
	secret_wipe(&wish.password);
	m2m_client_close(wds, false);
	return err;
}

int apn_set_run(struct ctl *ctl)
{
	struct m2m_client *wds = NULL;
	struct wish wish = { 0 };
	uint16_t number;
	int err;

	err = read_number(ctl, ctl->args->arg[0], &number);
	if (!err)
		err = read_wish(ctl, args_key(ctl->args, "apn"), &wish);
	/* without authentication a name and a password are of no use to anybody */
	if (!err && wish.change.auth == WDS_AUTH_NONE && !wish.change.user) {
		wish.change.user = "";
		wish.change.password = "";
	}
	if (!err)
		err = ctl_open(ctl, QMI_WDS, &wds);
	if (!err)
		err = set(ctl, wds, number, &wish);
	secret_wipe(&wish.password);
	m2m_client_close(wds, false);
	return err;
}

static int delete(struct ctl *ctl, struct m2m_client *wds, unsigned int number)
{
	bool was_there = false;
	int err;

	err = delete_if_there(ctl, wds, number, &was_there);
	if (err)
		return err;
	out_int(ctl->out, "profile", NULL, number);
	out_bool(ctl->out, "changed", NULL, was_there);
	out_line(ctl->out, was_there ? "profile %u is deleted" : "there is no profile %u",
		 number);
	return 0;
}

int apn_delete_run(struct ctl *ctl)
{
	return with_profile(ctl, delete);
}

/* --- attach ----------------------------------------------------------------- */

static int read_numbers(struct ctl *ctl, uint16_t *ret, unsigned int *ret_n)
{
	g_auto(GStrv) words = g_strsplit(ctl->args->arg[0], ",", -1);
	unsigned int n = g_strv_length(words);
	int err = 0;

	if (n > WDS_ATTACH_MAX)
		return ctl_fail(ctl, -EINVAL, EXIT_USAGE, NULL,
				"at most %d profiles, not %u", WDS_ATTACH_MAX, n);
	for (unsigned int i = 0; i < n && !err; i++) {
		err = read_number(ctl, words[i], &ret[i]);
		if (!err && is_in(ret, i, ret[i]))
			err = ctl_fail(ctl, -EINVAL, EXIT_USAGE, NULL,
				       "profile %u is named twice", ret[i]);
	}
	*ret_n = n;
	return err;
}

static bool is_list(const uint16_t *a, unsigned int n_a, const uint16_t *b,
		    unsigned int n_b)
{
	return n_a == n_b && !memcmp(a, b, n_a * sizeof(*a));
}

/* Whether the modem attaches with these, now or, where that is enough, next time */
static bool attaches_with(const struct wds_attach *a, const uint16_t *numbers,
			  unsigned int n, bool now)
{
	if (!now && a->n_pending)
		return is_list(a->pending, a->n_pending, numbers, n);
	return is_list(a->profile, a->n, numbers, n) && (!now || !a->n_pending);
}

static int attach(struct ctl *ctl, struct m2m_client *wds, const uint16_t *numbers,
		  unsigned int n)
{
	const char *when = args_key(ctl->args, "when");
	bool now = when && !strcmp(when, "now");
	struct wds_profile p = { 0 };
	struct wds_attach a;
	bool changed;
	int err;

	err = wds_attach_get(wds, &a, &ctl->error);
	if (!err && !a.has_list)
		err = ctl_fail(ctl, -EOPNOTSUPP, EXIT_UNSUPPORTED, "m2mctl apn default",
			       "the modem has no list of profiles to attach with");
	if (!err && a.max >= 0 && n > (unsigned int)a.max)
		err = ctl_fail(ctl, -EINVAL, EXIT_USAGE, NULL,
			       "the modem attaches with %d profiles, not %u", a.max, n);
	for (unsigned int i = 0; i < n && !err; i++)
		err = get(ctl, wds, numbers[i], &p);
	wds_profile_wipe(&p);
	changed = !err && !attaches_with(&a, numbers, n, now);
	if (changed) {
		err = wds_attach_set(wds, numbers, n, now, &ctl->error);
		if (!err)
			err = wds_attach_get(wds, &a, &ctl->error);
		if (!err && !attaches_with(&a, numbers, n, now))
			err = ctl_fail(ctl, -EIO, EXIT_FAILED, HINT_LIST,
				       "the modem said yes, but does not attach with them");
	}
	if (err)
		return err;
	say_attach(ctl->out, &a);
	out_bool(ctl->out, "changed", NULL, changed);
	return 0;
}

int apn_attach_run(struct ctl *ctl)
{
	uint16_t numbers[WDS_ATTACH_MAX];
	struct m2m_client *wds = NULL;
	unsigned int n = 0;
	int err;

	err = read_numbers(ctl, numbers, &n);
	if (!err)
		err = ctl_open(ctl, QMI_WDS, &wds);
	if (!err)
		err = attach(ctl, wds, numbers, n);
	m2m_client_close(wds, false);
	return err;
}

static int set_default(struct ctl *ctl, struct m2m_client *wds, unsigned int number)
{
	struct wds_profile p = { 0 };
	struct wds_attach a = { 0 };
	bool changed;
	int err;

	err = get(ctl, wds, number, &p);
	wds_profile_wipe(&p);
	if (!err)
		err = wds_attach_get(wds, &a, &ctl->error);
	changed = !err && a.by_default != (int)number;
	if (changed) {
		err = wds_default_profile_set(wds, number, &ctl->error);
		if (!err)
			err = wds_attach_get(wds, &a, &ctl->error);
		if (!err && a.by_default != (int)number)
			err = ctl_fail(ctl, -EIO, EXIT_FAILED, HINT_LIST,
				       "the modem said yes, but its default profile is %d",
				       a.by_default);
	}
	if (err)
		return err;
	say_attach(ctl->out, &a);
	out_bool(ctl->out, "changed", NULL, changed);
	return 0;
}

int apn_default_run(struct ctl *ctl)
{
	return with_profile(ctl, set_default);
}
