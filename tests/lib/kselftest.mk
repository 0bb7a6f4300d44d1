# SPDX-License-Identifier: GPL-2.0-or-later
# Where kselftest's library is, and its harness for tests in C. It is no code of
# ours to warn about.

ifndef KSFT
KSFT := $(shell $(dir $(lastword $(MAKEFILE_LIST)))kselftest-dir)
endif
ifeq ($(KSFT),)
$(error no kselftest library: run tests/vm/setup --host)
endif
override CPPFLAGS += -isystem $(KSFT)
