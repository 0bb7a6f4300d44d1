#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Below the driver of a real host controller all formats carry packets, the bus
# sleeps while nobody needs it and wakes for a request and for a packet, and a
# reset takes away what the modem forgets, but no file and no interface.
#
#   e2e-*, qmicli, ping ── m2m_wwan ── xhci_hcd ══ QEMU ── usb-redir ── m2msim
#
# vm: either timeout=300 debug races
# vm: modem=--model,ec25,--set,wda.qmap-mask=34,--set,boot.ms=0,--set,sim.ready-ms=0,--set,nas.register-ms=0,--set,wds.connect-ms=0,--set,wds.mtu=4000

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/program.sh
. tests/lib/program.sh
# shellcheck source=tests/lib/data.sh
. tests/lib/data.sh
# shellcheck source=tests/lib/power.sh
. tests/lib/power.sh

require ethtool usbreset
data_outside
power=/sys/bus/usb/devices/$sim_usb/power

is_below_xhci()
{
	reads "/sys/bus/usb/devices/usb${sim_usb%%-*}/product" \
		"xHCI Host Controller"
}

# in_format LINK: two families and long packets, without a mux id.
in_format()
{
	ip address flush dev "$net"
	ip link set "$net" down
	data_hangup && data_format "$1" && data_call 4 && data_call 6 &&
		ip link set "$net" up &&
		data_address "$net" 4 && data_address "$net" 6 &&
		data_ping "$net" 4 && data_ping "$net" 6 &&
		data_ping "$net" 4 0 -s 1472 -M "do" &&
		( data_flood "$net" 4 0 -c 200 ) > "$work/flood" &&
		answered < "$work/flood"
}

# in_qmap [AGGREGATION]
in_qmap()
{
	ip address flush dev "$net"
	ip link set "$net" down
	data_hangup && power_link "$@" && data_ping pdn1 4 1 &&
		data_ping pdn1 4 1 -s 1472 -M "do" &&
		( data_flood pdn1 4 1 -c 200 ) > "$work/flood" &&
		answered < "$work/flood"
}

# The controller takes a list of pieces.
in_place()
{
	local before now

	before=$(counter pdn1 tx_in_place)
	ip link set pdn1 mtu 4000 && data_ping pdn1 4 1 -s 3500 || return
	now=$(counter pdn1 tx_in_place)
	echo "tx_in_place: $before, $now"
	[ "$now" -ge $((before + 3)) ] && ip link set pdn1 mtu 1500
}

# --- packets ------------------------------------------------------------------

ktap_test_result "the controller is xhci_hcd's" is_below_xhci
ktap_test_result "802.3" in_format 802-3
ktap_test_result "raw-IP" in_format raw-ip
ktap_test_result "QMAP v1" in_qmap qmap
ktap_test_result "QMAP v5" in_qmap
ktap_test_result "long packets are sent from where they are" in_place
ktap_test_result "the modem dropped nothing as malformed" \
	stat_is drop_malformed -eq 0

# --- sleep ----------------------------------------------------------------------

# pings_awaken: each ping comes long after the bus fell asleep.
pings_awaken()
{
	local i slept

	for i in 1 2 3; do
		wait_until 10 usb_sleeps || return
		read -r slept < "$power/runtime_suspended_time"
		echo "slept for $slept ms"
		data_ping pdn1 4 1 || return
	done
}

# The delay is shorter than a pause between two pings.
pings_race_with_sleep()
{
	usb_autosuspend 0 || return
	data_ping pdn1 4 1 -c 30 -i 0.05
}

traffic_keeps_awake()
{
	local before after

	usb_autosuspend 3000 && data_ping pdn1 4 1 || return
	read -r before < "$power/runtime_suspended_time"
	( data_flood pdn1 4 1 -w 5 ) > "$work/flood"
	read -r after < "$power/runtime_suspended_time"
	answered < "$work/flood" && [ "$before" = "$after" ]
}

lost_nothing()
{
	local lost

	lost=$(counter "$net" usb_tx_frames_lost)
	echo "usb_tx_frames_lost is $lost"
	[ "$lost" = 0 ]
}

ktap_test_result "autosuspend is allowed" usb_autosuspend 300
ktap_test_result "it sleeps, though the interface is up" \
	wait_until 10 usb_sleeps
ktap_test_result "a packet wakes it" pings_awaken
ktap_test_result "packets race with falling asleep" pings_race_with_sleep
ktap_test_result "traffic keeps it awake" traffic_keeps_awake
ktap_test_result "no frame was lost" lost_nothing
ktap_test_result "it sleeps again" wait_until 10 usb_sleeps
ktap_test_result "a request wakes it" qmi --dms-get-ids
ktap_test_result "it sleeps again" wait_until 10 usb_sleeps
ktap_test_result "taking the interface down does not wake it" \
	ip link set "$net" down
ktap_test_result "and bringing it up does, packets pass" ip link set "$net" up
ip link set pdn1 up
ip route replace "${calls[1.4]#* }" dev pdn1
ktap_test_result "at once" data_ping pdn1 4 1
ip link set "$net" down
run_program e2e-autosuspend
ktap_test_result "autosuspend is off again" usb_autosuspend off
ktap_test_result "it is awake" usb_is_awake

# --- reset ----------------------------------------------------------------------

export M2M_LOSE=reset
run_program e2e-lost-power

# A reset by somebody else, which the driver has not asked for, in the middle of segments
# that go and merged ones that come
reset_in_traffic()
{
	mirror_begin && mirror_flows &&
		usbreset "$(cat "/sys/bus/usb/devices/$sim_usb/idVendor"):$(cat "/sys/bus/usb/devices/$sim_usb/idProduct")"
}

stays_as_it_was()
{
	power_identity > "$work/after"
	diff "$work/before" "$work/after"
}

format_is_unknown()
{
	reads "/sys/class/net/$net/carrier" 0
}

ip link set "$net" up
ip link set pdn1 up
ktap_test_result "a call, and a link" power_link
ktap_test_result "packets pass" data_ping pdn1 4 1
power_identity > "$work/before"
ktap_test_result "a reset in the middle of traffic" reset_in_traffic
ktap_test_result "the carrier tells that the format is gone" \
	wait_until 10 format_is_unknown
ktap_test_result "the modem answers again" wait_until 20 qmi --dms-get-ids
mirror_end
ktap_test_result "interfaces are as before, but for the carrier" \
	output_has "^$(head -n 1 "$work/before")\$" cat "/sys/class/net/$net/ifindex"
ktap_test_result "the format is set again, and the call" power_link
ktap_test_result "packets pass again" data_ping pdn1 4 1
ktap_test_result "nothing of the interfaces has changed" stays_as_it_was

# --- the end --------------------------------------------------------------------

plug_again()
{
	sim_ctl replug && wait_until 20 outside_attached &&
		wait_until 10 sim_wdm > /dev/null && data_names
}

pulled_asleep()
{
	usb_autosuspend 100 && wait_until 10 usb_sleeps && sim_ctl unplug
}

gone()
{
	! sim_net outside && ! sim_wdm outside &&
		lacks_link pdn1
}

pulled_in_traffic()
{
	mirror_begin && mirror_flows && sim_ctl unplug
}

ktap_test_result "pulled in the middle of traffic" pulled_in_traffic
ktap_test_result "everything is gone" wait_until 20 gone
mirror_end
ktap_test_result "plugged in again" plug_again
ktap_test_result "packets pass" in_qmap
M2M_ONLY=the_end_of_a_port_ends_requests_and_clients run_program e2e-genl-ends
wait_until 10 sim_wdm > "$work/wdm"
ktap_test_result "pulled while it sleeps" pulled_asleep
ktap_test_result "everything is gone" wait_until 20 gone
ktap_test_result "plugged in again" plug_again
ktap_test_result "packets pass" in_qmap
test_end
