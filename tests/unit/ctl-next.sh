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

tests=(ctl-again ctl-apn ctl-confirm ctl-doc ctl-limits ctl-m2md ctl-modem ctl-net ctl-schemas
	ctl-sim ctl-sms ctl-text lib-client lib-frame lib-qmi lib-sms lib-wms lib-words)
build=$PWD/build/next

ktap_print_header
root=$(tests/vm/next-libraries) || ktap_skip_all "no libraries of sid: tests/vm/next-libraries --make"
libraries=$(echo "$root"/usr/lib/*-linux-gnu*)
loader=$(echo "$root"/usr/lib64/ld-linux*)
if [ ! -e "$libraries/libqmi-glib.so" ] || [ ! -e "$loader" ]; then
	ktap_skip_all "those of sid are not for this machine"
fi

export PKG_CONFIG_SYSROOT_DIR=$root
export PKG_CONFIG_LIBDIR=$libraries/pkgconfig:$root/usr/share/pkgconfig

# in_next DIRECTORY PROGRAM...: build there
in_next()
{
	make --no-print-directory -C "$1" -j"$(nproc)" O="$build" CC="${CC:-gcc} --sysroot=$root" \
		LDFLAGS="-Wl,--dynamic-linker=$loader -Wl,-rpath,$libraries -Wl,--disable-new-dtags" CFLAGS=-O1 \
		"${@:2}" > "$build/log" 2>&1 || { grep -E 'error|undefined' "$build/log"; return 1; }
}

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

mkdir -p "$build"
ktap_test_result "libqmi is 1.38 at least" is_newer
ktap_test_result "m2mctl can be built with it" in_next tools "$build/m2mctl"
ktap_test_result "and runs with it" uses_it
ktap_test_result "so do its tests" in_next tests/unit "${tests[@]/#/$build/tests/}"
for test in "${tests[@]}"; do
	beside_begin "$build/$test.out" "$build/tests/$test"
done
for test in "${tests[@]}"; do
	ktap_test_result "$test passes" beside_passes "$build/$test.out"
done
ktap_finished
