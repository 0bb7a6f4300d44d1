# SPDX-License-Identifier: GPL-2.0-or-later
# A person who uses m2mctl at a terminal. Sourced after common.sh.
# shellcheck shell=bash disable=SC2154

# person_begins ARGUMENT...: m2mctl on a terminal of its own.
person_begins()
{
	rm -f "$work/keys"
	mkfifo "$work/keys"
	"$build/tests/terminal" "$m2mctl" "$@" \
		< "$work/keys" > "$work/screen" 2>&1 &
	person=$!
	exec {keys}> "$work/keys"
}

# asked TEXT: the screen shows it.
asked()
{
	wait_until 20 grep -qF -- "$1" "$work/screen" && return
	cat "$work/screen"
	return 1
}

# types KEYS: $'\003' is Ctrl-C.
types()
{
	printf '%s' "$1" >&"$keys"
}

# person_ends STATUS PATTERN: it ends so, says so, and the terminal echoes again.
person_ends()
{
	local status=0

	wait_until 30 process_gone "$person" || kill -9 "$person"
	wait "$person" || status=$?
	exec {keys}>&-
	[ "$status" -eq "$1" ] && grep -qE -- "$2" "$work/screen" &&
		grep -q '^terminal: echo on' "$work/screen" && return
	cat "$work/screen"
	echo "status $status, wanted $1 and /$2/"
	return 1
}
