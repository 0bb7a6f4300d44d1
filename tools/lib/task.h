/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions that wait for events while the main loop goes on. */
#ifndef M2M_TASK_H
#define M2M_TASK_H

#include <stdbool.h>

/*
 * DOC: Tasks
 *
 * A task is a function with a stack of its own in the one thread there is. Where it
 * waits, the main loop runs, and other tasks with it; it goes on from the main loop
 * once what it waits for is so. So the functions of this library that look
 * synchronous are asynchronous in a task, without a callback for each step.
 *
 * A task ends by returning and is never torn down from outside: whoever frees what
 * it uses makes its waiting end first (m2m_qmi_cancel()) and waits until it is over.
 */

struct task;

#define TASK_STACK	(256 * 1024)	/* bytes, mapped as they are touched */

/**
 * task_start() - run a function as a task, until it waits for the first time
 * @run: the function
 * @data: for @run
 *
 * To be called from the main loop or from another task, which goes on later.
 */
void task_start(void (*run)(void *data), void *data);

/* Whether the caller is in a task */
bool task_is_running(void);

/**
 * task_wait() - let the main loop run until something is so; only in a task
 * @is_done: asked before every turn of the loop; must not wait
 * @data: for @is_done
 * @timeout_ms: how long
 *
 * Return: 0 or -ETIMEDOUT.
 */
int task_wait(bool (*is_done)(void *data), void *data, unsigned int timeout_ms);

#endif /* M2M_TASK_H */
