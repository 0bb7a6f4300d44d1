#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ModemManager holds four dual-stack calls on one modem, which offers QMAP v1
# alone, while others use the same modem:
#
#	mmcli -- ModemManager -\
#	qmicli -p x 2 ----------\ qmi-proxy -- cdc-wdmN -- m2m_wwan -- m2msim
#	qmicli --------------------------------/             /
#	ping x 8 -- qmimux0..3 -- wwanN --------------------/
#
# vm: timeout=300 systemd either=8

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/mm.sh
. tests/lib/mm.sh
# shellcheck source=tests/lib/qmicli.sh
. tests/lib/qmicli.sh
# shellcheck source=tests/lib/mm-life.sh
. tests/lib/mm-life.sh
require ModemManager mmcli dbus-daemon udevadm jq ping ip qmicli

peer4=198.51.100.1
peer6=2001:db8:5f::1
apns=(internet m2m iot fleet)
declare -a bearers=() links=() addresses4=() addresses6=()
declare -A askers=()

# --- four calls -----------------------------------------------------------------

connect_simple()
{
	mm_connect "apn=${apns[0]},ip-type=ipv4v6,multiplex=required" &&
		wait_until 10 mm_bearer && bearers[0]=$bearer
}

connect_another()
{
	mm_connect_more "apn=${apns[$1]},ip-type=ipv4v6,multiplex=required" &&
		bearers[$1]=$bearer
}

# A link is ModemManager's for as long as its port is open, a bearer is not.
delete_bearers()
{
	local n

	for n in "${bearers[@]}"; do
		mmcli -m "$mm" --delete-bearer="$n" || return
	done
}

# rule N FAMILY ADDRESS: what comes from the address goes by this link alone.
rule()
{
	unrule "$1" "$2"
	ip "-$2" route replace default dev "${links[$1]}" table $((100 + $1)) &&
		ip "-$2" rule add from "$3" table $((100 + $1))
}

unrule()
{
	while ip "-$2" rule del table $((100 + $1)) 2> /dev/null; do
		:
	done
}

forget_rules()
{
	local n

	for n in "${!apns[@]}"; do
		unrule "$n" 4
		unrule "$n" 6
	done
}

# apply N: the link and addresses of the bearer, and routes by source.
apply()
{
	local address prefix mtu

	bearer=${bearers[$1]}
	links[$1]=$(mm_bearer_field .status.interface)
	addresses4[$1]=$(mm_bearer_field '."ipv4-config".address')
	addresses6[$1]=$(mm_bearer_field '."ipv6-config".address')
	mtu=$(mm_bearer_field '."ipv4-config".mtu')
	prefix=$(mm_bearer_field '."ipv4-config".prefix')
	echo "bearer $bearer: ${links[$1]} ${addresses4[$1]} ${addresses6[$1]}"
	ip address flush dev "${links[$1]}"
	ip link set "${links[$1]}" mtu "$mtu" up &&
		ip address replace "${addresses4[$1]}/$prefix" \
			dev "${links[$1]}" &&
		rule "$1" 4 "${addresses4[$1]}" || return
	prefix=$(mm_bearer_field '."ipv6-config".prefix')
	ip -6 address replace "${addresses6[$1]}/$prefix" \
		dev "${links[$1]}" nodad && rule "$1" 6 "${addresses6[$1]}"
}

links_are_four()
{
	printf '%s\n' "${links[@]}"
	[ "$(printf '%s\n' "${links[@]}" | sort -u | wc -l)" -eq 4 ] &&
		[ "$(sim_net | wc -l)" -eq 1 ] &&
		! printf '%s\n' "${links[@]}" | grep -qxF "$net"
}

received()
{
	cat "/sys/class/net/${links[$1]}/statistics/rx_packets"
}

# traffic COUNT N...: these calls at once, both families, each with its own
# address as the source; each answer comes in by the link of its call.
traffic()
{
	local count=$1 n i=0 failed=0
	local -a pids=() before=()
	shift

	for n; do
		before[n]=$(received "$n")
		ping -4 -q -c "$count" -i 0.1 -W $((5 * slow)) \
			-I "${addresses4[n]}" "$peer4" > "$work/ping.$n.4" 2>&1 &
		pids[i++]=$!
		ping -6 -q -c "$count" -i 0.1 -W $((5 * slow)) \
			-I "${addresses6[n]}" "$peer6" > "$work/ping.$n.6" 2>&1 &
		pids[i++]=$!
	done
	for i in "${!pids[@]}"; do
		wait "${pids[i]}" || failed=1
	done
	for n; do
		# Both, or one of them lost something.
		[ "$(cat "$work/ping.$n".[46] | grep -c ' 0% packet loss')" \
			-eq 2 ] || failed=1
		[ "$(received "$n")" -ge $((before[n] + 2 * count)) ] || failed=1
		echo "${links[n]}: ${before[n]} packets before, $(received "$n")"
		cat "$work/ping.$n.4" "$work/ping.$n.6"
	done
	return "$failed"
}

# The modem compares source address and mux id with its calls.
nothing_went_astray()
{
	output_has '^ok 0$' sim_ctl stat drop_source &&
		output_has '^ok 0$' sim_ctl stat drop_mux
}

# --- others ------------------------------------------------------------------

# ask NAME PATTERN ARGUMENT...: ask until told to stop, and write down each
# answer that does not match. Runs beside the test, and behind what it asks beside:
# ModemManager gives udev 2.5 s for a link, whatever the machine.
ask()
{
	local name=$1 pattern=$2
	shift 2

	renice -n 10 -p "$BASHPID" > /dev/null
	until [ -e "$work/stop" ]; do
		if output_has "$pattern" qmi "$@" > "$work/$name.said" 2>&1; then
			echo answer >> "$work/$name.answers"
		else
			cat "$work/$name.said" >> "$work/$name.failures"
		fi
		pause_ms 200
	done
}

asker()
{
	touch "$work/$1.answers" "$work/$1.failures"
	ask "$@" &
	askers[$1]=$!
}

answers()
{
	wc -l < "$work/$1.answers"
}

# still_answered NAME MORE: it gets answers now, and got no wrong one before.
still_answered()
{
	local until
	until=$(($(answers "$1") + $2))

	wait_until 30 has_answers "$1" "$until" && cat "$work/$1.failures" &&
		[ ! -s "$work/$1.failures" ]
}

has_answers()
{
	[ "$(answers "$1")" -ge "$2" ]
}

askers_end()
{
	local name

	touch "$work/stop"
	for name in "${!askers[@]}"; do
		wait "${askers[$name]}" 2> /dev/null || :
	done
	askers=()
}

# --- the test -------------------------------------------------------------------

imei=860425040123455
load_driver ours
at_exit forget_rules
at_exit askers_end
ktap_test_result "ModemManager runs" mm_start ||
	ktap_exit_fail_msg "$(cat "$work/ModemManager.log")"
# Four links come at once, ModemManager waits for the first: that one shall not
# share the processor with the others.
udevadm control --children-max=1
qmi_modem --model ec25 --set wds.connect-ms=100
sim_ctl wds.apn: fleet v4 v6 > /dev/null
ktap_test_result "the modem registers" mm_is_ready ||
	ktap_exit_fail_msg "ModemManager has no modem"

asker signal "RSRP: '-92 dBm'" -p --nas-get-signal-info
asker identity "IMEI: '$imei'" -p --dms-get-ids
ktap_test_result "two qmicli use ModemManager's proxy" still_answered signal 1
ktap_test_result "the first bearer connects" connect_simple ||
	ktap_exit_fail_msg "no call"
for n in 1 2 3; do
	ktap_test_result "bearer $((n + 1)) connects" connect_another "$n"
done
for n in 0 1 2 3; do
	ktap_test_result "bearer $((n + 1)) has both families" apply "$n"
done
ktap_test_result "each has a link of its own" links_are_four
ktap_test_result "the modem has eight calls" output_has '^ok 8$' \
	sim_ctl get calls
ktap_test_result "in raw-IP and QMAP v1" output_has '^ok 2 5 5 ' \
	sim_ctl get wda.format
ktap_test_result "traffic on all four at once" traffic 30 0 1 2 3
ktap_test_result "both qmicli were answered meanwhile" \
	still_answered signal 1
ktap_test_result "and still are" still_answered identity 1

asker direct "IMEI: '$imei'" --dms-get-ids
ktap_test_result "a qmicli without proxy is answered" still_answered direct 1
ktap_test_result "traffic beside all three" traffic 30 0 1 2 3
for name in signal identity direct; do
	ktap_test_result "$name got right answers alone" \
		still_answered "$name" 1
done
ktap_test_result "one bearer disconnects" mmcli -b "${bearers[1]}" --disconnect
ktap_test_result "the others go on" traffic 5 0 2 3
ktap_test_result "it connects again" mmcli -b "${bearers[1]}" \
	--timeout $((60 * slow)) --connect
ktap_test_result "with its addresses" apply 1
ktap_test_result "and all carry traffic" traffic 5 0 1 2 3
ktap_test_result "each packet had its call's address and mux id" \
	nothing_went_astray
askers_end
ktap_test_result "all disconnect" mmcli -m "$mm" --simple-disconnect
ktap_test_result "the modem has no call" wait_until 10 \
	output_has '^ok 0$' sim_ctl get calls
forget_rules
ktap_test_result "and ModemManager no bearer" delete_bearers
mm_connects ec25 "without multiplexing"
sim_stop
ktap_test_result "the modem is gone" wait_until 20 mm_gone
test_end
