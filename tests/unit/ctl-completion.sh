#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What bash completes is what m2mctl's table of commands has, all of it and nothing else:
# objects, verbs, words of arguments, keys and their values, and options, those of a
# command with it alone. That --help and the manual have the same: ctl-doc.c.

set -u
cd -- "$(dirname -- "$0")/../.." || exit 1
# shellcheck source=tests/lib/ktap.sh
. tests/lib/ktap.sh
# shellcheck source=tools/ctl/completion/m2mctl.bash
. tools/ctl/completion/m2mctl.bash

ktap_print_header
program=${M2M_BUILD:-build}/m2mctl
[ -x "$program" ] || ktap_skip_all "m2mctl is not built"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

m2mctl()
{
	"$program" "$@"
}

# ip ARGUMENT...: two PDNs
ip()
{
	printf '7: %s@wwan0: <UP> mtu 1500\\    link/none\n' wan telemetry
}

# completes WORD... [CURRENT]: what is offered for the last word, sorted, in one line
completes()
{
	COMP_WORDS=(m2mctl "$@")
	COMP_CWORD=$#
	_m2mctl
	printf '%s\n' "${COMPREPLY[@]}" | sort -u | xargs
}

# offers WANTED WORD... CURRENT: these words, in any order, and no other
offers()
{
	local wanted got
	wanted=$(tr ' ' '\n' <<< "$1" | sort -u | xargs)
	shift
	got=$(completes "$@")
	[ "$got" = "$wanted" ] && return
	printf '%s\n' "m2mctl $*" "offered: $got" "wanted:  $wanted"
	return 1
}

"$program" --commands > "$work/table"

# field LINE N
names()
{
	awk -F '\t' -v kind="$1" '$1 == kind { print $2 }' "$work/table"
}

objects_and_verbs()
{
	local object verbs failed=0

	offers "$(names command | cut -d' ' -f1 | xargs)" '' || failed=1
	while read -r object; do
		verbs=$(names command | sed -n "s/^$object //p" | xargs)
		[ -z "$verbs" ] || offers "$verbs" "$object" '' || failed=1
	done < <(names command | cut -d' ' -f1 | sort -u)
	return "$failed"
}

options_of_each()
{
	local name own common failed=0

	common=$(awk -F '\t' '$1 == "option" && $5 == "all" { print $2 }' "$work/table" | xargs)
	while IFS=$'\t' read -r name own; do
		[ "$own" != - ] || own=
		# shellcheck disable=SC2086 # an object and its verb
		offers "$common $own" $name -- || failed=1
	done < <(awk -F '\t' '$1 == "command" { print $2 "\t" $6 }' "$work/table")
	offers "$(names option | xargs)" -- || failed=1
	return "$failed"
}

# Those that are about no modem refuse -d
no_device_of_none()
{
	local name failed=0

	for name in 'config apply' health support 'modem list'; do
		# shellcheck disable=SC2086 # an object and its verb
		offers '' $name --dev || failed=1
		# shellcheck disable=SC2086
		! m2mctl -d 1-1 $name 2> /dev/null || failed=1
	done
	offers --device why --dev || failed=1
	offers --device --dev || failed=1
	return "$failed"
}

# as many words as the command has to have before its keys
arguments()
{
	local n

	for ((n = $(awk -F '\t' -v name="$1" '$1 == "command" && $2 == name { print $5 }' \
		"$work/table"); n > 0; n--)); do
		echo x
	done
}

keys_and_values()
{
	local name key meta failed=0 args words

	while IFS=$'\t' read -r name key meta; do
		mapfile -t args < <(arguments "$name")
		words=$(awk -F '\t' -v name="$name" \
			'$1 == "key" && $2 == name { print $3 }' "$work/table" | xargs)
		# shellcheck disable=SC2086 # an object and its verb
		offers "$words" $name "${args[@]}" '' || failed=1
		words=$(tr '|' '\n' <<< "$meta" | grep -v '[A-Z]' | xargs)
		# shellcheck disable=SC2086
		offers "$words" $name "${args[@]}" "$key" '' || failed=1
		# shellcheck disable=SC2086
		offers "$words" --wait 5 $name "${args[@]}" "$key" x "$key" '' || failed=1
	done < <(awk -F '\t' '$1 == "key" { print $2 "\t" $3 "\t" $4 }' "$work/table")
	return "$failed"
}

words_of_arguments()
{
	local name args most failed=0 words

	while IFS=$'\t' read -r name args most; do
		[[ $most != 0 && $args =~ ^[a-z] && $args = *'|'* ]] || continue
		words=$(tr '|' '\n' <<< "$args" | xargs)
		# shellcheck disable=SC2086
		offers "$words" $name '' || failed=1
	done < <(awk -F '\t' '$1 == "command" { print $2 "\t" $3 "\t" $5 }' "$work/table")
	return "$failed"
}

ktap_test_result "there is a table" grep -q "^command$(printf '\t')pdn up" "$work/table"
ktap_test_result "objects and verbs" objects_and_verbs
ktap_test_result "options, each where it may be" options_of_each
ktap_test_result "no device where there is none" no_device_of_none
ktap_test_result "words of arguments" words_of_arguments
ktap_test_result "keys and their values" keys_and_values
ktap_test_result "a part of a word" offers "unlock unblock" sim un
ktap_test_result "words that an argument may be among others" offers "all read" sms delete ''
ktap_test_result "radio technologies" offers "auto gsm umts lte 5gnr" net modes ''
ktap_test_result "PDNs that are up" offers "telemetry wan" pdn down ''
ktap_test_result "of one verb no more than it has" offers "" pdn down wan ''
ktap_test_result "options between do not count" offers "enable disable change" \
	-d 1-1 sim --force pin --wait 5 ''
ktap_test_result "nor does one with its value in it" offers "enable disable change" \
	--wait = 5 sim pin ''
touch "$work/pin-file"
ktap_test_result "files" offers "$work/pin-file" sim unlock --pin-file "$work/p"
ktap_test_result "also after an equals sign" offers "$work/pin-file" \
	sim unlock --pin-file = "$work/p"
ktap_test_result "an unknown verb has nothing" offers "" sim nonsense ''

m2mctl()
{
	return 127
}

_m2mctl_read='' _m2mctl_args=() _m2mctl_metas=() _m2mctl_every='' _m2mctl_common=''
ktap_test_result "without the program there is nothing, and no noise" offers "" ''
ktap_finished
