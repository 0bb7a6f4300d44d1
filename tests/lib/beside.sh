# SPDX-License-Identifier: GPL-2.0-or-later
# Programs of unit tests beside each other: they wait for modems that do not answer more
# than they compute. Sourced by bash.
# shellcheck shell=bash

declare -A beside_pids=()

# beside_begin FILE COMMAND...: what it says goes to FILE, which is its name from now on.
beside_begin()
{
	"${@:2}" > "$1" 2>&1 &
	beside_pids[$1]=$!
}

# beside_passes FILE: wait for it, and say what has failed.
beside_passes()
{
	wait "${beside_pids[$1]}" && return
	grep -v '^ok\|^# *\(RUN\|OK\)' "$1"
	return 1
}
