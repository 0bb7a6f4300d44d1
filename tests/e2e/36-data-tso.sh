#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Large packets of TCP become segments in the driver: files go up in every format,
# of this host and of one behind it, by several links at once, held up by the modem
# and beside links that vanish, and arrive as they were.
#
#   cat ── pdn1..3 ── m2m_wwan ── vhci ── m2msim ── TUN │ nc   (namespace far)
#   cat ── veth ┘                                              (namespace inside)
#
# vm: either timeout=600 debug

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/data.sh
. tests/lib/data.sh
# shellcheck source=tests/lib/far.sh
. tests/lib/far.sh

require ethtool ss
modprobe tun || ktap_skip_all "tun cannot be loaded"
modprobe veth || ktap_skip_all "veth cannot be loaded"
head -c 1000000 /dev/urandom > "$work/file"

# has_address DEVICE MUX_ID: both of the call's, and routes to the peer by it.
has_address()
{
	local gateway4=${calls[$2.4]#* } gateway6=${calls[$2.6]#* }

	data_address "$1" 4 "$2" && data_address "$1" 6 "$2" &&
		ip route replace "198.51.100.$(($2 > 0 ? $2 : 1))" \
			via "$gateway4" dev "$1" || return
	[ "$2" -gt 1 ] || ip -6 route replace "$peer6" via "$gateway6" dev "$1"
}

# come_up LINK AGGREGATION: in $dev is what carries packets.
come_up()
{
	local id=0

	dev=$net
	data_format "$1" "$2" || return
	[ "$2" = disabled ] || id=1
	data_call 4 "$id" && data_call 6 "$id" && ip link set "$net" up || return
	if [ "$id" = 1 ]; then
		dev=pdn1
		ip link add link "$net" name pdn1 type m2m_mux &&
			ip link set pdn1 up || return
	fi
	has_address "$dev" "$id"
}

# more_links: two beside pdn1
more_links()
{
	local id

	for id in 2 3; do
		data_call 4 "$id" && data_call 6 "$id" &&
			ip link add link "$net" name "pdn$id" type m2m_mux &&
			ip link set "pdn$id" up && has_address "pdn$id" "$id" ||
			return
	done
}

go_down()
{
	local id

	for id in 1 2 3; do
		! has_link "pdn$id" || ip link del "pdn$id" || return
	done
	ip address flush dev "$net"
	ip link set "$net" down && data_hangup
}

# segments LEAST COMMAND...: the driver makes as many meanwhile, or none.
segments()
{
	local least=$1 before now
	shift

	before=$(counter "$dev" tx_segments)
	"$@" || return
	now=$(counter "$dev" tx_segments)
	echo "tx_segments: $before, $now"
	if [ "$least" -gt 0 ]; then
		[ "$now" -ge $((before + least)) ]
	else
		[ "$now" = "$before" ]
	fi
}

# Large packets count as many as went through the pipe.
packets_are_segments()
{
	local before now file=/sys/class/net/$dev/statistics

	before="$(cat "$file/tx_packets") $(cat "$file/tx_bytes")"
	goes "$peer4" 5002 || return
	now="$(cat "$file/tx_packets") $(cat "$file/tx_bytes")"
	echo "packets and bytes: $before, $now"
	# 1448 bytes of payload in each of 690, with 52 of headers
	[ $((${now% *} - ${before% *})) -ge 690 ] &&
		[ $((${now#* } - ${before#* })) -ge $((690 * 1500)) ]
}

# in_place COMMAND...: payload stays where it is meanwhile.
in_place()
{
	local before now

	before=$(counter "$dev" tx_in_place)
	"$@" || return
	now=$(counter "$dev" tx_in_place)
	echo "tx_in_place: $before, $now"
	[ "$now" -ge $((before + 3)) ]
}

# far_answers PING_OPTION...
far_answers()
{
	ping -4 -I "$dev" -c 3 -i 0.2 -W $((2 * slow)) "$@" "$peer4" | answered
}

# mtus PDN1 PDN2 PDN3
mtus()
{
	ip link set pdn1 mtu "$1" && ip link set pdn2 mtu "$2" &&
		ip link set pdn3 mtu "$3"
}

# all_go MUX_ID...: the file, by each of these links at once.
all_go()
{
	local id pid pids=() status=0

	for id; do
		goes "198.51.100.$id" $((5010 + id)) > "$work/said.$id" 2>&1 &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid" || status=1
	done
	cat "$work"/said.*
	return "$status"
}

# hold_up MUX_ID: the modem takes nothing of it, until let_go. It says so again and again:
# the driver goes on after ten seconds with one that may have forgotten.
hold_up()
{
	local acks

	acks=$(stat_of flow_acks)
	touch "$work/held-up"
	while [ -e "$work/held-up" ] && sim_ctl qmap flow-off "$1"; do
		pause_ms 1000
	done &
	held_up_by=$!
	wait_until 5 stat_is flow_acks -gt "$acks"
}

let_go()
{
	rm "$work/held-up"
	wait "$held_up_by"
	sim_ctl qmap flow-on "$1"
}

# For a moment the modem takes nothing of a link, whose neighbour goes on.
goes_when_it_may()
{
	local pid held status=0

	goes 198.51.100.1 5021 > "$work/said.1" 2>&1 &
	pid=$!
	hold_up 1 || status=1
	# What was in a buffer already still leaves.
	wait_until 5 settled pdn1 || status=1
	held=$(counter pdn1 tx_segments)
	goes 198.51.100.2 5022 || status=1
	echo "tx_segments of the other: $held, $(counter pdn1 tx_segments)"
	[ "$(counter pdn1 tx_segments)" = "$held" ] || status=1
	let_go 1 || status=1
	wait "$pid" || status=1
	cat "$work/said.1"
	return "$status"
}

# has_sent PACKETS MUX_ID...: what these links have sent, all together, reaches that.
has_sent()
{
	local most=$1 sum=0 id
	shift

	for id; do
		sum=$((sum + $(cat "/sys/class/net/pdn$id/statistics/tx_packets")))
	done
	echo "sent: $sum"
	[ "$sum" -ge "$most" ]
}

# shares MUX_ID...: of the next 600 packets of these links each has at least half of
# its due.
shares()
{
	local id file before=0 n status=0
	local -A from=()

	for id; do
		file=/sys/class/net/pdn$id/statistics/tx_packets
		from[$id]=$(cat "$file")
		before=$((before + from[$id]))
	done
	wait_until 8 has_sent $((before + 600)) "$@" || return
	for id; do
		file=/sys/class/net/pdn$id/statistics/tx_packets
		n=$(($(cat "$file") - from[$id]))
		echo "pdn$id: $n"
		[ "$n" -ge $((600 / $# / 2)) ] || status=1
	done
	return "$status"
}

# All links have more than the modem takes; then it takes nothing of one, whose share
# the others have. Nobody answers.
shares_are_fair()
{
	local id held timeouts pids=() status=0

	timeouts=$(counter pdn1 flow_timeouts)
	for id in 1 2 3; do
		nice -n 19 "$build/tests/flood" "pdn$id" "${calls[$id.4]%%/*}" 203.0.113.1 9 &
		pids+=($!)
	done
	shares 1 2 3 || status=1
	hold_up 1 || status=1
	wait_until 5 settled pdn1 || status=1
	held=$(cat /sys/class/net/pdn1/statistics/tx_packets)
	shares 2 3 || status=1
	fails has_sent $((held + 1)) 1 || status=1
	let_go 1 || status=1
	shares 1 2 3 || status=1
	kill "${pids[@]}"
	wait "${pids[@]}"
	[ "$(counter pdn1 flow_timeouts)" = "$timeouts" ] && return "$status"
}

# cut_short COMMAND...: done in the middle of what pdn1 sends, which nobody looks at.
cut_short()
{
	local before sink status=0

	ip netns exec far "$busybox" nc -l -p 5030 > "$work/sunk" 2>&1 &
	sink=$!
	before=$(counter pdn1 tx_segments)
	wait_until 10 far_listens 5030 || status=1
	timeout $((5 * slow)) bash -c \
		'exec cat > /dev/tcp/198.51.100.1/5030' < "$work/file" &
	wait_until 5 counts pdn1 tx_segments $((before + 20)) && "$@" || status=1
	kill "$sink"
	wait "$sink"
	return "$status"
}

# A link goes down in the middle of its packets, again and again, and for good.
goes_beside_what_vanishes()
{
	local gateway=${calls[1.4]#* } pid status=0

	all_go 2 3 > "$work/beside" 2>&1 &
	pid=$!
	for _ in 1 2 3 4 5; do
		cut_short ip link set pdn1 down && ip link set pdn1 up &&
			ip route add "$gateway" dev pdn1 &&
			ip route add "$peer4" via "$gateway" dev pdn1 || status=1
	done
	cut_short ip link del pdn1 || status=1
	wait "$pid" || status=1
	cat "$work/beside"
	return "$status"
}

# The format changes, or the modem goes, while all links send.
all_are_cut_short()
{
	local id pids=() sinks=() status=0

	for id in 2 3; do
		ip netns exec far "$busybox" nc -l -p "503$id" > "$work/sunk" 2>&1 &
		sinks+=($!)
		wait_until 10 far_listens "503$id" || status=1
		timeout $((10 * slow)) bash -c \
			"exec cat > /dev/tcp/198.51.100.$id/503$id" \
			< "$work/file" &
		pids+=($!)
		wait_until 5 counts "pdn$id" tx_segments 20 || status=1
	done
	"$@" || status=1
	kill "${pids[@]}" "${sinks[@]}"
	wait "${pids[@]}" "${sinks[@]}"
	return "$status"
}

# What the modem holds up is in the format that was.
held_up_and_changed()
{
	local acks

	acks=$(stat_of flow_acks)
	sim_ctl qmap flow-off 2 && sim_ctl qmap flow-off 3 &&
		wait_until 5 stat_is flow_acks -ge $((acks + 2)) &&
		data_hangup && data_format raw-ip qmapv4
}

anew()
{
	local id

	sim_ctl qmap flow-on 2 && sim_ctl qmap flow-on 3 &&
		data_format raw-ip qmapv5 || return
	for id in 2 3; do
		ip address flush dev "pdn$id" && data_call 4 "$id" &&
			data_call 6 "$id" && has_address "pdn$id" "$id" || return
	done
}

# Pages that are their owner's again as soon as a packet is forgotten
ring_stays()
{
	"$build/tests/ring" pdn1 "${calls[1.4]%%/*}" "$peer4" far simtun0
}

# settled DEVICE: nothing is charged to its queue, which has a limit.
settled()
{
	local limits=/sys/class/net/$1/queues/tx-0/byte_queue_limits

	echo "in flight: $(cat "$limits/inflight"), limit $(cat "$limits/limit")"
	[ "$(cat "$limits/inflight")" = 0 ] && [ "$(cat "$limits/limit")" -gt 0 ]
}

data_start --model rm520n --transport vhci:high --tap simtun0 --set wds.mtu=4000
ktap_test_result "packets come out in a namespace" far_make 198.51.100.2 198.51.100.3
ktap_test_result "which takes long ones" ip -n far link set simtun0 mtu 4000
for format in "802-3 disabled" "raw-ip disabled" "raw-ip qmap" "raw-ip qmapv4" \
	"raw-ip qmapv5"; do
	read -r layer aggregation <<< "$format"
	name=${aggregation/disabled/$layer}
	# shellcheck disable=SC2086 # two words
	ktap_test_result "$name: calls" come_up $format
	last=$dev
	ktap_test_result "$name: TSO is on" \
		output_has '^tcp-segmentation-offload: on' ethtool -k "$dev"
	ktap_test_result "$name: a file by IPv4" segments 50 goes $peer4 5002
	ktap_test_result "$name: and by IPv6" segments 50 goes $peer6 5002
	case $name in
	qmap)
		ktap_test_result "$name: each segment is counted" \
			packets_are_segments
		;;
	qmapv4)
		ktap_test_result "$name: odd segments" ip link set "$dev" mtu 1281
		ktap_test_result "$name: a file in these" \
			segments 50 goes $peer4 5002
		ktap_test_result "$name: long segments" ip link set "$dev" mtu 4000
		ktap_test_result "$name: a file in these, from where it is" \
			in_place segments 50 goes $peer4 5002
		;;
	qmapv5)
		ktap_test_result "$name: TSO goes off" ethtool -K "$dev" tso off
		ktap_test_result "$name: a file without" \
			segments 0 goes $peer4 5002
		ktap_test_result "$name: TSO goes on" ethtool -K "$dev" tso on
		ktap_test_result "$name: the modem's checksums go off" \
			ethtool -K "$dev" tx off
		ktap_test_result "$name: a file without these" \
			segments 0 goes $peer4 5002
		ktap_test_result "$name: they go on" ethtool -K "$dev" tx on
		ktap_test_result "$name: a host behind this one" inside_make
		ktap_test_result "$name: a file of its" \
			segments 50 goes $peer6 5002 ip netns exec inside
		ktap_test_result "$name: more links" more_links
		last=pdn2
		ktap_test_result "$name: files by all of them" all_go 1 2 3
		ktap_test_result "$name: links of several MTUs" mtus 4000 1500 3000
		ktap_test_result "$name: a file from where it is by IPv4" \
			in_place segments 50 goes $peer4 5002
		ktap_test_result "$name: and by IPv6" \
			in_place segments 50 goes $peer6 5002
		ktap_test_result "$name: long packets" \
			in_place far_answers -s 3500
		ktap_test_result "$name: long packets without TSO" \
			ethtool -K "$dev" tso off
		ktap_test_result "$name: a file in these" \
			in_place segments 0 goes $peer4 5002
		ktap_test_result "$name: TSO again" ethtool -K "$dev" tso on
		ktap_test_result "$name: packets of a ring stay what they are" \
			ring_stays
		ktap_test_result "$name: files in all lengths" all_go 1 2 3
		ktap_test_result "$name: the modem holds one up" goes_when_it_may
		ktap_test_result "$name: each link has its share" shares_are_fair
		ktap_test_result "$name: a link comes and goes" \
			goes_beside_what_vanishes
		ktap_test_result "$name: the format changes in mid-packet" \
			all_are_cut_short held_up_and_changed
		ktap_test_result "$name: it changes back" anew
		ktap_test_result "$name: files by both" all_go 2 3
		;;
	esac
	ktap_test_result "$name: nothing is charged for any more" \
		wait_until 5 settled "$last"
	ktap_test_result "$name: no checksum was wrong" stat_is drop_checksum -eq 0
	ktap_test_result "$name: nor asked for in vain" stat_is drop_offload -eq 0
	ktap_test_result "$name: nothing was malformed" stat_is drop_malformed -eq 0
	ktap_test_result "$name: no transfer was too large for it" limits_kept
	[ "$name" = qmapv5 ] || ktap_test_result "$name: it ends" go_down
done
ktap_test_result "the modem goes in mid-packet" all_are_cut_short sim_ctl unplug
ktap_test_result "and so do the links" wait_until 20 lacks_link pdn2
test_end
