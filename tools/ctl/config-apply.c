// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Owns `m2mctl config apply`, `confirm` and `revert`: another configuration, for good or
 * until a time is over.
 */
#include <errno.h>
#include <string.h>

#include "client.h"
#include "config-job.h"

/* Without --confirm: long enough for the files to be put in place */
#define AT_ONCE_MS	60000

/* The ones on the command line, by their own names */
static int add_new(struct config_job *job)
{
	const struct args *args = job->ctl->args;
	int err = 0;

	for (unsigned int i = 0; i < args->n_args && !err; i++) {
		g_autofree char *base = g_path_get_basename(args->arg[i]);
		g_autofree char *name = NULL;

		if (!strcmp(base, CONFIG_MAIN))
			name = g_strdup(base);
		else if (*base != '.' && g_str_has_suffix(base, CONFIG_SUFFIX))
			name = g_build_filename(CONFIG_MODEMS, base, NULL);
		else
			return ctl_fail(job->ctl, -EINVAL, EXIT_USAGE, NULL,
					"\"%s\" is not " CONFIG_MAIN " and no file with "
					CONFIG_SUFFIX, args->arg[i]);
		err = config_job_put_file(job, name, args->arg[i], true);
	}
	return err;
}

static int reload(struct config_job *job)
{
	struct ctl *ctl = job->ctl;
	bool there = false;
	int err;

	err = client_reload(ctl, &there);
	if (err)
		return err;
	out_bool(ctl->out, "reloaded", NULL, there);
	if (!there)
		out_line(ctl->out, "m2md does not run: it counts when it starts");
	return 0;
}

/* Says what `config check` does */
static int check(struct config_job *job, const struct config *config,
		 struct conf_notes *notes, void *data)
{
	int err;

	config_say_result(job->ctl->out, config, notes);
	if (!notes->n_errors)
		return 0;
	err = out_finish(job->ctl->out);
	job->ctl->out = NULL;
	return ctl_fail(job->ctl, err ?: -EBADMSG, EXIT_FAILED, NULL,
			"%zu error%s: nothing was changed", notes->n_errors,
			notes->n_errors == 1 ? "" : "s");
}

int config_apply_run(struct ctl *ctl)
{
	bool tried = ctl->args->given[OPTION_CONFIRM];
	int64_t seconds = ctl->args->number[OPTION_CONFIRM];
	struct config_job job;
	int err;

	err = config_job_init(&job, ctl);
	if (!err)
		err = config_job_take(&job);
	if (!err)
		err = add_new(&job);
	if (!err)
		err = config_job_try(&job, tried ? seconds * 1000 : AT_ONCE_MS, check, NULL);
	if (!err && !tried)
		err = config_job_keep(&job);
	if (!err) {
		config_job_say_trial(ctl, tried);
		err = reload(&job);
	}
	config_job_clear(&job);
	return err;
}

static void say_files(struct config_job *job)
{
	const char *names[CONFIG_TRIAL_FILES_MAX];

	for (size_t i = 0; i < job->trial->n; i++)
		names[i] = job->trial->names[i];
	out_strings(job->ctl->out, "files", NULL, names, job->trial->n);
}

int config_confirm_run(struct ctl *ctl)
{
	struct config_job job;
	int err;

	err = config_job_init(&job, ctl);
	if (!err && !config_trial_counts(job.trial))
		err = ctl_fail(ctl, -ENOENT, EXIT_FAILED, NULL, "%s",
			       job.trial->state == CONFIG_TRIAL_OVER ?
			       "its time is over: the former configuration counts again" :
			       "no configuration is being tried");
	if (!err)
		err = config_job_keep(&job);
	if (!err) {
		say_files(&job);
		out_line(ctl->out, "kept");
		err = reload(&job);
	}
	config_job_clear(&job);
	return err;
}

int config_revert_run(struct ctl *ctl)
{
	struct config_job job;
	int err;

	err = config_job_init(&job, ctl);
	if (!err && job.trial->state == CONFIG_TRIAL_NONE)
		err = ctl_fail(ctl, -ENOENT, EXIT_FAILED, NULL,
			       "no configuration is being tried");
	/* what is confirmed may be in place by half */
	if (!err && job.trial->state == CONFIG_TRIAL_CONFIRMED)
		err = ctl_fail(ctl, -EBUSY, EXIT_FAILED, "m2mctl config confirm",
			       "it is confirmed, and not wholly in place");
	if (!err)
		err = config_job_take_back(&job);
	if (!err) {
		say_files(&job);
		out_line(ctl->out, "the former configuration counts again");
		err = reload(&job);
	}
	config_job_clear(&job);
	return err;
}
