/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where tests/bench/plugin.c begins to count what a guest executes, and ends. */
#ifndef BENCH_MARK_H
#define BENCH_MARK_H

/*
 * A mark is nopl NUMBER(%rax), which does nothing: these three bytes and four of the
 * number, to which what is marked is added.
 */
#define MARK_OPCODE	0x0f, 0x1f, 0x80
#define MARK_NUMBER	0x6d326d00

enum mark {
	MARK_BEGIN = 1,		/* of what is measured */
	MARK_END,
	MARK_OWN_BEGIN,		/* of what stands for hardware, and does not count */
	MARK_OWN_END,
};

#endif /* BENCH_MARK_H */
