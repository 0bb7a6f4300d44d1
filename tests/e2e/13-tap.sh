#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What lies behind the modem: with --tap a network of somebody else's, measured by
# iperf3; without, a network of IPv6 alone, whose DNS64 leads to IPv4. And either
# way at a speed that is not the model's.
#
#   iperf3 ── wan ── m2m_wwan ── vhci ── m2msim ── TUN │ iperf3 -s   (namespace far)
#   getent ── six ───┘                      └ peer: DNS64, 64:ff9b::/96
#
# vm: timeout=150 either

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
# shellcheck source=tests/lib/far.sh
. tests/lib/far.sh
require_guest
require ip iperf3 getent jq ping ss
modprobe tun || ktap_skip_all "tun cannot be loaded"

# moves BYTES ARGUMENT...: iperf3 moves at least as much, and loses little.
moves()
{
	local bytes=$1
	shift
	timeout $((30 * slow)) iperf3 --json -t 2 "$@" > "$work/iperf" 2>&1 &&
		jq -e ".end | (.sum_received // .sum).bytes > $bytes" "$work/iperf" &&
		return
	tail -n 60 "$work/iperf"
	return 1
}

stat_of()
{
	local value

	value=$(sim_ctl stat "$1")
	echo "$1: $value"
	test "${value#ok }" "$2" "$3"
}

# speed_is MBIT: of the modem on its bus
speed_is()
{
	local speed

	read -r speed < "/sys/bus/usb/devices/$sim_usb/speed"
	echo "speed is $speed"
	[ "$speed" = "$1" ]
}

load_driver ours
sim_start --model rm520n --transport vhci:high --tap simtun0 "${quick[@]}"
ktap_test_result "vhci:high: a SuperSpeed modem at high speed" speed_is 480
ktap_test_result "its packets come out in a namespace" far_make
ktap_test_result "where iperf3 waits" far_iperf
ktap_test_result "a PDN" wait_until 15 json_is '.pdn.state == "up"' \
	pdn up wan apn internet
ktap_test_result "in QMAP" json_is '.format.downlink | startswith("qmap")' status
ktap_test_result "a ping comes back from beyond the TUN" pings wan $peer4
ktap_test_result "TCP goes up over IPv4" moves 200000 -c $peer4
ktap_test_result "and down" moves 200000 -R -c $peer4
ktap_test_result "TCP goes up over IPv6" moves 200000 -6 -c $peer6
ktap_test_result "and down" moves 200000 -6 -R -c $peer6
ktap_test_result "UDP goes up" moves 50000 -u -b 1M -l 1200 -c $peer4
ktap_test_result "packets went through the TUN" stat_of tap_packets -gt 100
ktap_test_result "none was wrong" stat_of drop_checksum -eq 0
ktap_test_result "nor a header" stat_of drop_offload -eq 0
ktap_test_result "uplink kept the modem's limits: bytes" stat_of drop_ul_size -eq 0
ktap_test_result "and packets" stat_of drop_ul_datagrams -eq 0
ktap_test_result "it ends" json_is '.pdn.state == "down"' pdn down wan
sim_stop

sim_start --model em7455 --transport vhci:super "${quick[@]}"
ktap_test_result "vhci:super: another one at SuperSpeed" speed_is 5000
# The first of its two ports
wait_until 15 test -d "/sys/bus/usb/devices/$sim_usb:1.8/net" ||
	ktap_exit_fail_msg "no driver has bound it"
net=$(ls "/sys/bus/usb/devices/$sim_usb:1.8/net")
ktap_test_result "a PDN of IPv6 alone" wait_until 15 json_is \
	'.pdn.state == "up" and .pdn.ipv4_address == null' \
	-d "$net" pdn up six apn dns64
dns=$(ctl --json -d "$net" pdn show | jq -r '.pdns[0].dns[0]')

# Names by way of the PDN's own server and no other
use_dns()
{
	rm -f /etc/resolv.conf
	echo "nameserver $dns" > /etc/resolv.conf
}

use_dns
ktap_test_result "a name that has IPv6 has it" output_has "^$peer6 " \
	getent ahostsv6 v6.m2msim.example
ktap_test_result "a name of IPv4 alone has an address made for it" output_has \
	'^64:ff9b::c633:6401 ' getent ahostsv6 v4.m2msim.example
ktap_test_result "which answers" pings six 64:ff9b::c633:6401
ktap_test_result "by its name too" ping -6 -c 1 -W $((5 * slow)) v4.m2msim.example
ktap_test_result "the modem was asked" stat_of dns_answers -gt 2
ktap_test_result "a name that is none has none" fails getent ahostsv6 \
	none.m2msim.example
test_end
