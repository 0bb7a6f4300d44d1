/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of the long run: a modem's control socket, pings, faults, a process. */
#ifndef M2M_SOAK_H
#define M2M_SOAK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define SECOND	((int64_t)1000)
#define MINUTE	(60 * SECOND)
#define HOUR	(60 * MINUTE)

/* All of these end the program, with a sentence, where they cannot be done. */

/* A virtual modem's control socket */
struct control {
	int fd;
	const char *path;
};

void control_open(struct control *control, const char *path);
/* control_do() - a command in printf's words, which has to be answered with ok */
void control_do(struct control *control, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* control_number() - what `get KEY` says */
long control_number(struct control *control, const char *key);
/* control_is_registered() - on the bus, and registered at home */
bool control_is_registered(struct control *control);

/* Echo requests to the virtual modem's peer, through one interface */
void ping_open(void);
/* ping_send() - it is no error if there is no such interface, or no way */
void ping_send(const char *interface, uint16_t id, uint16_t sequence);
/* ping_wait() - for an answer, so many ms at most */
void ping_wait(int ms);
/* ping_receive() - an answer that is there; false if there is none */
bool ping_receive(uint16_t *ret_id, uint16_t *ret_sequence);

/* What may happen to a modem; least and most in ms of the machine's time */
struct fault {
	const char *name;
	int64_t least, most;
	unsigned int weight;
	void (*begin)(struct control *control, int64_t real_ms);
	const char *end;		/* command, or NULL: it is over by itself */
};

/* The one of the beginning: nothing has been dialled yet */
const struct fault *fault_start(void);
const struct fault *fault_choose(unsigned int *seed);
void fault_begin(const struct fault *fault, struct control *control, int64_t real_ms);
void fault_end(const struct fault *fault, struct control *control);
/*
 * fault_record() - a ping was answered @after ms after its end, negative: never; for
 * @lost ms the modem could have served
 */
void fault_record(const struct fault *fault, int64_t after, int64_t lost);
/* fault_table() - print what was recorded */
void fault_table(void);

struct usage {
	unsigned int kb;		/* proportional set size, without files */
	unsigned int descriptors;
};

void usage_read(pid_t pid, struct usage *ret);
/* clock_real_ms() - CLOCK_BOOTTIME */
int64_t clock_real_ms(void);

#endif /* M2M_SOAK_H */
