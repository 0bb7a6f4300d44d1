/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Faults of one message by its name: it is refused, or its answer is lost. */
#ifndef SIM_MESSAGE_FAULT_H
#define SIM_MESSAGE_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct message;
struct service;

/* Of one kind; @left victims are still to come */
struct message_fault {
	char name[64];		/* service.message */
	uint32_t error;		/* to refuse it with */
	uint32_t left;
};

/*
 * "NAME ERROR [N]" if @with_error, else "NAME [N]": 0, or -EINVAL for a message that
 * the firmware does not have or a number that is none.
 */
int message_fault_set(struct message_fault *fault, const char *words, bool with_error);

/* Is it a victim? One less is left then. */
bool message_fault_hits(struct message_fault *fault, const struct service *service,
			const struct message *message);

#endif /* SIM_MESSAGE_FAULT_H */
