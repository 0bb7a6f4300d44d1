// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the stacks of tasks and the switching between them and the main loop. */
#include <errno.h>
#include <glib.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "task.h"

struct task {
	ucontext_t here, caller;
	void *stack;		/* its lowest page is a guard */
	size_t size;
	void (*run)(void *data);
	void *data;
	bool over;
};

/* A task that waits, as the main loop sees it */
struct waiting {
	GSource source;
	struct task *task;
	bool (*is_done)(void *data);
	void *data;
	gint64 until;
};

/* The one whose stack is in use; NULL: the main loop's */
static struct task *running;

static void task_main(void)
{
	running->run(running->data);
	running->over = true;
}

/* On the caller's stack until the task waits or is over */
static void task_continue(struct task *task)
{
	struct task *before = running;

	running = task;
	swapcontext(&task->caller, &task->here);
	running = before;
	if (!task->over)
		return;
	munmap(task->stack, task->size);
	g_free(task);
}

void task_start(void (*run)(void *data), void *data)
{
	struct task *task = g_new0(struct task, 1);
	size_t page = sysconf(_SC_PAGESIZE);

	task->run = run;
	task->data = data;
	task->size = TASK_STACK + page;
	task->stack = mmap(NULL, task->size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (task->stack == MAP_FAILED ||
	    mprotect(task->stack, page, PROT_NONE) || getcontext(&task->here))
		g_error("out of memory");
	task->here.uc_stack.ss_sp = task->stack;
	task->here.uc_stack.ss_size = task->size;
	task->here.uc_link = &task->caller;
	makecontext(&task->here, task_main, 0);
	task_continue(task);
}

bool task_is_running(void)
{
	return running;
}

static gboolean prepare(GSource *source, gint *ret_timeout)
{
	struct waiting *waiting = (struct waiting *)source;

	*ret_timeout = -1;
	return waiting->is_done(waiting->data);
}

static gboolean check(GSource *source)
{
	struct waiting *waiting = (struct waiting *)source;

	return waiting->is_done(waiting->data);
}

static gboolean dispatch(GSource *source, GSourceFunc fn, gpointer data)
{
	struct waiting *waiting = (struct waiting *)source;
	struct task *task = waiting->task;

	/* another one was faster, and it is so no more */
	if (!waiting->is_done(waiting->data) &&
	    g_get_monotonic_time() < waiting->until)
		return G_SOURCE_CONTINUE;
	g_source_destroy(source);
	task_continue(task);
	return G_SOURCE_REMOVE;
}

int task_wait(bool (*is_done)(void *data), void *data, unsigned int timeout_ms)
{
	static GSourceFuncs fns = { prepare, check, dispatch, NULL };
	struct waiting *waiting;
	struct task *me = running;

	if (is_done(data))
		return 0;
	waiting = (struct waiting *)g_source_new(&fns, sizeof(*waiting));
	waiting->task = me;
	waiting->is_done = is_done;
	waiting->data = data;
	waiting->until = g_get_monotonic_time() + timeout_ms * (gint64)1000;
	g_source_set_ready_time(&waiting->source, waiting->until);
	g_source_attach(&waiting->source, NULL);
	g_source_unref(&waiting->source);
	swapcontext(&me->here, &me->caller);
	return is_done(data) ? 0 : -ETIMEDOUT;
}
