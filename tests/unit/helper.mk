# SPDX-License-Identifier: GPL-2.0-or-later
# m2m-helper: what may be asked, and what is done then

include $(top)/tools/helper/helper.mk

TESTS += helper-request helper-verbs
helper-request_SRCS := tests/unit/helper-request.c tests/lib/harness.c
helper-request_ARCHIVES := libm2m.a
helper-verbs_SRCS := tests/unit/helper-verbs.c tests/lib/harness.c $(m2m-helper_verbs)
helper-verbs_ARCHIVES := libm2m.a
