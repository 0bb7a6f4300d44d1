// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A plugin of QEMU that counts the instructions a guest executes between marks, by
 * address: see tests/bench/profile. The guest has one processor.
 *
 * usage: qemu-system-x86_64 -plugin PLUGIN,out=FILE
 *
 * At the end of each measurement it writes a line "measured", then lines with the
 * address of an instruction and how many were executed there and right behind it.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "datapath/mark.h"
#include "plugin.h"

int qemu_plugin_version = QEMU_PLUGIN_VERSION;

/* Instructions of a block that follow each other; they stay as long as QEMU runs. */
struct piece {
	struct piece *next;
	uint64_t address;
	uint64_t insns;
	uint64_t executed;
};

static struct piece *pieces;
static FILE *out;
static bool measuring;
/* Brackets that are open: a task may be interrupted by another in one. */
static unsigned int own;

static void write_counts(void)
{
	struct piece *piece;

	fprintf(out, "measured\n");
	for (piece = pieces; piece; piece = piece->next) {
		if (piece->executed)
			fprintf(out, "%" PRIx64 " %" PRIu64 "\n", piece->address,
				piece->executed);
		piece->executed = 0;
	}
	fflush(out);
}

/* --- while the guest runs ------------------------------------------------------ */

static void execute(unsigned int vcpu, void *data)
{
	struct piece *piece = data;

	if (measuring && !own)
		piece->executed += piece->insns;
}

static void pass_mark(unsigned int vcpu, void *data)
{
	switch ((enum mark)(uintptr_t)data) {
	case MARK_BEGIN:
		measuring = true;
		break;
	case MARK_END:
		measuring = false;
		write_counts();
		break;
	case MARK_OWN_BEGIN:
		own++;
		break;
	case MARK_OWN_END:
		own--;
		break;
	}
}

/* --- while it is translated ---------------------------------------------------- */

/* Returns which mark it is, or 0. */
static unsigned int mark_of(const struct qemu_plugin_insn *insn)
{
	static const uint8_t opcode[] = { MARK_OPCODE };
	const uint8_t *data = qemu_plugin_insn_data(insn);
	uint32_t number;

	if (qemu_plugin_insn_size(insn) != sizeof(opcode) + sizeof(number) ||
	    memcmp(data, opcode, sizeof(opcode)))
		return 0;
	memcpy(&number, data + sizeof(opcode), sizeof(number));
	number -= MARK_NUMBER;
	return number >= MARK_BEGIN && number <= MARK_OWN_END ? number : 0;
}

static struct piece *begin_piece(struct qemu_plugin_insn *insn)
{
	struct piece *piece = calloc(1, sizeof(*piece));

	if (!piece)
		abort();
	piece->address = qemu_plugin_insn_vaddr(insn);
	piece->next = pieces;
	pieces = piece;
	qemu_plugin_register_vcpu_insn_exec_cb(insn, execute,
					       QEMU_PLUGIN_CB_NO_REGS, piece);
	return piece;
}

/*
 * Marks do not count. The last instruction is a piece of its own, since QEMU may
 * leave it to the next block after all where it crosses a page.
 */
static void translate(uint64_t id, struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb), i;
	struct qemu_plugin_insn *insn;
	struct piece *piece = NULL;
	uintptr_t mark;

	for (i = 0; i < n; i++) {
		insn = qemu_plugin_tb_get_insn(tb, i);
		mark = mark_of(insn);
		if (mark) {
			qemu_plugin_register_vcpu_insn_exec_cb(insn, pass_mark,
							       QEMU_PLUGIN_CB_NO_REGS,
							       (void *)mark);
			piece = NULL;
			continue;
		}
		if (!piece || i == n - 1)
			piece = begin_piece(insn);
		piece->insns++;
	}
}

int qemu_plugin_install(uint64_t id, const void *info, int argc, char **argv)
{
	const char *name = argc == 1 && !strncmp(argv[0], "out=", 4) ? argv[0] + 4 : NULL;

	if (!name) {
		fprintf(stderr, "plugin: out=FILE is wanted\n");
		return -1;
	}
	out = fopen(name, "w");
	if (!out) {
		perror(name);
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
	return 0;
}
