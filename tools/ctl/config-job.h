/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Work on the configuration: another one is put together, tried, kept, or taken back. */
#ifndef M2MCTL_CONFIG_JOB_H
#define M2MCTL_CONFIG_JOB_H

#include "../lib/config-trial.h"
#include "../lib/config.h"
#include "ctl.h"

struct config_job {
	struct ctl *ctl;
	const char *directory;
	int lock;		/* -1: not taken */
	void *tree;
	struct config_trial *trial;
	struct config_trial_file *files;	/* names and bytes are ours */
	size_t n_files;
};

/* What else is to be so before @config counts; 0, or ctl->error is filled in */
typedef int (*config_job_fn)(struct config_job *job, const struct config *config,
			     struct conf_notes *notes, void *data);

/*
 * config_job_init() - see what stands there; nobody else works on it until
 * config_job_clear(), which is due also after a failure
 */
int config_job_init(struct config_job *job, struct ctl *ctl);
void config_job_clear(struct config_job *job);

/* config_job_take() - what counts now, for another one; -EBUSY while one is tried */
int config_job_take(struct config_job *job);
/* config_job_find() - the file of that name in what was taken, or NULL */
struct config_trial_file *config_job_find(struct config_job *job, const char *name);
/* config_job_put() - @bytes, which are ours now, under a name; @changed: not as it was */
void config_job_put(struct config_job *job, const char *name, char *bytes, size_t len,
		    bool changed);
/* config_job_put_file() - the same of a file */
int config_job_put_file(struct config_job *job, const char *name, const char *path,
			bool changed);

/**
 * config_job_try() - from here on it counts, unless it is not in order
 * @job: with all files
 * @ms: for so long
 * @check: asked before
 * @data: for @check
 */
int config_job_try(struct config_job *job, int64_t ms, config_job_fn check, void *data);
/* config_job_keep() - what is tried is in place; config_job_take_back() - nothing is left */
int config_job_keep(struct config_job *job);
int config_job_take_back(struct config_job *job);

/* config_job_say_trial() - whether it is tried, and for how long */
void config_job_say_trial(struct ctl *ctl, bool tried);

#endif /* M2MCTL_CONFIG_JOB_H */
