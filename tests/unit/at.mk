# SPDX-License-Identifier: GPL-2.0-or-later
# m2m-at: what commands mean, how often memory is written to, and what is done to a modem

include $(top)/tools/at/at.mk

TESTS += at-command at-fuzz at-wear at-init
at-command_SRCS := tests/unit/at-command.c tests/lib/harness.c tools/at/at.c
at-fuzz_SRCS := tests/unit/at-fuzz.c tests/lib/harness.c tools/at/at.c
at-wear_SRCS := tests/unit/at-wear.c tests/lib/harness.c tools/at/wear.c
at-wear_PKGS := glib-2.0
at-wear_ARCHIVES := libm2m.a
at-init_SRCS := tests/unit/at-init.c tests/lib/harness.c $(m2m-at_parts)
at-init_PKGS := glib-2.0
at-init_ARCHIVES := libm2m.a
