#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What is wrong with what the modem sends is told by one counter and no other, in each
# format, and what is right in the same transfer gets through.
#
#   ping ── pdn1 ── wwan0 (802.3, raw-IP, QMAP v1, v4, v5) ── vhci ── m2msim
#
# vm: either timeout=180 debug

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/data.sh
. tests/lib/data.sh

require ethtool
# UDP from 198.51.100.1 to 192.0.2.1, 28 bytes
packet=4500001c0000000040118e9bc6336401c00002010009000900080000
# What two bits of a flow command may say, but for 0, which others do
declare -A families=([v1]=1 [v4]=2 [v5]=3)

# --- counters ---------------------------------------------------------------------

# reasons: what may be wrong, and how often it was, of all network devices
reasons()
{
	local device

	for device in "$net" pdn1 pdn2; do
		! has_link "$device" || ethtool -S "$device" |
			sed -nE "s/^ *((usb_)?rx_(transfers_(empty|failed)|stalls|broken|bad|no_.*|commands_unsupported|not_ip|too_short|wrong_type|down)): /$device.\1 /p"
	done
}

reasons_are_as_expected()
{
	reasons > "$work/reasons"
	diff "$work/expected" "$work/reasons"
}

# raises DEVICE.NAME N COMMAND...: this counter grows by N meanwhile, no other does.
raises()
{
	local name=$1 n=$2
	shift 2

	reasons | awk -v name="$name" -v n="$n" \
		'$1 == name { $2 += n; found = 1 } { print } END { exit !found }' \
		> "$work/expected" || { echo "there is no $name"; return 1; }
	"$@" && wait_until 5 reasons_are_as_expected
}

# delivers N COMMAND...: so many packets come by pdn1 meanwhile.
delivers()
{
	local before n=$1
	shift

	before=$(cat /sys/class/net/pdn1/statistics/rx_packets)
	"$@" && wait_until 5 reads /sys/class/net/pdn1/statistics/rx_packets \
		$((before + n))
}

# answers COMMAND...: the driver says something that is no acknowledgement.
answers()
{
	local before

	before=$(stat_of flow_bad)
	"$@" && wait_until 5 stat_is flow_bad -eq $((before + 1))
}

# --- frames -----------------------------------------------------------------------

# What surrounds a packet: flags of its header, what comes before and behind it
surround()
{
	flags=00 before='' behind=''
	case $1 in
	v4) behind=0000000000000000 ;;
	v5) flags=40 before=04000000 ;;
	esac
}

# frame MUX BODY: a packet, or what should be one; left in $frame
frame()
{
	printf -v frame '%s%02x%04x%s%s%s' "$flags" "$1" $((${#2} / 2)) \
		"$before" "$2" "$behind"
}

# header FLAGS MUX LENGTH: that of a frame without what v5 puts before a packet
header()
{
	printf -v frame '%02x%02x%04x' "$@"
}

# inject FRAME...: in one transfer
inject()
{
	local IFS=

	sim_ctl data inject "$*"
}

wrong_in_qmap()
{
	local name="QMAP $1" good bad

	surround "$1"
	frame 1 "$packet"
	good=$frame
	ktap_test_result "$name: a packet" delivers 1 raises "$net.usb_rx_bad" 0 \
		inject "$good"
	frame 9 "$packet"
	ktap_test_result "$name: nobody has the mux id" delivers 1 \
		raises "$net.usb_rx_no_link" 1 inject "$frame" "$good"
	frame 255 "$packet"
	ktap_test_result "$name: nobody can have it" delivers 1 \
		raises "$net.usb_rx_no_link" 1 inject "$frame" "$good"
	frame 2 "$packet"
	ktap_test_result "$name: the link is down" delivers 1 \
		raises pdn2.rx_down 1 inject "$frame" "$good"
	frame 1 20000000
	ktap_test_result "$name: not IP" delivers 1 \
		raises pdn1.rx_not_ip 1 inject "$frame" "$good"
	header 0x3f 1 4
	bad=${frame}45000004$behind
	ktap_test_result "$name: more padding than there is" delivers 1 \
		raises "$net.usb_rx_bad" 1 inject "$bad" "$good"
	header 0x80 1 4
	bad=${frame}01000000$behind
	ktap_test_result "$name: half a command" delivers 1 \
		raises "$net.usb_rx_bad" 1 inject "$bad" "$good"
	header 0 1 0
	ktap_test_result "$name: a frame of nothing is no mistake" delivers 1 \
		raises "$net.usb_rx_bad" 0 inject "$frame" "$good"
	header 0 1 1500
	ktap_test_result "$name: a length beyond the end" delivers 1 \
		raises "$net.usb_rx_broken" 1 inject "$good" "$frame" 45000514
	ktap_test_result "$name: half a header" delivers 1 \
		raises "$net.usb_rx_broken" 1 inject "$good" 0001
	ktap_test_result "$name: zeros at the end are no mistake" delivers 1 \
		raises "$net.usb_rx_broken" 0 inject "$good" 000000
	header 0x80 1 8
	bad=${frame}0700000000000001$behind
	ktap_test_result "$name: an unknown command" answers delivers 1 \
		raises "$net.usb_rx_commands_unsupported" 1 inject "$bad" "$good"
	ktap_test_result "$name: nothing at all" raises \
		"$net.usb_rx_transfers_empty" 1 sim_ctl data zlp 1
}

# What surrounds a packet ends behind the transfer.
wrong_in_v4()
{
	frame 1 "$packet"
	ktap_test_result "QMAP v4: no room for the trailer" delivers 1 \
		raises "$net.usb_rx_broken" 1 inject "$frame" "${frame%00}"
}

wrong_in_v5()
{
	local good

	frame 1 "$packet"
	good=$frame
	header 0x40 1 1
	ktap_test_result "QMAP v5: no room for the checksum header" delivers 1 \
		raises "$net.usb_rx_broken" 1 inject "$good" "${frame}04000000"
	header 0 1 28
	ktap_test_result "QMAP v5: a packet without that header is one" delivers 2 \
		raises "$net.usb_rx_bad" 0 inject "$frame$packet" "$good"
	header 0x40 1 28
	ktap_test_result "QMAP v5: so is one with an unknown header" delivers 2 \
		raises "$net.usb_rx_bad" 0 inject "${frame}06800000$packet" "$good"
}

# flow_command NAME FAMILY: stop (1) or go (2) for mux id 1; left in $frame
flow_command()
{
	printf -v frame '80010010%02x00000000000001%02x00000100000000%s' \
		"$1" "$2" "$behind"
}

# family_stops FAMILY: whichever is named, the link has one queue.
family_stops()
{
	local before status=0

	before=$(counter pdn1 flow_off)
	flow_command 1 "$1"
	inject "$frame" && wait_until 5 counts pdn1 flow_off $((before + 1)) &&
		data_mute pdn1 4 1 -c 1 -W 2 || status=1
	flow_command 2 0
	inject "$frame" && recovers && return "$status"
}

struck_in_flood()
{
	sim_ctl data short 20 && sim_ctl data double 20 &&
		sim_ctl data oversize 5 && sim_ctl data bad-checksum 20 &&
		sim_ctl data garbage 100 && in_flood
}

# What has struck nothing by then shall not do so later.
strikes()
{
	local before fault status=0

	before=$(stat_of faults)
	under_load struck_in_flood || status=1
	for fault in short double oversize bad-checksum; do
		sim_ctl data "$fault" 0 || status=1
	done
	stat_is faults -ge $((before + 120)) && return "$status"
}

second_link()
{
	ip link add link "$net" name pdn2 type m2m_mux &&
		reads /sys/class/net/pdn2/qmap/mux_id 0x02
}

go_down()
{
	ip link del pdn1 && ip link del pdn2 && ip link set "$net" down &&
		data_hangup
}

# All versions of QMAP, and one that the driver does not speak
data_start --model ec25 --set wda.qmap-mask=54
for version in v1 v4 v5; do
	ktap_test_result "QMAP $version: a call and a link" data_link "qmap${version#v1}"
	ktap_test_result "QMAP $version: a second link stays down" second_link
	wrong_in_qmap "$version"
	[ "$version" = v1 ] || "wrong_in_$version"
	ktap_test_result "QMAP $version: packets pass" recovers
	ktap_test_result "QMAP $version: a stop for one family is the link's" \
		family_stops "${families[$version]}"
	ktap_test_result "QMAP $version: transfers are struck under load" strikes
	ktap_test_result "QMAP $version: packets pass again" recovers
	ktap_test_result "QMAP $version: it ends" go_down
done

# --- other formats ----------------------------------------------------------------

ip link set "$net" up
ktap_test_result "QMAP v2, which the driver does not speak" data_format raw-ip qmapv2
ktap_test_result "QMAP v2: a transfer" raises "$net.usb_rx_no_format" 1 \
	sim_ctl data packet 1
ktap_test_result "802.3, on an interface that is none" data_format 802-3
ktap_test_result "802.3: a frame" raises "$net.rx_wrong_type" 1 \
	sim_ctl data packet 0
ip link set "$net" down
ip link set "$net" up
ktap_test_result "802.3: half a header" raises "$net.rx_too_short" 1 \
	inject 00a0c6000000
ktap_test_result "802.3: a frame of the right type" raises "$net.rx_too_short" 0 \
	sim_ctl data packet 0
ktap_test_result "raw-IP, on an Ethernet interface" data_format raw-ip
ktap_test_result "raw-IP: a packet" raises "$net.rx_wrong_type" 1 \
	sim_ctl data packet 0
ip link set "$net" down
ip link set "$net" up
ktap_test_result "raw-IP: not IP" raises "$net.rx_not_ip" 1 inject 20000000
ktap_test_result "raw-IP: nothing at all" raises "$net.usb_rx_transfers_empty" 1 \
	sim_ctl data zlp 1
test_end
