#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ModemManager takes our driver for mainline's and connects by it, as it comes:
#
#	mmcli -- dbus -- ModemManager -- cdc-wdmN -- m2m_wwan -- vhci -- m2msim
#	ping ------------------------------ wwanN -----/
#
# with modems of its generic, Sierra's and SIMCom's plugins: found, registered,
# connected, disconnected, connected again, pulled out and put back; Sierra's in
# two calls, one on each of its ports.
# vm: timeout=420 systemd either=8

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/mm.sh
. tests/lib/mm.sh
# shellcheck source=tests/lib/qmicli.sh
. tests/lib/qmicli.sh
# shellcheck source=tests/lib/mm-life.sh
. tests/lib/mm-life.sh
require ModemManager mmcli dbus-daemon udevadm jq ping ethtool

# connect_second: a bearer beside the first, without multiplexing.
connect_second()
{
	local first=$net

	mm_connect_more apn=m2m,ip-type=ipv4v6 && mm_apply || return
	echo "the first is on $first, the second on $net"
	[ "$net" != "$first" ]
}

second_port()
{
	ktap_test_result "em7455: a call on the second port" connect_second ||
		return
	ktap_test_result "em7455: a ping over its IPv4" ping_answers "$dns4"
	ktap_test_result "em7455: a ping over its IPv6" ping_answers "$dns6"
}

load_driver ours
ktap_test_result "ModemManager runs" mm_start ||
	ktap_exit_fail_msg "$(cat "$work/ModemManager.log")"
mm_life gobi generic
mm_life em7455 sierra second_port
mm_life sim7600 simtech
test_end
