#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Two modems at once, one of them with two ports, do not know of each other.
#
#   qmicli ── /dev/cdc-wdmA ─┐            ┌ vhci ── m2msim one (EC25)
#   qmicli ── /dev/cdc-wdmB ─┴ m2m_wwan ──┴ vhci ── m2msim two (EM7455)
#             /dev/cdc-wdmC ─┘
#
# vm: either timeout=90 debug races

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
require qmicli

one=860000000000011
two=860000000000029

devices_are()
{
	[ "$(sim_wdm "$1" | wc -l)" -eq "$2" ] &&
		[ "$(sim_net "$1" | wc -l)" -eq "$2" ]
}

imei_is()
{
	output_has "IMEI: '$2'" timeout $((30 * slow)) qmicli -d "$1" --dms-get-ids
}

# Both at the same time, in turns on each device.
both_answer()
{
	local pids=() failed=0

	for _ in 1 2 3; do
		imei_is "$wdm_one" "$one" > "$work/both.1" 2>&1 &
		pids=($!)
		imei_is "$wdm_two" "$two" > "$work/both.2" 2>&1 &
		pids+=($!)
		imei_is "$wdm_three" "$two" > "$work/both.3" 2>&1 &
		pids+=($!)
		wait "${pids[0]}" || failed=1
		wait "${pids[1]}" || failed=1
		wait "${pids[2]}" || failed=1
		[ "$failed" -eq 0 ] || { cat "$work"/both.*; return 1; }
	done
}

id_on()
{
	timeout $((30 * slow)) qmicli -d "$1" --dms-noop \
		--client-no-release-cid > "$work/id"
}

ids_are()
{
	output_has "^ok $2\$" sim_ctl -n "$1" get clients
}

is_gone()
{
	[ ! -e "$1" ]
}

load_driver ours
sim_start -n one --model ec25 --imei "$one"
sim_start -n two --model em7455 --imei "$two"
ktap_test_result "the first has one port" wait_until 15 devices_are one 1
ktap_test_result "the second has two" wait_until 15 devices_are two 2
wdm_one=$(sim_wdm one)
wdm_two=$(sim_wdm two | head -n 1)
wdm_three=$(sim_wdm two | tail -n 1)

ktap_test_result "each answers for itself, at the same time" both_answer
ktap_test_result "an id is parked on the first" id_on "$wdm_one"
ktap_test_result "the first knows of it" ids_are one 1
ktap_test_result "the second does not" ids_are two 0
ktap_test_result "a restart of the second" sim_ctl -n two qmi restart
ktap_test_result "takes nothing from the first" ids_are one 1
ktap_test_result "both answer" both_answer
ktap_test_result "the pipe of the second hangs" sim_ctl -n two ctl hang 20s
ktap_test_result "the first answers all the same" imei_is "$wdm_one" "$one"
ktap_test_result "the second goes, hung as it is" sim_ctl -n two unplug
ktap_test_result "with its first port" wait_until 15 is_gone "$wdm_two"
ktap_test_result "and with its second" wait_until 15 is_gone "$wdm_three"
ktap_test_result "the first answers still" imei_is "$wdm_one" "$one"
test_end
