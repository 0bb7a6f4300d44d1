#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The language of the host changes nothing that m2mctl prints: its tests, whose texts and
# JSON are known and whose JSON is held to its schema, pass in German, where numbers have a
# comma, and in Turkish, where an "i" in capitals is no "I"; and so do the verbs that need
# no modem, whose documents are the same byte for byte.

set -u
cd -- "$(dirname -- "$0")/../.." || exit 1
# shellcheck source=tests/lib/ktap.sh
. tests/lib/ktap.sh
# shellcheck source=tests/lib/beside.sh
. tests/lib/beside.sh

ktap_print_header
build=${M2M_BUILD:-build}
if [ ! -x "$build/m2mctl" ] || [ ! -x "$build/tests/ctl-again" ]; then
	ktap_skip_all "m2mctl and its tests are not built"
fi
if ! command -v localedef > /dev/null || [ ! -d /usr/share/i18n/charmaps ]; then
	ktap_skip_all "there is nothing to make locales of: apt install locales"
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LOCPATH=$work
unset LANGUAGE

# A locale that is not there would be C, and all would be well
is_in_force()
{
	[ "$(LC_ALL=$1 printf '%.1f' 1,5 2>&1)" = 1,5 ] && return
	LC_ALL=$1 locale
	return 1
}

# same LOCALE VERB: the same document as without one
same()
{
	local locale=$1
	shift

	LC_ALL=C "$build/m2mctl" "$@" > "$work/c" 2>&1
	LC_ALL=$locale "$build/m2mctl" "$@" > "$work/other" 2>&1
	[ -s "$work/c" ] && diff "$work/c" "$work/other"
}

tests=(ctl-again ctl-apn ctl-apply ctl-config ctl-confirm ctl-doc ctl-limits ctl-m2md
	ctl-modem ctl-net ctl-schemas ctl-sim ctl-sms ctl-support ctl-text lib-words)
printf '[PDN wan]\nMTU=1\n' > "$work/a.modem"
for locale in de_DE tr_TR; do
	ktap_test_result "$locale can be made" localedef -i $locale -f UTF-8 "$work/$locale.UTF-8"
	ktap_test_result "$locale is in force" is_in_force $locale.UTF-8
	for test in "${tests[@]}"; do
		beside_begin "$work/$locale.$test" env LC_ALL=$locale.UTF-8 "$build/tests/$test"
	done
done
for locale in de_DE tr_TR; do
	for test in "${tests[@]}"; do
		ktap_test_result "$test passes in $locale" beside_passes "$work/$locale.$test"
	done
	locale=$locale.UTF-8
	for verb in "modem list" "config keys" "config check $work/a.modem" "--schema status" \
		--help "history" "bananas"; do
		# shellcheck disable=SC2086 # an object and its verb
		ktap_test_result "${verb/$work\//} is the same in $locale" same $locale --json $verb
	done
done
ktap_finished
