# SPDX-License-Identifier: GPL-2.0-or-later
PROGS += m2m-at

# All but main.c: what the unit tests link
m2m-at_parts := $(addprefix tools/at/,at.c init.c tty.c usb.c wear.c)
m2m-at_SRCS := tools/at/main.c $(m2m-at_parts)
m2m-at_PKGS := glib-2.0
m2m-at_ARCHIVES := libm2m.a
