#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What CI deals out is run by one commit or the other: what tests/run would run with each
# number, as it lists it.

set -u
cd -- "$(dirname -- "$0")/../.." || exit 1
# shellcheck source=tests/lib/ktap.sh
. tests/lib/ktap.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
names=(75-m2md-lies 81-fallback 82-managers)
deal=()
for name in "${names[@]}"; do
	deal+=(--deal "$name")
done

# listed ARGUMENT...: of the scripts with these names.
listed()
{
	tests/run --list "$@" "${names[@]}"
}

# dealt ARGUMENT...: the same where they are dealt out.
dealt()
{
	listed "${deal[@]}" "$@"
}

# all_are_dealt TURN...: together these have each script, and none of them twice.
all_are_dealt()
{
	local turn

	for turn; do
		dealt --turn "$turn"
	done | sort > "$work/dealt"
	listed | sort | diff - "$work/dealt"
}

# is_dealt TURN NAME: its scripts, all of them and nothing else.
is_dealt()
{
	tests/run --list "$2" | diff - <(dealt --turn "$1")
}

ktap_print_header
ktap_test_result "there are such scripts" test "$(listed | wc -l)" -ge 3
ktap_test_result "each number takes another one" all_are_dealt 0 1 2
ktap_test_result "and begins anew after the last" all_are_dealt 65534 65535 65536
ktap_test_result "the first number takes the first one" is_dealt 0 "${names[0]}"
ktap_test_result "the next one the next" is_dealt 1 "${names[1]}"
ktap_test_result "without a number all are run" test "$(dealt)" = "$(listed)"
ktap_finished
