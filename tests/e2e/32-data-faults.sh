#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Whatever the modem does to the bulk pipes, packets pass again afterwards.
#
#   ping ── pdn1 ── wwan0 (QMAP) ── vhci ── m2msim, which misbehaves
#
# vm: either timeout=300 debug races

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/data.sh
. tests/lib/data.sh

require ethtool
data_start --model ec25 --set wda.qmap-mask=34

# happened BEFORE: five transfers were struck since the counter was so; the first pings
# after them may be lost.
happened()
{
	data_ping pdn1 4 1 > "$work/struck" 2>&1
	stat_is faults -ge $(($1 + 5))
}

ktap_test_result "QMAP, a call and a link" data_link qmap
ktap_test_result "packets pass" recovers

# --- what is sent is nonsense -----------------------------------------------------

ktap_test_result "1000 transfers of garbage" sim_ctl data garbage 1000
ktap_test_result "are seen as such" \
	wait_until 20 counts "$net" usb_rx_broken 500
ktap_test_result "packets pass again" recovers
for fault in short "late 2s" double oversize; do
	before=$(stat_of faults)
	# shellcheck disable=SC2086 # one of them is two words
	ktap_test_result "transfers: $fault" sim_ctl data $fault 5
	ktap_test_result "they happened" wait_until 15 happened "$before"
	ktap_test_result "packets pass again" recovers
done
ktap_test_result "empty transfers" sim_ctl data zlp 5
ktap_test_result "packets pass again" recovers
ktap_test_result "they were counted" counts "$net" usb_rx_transfers_empty 1

garbage_in_flood()
{
	sim_ctl data garbage 200 && in_flood
}
ktap_test_result "garbage amid packets" under_load garbage_in_flood
ktap_test_result "packets pass again" recovers

# --- endpoints stall --------------------------------------------------------------

for way in in out; do
	ktap_test_result "bulk-$way stalls" sim_ctl stall "$way"
	ktap_test_result "packets pass again" recovers
	stall_in_flood()
	{
		in_flood && sim_ctl stall "$way" && in_flood
	}
	ktap_test_result "bulk-$way stalls under load" \
		under_load stall_in_flood
	ktap_test_result "packets pass again" recovers
done
ktap_test_result "stalls were counted" counts "$net" usb_rx_stalls 1
ktap_test_result "both ways" counts "$net" usb_tx_stalls 1

# --- QMAP flow control ------------------------------------------------------------

# Soon over: after ten seconds the driver no longer waits for the modem. What was on
# its way when the modem said so comes before the acknowledgement.
is_stopped()
{
	local before

	before=$(counter pdn1 flow_off)
	sim_ctl qmap flow-off 1 && wait_until 5 stat_is flow_acks -ge 1 &&
		sim_ctl stat drop_flow > "$work/dropped" &&
		counts pdn1 flow_off $((before + 1)) &&
		data_mute pdn1 4 1 -c 1 -W 2
}
# Unless the driver gave up waiting, on a kernel that checks itself; it may do so
# between two looks, and counts it first.
nothing_was_sent()
{
	stat_is drop_flow -eq "$(sed 's/^ok //' "$work/dropped")" ||
		counts pdn1 flow_timeouts 1
}
# Garbage may have held commands, and was answered.
bad_before=$(sim_ctl stat flow_bad | sed -n 's/^ok //p')
ktap_test_result "the modem stops a mux id" is_stopped
ktap_test_result "nothing was sent there meanwhile" nothing_was_sent
ktap_test_result "it lets it go on" sim_ctl qmap flow-on 1
ktap_test_result "packets pass again" recovers
ktap_test_result "all commands were acknowledged" stat_is flow_timeouts -eq 0
ktap_test_result "rightly" stat_is flow_bad -eq "$bad_before"

forgotten()
{
	local before

	before=$(counter pdn1 flow_timeouts)
	sim_ctl qmap flow-off 1 &&
		wait_until 15 counts pdn1 flow_timeouts $((before + 1))
}
ktap_test_result "a modem that forgets to say go is not waited for" forgotten
ktap_test_result "the modem itself takes packets again" sim_ctl qmap flow-on 1
ktap_test_result "packets pass again" recovers

other_link_passes()
{
	sim_ctl qmap flow-off 9 && recovers
}
ktap_test_result "stopping an id that has no link stops no other" \
	other_link_passes

# --- the modem restarts -----------------------------------------------------------

no_carrier()
{
	[ "$(cat "/sys/class/net/$net/carrier")" = 0 ]
}
restarted_in_flood()
{
	in_flood && sim_ctl qmi restart && wait_until 20 no_carrier
}
ktap_test_result "the modem restarts under load" under_load restarted_in_flood
# The ids are void, and so is what was started with them.
anew()
{
	call_cids=()
	calls=()
	ip address flush dev pdn1
	data_format raw-ip qmap && data_call 4 1 && data_address pdn1 4 1
}
ktap_test_result "a format and a call anew" anew
ktap_test_result "packets pass again" recovers

# --- the modem goes ---------------------------------------------------------------

unplugged_in_flood()
{
	in_flood && sim_ctl unplug && wait_until 20 lacks_link "$net"
}
ktap_test_result "unplugged under load" under_load unplugged_in_flood
# replugged AGGREGATION
replugged()
{
	sim_ctl replug && wait_until 20 sim_wdm && data_names && data_link "$1"
}
ktap_test_result "plugged in again" replugged qmap
ktap_test_result "packets pass again" recovers

# Nobody answers without a call, but transmit is never idle. What was sent in one
# format and read in another would be dropped as nonsense.
formats_in_flood()
{
	local pid status=0 malformed ethernet

	malformed=$(stat_of drop_malformed)
	ethernet=$(stat_of drop_ethernet)
	data_flood pdn1 4 1 > "$work/void" 2>&1 &
	pid=$!
	data_hangup || status=1
	for _ in 1 2 3 4 5; do
		data_format raw-ip && data_format raw-ip qmap || status=1
	done
	kill "$pid" 2> /dev/null
	wait "$pid"
	stat_is drop_malformed -eq "$malformed" &&
		stat_is drop_ethernet -eq "$ethernet" || status=1
	ip address flush dev pdn1
	data_call 4 1 && data_address pdn1 4 1 && return "$status"
}
ktap_test_result "the format changes under load" formats_in_flood
ktap_test_result "packets pass again" recovers

up_and_down()
{
	local i

	for i in 1 2 3 4 5 6 7 8; do
		ip link set "$net" down && ip link set "$net" up || return
	done
	in_flood
}
ktap_test_result "wwan goes down and up under load" under_load up_and_down
ktap_test_result "no transfer was too large for the modem" limits_kept
ktap_test_result "packets pass again" recovers

# --- TCP both ways, segments made and merged ----------------------------------------

unplugged_in_tcp()
{
	mirror_begin && mirror_flows && sim_ctl unplug &&
		wait_until 20 lacks_link "$net"
}
ktap_test_result "the link ends" ip link del pdn1
ip link set "$net" down
ktap_test_result "the call ends" data_hangup
ktap_test_result "QMAP v5, a call and a link" data_link qmapv5
ktap_test_result "unplugged in the middle of TCP" unplugged_in_tcp
mirror_end
ktap_test_result "plugged in again" replugged qmapv5
ktap_test_result "packets pass again" recovers
rmmod_in_tcp()
{
	mirror_begin && mirror_flows && rmmod m2m_wwan && lacks_link "$net"
}
ktap_test_result "the module goes in the middle of TCP" rmmod_in_tcp
mirror_end
test_end
