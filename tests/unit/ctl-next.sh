#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# m2mctl against the libraries of Debian's next suite, libqmi 1.38 and later: it and its
# tests are built with them and run with them, loader, libc and GLib included. The tests
# hold texts and JSON, which each is held to its schema, to what they are with libqmi 1.32
# of this suite.

set -u
cd -- "$(dirname -- "$0")/../.." || exit 1
# shellcheck source=tests/lib/ktap.sh
. tests/lib/ktap.sh
# shellcheck source=tests/lib/beside.sh
. tests/lib/beside.sh
# shellcheck source=tests/lib/next.sh
. tests/lib/next.sh

tests=(ctl-again ctl-apn ctl-confirm ctl-doc ctl-limits ctl-m2md ctl-modem ctl-net ctl-schemas
	ctl-sim ctl-sms ctl-support ctl-text lib-client lib-frame lib-qmi lib-sms lib-wms
	lib-words)

ktap_print_header
next_begin || ktap_skip_all "$next_missing"

is_newer()
{
	local minor

	minor=$(pkg-config --modversion qmi-glib | cut -d . -f 2)
	echo "libqmi 1.$minor"
	[ "$minor" -ge 38 ]
}

uses_it()
{
	"$build/m2mctl" --version > /dev/null &&
		"$loader" --list "$build/m2mctl" | grep -q "libqmi-glib.* => $root/"
}

ktap_test_result "libqmi is 1.38 at least" is_newer
ktap_test_result "m2mctl can be built with it" next_build tools "$build/m2mctl"
ktap_test_result "and runs with it" uses_it
ktap_test_result "so do its tests" next_build tests/unit "${tests[@]/#/$build/tests/}"
for test in "${tests[@]}"; do
	beside_begin "$build/$test.out" "$build/tests/$test"
done
for test in "${tests[@]}"; do
	ktap_test_result "$test passes" beside_passes "$build/$test.out"
done
ktap_finished
