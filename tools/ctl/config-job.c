// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the steps from the configuration that counts to another one (../lib/config-trial.h). */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config-job.h"

static void free_file(struct config_trial_file *file)
{
	g_free((void *)file->name);
	g_free((void *)file->bytes);
}

void config_job_clear(struct config_job *job)
{
	for (size_t i = 0; i < job->n_files; i++)
		free_file(&job->files[i]);
	g_free(job->files);
	g_free(job->trial);
	config_tree_close(job->tree);
	if (job->lock >= 0)
		close(job->lock);
}

static void look(struct config_job *job)
{
	config_trial_read(&config_tree_ops, job->tree, boot_id(), boot_ms(), job->trial);
}

/* One at a time, as no two of them can know of each other otherwise */
static int lock(struct config_job *job)
{
	struct ctl *ctl = job->ctl;

	job->lock = open(job->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (job->lock < 0)
		return ctl_fail(ctl, -errno, 0, errno == ENOENT ?
				"make that directory, which is empty at first" : NULL,
				"%s: %s", job->directory, g_strerror(errno));
	if (flock(job->lock, LOCK_EX | LOCK_NB))
		return ctl_fail(ctl, -EBUSY, EXIT_BUSY, "the same again in a moment",
				"another m2mctl changes the configuration");
	return 0;
}

int config_job_init(struct config_job *job, struct ctl *ctl)
{
	const char *directory = g_getenv("M2MD_CONFIG");
	int err;

	memset(job, 0, sizeof(*job));
	job->ctl = ctl;
	job->directory = directory ? directory : CONFIG_DIRECTORY;
	job->lock = -1;
	job->trial = g_new0(struct config_trial, 1);
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

struct config_trial_file *config_job_find(struct config_job *job, const char *name)
{
	for (size_t i = 0; i < job->n_files; i++)
		if (!strcmp(job->files[i].name, name))
			return &job->files[i];
	return NULL;
}

void config_job_put(struct config_job *job, const char *name, char *bytes, size_t len,
		    bool changed)
{
	struct config_trial_file file = {
		.name = g_strdup(name), .bytes = bytes, .len = len, .changed = changed,
	};
	struct config_trial_file *old = config_job_find(job, name);

	if (old) {
		free_file(old);
		*old = file;
		return;
	}
	job->files = g_renew(struct config_trial_file, job->files, job->n_files + 1);
	job->files[job->n_files++] = file;
}

int config_job_put_file(struct config_job *job, const char *name, const char *path,
			bool changed)
{
	GError *error = NULL;
	gchar *bytes = NULL;
	struct stat st;
	gsize len;

	if (stat(path, &st))
		return m2m_error_set(&job->ctl->error, -errno, "%s: %s", path,
				     g_strerror(errno));
	if (!S_ISREG(st.st_mode) || st.st_size > CONF_FILE_MAX)
		return m2m_error_set(&job->ctl->error, -EFBIG,
				     "%s: no file of %d bytes at most", path,
				     CONF_FILE_MAX);
	if (!g_file_get_contents(path, &bytes, &len, &error)) {
		m2m_error_set(&job->ctl->error, -EIO, "%s", error->message);
		g_error_free(error);
		return -EIO;
	}
	config_job_put(job, name, bytes, len, changed);
	return 0;
}

static int add_directory(struct config_job *job, const char *name, const char *suffix);

/* A file and its drop-ins */
static int add_present(struct config_job *job, const char *name)
{
	g_autofree char *path = g_build_filename(job->directory, name, NULL);
	g_autofree char *dropins = g_strconcat(name, ".d", NULL);
	int err = 0;

	if (!access(path, F_OK))
		err = config_job_put_file(job, name, path, false);
	return err ? err : add_directory(job, dropins, ".conf");
}

static int add_directory(struct config_job *job, const char *name, const char *suffix)
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
		err = strcmp(suffix, CONFIG_SUFFIX) ? config_job_put_file(job, child, file, false) :
						      add_present(job, child);
	}
	if (dir)
		g_dir_close(dir);
	return err;
}

/* --- doing it --------------------------------------------------------------------- */

/* All that was not confirmed is gone, and nothing of it is left */
int config_job_take_back(struct config_job *job)
{
	int err = config_trial_end(&config_tree_ops, job->tree, &job->ctl->error);

	if (!err)
		config_tree_clean(job->tree);
	return err;
}

int config_job_keep(struct config_job *job)
{
	int err = config_trial_confirm(&config_tree_ops, job->tree, job->trial,
				       &job->ctl->error);

	if (!err)
		config_tree_clean(job->tree);
	return err;
}

/* What an earlier one left: a confirmed one is finished, one that runs is in the way */
static int prepare(struct config_job *job)
{
	switch (job->trial->state) {
	case CONFIG_TRIAL_RUNS:
		return ctl_fail(job->ctl, -EBUSY, EXIT_BUSY,
				"m2mctl config confirm, or config revert",
				"another configuration is being tried");
	case CONFIG_TRIAL_CONFIRMED:
		return config_job_keep(job);
	case CONFIG_TRIAL_NONE:
	case CONFIG_TRIAL_OVER:
		break;
	}
	return config_job_take_back(job);
}

int config_job_take(struct config_job *job)
{
	int err = prepare(job);

	if (!err)
		err = add_present(job, CONFIG_MAIN);
	return err ? err : add_directory(job, CONFIG_MODEMS, CONFIG_SUFFIX);
}

/* The whole as it would be */
static int check(struct config_job *job, config_job_fn fn, void *data)
{
	g_autofree char *path = g_build_filename(job->directory, CONFIG_TRIAL, NULL);
	struct conf_notes notes = { 0 };
	struct config *config = config_load(path, &notes);
	int err;

	config_check_secrets(config, &notes);
	err = fn(job, config, &notes, data);
	conf_notes_clear(&notes);
	config_free(config);
	return err;
}

int config_job_try(struct config_job *job, int64_t ms, config_job_fn fn, void *data)
{
	struct ctl *ctl = job->ctl;
	int err;

	err = config_trial_write(&config_tree_ops, job->tree, job->files, job->n_files,
				 &ctl->error);
	if (!err)
		err = check(job, fn, data);
	if (!err)
		err = config_trial_begin(&config_tree_ops, job->tree, job->files,
					 job->n_files, boot_id(), boot_ms() + ms,
					 &ctl->error);
	if (err)
		config_tree_clean(job->tree);
	else
		look(job);
	return err;
}

void config_job_say_trial(struct ctl *ctl, bool tried)
{
	int64_t seconds = ctl->args->number[OPTION_CONFIRM];

	out_bool(ctl->out, "trial", NULL, tried);
	if (!tried)
		return;
	out_int(ctl->out, "confirm_s", NULL, seconds);
	out_line(ctl->out, "tried for %lld s: m2mctl config confirm keeps it",
		 (long long)seconds);
}
