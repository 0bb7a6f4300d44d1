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
read -r -a names <<< "$(sed -n 's/^for name in \(.*\); do$/\1/p' .ci/run)"
deal=() last=()
for name in "${names[@]}"; do
	deal+=(--deal "$name")
	last+=(--last "$name")
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

# all_are_dealt TURN: from there on as many as there are names have each script, and none
# of them twice.
all_are_dealt()
{
	local turn

	for ((turn = $1; turn < $1 + ${#names[@]}; turn++)); do
		dealt --turn "$turn"
	done | sort > "$work/dealt"
	listed | sort | diff - "$work/dealt"
}

# is_dealt TURN NAME: its scripts, all of them and nothing else.
is_dealt()
{
	tests/run --list "$2" | diff - <(dealt --turn "$1")
}

# within COUNT: so many numbers give each kernel all scripts, those that are not dealt out
# by name.
within()
{
	local turn

	for ((turn = 0; turn < $1; turn++)); do
		tests/run --list --turn "$turn" "${deal[@]}" "${last[@]}"
	done | sort -u | diff - <(tests/run --list "${last[@]}" | sort -u)
}

# on_one_kernel TURN: a script that says no more than `either` is where it has two, there
# once.
on_one_kernel()
{
	local script

	grep -lE '^# vm:.* either( |$)' tests/e2e/*.sh | xargs grep -L '^# vm:.* kernels=' |
		while read -r script; do
			[ "$(tests/run --list --turn "$1" "${script##*/}" | wc -l)" -eq 1 ] ||
				{ echo "$script"; return 1; }
		done
}

ktap_print_header
ktap_test_result "there are such scripts" test "$(listed | wc -l)" -ge 3
ktap_test_result "each number takes another one" all_are_dealt 0
ktap_test_result "and begins anew after the last" all_are_dealt 65534
ktap_test_result "the first number takes the first one" is_dealt 0 "${names[0]}"
ktap_test_result "the next one the next" is_dealt 1 "${names[1]}"
ktap_test_result "without a number all are run" test "$(dealt)" = "$(listed)"
ktap_test_result "eight numbers leave out nothing" within 8
ktap_test_result "two do" eval '! within 2 > /dev/null'
ktap_test_result "one kernel of two has what says either" on_one_kernel 3
ktap_finished
