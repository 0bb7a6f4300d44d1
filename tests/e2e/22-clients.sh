#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Programs that nobody here wrote share one modem, and whoever dies takes nothing
# with him.
#
#   qmicli x 9 ─┐
#   qmi-network ┼ /dev/cdc-wdmN ── m2m_wwan ── vhci ── m2msim
#   e2e-uqmi ───┤
#   e2e-killed ─┘                     └ wwanN ── ping
#
# vm: either timeout=240 debug races

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/program.sh
. tests/lib/program.sh
# shellcheck source=tests/lib/data.sh
. tests/lib/data.sh

# --- nine at once -------------------------------------------------------------

# Each asks something that nobody else asks, so that a stray answer shows.
declare -A questions=(
	[--dms-get-ids]="IMEI: '860425040123455'"
	[--dms-get-manufacturer]="Manufacturer:"
	[--dms-get-model]="Model:"
	[--dms-get-revision]="Revision:"
	[--dms-get-operating-mode]="Mode: 'online'"
	[--nas-get-serving-system]="Registration state:"
	[--nas-get-signal-strength]="signal strength"
	[--uim-get-card-status]="Card state: 'present'"
	[--wda-get-data-format]="Link layer protocol:"
)

# nine_at_once [OPTION...]: and each with these options.
nine_at_once()
{
	local question n=0 failed=0
	local -a pids=()

	for question in "${!questions[@]}"; do
		qmi "$@" "$question" > "$work/nine.$n" 2>&1 &
		pids[n]=$!
		n=$((n + 1))
	done
	n=0
	for question in "${!questions[@]}"; do
		if ! wait "${pids[n]}" ||
			! grep -q "${questions[$question]}" "$work/nine.$n"; then
			echo "$question:"
			cat "$work/nine.$n"
			failed=1
		fi
		n=$((n + 1))
	done
	return "$failed"
}

# A qmicli that ends releases its id, so nothing may pile up.
no_ids_are_left()
{
	wait_until 5 output_has '^ok 0$' sim_ctl get clients
}

end_proxy()
{
	local pid

	for pid in $(pidof qmi-proxy); do
		kill "$pid"
		wait_until 5 process_gone "$pid"
	done
}

# --- qmi-network, uqmi ----------------------------------------------------------

network()
{
	timeout $((60 * slow)) qmi-network \
		--profile="$work/qmi-network.conf" "$wdm" "$1" > "$work/network" 2>&1 ||
		{ cat "$work/network"; return 1; }
	cat "$work/network"
}

network_says()
{
	network "$1" > "$work/said" || { cat "$work/said"; return 1; }
	grep -q "$2" "$work/said" || { cat "$work/said"; return 1; }
}

calls_are()
{
	output_has "^ok $1\$" sim_ctl get calls
}

# A process a step: an id, the family, a call, and its end. The program of uqmi's
# own manners does the same (e2e-uqmi).
take_id()
{
	qmi --wds-noop --client-no-release-cid > "$work/id" || return
	cid=$(sed -n "s/.*CID: '\([0-9]*\)'.*/\1/p" "$work/id")
	[ -n "$cid" ]
}

with_id()
{
	qmi --client-cid="$cid" --client-no-release-cid "$@"
}

start_call()
{
	with_id --wds-start-network="apn=internet,ip-type=4" > "$work/start" ||
		{ cat "$work/start"; return 1; }
	handle=$(sed -n "s/.*Packet data handle: '\([0-9]*\)'.*/\1/p" "$work/start")
	[ -n "$handle" ]
}

release_id()
{
	qmi --client-cid="$cid" --wds-noop
}

# --- calls that outlive their makers ---------------------------------------------

use_address()
{
	local settings

	settings=$(with_id --wds-get-current-settings) || return
	call_address=$(sed -n 's/.*IPv4 address: //p' <<< "$settings")/32
	call_gateway=$(sed -n 's/.*IPv4 gateway address: //p' <<< "$settings")
	ip address replace "$call_address" peer "$call_gateway" dev "$net" &&
		ip link set "$net" up
}

ping_gateway()
{
	ping -c 2 -i 0.2 -W $((3 * slow)) -I "$net" "$call_gateway"
}

# The holder of the call is killed in the middle of its next request.
kill_the_holder()
{
	local pid

	sim_ctl ctl late 3s 1 > /dev/null
	# On a slow machine it may be done before: then it shall keep the id.
	qmicli -d "$wdm" --client-cid="$cid" --client-no-release-cid \
		--wds-get-packet-service-status > /dev/null 2>&1 &
	pid=$!
	wait_until 10 wdm_is_open_by "$pid"
	kill -9 "$pid"
	wait "$pid" 2> /dev/null
	sim_ctl ctl late 0 0 > /dev/null
	return 0
}

wdm_is_open_by()
{
	local fd

	for fd in /proc/"$1"/fd/*; do
		[ "$(readlink "$fd")" != "$wdm" ] || return 0
	done
	return 1
}


data_start --model ec25
at_exit end_proxy

for round in 1 2 3; do
	ktap_test_result "nine qmicli at once get their answers ($round)" \
		nine_at_once
done
ktap_test_result "and leave no id behind" no_ids_are_left
# Nine that start it at once are a race among themselves.
ktap_test_result "qmi-proxy gets answers" qmi --device-open-proxy --dms-get-ids
ktap_test_result "nine get their answers through it" \
	nine_at_once --device-open-proxy
ktap_test_result "beside nine without it" nine_at_once
end_proxy
ktap_test_result "nor do they leave an id behind" no_ids_are_left

printf 'APN=internet\nIP_TYPE=4\n' > "$work/qmi-network.conf"
ktap_test_result "qmi-network starts" network_says start 'Network started'
ktap_test_result "the modem has a call" calls_are 1
ktap_test_result "qmi-network knows of it" \
	network_says status "Status: connected"
ktap_test_result "nine qmicli beside a call" nine_at_once
ktap_test_result "the call is still up" calls_are 1
ktap_test_result "qmi-network stops" network_says stop 'Network stopped'
ktap_test_result "the modem has no call" calls_are 0
ktap_test_result "no id is left" no_ids_are_left

ktap_test_result "an id is taken in one process" take_id
ktap_test_result "the family is set in the next" \
	with_id --wds-set-ip-family=4
ktap_test_result "a call is started in a third" start_call
ktap_test_result "and seen in a fourth" \
	output_has "'connected'" with_id --wds-get-packet-service-status
ktap_test_result "addresses are set" use_address
ktap_test_result "a ping comes back" ping_gateway
ktap_test_result "its holder is killed" kill_the_holder
ktap_test_result "the call is up all the same" calls_are 1
ktap_test_result "and carries packets" ping_gateway
ktap_test_result "it is stopped by its id" with_id --wds-stop-network="$handle"
ktap_test_result "the modem has no call any more" calls_are 0
ktap_test_result "the id is released" release_id
ktap_test_result "nothing is left behind" no_ids_are_left

ip address flush dev "$net"
run_program e2e-uqmi
# Each is ten times slower on a kernel that checks itself.
[ "${M2M_KERNEL:-}" != debug ] || export M2M_KILLS=100
run_program e2e-killed
test_end
