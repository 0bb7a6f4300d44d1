// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Owns `m2mctl config apply`, `confirm` and `revert`: another configuration, for good or
 * until a time is over (../lib/config-trial.h).
 */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/config-trial.h"
#include "../lib/config.h"
#include "client.h"
#include "ctl.h"

/* Without --confirm: long enough for the files to be put in place */
#define AT_ONCE_MS	60000

/* What the commands work on */
struct job {
	struct ctl *ctl;
	const char *directory;
	int lock;		/* -1: not taken */
	void *tree;
	struct config_trial *trial;
	GArray *files;		/* struct config_trial_file, names and bytes are ours */
};

static void free_file(gpointer data)
{
	struct config_trial_file *file = data;

	g_free((void *)file->name);
	g_free((void *)file->bytes);
}

static void job_clear(struct job *job)
{
	g_array_unref(job->files);
	g_free(job->trial);
	config_tree_close(job->tree);
	if (job->lock >= 0)
		close(job->lock);
}

static void look(struct job *job)
{
	config_trial_read(&config_tree_ops, job->tree, boot_id(), boot_ms(), job->trial);
}

/* One at a time, as no two of them can know of each other otherwise */
static int lock(struct job *job)
{
	struct ctl *ctl = job->ctl;

	job->lock = open(job->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (job->lock < 0)
		return m2m_error_set(&ctl->error, -errno, "%s: %s", job->directory,
				     g_strerror(errno));
	if (flock(job->lock, LOCK_EX | LOCK_NB))
		return ctl_fail(ctl, -EBUSY, EXIT_BUSY, NULL,
				"another m2mctl changes the configuration");
	return 0;
}

static int job_init(struct job *job, struct ctl *ctl)
{
	const char *directory = g_getenv("M2MD_CONFIG");
	int err;

	memset(job, 0, sizeof(*job));
	job->ctl = ctl;
	job->directory = directory ? directory : CONFIG_DIRECTORY;
	job->lock = -1;
	job->trial = g_new0(struct config_trial, 1);
	job->files = g_array_new(FALSE, TRUE, sizeof(struct config_trial_file));
	g_array_set_clear_func(job->files, free_file);
	err = lock(job);
	if (!err) {
		job->tree = config_tree_open(job->directory, &ctl->error);
		err = job->tree ? 0 : ctl->error.err;
	}
	if (!err)
		look(job);
	return err;
}

/* --- the files -------------------------------------------------------------------- */

static struct config_trial_file *find(struct job *job, const char *name)
{
	for (guint i = 0; i < job->files->len; i++) {
		struct config_trial_file *file = &g_array_index(job->files,
								struct config_trial_file,
								i);

		if (!strcmp(file->name, name))
			return file;
	}
	return NULL;
}

/* What the configuration has, or from now on @changed shall have, under a name */
static int add_file(struct job *job, const char *name, const char *path, bool changed)
{
	struct config_trial_file file = { .changed = changed }, *old = find(job, name);
	GError *error = NULL;
	gchar *bytes = NULL;
	struct stat st;

	if (stat(path, &st))
		return m2m_error_set(&job->ctl->error, -errno, "%s: %s", path,
				     g_strerror(errno));
	if (!S_ISREG(st.st_mode) || st.st_size > CONF_FILE_MAX)
		return m2m_error_set(&job->ctl->error, -EFBIG,
				     "%s: no file of %d bytes at most", path,
				     CONF_FILE_MAX);
	if (!g_file_get_contents(path, &bytes, &file.len, &error)) {
		m2m_error_set(&job->ctl->error, -EIO, "%s", error->message);
		g_error_free(error);
		return -EIO;
	}
	file.name = g_strdup(name);
	file.bytes = bytes;
	if (old) {
		free_file(old);
		*old = file;
	} else {
		g_array_append_val(job->files, file);
	}
	return 0;
}

static int add_directory(struct job *job, const char *name, const char *suffix);

/* A file and its drop-ins */
static int add_present(struct job *job, const char *name)
{
	g_autofree char *path = g_build_filename(job->directory, name, NULL);
	g_autofree char *dropins = g_strconcat(name, ".d", NULL);
	int err = 0;

	if (!access(path, F_OK))
		err = add_file(job, name, path, false);
	return err ? err : add_directory(job, dropins, ".conf");
}

static int add_directory(struct job *job, const char *name, const char *suffix)
{
	g_autofree char *path = g_build_filename(job->directory, name, NULL);
	GDir *dir = g_dir_open(path, 0, NULL);
	const char *entry;
	int err = 0;

	while (dir && !err && (entry = g_dir_read_name(dir))) {
		g_autofree char *child = g_build_filename(name, entry, NULL);
		g_autofree char *file = g_build_filename(path, entry, NULL);

		if (*entry == '.' || !g_str_has_suffix(entry, suffix))
			continue;
		err = strcmp(suffix, CONFIG_SUFFIX) ? add_file(job, child, file, false) :
						      add_present(job, child);
	}
	if (dir)
		g_dir_close(dir);
	return err;
}

/* The ones on the command line, by their own names */
static int add_new(struct job *job)
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
		err = add_file(job, name, args->arg[i], true);
	}
	return err;
}

/* --- doing it --------------------------------------------------------------------- */

/* All that was not confirmed is gone, and nothing of it is left */
static int take_back(struct job *job)
{
	int err = config_trial_end(&config_tree_ops, job->tree, &job->ctl->error);

	if (!err)
		config_tree_clean(job->tree);
	return err;
}

static int keep(struct job *job)
{
	int err = config_trial_confirm(&config_tree_ops, job->tree, job->trial,
				       &job->ctl->error);

	if (!err)
		config_tree_clean(job->tree);
	return err;
}

static int reload(struct job *job)
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

/* As `config check` does, of the whole as it would be */
static int check(struct job *job)
{
	g_autofree char *path = g_build_filename(job->directory, CONFIG_TRIAL, NULL);
	struct conf_notes notes = { 0 };
	struct config *config = config_load(path, &notes);
	size_t errors;
	int err = 0;

	config_check_secrets(config, &notes);
	config_say_result(job->ctl->out, config, &notes);
	errors = notes.n_errors;
	conf_notes_clear(&notes);
	config_free(config);
	if (!errors)
		return 0;
	err = out_finish(job->ctl->out);
	job->ctl->out = NULL;
	return ctl_fail(job->ctl, err ?: -EBADMSG, EXIT_FAILED, NULL,
			"%zu errors: nothing was changed", errors);
}

/* What an earlier one left: a confirmed one is finished, one that runs is in the way */
static int prepare(struct job *job)
{
	switch (job->trial->state) {
	case CONFIG_TRIAL_RUNS:
		return ctl_fail(job->ctl, -EBUSY, EXIT_BUSY,
				"m2mctl config confirm, or config revert",
				"another configuration is being tried");
	case CONFIG_TRIAL_CONFIRMED:
		return keep(job);
	case CONFIG_TRIAL_NONE:
	case CONFIG_TRIAL_OVER:
		break;
	}
	return take_back(job);
}

static int begin(struct job *job, int64_t ms)
{
	struct ctl *ctl = job->ctl;
	const void *files = job->files->data;
	int err;

	err = config_trial_write(&config_tree_ops, job->tree, files, job->files->len,
				 &ctl->error);
	if (!err)
		err = check(job);
	if (!err)
		err = config_trial_begin(&config_tree_ops, job->tree, files,
					 job->files->len, boot_id(), boot_ms() + ms,
					 &ctl->error);
	if (err)
		config_tree_clean(job->tree);
	else
		look(job);
	return err;
}

int config_apply_run(struct ctl *ctl)
{
	bool tried = ctl->args->given[OPTION_CONFIRM];
	int64_t seconds = ctl->args->number[OPTION_CONFIRM];
	struct job job;
	int err;

	err = job_init(&job, ctl);
	if (!err)
		err = prepare(&job);
	if (!err)
		err = add_present(&job, CONFIG_MAIN);
	if (!err)
		err = add_directory(&job, CONFIG_MODEMS, CONFIG_SUFFIX);
	if (!err)
		err = add_new(&job);
	if (!err)
		err = begin(&job, tried ? seconds * 1000 : AT_ONCE_MS);
	if (!err && !tried)
		err = keep(&job);
	if (!err) {
		out_bool(ctl->out, "trial", NULL, tried);
		if (tried) {
			out_int(ctl->out, "confirm_s", NULL, seconds);
			out_line(ctl->out, "tried for %lld s: m2mctl config confirm keeps it",
				 (long long)seconds);
		}
		err = reload(&job);
	}
	job_clear(&job);
	return err;
}

static void say_files(struct job *job)
{
	const char *names[CONFIG_TRIAL_FILES_MAX];

	for (size_t i = 0; i < job->trial->n; i++)
		names[i] = job->trial->names[i];
	out_strings(job->ctl->out, "files", NULL, names, job->trial->n);
}

int config_confirm_run(struct ctl *ctl)
{
	struct job job;
	int err;

	err = job_init(&job, ctl);
	if (!err && !config_trial_counts(job.trial))
		err = ctl_fail(ctl, -ENOENT, EXIT_FAILED, NULL, "%s",
			       job.trial->state == CONFIG_TRIAL_OVER ?
			       "its time is over: the former configuration counts again" :
			       "no configuration is being tried");
	if (!err)
		err = keep(&job);
	if (!err) {
		say_files(&job);
		out_line(ctl->out, "kept");
		err = reload(&job);
	}
	job_clear(&job);
	return err;
}

int config_revert_run(struct ctl *ctl)
{
	struct job job;
	int err;

	err = job_init(&job, ctl);
	if (!err && job.trial->state == CONFIG_TRIAL_NONE)
		err = ctl_fail(ctl, -ENOENT, EXIT_FAILED, NULL,
			       "no configuration is being tried");
	/* what is confirmed may be in place by half */
	if (!err && job.trial->state == CONFIG_TRIAL_CONFIRMED)
		err = ctl_fail(ctl, -EBUSY, EXIT_FAILED, "m2mctl config confirm",
			       "it is confirmed, and not wholly in place");
	if (!err)
		err = take_back(&job);
	if (!err) {
		say_files(&job);
		out_line(ctl->out, "the former configuration counts again");
		err = reload(&job);
	}
	job_clear(&job);
	return err;
}
