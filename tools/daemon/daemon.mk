# SPDX-License-Identifier: GPL-2.0-or-later
# What is pure in m2md: decisions over plain data. The program around it is to come;
# the unit tests link the very same files.

m2md_pure := $(addprefix tools/daemon/, \
	apn.c backoff.c budget.c cause.c health.c ladder.c machine.c modem-facts.c \
	modem-state.c modem-table.c pdn-state.c pdn-table.c pin.c tokens.c)
