# SPDX-License-Identifier: GPL-2.0-or-later
PROGS += m2m-helper

# All but main.c: what the unit tests link
m2m-helper_verbs := $(addprefix tools/helper/,clock.c hook.c netns.c port-power.c resolv.c \
	run.c)
m2m-helper_SRCS := tools/helper/main.c $(m2m-helper_verbs)
m2m-helper_PKGS := glib-2.0
m2m-helper_ARCHIVES := libm2m.a
