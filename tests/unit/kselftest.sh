#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# tests/ is a selftest of the kernel's, at home and where it is moved as it is: below
# tools/testing/selftests, with the rest of the project elsewhere.
#
#   linux/tools/testing/selftests/m2m ── M2M_SRC ── driver, tools, Documentation ...

set -u
cd -- "$(dirname -- "$0")/../.." || exit 1
# shellcheck source=tests/lib/ktap.sh
. tests/lib/ktap.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
selftests=$work/linux/tools/testing/selftests
moved=$selftests/m2m
# A program of the driver's source, one of the library's that reads a file, a script
some=(TESTS="test-qmux lib-apn" TEST_PROGS=unit/summary.sh)

# kernel_tree LIBRARY: as much of one as a selftest sees, and tests/ moved there.
kernel_tree()
{
	mkdir -p "$selftests" "$work/linux/scripts"
	cp -rL "$1"/{Makefile,lib.mk,kselftest,kselftest.h,kselftest_harness.h} \
		"$selftests" || return
	# It names the architecture, of which no test here wants to know.
	: > "$work/linux/scripts/subarch.include"
	cp -rL tests "$moved"
}

# project: the other parts, in a directory that has no tests/.
project()
{
	local part

	mkdir "$work/project"
	for part in *; do
		[ "$part" = tests ] || [ "$part" = build ] ||
			ln -s "$PWD/$part" "$work/project" || return
	done
}

# selftests ARGUMENT...: the kernel's own way to run those of one directory.
selftests()
{
	make -C "$selftests" TARGETS=m2m "$@" 2>&1
}

# passes NAME LOG: one of the runner's results.
passes()
{
	grep -E "^ok [0-9]+ selftests: .*: $1\$" "$2" || { cat "$2"; return 1; }
}

# only_three LOG: nothing else was run, and nothing failed.
only_three()
{
	[ "$(grep -cE '^(not )?ok ' "$1")" -eq 3 ] || { cat "$1"; return 1; }
}

# all_pass WHERE LOG
all_pass()
{
	local name

	for name in test-qmux lib-apn summary.sh; do
		ktap_test_result "$1: $name passes" passes "$name" "$2"
	done
	ktap_test_result "$1: these and no others" only_three "$2"
}

# What end-to-end scripts run is compiled there, too.
e2e_program_is_built()
{
	make -C "$moved/tree/tests/e2e" O="$moved/tree/build" KSFT="$selftests" \
		"$moved/tree/build/tests/e2e-mux-ids"
}

# sources_stay: nothing was made beside the sources.
sources_stay()
{
	[ ! -e "$moved/tree" ] && [ ! -e "$selftests/tree" ]
}

clean_takes_its_own()
{
	selftests M2M_SRC="$work/project" clean || return
	sources_stay && [ -e "$moved/e2e" ] && [ -e "$work/project/driver/port.h" ]
}

# A target that cannot be built says why; make of the kernel's goes on.
needs_to_know()
{
	selftests "${some[@]}" run_tests > "$work/lost"
	grep 'say M2M_SRC=' "$work/lost" || { cat "$work/lost"; return 1; }
}

ktap_print_header
library=$(tests/lib/kselftest-dir)
[ -n "$library" ] || ktap_skip_all "kselftest's library is not here"
unset MAKEFLAGS MAKELEVEL M2M_SRC OUTPUT
ktap_set_plan 18

make -C tests "${some[@]}" run_tests > "$work/home" 2>&1
all_pass home "$work/home"

ktap_test_result "tests/ is moved into a kernel tree" kernel_tree "$library"
ktap_test_result "the project does without" project
ktap_test_result "there it asks for the project" needs_to_know
selftests M2M_SRC="$work/project" "${some[@]}" run_tests > "$work/away"
all_pass moved "$work/away"
ktap_test_result "moved: a program of the scripts is built" e2e_program_is_built
ktap_test_result "moved: clean leaves the sources" clean_takes_its_own
selftests M2M_SRC="$work/project" O="$work/out" "${some[@]}" run_tests > "$work/apart"
all_pass "moved, O=" "$work/apart"
ktap_test_result "moved, O=: nothing is made beside the sources" sources_stay
ktap_finished
