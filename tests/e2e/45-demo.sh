#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What `make demo` shows is so, and is over in time. It runs as there: in a guest
# that has done nothing else, and by the same script, which judges each command.
#
#   m2mctl, qmicli, ping ── m2m_wwan ── vhci ── m2msim
#
# vm: timeout=150 own-boot either

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
require qmicli ip ping

# What is promised, on a machine of its own
seconds_max=120
took=

demo()
{
	local begin now status=0

	now_ms
	begin=$now
	tests/demo/session > "$work/demo" 2>&1 {ktap_out}>&- || status=$?
	now_ms
	took=$(((now - begin + 999) / 1000))
	[ "$status" -eq 0 ] && return
	cat "$work/demo"
	return "$status"
}

in_time()
{
	[ "$took" -le $((seconds_max * slow)) ] || { echo "$took s"; return 1; }
}

ktap_test_result "each command does what the text beside it says" demo
ktap_print_msg "the demo took $took s"
ktap_test_result "in under two minutes" in_time
test_end
