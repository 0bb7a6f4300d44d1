#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The three formats carry packets, and qmi/raw_ip means what it says.
#
#   ping ── wwan0 (802.3, raw-IP, QMAP) ── vhci ── m2msim ── its peer
#
# vm: either timeout=180 debug

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/data.sh
. tests/lib/data.sh

require ethtool tcpdump
data_start --model ec25
sys=/sys/class/net/$net

type_is()
{
	ip -o link show "$net" | grep "link/$1 "
}

is_below_the_interface()
{
	[ "$(readlink -f "$sys/device")" = \
		"$(readlink -f "/sys/bus/usb/devices/$sim_usb:1.$ifnum")" ] &&
		grep -qx DEVTYPE=wwan "$sys/uevent" &&
		[ "$(sim_children net | wc -l)" = 1 ]
}

stays_here()
{
	ip netns add elsewhere
	fails ip link set "$net" netns elsewhere
	local status=$?
	ip netns del elsewhere
	return "$status"
}

accepts_mtu()
{
	ip link set "$net" mtu "$1" && reads "$sys/mtu" "$1"
}

# What libpcap of a foreign kernel sees on the interface, both ways.
tcpdump_sees_pings()
{
	local pid

	tcpdump -i "$net" -nn -c 2 icmp > "$work/dump" 2> "$work/dump.err" &
	pid=$!
	wait_until 10 grep -q listening "$work/dump.err" &&
		data_ping "$net" 4 && wait_until 10 process_gone "$pid"
	kill "$pid" 2> /dev/null
	cat "$work/dump" "$work/dump.err"
	grep -q 'echo request' "$work/dump" && grep -q 'echo reply' "$work/dump"
}

# Two calls in another format, the interface down.
change_format()
{
	ip address flush dev "$net"
	ip link set "$net" down
	data_hangup && data_format "$@" && data_call 4 && data_call 6
}

# --- the interface as it comes ----------------------------------------------------

ktap_test_result "wwan is the one device below the interface" \
	is_below_the_interface
ktap_test_result "ethtool -i names the driver" \
	output_has '^driver: m2m_wwan$' ethtool -i "$net"
ktap_test_result "ethtool -i names the bus" \
	output_has "^bus-info: .*$sim_usb" ethtool -i "$net"
ktap_test_result "wwan stays in its namespace" stays_here
ktap_test_result "it is Ethernet first" reads "$sys/qmi/raw_ip" N
for mtu in 16384 32768 1500; do
	ktap_test_result "it takes MTU $mtu as ModemManager sets it" \
		accepts_mtu "$mtu"
done
refuse "an MTU of 40000 is refused" ip link set "$net" mtu 40000
refuse "an address like an IP packet's head is refused" \
	ip link set "$net" address 45:00:00:00:00:01
ktap_test_result "another address is taken" \
	ip link set "$net" address 02:00:00:00:00:01

# --- qmi/raw_ip -------------------------------------------------------------------

for word in Y:Y 1:Y y:Y N:N 0:N n:N; do
	want=${word#*:}
	word=${word%:*}
	ktap_test_result "raw_ip takes $word" store "$word" "$sys/qmi/raw_ip"
	ktap_test_result "and reads back $want" reads "$sys/qmi/raw_ip" "$want"
done
ktap_test_result "raw_ip refuses words" \
	store_fails maybe "$sys/qmi/raw_ip" "Invalid argument"
ktap_test_result "raw_ip changes the type" store Y "$sys/qmi/raw_ip"
ktap_test_result "to 'none'" type_is none
ktap_test_result "back again" store N "$sys/qmi/raw_ip"
ktap_test_result "to Ethernet" type_is ether
ip link set "$net" up
ktap_test_result "it stays while the interface is up" \
	store_fails Y "$sys/qmi/raw_ip" "Device or resource busy"
ktap_test_result "what it is already may be written" \
	store N "$sys/qmi/raw_ip"
ip link set "$net" down

# --- without a word about formats -------------------------------------------------

nobody_set_a_format()
{
	output_has '^ok 0$' sim_ctl get event.wda.set-data-format &&
		output_has '^ok 0$' sim_ctl get event.wda.get-data-format &&
		output_has '^ok 0$' sim_ctl get event.ctl.set-data-format
}

ktap_test_result "a call, by default 802.3" data_call 4
ip link set "$net" up
ktap_test_result "an address" data_address "$net" 4
ktap_test_result "raw_ip alone decides: ping" data_ping "$net" 4
ktap_test_result "nobody spoke of formats" nobody_set_a_format
ip address flush dev "$net"
ip link set "$net" down
ktap_test_result "the call ends" data_hangup

# --- 802.3 ------------------------------------------------------------------------

ktap_test_result "the modem takes 802.3" data_format 802-3
ktap_test_result "a call comes up" data_call 4
ktap_test_result "and one for IPv6" data_call 6
ip link set "$net" up
ktap_test_result "802.3: IPv4 address" data_address "$net" 4
ktap_test_result "802.3: IPv6 address" data_address "$net" 6
ktap_test_result "802.3: ping" data_ping "$net" 4
ktap_test_result "802.3: ping, IPv6" data_ping "$net" 6
ktap_test_result "802.3: longest packets" data_ping "$net" 4 0 -s 1472 -M "do"
# 498 + 14 bytes are a multiple of 512: the transfer must be ended.
ktap_test_result "802.3: a transfer that fills its last packet" \
	data_ping "$net" 4 0 -s 470
ktap_test_result "802.3: tcpdump sees both ways" tcpdump_sees_pings

# fixed_up FAULT FAMILY: pings come back although the frames are not in order.
fixed_up()
{
	local before

	before=$(counter "$net" rx_fixed_up)
	sim_ctl data "$1" 3 && data_ping "$net" "$2" &&
		counts "$net" rx_fixed_up $((before + 3))
}
ktap_test_result "802.3: packets without a header" fixed_up bare 4
ktap_test_result "802.3: the same, IPv6" fixed_up bare 6
ktap_test_result "802.3: frames to 00:a0:c6:00:00:00" fixed_up misaddressed 4

# --- raw-IP -----------------------------------------------------------------------

ktap_test_result "the modem takes raw-IP" change_format raw-ip
ktap_test_result "raw_ip still says what was written" \
	reads "$sys/qmi/raw_ip" N
ip link set "$net" up
ktap_test_result "on opening the modem's type is taken" type_is none
ktap_test_result "and raw_ip tells" reads "$sys/qmi/raw_ip" Y
ktap_test_result "raw-IP: IPv4 address" data_address "$net" 4
ktap_test_result "raw-IP: IPv6 address" data_address "$net" 6
ktap_test_result "raw-IP: ping" data_ping "$net" 4
ktap_test_result "raw-IP: ping, IPv6" data_ping "$net" 6
ktap_test_result "raw-IP: a transfer that fills its last packet" \
	data_ping "$net" 4 0 -s 484
ktap_test_result "raw-IP: tcpdump sees both ways" tcpdump_sees_pings
ktap_test_result "received packets are counted" \
	output_has '^[1-9]' cat "$sys/statistics/rx_packets"
ktap_test_result "transfers are counted" counts "$net" usb_rx_transfers 10

# --- carrier ----------------------------------------------------------------------

ktap_test_result "the carrier is on" reads "$sys/carrier" 1
ktap_test_result "a manager takes it down" ip link set "$net" carrier off
ktap_test_result "and it is down" reads "$sys/carrier" 0
ktap_test_result "up again" ip link set "$net" carrier on
ktap_test_result "packets pass again" wait_until 10 data_ping "$net" 4

# --- QMAP on wwan itself: mux id 0 is a fallback ----------------------------------

ktap_test_result "the modem takes QMAP" change_format raw-ip qmap
ip link set "$net" up
ktap_test_result "QMAP: IPv4 address" data_address "$net" 4
ktap_test_result "nothing is sent before mux id 0 is seen" \
	data_mute "$net" 4
ktap_test_result "and that is counted" counts "$net" tx_mux_id_0_unused 1
ktap_test_result "the modem dropped nothing as malformed" \
	stat_is drop_malformed -eq 0
ktap_test_result "no transfer was too large for it" limits_kept

log_says()
{
	dmesg | grep "$1" || { dmesg | tail -n 5; return 1; }
}

sim_ctl set wda.dl-size 65536 > "$work/answer"
ktap_test_result "another program lets the modem send more than the buffers hold" \
	change_format raw-ip qmap 65536
ktap_test_result "that is said" \
	log_says 'transfers of up to 65536 bytes were agreed on, of which 32768 have room'

# --- a modem that speaks raw-IP from the start -------------------------------------

sim_stop
wait_until 10 lacks_link "$net" || ktap_exit_fail_msg "$net stays"
data_start --model rm520n
sys=/sys/class/net/$net
ktap_test_result "raw_ip is written" store Y "$sys/qmi/raw_ip"
ktap_test_result "a call, by default raw-IP" data_call 4
ip link set "$net" up
ktap_test_result "raw-IP: an address" data_address "$net" 4
ktap_test_result "raw_ip alone decides: ping, raw-IP" data_ping "$net" 4
ktap_test_result "nobody spoke of formats to it" nobody_set_a_format
test_end
