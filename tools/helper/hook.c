// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the hooks: which of them are run, in what order, with what they are told. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "helper.h"

/* As run-parts has it: no hidden files, no backups of editors */
static int is_hook(const struct dirent *entry)
{
	return !strpbrk(entry->d_name, ".~#");
}

int hook_run(const struct host *host, const struct helper_request *request, int *ret_fds,
	     struct m2m_error *error)
{
	char variables[HELPER_WORDS_MAX][HELPER_VALUE_MAX + 32];
	char *env[HELPER_WORDS_MAX + 2] = { (char *)"PATH=/usr/sbin:/usr/bin:/sbin:/bin" };
	char directory[PATH_MAX - NAME_MAX - 1], path[PATH_MAX], *argv[] = { path, NULL };
	struct dirent **hooks;
	int n, err = 0;

	for (unsigned int i = 0; i < request->n_words; i++) {
		snprintf(variables[i], sizeof(variables[i]), i ? "M2M_%s" : "M2M_EVENT=%s",
			 request->words[i]);
		env[i + 1] = variables[i];
	}
	snprintf(directory, sizeof(directory), "%s/etc/m2m/hook.d", host->root);
	n = run_is_trusted(directory, S_IFDIR) ?
		    scandir(directory, &hooks, is_hook, alphasort) : -1;
	if (n < 0)
		return m2m_error_set(error, -EPERM,
				     "%s is no directory that root alone writes to", directory);
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", directory, hooks[i]->d_name);
		free(hooks[i]);
		if (run_program(host, argv, env, NULL, error))
			err = -EIO;
	}
	free(hooks);
	return err;
}
