/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verbs, and what they share. */
#ifndef M2M_HELPER_VERBS_H
#define M2M_HELPER_VERBS_H

#include <stdbool.h>
#include <sys/types.h>
#include <unistd.h>

#include "../lib/helper.h"

struct timex;

struct host {
	const char *root;	/* "" but in tests: where /sys, /etc and /run are */
	unsigned int user;	/* who is served */
	unsigned int off_ms, hook_ms;
	int (*adjtimex)(struct timex *timex);	/* the kernel's, but in tests */
};

/**
 * helper_fn - carries a verb out
 * @host: this one
 * @request: the verb's words, as helper_parse() leaves them
 * @ret_fds: HELPER_FDS of them, the caller's, where the verb brings any
 * @error: why not
 *
 * Return: 0, -EPERM where nothing was done, or -EIO where it was tried.
 */
typedef int (*helper_fn)(const struct host *host, const struct helper_request *request,
			 int *ret_fds, struct m2m_error *error);

int port_power(const struct host *host, const struct helper_request *request, int *ret_fds,
	       struct m2m_error *error);
int hook_run(const struct host *host, const struct helper_request *request, int *ret_fds,
	     struct m2m_error *error);
/* resolv_install() - resolvconf is told where there is one, else the file is written */
int resolv_install(const struct host *host, const struct helper_request *request,
		   int *ret_fds, struct m2m_error *error);
/* netns_open() - this process is in it then */
int netns_open(const struct host *host, const struct helper_request *request, int *ret_fds,
	       struct m2m_error *error);
/* clock_set() - forward alone, and only where nobody keeps it */
int clock_set(const struct host *host, const struct helper_request *request, int *ret_fds,
	      struct m2m_error *error);
/* host_reboot() - an orderly one, by the init system's own program */
int host_reboot(const struct host *host, const struct helper_request *request, int *ret_fds,
		struct m2m_error *error);

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

/* A descriptor that is closed where its name ends; one below 0 is none */
#define autofd __attribute__((cleanup(close_fd)))
static inline void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

#endif /* M2M_HELPER_VERBS_H */
