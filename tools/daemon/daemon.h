/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The process: modems that come and go, signals, the service manager. */
#ifndef M2MD_DAEMON_H
#define M2MD_DAEMON_H

struct daemon;

struct daemon_options {
	const char *config_directory, *state_directory, *socket, *resolv_file, *helper;
};

/* daemon_new() - read configuration and state; daemon_free() it */
struct daemon *daemon_new(const struct daemon_options *options);
void daemon_free(struct daemon *daemon);

/* daemon_run() - until a signal ends it */
void daemon_run(struct daemon *daemon);

#endif /* M2MD_DAEMON_H */
