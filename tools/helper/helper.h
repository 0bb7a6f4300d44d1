/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verbs. Each returns 0, -EPERM where nothing was done, or -EIO where it was tried. */
#ifndef M2M_HELPER_VERBS_H
#define M2M_HELPER_VERBS_H

#include <stdbool.h>
#include <sys/types.h>

#include "../lib/helper.h"

struct timex;

struct host {
	const char *root;	/* "" but in tests: where /sys, /etc and /run are */
	unsigned int user;	/* who is served */
	unsigned int off_ms, hook_ms;
	int (*adjtimex)(struct timex *timex);	/* the kernel's, but in tests */
};

int port_power(const struct host *host, const char *usb_path, struct m2m_error *error);
int hook_run(const struct host *host, const struct helper_request *request,
	     struct m2m_error *error);
/* resolv_install() - resolvconf is told where there is one, else the file is written */
int resolv_install(const struct host *host, struct m2m_error *error);
/* netns_open() - @ret_fds: HELPER_FDS, the caller's; this process is in it then */
int netns_open(const struct host *host, const char *name, int *ret_fds,
	       struct m2m_error *error);
/* clock_set() - @seconds: since 1970; forward alone, and only where nobody keeps it */
int clock_set(const struct host *host, const char *seconds, struct m2m_error *error);
/**
 * run_program() - run it and wait; what it leaves running ends with it
 * @host: whose hook_ms it has
 * @argv: the first is its path; a program that nobody but root can have written
 * @env: all it has
 * @input: what it reads, NULL for nothing
 * @error: what went wrong
 *
 * Return: 0; -EPERM if it was not run, as others may have written it; -EREMOTEIO if it ended
 * by itself and says that it failed; -EIO if it did not start, not end in time, or was killed
 */
int run_program(const struct host *host, char *const argv[], char **env, const char *input,
		struct m2m_error *error);
/* run_is_trusted() - a file of this S_IF type that nobody but root can have written */
bool run_is_trusted(const char *path, mode_t type);
/* host_reboot() - an orderly one, by the init system's own program */
int host_reboot(const struct host *host, struct m2m_error *error);

#endif /* M2M_HELPER_VERBS_H */
