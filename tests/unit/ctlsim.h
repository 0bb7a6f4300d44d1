/* SPDX-License-Identifier: GPL-2.0-or-later */
/* m2mctl's verbs against m2msim's firmware, in one process and without a driver. */
#ifndef TESTS_CTLSIM_H
#define TESTS_CTLSIM_H

#include <stdbool.h>

/*
 * DOC: what is real
 *
 * The grammar, the verb, the library with its codec and its checks, and the firmware.
 * Between the last two is a socketpair instead of driver and USB. There is no lease and
 * no terminal. Neither half knows the other's headers: what one misreads the other
 * does not.
 */

/* A modem that has booted; settings as m2msim's, "KEY=VALUE", NULL ends them. */
void ctlsim_start(const char *const settings[]);
/* ... and that has registered, however busy the host is */
void ctlsim_start_registered(const char *const settings[]);
/* A setting or an action while it runs, and a state; each fails the test if unknown. */
void ctlsim_set(const char *key, const char *value);
/* ... and one that happens while a command runs; both are literals */
void ctlsim_set_in(unsigned int ms, const char *key, const char *value);
const char *ctlsim_get(const char *key);
/* So often the modem has written its memory since it was asked the last time. */
unsigned int ctlsim_writes(void);
/* So often it has gone and come back. */
unsigned int ctlsim_reboots(void);

/* m2md's configuration: a directory, which is returned, of a test's own; a file; its end */
const char *ctlsim_config_begin(void);
void ctlsim_config_file(const char *name, const char *text);
void ctlsim_config_end(void);

/*
 * ctlsim_run() - a command line, words separated by spaces, "" is an empty one; "@TEXT" is
 * the number of a descriptor that TEXT can be read from, as secrets are
 *
 * Return: the status m2mctl would end with. What it printed and what it would say on
 * the standard error are ctlsim_text and ctlsim_error.
 */
int ctlsim_run(const char *line);
extern char *ctlsim_text;
extern char ctlsim_error[512];

/* From now on nothing is asked again before there is news; without any the test fails */
void ctlsim_news_alone(void);
/* From now on the driver says that the modem has not answered yet */
void ctlsim_mute(void);
/* From now on the port's character device is this one, "" for none */
void ctlsim_node(const char *name);
/* From now on a WDS client is kept under this name, as those of PDNs are */
void ctlsim_kept(const char *name);
/* From now on another program's IPv4 call is up */
void ctlsim_dial(void);
/* The next command line is interrupted after so long, as by Ctrl-C */
void ctlsim_interrupt(unsigned int ms);

/* Fails the test where a document is not as m2mctl --schema says; each JSON run does it */
struct command;
void ctlsim_check_schema(const struct command *command, const char *text);

/* ... and the status is so, and the text, or else the error, contains @part */
void ctlsim_expect(const char *file, int line, int status, const char *part,
		   const char *command);
#define EXPECT_RUN(status, part, command)				\
	ctlsim_expect(__FILE__, __LINE__, status, part, command)

/*
 * Each command line, what it prints and, where it fails, what it says: the test fails unless
 * this is what tests/vectors/m2mctl-text.txt has of the scene, but for times. As JSON it is
 * run again. ctlsim_text_is() is for a text of which no command line is run.
 */
void ctlsim_texts(const char *scene, const char *const lines[]);
void ctlsim_text_is(const char *scene, const char *seen);

#endif /* TESTS_CTLSIM_H */
