#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# m2md brings modems online that are unlike most: with two ports.
#
#   m2md ── netlink ── m2m_wwan ── vhci ── m2msim
#   ping ── wan ──────────┘                 └ peer: 198.51.100.1
#
# vm: timeout=120 kernels=6.1

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
# shellcheck source=tests/lib/m2md.sh
. tests/lib/m2md.sh
require ip jq ping

imei=860000000000011

starts_are()
{
	[ "$(sim_number event.wds.start-network)" -eq "$1" ]
}

carries()
{
	wait_until 30 pings wan "$peer4"
}

# begin ARGUMENT...: a daemon without a past, then a modem it has never seen
begin()
{
	daemon_end
	sim_stop
	rm -rf "$state"
	mkdir "$state"
	mark
	daemon_start
	sim_start --imei "$imei" "${quick[@]}" "$@"
}

site wan '[PDN wan]' APN=internet
load_driver ours

# --- two ports ----------------------------------------------------------------------------

begin --model em7455
ktap_test_result "two ports: online after it was plugged in" says 30 "$imei wan: online"
ktap_test_result "two ports: packets go" carries
mark
daemon_end -KILL
daemon_start
ktap_test_result "two ports: the next daemon finds the call" says 30 "$imei wan: adopted"
ktap_test_result "two ports: and has it online" says 30 "$imei wan: online"
ktap_test_result "two ports: m2mctl sees it, too" json_is \
	'.pdns[0].name == "wan" and .pdns[0].state == "up"' pdn show
ktap_test_result "two ports: nothing was dialled for it" starts_are 2
daemon_end
test_end
