/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Faults of one message by its name: it is refused, its answer is lost, or is late. */
#ifndef SIM_MESSAGE_FAULT_H
#define SIM_MESSAGE_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct message;
struct modem;
struct qmi_msg;
struct service;

/* Of one kind; @left victims are still to come */
struct message_fault {
	char name[64];		/* service.message */
	uint32_t argument;	/* QMI error to refuse it with, or ms to be late by */
	uint32_t left;
};

/*
 * "NAME ARGUMENT [N]" if its argument may be at @most, else "NAME [N]": 0, or -EINVAL for a
 * message that the firmware does not have or a number that is none.
 */
int message_fault_set(struct message_fault *fault, const char *words, uint32_t most);

/* Is it a victim? One less is left then. */
bool message_fault_hits(struct message_fault *fault, const struct service *service,
			const struct message *message);

/* An answer that leaves later, and @name is told then; unless the firmware ends before. */
void message_late(struct modem *modem, unsigned int port, const struct qmi_msg *msg,
		  const char *name);
void message_late_drop(struct modem *modem);

#endif /* SIM_MESSAGE_FAULT_H */
