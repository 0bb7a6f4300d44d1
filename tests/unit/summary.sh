#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the last line of a run counts: failures that a second try cured are named,
# all others fail the run.

set -u
cd -- "$(dirname -- "$0")/../.." || exit 1
# shellcheck source=tests/lib/ktap.sh
. tests/lib/ktap.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# script KERNEL OK NAME [PART]: a script of one test, as a part of a run.
script()
{
	local part=${4:-$1}

	printf '%s\n' "# Subtest: $part" "  # Subtest: $3" "    $2 1 - a test" \
		"    1..1" "  $2 1 - $3" "  1..1" "$2 1 - $part"
}

# counts STATUS LINE...: so says the summary of the stream it is given.
counts()
{
	local want=$1 status=0 line
	shift

	tests/lib/summary "$work/stream" > "$work/said" || status=$?
	[ "$status" -eq "$want" ] || { cat "$work/said"; return 1; }
	for line; do
		grep -qxF -- "$line" "$work/said" || { cat "$work/said"; return 1; }
	done
}

stream()
{
	cat > "$work/stream"
}

ktap_print_header
ktap_set_plan 6

script 6.1 ok 20-a | stream
ktap_test_result "what passes is counted" counts 0 "1 passed, 0 failed"

script 6.1 "not ok" 20-a | stream
ktap_test_result "what fails is named and fails the run" \
	counts 1 "  6.1: 20-a: a test" "0 passed, 1 failed"

{
	echo "  tests/vm/run: the kernel complained:"
	printf '  # line %d\n' {1..30}
	script 6.1 "not ok" 20-a
} | stream
ktap_test_result "how a splat began is said again" \
	counts 1 "Kernels complained:" "  line 1" "  line 24" "  6.1: 20-a: a test"

{
	script 6.1 "not ok" 20-a
	script 6.12 "not ok" 20-a "6.12 systemd"
	script 6.1 ok 20-a "6.1 again"
	script 6.12 ok 20-a "6.12 again"
} | stream
ktap_test_result "what passes at the second try is named and does not" \
	counts 0 "Passed at the second try:" "  6.1: 20-a: a test" \
	"  6.12 systemd: 20-a: a test" "2 passed, 0 failed"

{
	script 6.1 "not ok" 20-a
	script 6.1 "not ok" 20-a "6.1 again"
} | stream
ktap_test_result "what fails twice fails" counts 1 "0 passed, 2 failed"

{
	script 6.1 "not ok" 20-a
	script 6.12 "not ok" 20-a
	script 6.1 "not ok" 20-ab
	script 6.1 ok 20-a "6.1 again"
} | stream
ktap_test_result "a second try cures one script on one kernel" \
	counts 1 "  6.12: 20-a: a test" "  6.1: 20-ab: a test" "1 passed, 2 failed"

ktap_finished
