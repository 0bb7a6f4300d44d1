#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Echo requests are allowed to m2md's group where nobody had them, and a range that
# somebody else set stays as it is.

set -u
cd -- "$(dirname -- "$0")/../.." || exit 1
# shellcheck source=tests/lib/ktap.sh
. tests/lib/ktap.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
printf '#!/bin/sh\n[ "$*" = "-g m2m" ] && echo 117\n' > "$work/bin/id"
chmod +x "$work/bin/id"
sed "s,^range=.*,range=$work/range," tools/daemon/system/allow-icmp > "$work/allow-icmp"

# makes BEFORE AFTER [ARGUMENT]: as the kernel shows it, with a tab
makes()
{
	printf '%s\t%s\n' "${1% *}" "${1#* }" > "$work/range"
	PATH=$work/bin:$PATH sh "$work/allow-icmp" "${@:3}" || return
	tr '\t' ' ' < "$work/range" | grep -qx "$2" && return
	cat "$work/range"
	return 1
}

there_is_none()
{
	rm "$work/range"
	PATH=$work/bin:$PATH sh "$work/allow-icmp" && [ ! -e "$work/range" ]
}

# kernel_takes AFTER [ARGUMENT]: the real file, of a network of our own
kernel_takes()
{
	# shellcheck disable=SC2016
	PATH=$work/bin:$PATH unshare -n sh -c 'range=/proc/sys/net/ipv4/ping_group_range
		sh tools/daemon/system/allow-icmp
		[ $# -eq 0 ] || sh tools/daemon/system/allow-icmp "$@"
		cat $range' sh "${@:2}" > "$work/took"
	tr '\t' ' ' < "$work/took" | grep -qx "$1" && return
	cat "$work/took"
	return 1
}

ktap_print_header
ktap_test_result "the range that is replaced is a file of the kernel's" \
	grep -qx 'range=/proc/sys/net/ipv4/ping_group_range' tools/daemon/system/allow-icmp
ktap_test_result "nobody's becomes the group's" makes '1 0' '117 117'
ktap_test_result "once" makes '117 117' '117 117'
ktap_test_result "everybody's stays" makes '0 2147483647' '0 2147483647'
ktap_test_result "as does another one" makes '5 5' '5 5'
ktap_test_result "the group's is nobody's again" makes '117 117' '1 0' undo
ktap_test_result "nothing else is undone" makes '0 2147483647' '0 2147483647' undo
ktap_test_result "nor what nobody did" makes '1 0' '1 0' undo
ktap_test_result "a kernel without it is no fault" there_is_none
if unshare -n true 2> /dev/null; then
	ktap_test_result "the kernel takes it" kernel_takes '117 117'
	ktap_test_result "and back" kernel_takes '1 0' undo
else
	ktap_test_skip "the kernel takes it" "no network of our own can be made"
	ktap_test_skip "and back" "no network of our own can be made"
fi
ktap_finished
