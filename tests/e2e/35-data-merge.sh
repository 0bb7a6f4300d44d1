#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the driver merges is what was sent: files come down by TCP, to this host and
# beyond it, with rx-gro-hw and without, and are the same; also while it is switched, in
# packets of other lengths, and beside a program that does not read.
#
#   cat ── pdn1 ── m2m_wwan ── vhci ── m2msim ── TUN │ nc      (namespace far)
#   cat ── veth ┘                                              (namespace inside)
#
# vm: either timeout=480 debug

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/data.sh
. tests/lib/data.sh
# shellcheck source=tests/lib/far.sh
. tests/lib/far.sh

require ethtool ss
modprobe tun || ktap_skip_all "tun cannot be loaded"
modprobe veth || ktap_skip_all "veth cannot be loaded"
# Receive buffers that sockets may keep, M2M_RX_LENT_MAX of driver/pipe.h, and packets
# of a poll
lent_max=40
budget=64
# Sent again and again
head -c 1000000 /dev/urandom > "$work/file"

come_up()
{
	data_format raw-ip "$1" && data_call 4 1 && data_call 6 1 &&
		ip link set "$net" up &&
		ip link add link "$net" name pdn1 type m2m_mux &&
		ip link set pdn1 up && data_address pdn1 4 1 &&
		data_address pdn1 6 1 && ip route add "$peer4" dev pdn1 &&
		ip -6 route add "$peer6" dev pdn1
}

# UDP passes by GRO, but for sockets that ask for it; fragments keep their place.
datagrams()
{
	local address=${calls[1.4]%% *}

	"$build/tests/datagrams" far "${address%/*}" "$1"
}

# The modem vouches for no checksum, and some are wrong: those segments come again.
damaged_comes()
{
	local before

	before=$(stat_of faults)
	sim_ctl data bad-checksum 8 && comes "$@" &&
		stat_is faults -ge $((before + 8))
}

# The modem is wrong about some: those are intact, and summed up here to be merged.
misjudged_comes()
{
	local before summed

	before=$(stat_of faults)
	summed=$(counter pdn1 rx_summed)
	sim_ctl data wrong-verdict 50 && comes "$@" &&
		stat_is faults -ge $((before + 50)) &&
		counts pdn1 rx_summed $((summed + 1))
}

# In the middle of what comes: off at the next poll, on soon.
switches_under_way()
{
	local merged packets status=0

	merged=$(counter pdn1 rx_merged)
	stream_begin "$peer4" || return
	wait_until 10 counts pdn1 rx_merged $((merged + 200)) || status=1
	ethtool -K pdn1 rx-gro-hw off || status=1
	merged=$(counter pdn1 rx_merged)
	packets=$(cat /sys/class/net/pdn1/statistics/rx_packets)
	wait_until 10 flooded $((packets + 500)) || status=1
	fails counts pdn1 rx_merged $((merged + budget + 1)) || status=1
	ethtool -K pdn1 rx-gro-hw on || status=1
	merged=$(counter pdn1 rx_merged)
	wait_until 10 counts pdn1 rx_merged $((merged + 200)) || status=1
	stream_end && return "$status"
}

# Of what nobody reads, so many buffers are the reader's, and the rest is copied.
keeps_no_more()
{
	local address=${calls[1.4]%%/*} copied lent fd pid status=0

	copied=$(counter "$net" usb_rx_copied)
	mkfifo "$work/reader"
	"$build/tests/unread" far "$address" "${sim_pids[sim]}" \
		< "$work/reader" > "$work/unread" 2>&1 &
	pid=$!
	exec {fd}> "$work/reader"
	wait_until 60 grep -q unread "$work/unread" || status=1
	lent=$(($(counter "$net" usb_rx_lent) - $(counter "$net" usb_rx_recycled)))
	echo "lent: $lent"
	[ "$lent" -le "$lent_max" ] && [ "$lent" -ge $((lent_max - 4)) ] || status=1
	# Once for each burst a transfer is short, and copied for that.
	counts "$net" usb_rx_copied $((copied + 100)) || status=1
	exec {fd}>&-
	wait "$pid" || status=1
	cat "$work/unread"
	return "$status"
}

# They have come back, and serve again.
serves_again()
{
	local recycled

	recycled=$(counter "$net" usb_rx_recycled)
	comes "$peer4" && counts "$net" usb_rx_recycled $((recycled + 10))
}

of_mtu()
{
	ip link set pdn1 mtu "$1" && ip -n far link set simtun0 mtu "$1"
}

# longest BYTES: a ping of as many passes in one piece.
longest()
{
	ping -4 -I pdn1 -c 3 -i 0.2 -W $((2 * slow)) -s $(($1 - 28)) -M "do" \
		"$peer4" | answered
}

# One packet a transfer, and no links
come_up_raw()
{
	data_format raw-ip && data_call 4 && ip link set "$net" up &&
		data_address "$net" 4 && ip route add "$peer4" dev "$net"
}

data_start --model rm520n --transport vhci:high --tap simtun0 --set wds.mtu=9000 \
	--set wda.ul-size=16384
ktap_test_result "packets come out in a namespace" far_make
for version in v5 v4 v1; do
	ktap_test_result "QMAP $version: two calls and a link" \
		come_up "qmap${version#v1}"
	[ "$version" != v5 ] ||
		ktap_test_result "a host behind this one" inside_make
	[ "$version" = v5 ] || ip -6 route replace "$inside6/128" via fd00::2 dev veth0
	ktap_test_result "QMAP $version: rx-gro-hw is on" \
		output_has '^rx-gro-hw: on' ethtool -k pdn1
	ktap_test_result "QMAP $version: a file by IPv4" merges 50 comes $peer4
	ktap_test_result "QMAP $version: and by IPv6" merges 50 comes $peer6
	[ "$version" = v4 ] ||
		ktap_test_result "QMAP $version: forwarded" \
			merges 50 comes $peer6 ip netns exec inside
	ktap_test_result "QMAP $version: damaged segments are not merged" \
		damaged_comes $peer4
	[ "$version" = v1 ] ||
		ktap_test_result "QMAP $version: intact ones that are called damaged are" \
			misjudged_comes $peer4
	if [ "$version" = v5 ]; then
		ktap_test_result "QMAP v5: rx-gro-hw is switched under way" \
			switches_under_way
		ktap_test_result "QMAP v5: a program that does not read" keeps_no_more
		ktap_test_result "QMAP v5: has read" serves_again
		for mtu in 1280 9000; do
			ktap_test_result "MTU $mtu" of_mtu "$mtu"
			ktap_test_result "MTU $mtu: the longest packets" longest "$mtu"
			refuse "MTU $mtu: longer ones" longest $((mtu + 1))
			ktap_test_result "MTU $mtu: a file comes by IPv4" comes $peer4
			ktap_test_result "MTU $mtu: and by IPv6" comes $peer6
			ktap_test_result "MTU $mtu: a file goes by IPv4" goes $peer4 5004
			ktap_test_result "MTU $mtu: and by IPv6" goes $peer6 5004
		done
		ktap_test_result "MTU 1500 again" of_mtu 1500
		ktap_test_result "no transfer was too large for the modem" limits_kept
	fi
	if [ "$version" = v1 ]; then
		ktap_test_result "QMAP v1: the driver adds up the checksums" \
			counts pdn1 rx_summed 50
		ktap_test_result "QMAP v1: which the modem never did" \
			output_has ' rx_verified: 0$' ethtool -S pdn1
	else
		ktap_test_result "QMAP $version: the modem adds up the checksums" \
			counts pdn1 rx_verified 50
	fi
	ktap_test_result "QMAP $version: datagrams go up alone" \
		datagrams plain
	ktap_test_result "QMAP $version: and merged for who wants that" \
		datagrams gro
	ktap_test_result "QMAP $version: rx-gro-hw goes off" \
		ethtool -K pdn1 rx-gro-hw off
	ktap_test_result "QMAP $version: a file by IPv4, off" merges 0 comes $peer4
	ktap_test_result "QMAP $version: and by IPv6, off" merges 0 comes $peer6
	[ "$version" = v4 ] ||
		ktap_test_result "QMAP $version: forwarded, off" \
			merges 0 comes $peer6 ip netns exec inside
	ktap_test_result "QMAP $version: datagrams go up alone, off" \
		datagrams plain
	ktap_test_result "QMAP $version: and merged for who wants that, off" \
		datagrams gro
	ktap_test_result "QMAP $version: the modem dropped nothing as malformed" \
		stat_is drop_malformed -eq 0
	ktap_test_result "QMAP $version: it ends" ip link del pdn1
	ip link set "$net" down
	data_hangup
done
ktap_test_result "raw-IP: a call" come_up_raw
ktap_test_result "raw-IP: a file" comes $peer4
ktap_test_result "raw-IP: the driver adds up checksums" counts "$net" rx_summed 1
ktap_test_result "raw-IP: the modem dropped nothing as malformed" \
	stat_is drop_malformed -eq 0
test_end
