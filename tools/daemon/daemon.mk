# SPDX-License-Identifier: GPL-2.0-or-later
PROGS += m2md

# What is pure in m2md: decisions over plain data. The unit tests link the very same
# files.
m2md_pure := $(addprefix tools/daemon/, \
	apn.c backoff.c budget.c cause.c former.c health.c history.c inherit.c ladder.c machine.c \
	modem-facts.c modem-pin.c modem-state.c modem-table.c news.c pdn-state.c \
	pdn-table.c pin.c probing.c quota.c slots.c tokens.c verdict.c)
m2md_SRCS := $(m2md_pure) $(addprefix tools/daemon/, \
	answer.c clock.c daemon.c dns.c door.c guess.c hand.c history-file.c inbox.c main.c managed.c \
	methods.c notify.c plan.c probe.c report.c request.c role.c rungs.c say.c \
	session.c session-call.c session-dns.c session-facts.c session-find.c \
	session-former.c session-guess.c session-netns.c \
	session-probe.c session-settings.c \
	state.c \
	tell.c unit.c usage.c)
m2md_PKGS := gio-2.0 glib-2.0 json-glib-1.0 qmi-glib
m2md_ARCHIVES := libm2m.a
m2md_CPPFLAGS := -I$(top)/driver/uapi
