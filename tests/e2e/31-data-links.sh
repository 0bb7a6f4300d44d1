#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Mux links: four calls beside each other, made by rtnl and by sysfs, in
# namespaces, and gone when they should be.
#
#   ping ── mux links 1..4 ── wwan0 (QMAP) ── vhci ── m2msim ── its peer
#
# vm: either timeout=240 debug

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/data.sh
. tests/lib/data.sh
# shellcheck source=tests/lib/program.sh
. tests/lib/program.sh

require ethtool socat tcpdump
data_start --model ec25
sys=/sys/class/net/$net
tracing=/sys/kernel/tracing
at_exit ip netns del m2m-a
at_exit ip netns del m2m-b

four_calls()
{
	local id

	for id in 1 2 3 4; do
		data_call 4 "$id" && data_call 6 "$id" || return
		ip link add link "$net" name "pdn$id" type m2m_mux &&
			ip link set "pdn$id" up &&
			data_address "pdn$id" 4 "$id" &&
			data_address "pdn$id" 6 "$id" || return
	done
}

# All at once, so that transfers hold packets of several links.
pings_beside_each_other()
{
	local id pid pids=() ping status=0

	for id in 1 2 3 4; do
		data_flood "pdn$id" 4 "$id" -c 100 > "$work/ping$id" 2>&1 &
		pids+=($!)
		data_flood "pdn$id" 6 "$id" -c 100 > "$work/ping6$id" 2>&1 &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid" || status=1
	done
	for ping in "$work"/ping*; do
		answered < "$ping" || status=1
	done
	return "$status"
}

tcpdump_sees_pings()
{
	local pid

	tcpdump -i pdn2 -nn -c 2 icmp > "$work/dump" 2> "$work/dump.err" &
	pid=$!
	wait_until 10 grep -q listening "$work/dump.err" &&
		data_ping pdn2 4 2 && wait_until 10 process_gone "$pid"
	kill "$pid" 2> /dev/null
	cat "$work/dump" "$work/dump.err"
	grep -q 'echo request' "$work/dump" && grep -q 'echo reply' "$work/dump"
}

has_no_parent()
{
	[ ! -e "/sys/class/net/$1/device" ] &&
		[ -e "/sys/class/net/$1/lower_$net" ] &&
		[ -e "$sys/upper_$1" ] && [ "$(sim_children net)" = "$net" ]
}

moves_away()
{
	ip netns add m2m-a &&
		ip link set pdn3 netns m2m-a &&
		ip -n m2m-a link set pdn3 up &&
		data_address pdn3 4 3 -n m2m-a
}

ping_in()
{
	ip netns exec "$1" ping -c 3 -i 0.2 -W $((2 * slow)) \
		"${calls[3.4]#* }" | answered
}

# --- links by rtnl ----------------------------------------------------------------

ktap_test_result "the modem takes QMAP" data_format raw-ip qmap
ktap_test_result "a link" ip link add link "$net" name early type m2m_mux
refuse "does not go up while wwan is down" ip link set early up
ktap_test_result "and is deleted" ip link del early
run_program e2e-mux-ids
ip link set "$net" up
ktap_test_result "four links with a call of each family" four_calls
for id in 1 2 3 4; do
	ktap_test_result "pdn$id has the lowest free id" \
		reads "/sys/class/net/pdn$id/qmap/mux_id" "0x0$id"
done
ktap_test_result "pdn1 has no parent, libqmi finds it above wwan" \
	has_no_parent pdn1
ktap_test_result "all carry packets at once" pings_beside_each_other
ktap_test_result "uplink transfers held several packets" \
	stat_is ul_max_packets -gt 1
ktap_test_result "longest packets" data_ping pdn1 4 1 -s 1472 -M "do"
# 480 + 28 + 4 bytes are a multiple of 512.
ktap_test_result "a transfer that fills its last packet" \
	data_ping pdn1 4 1 -s 480
ktap_test_result "tcpdump on a link sees both ways" tcpdump_sees_pings
ktap_test_result "a link has an MTU of its own" ip link set pdn1 mtu 1400
ktap_test_result "and keeps it to itself" reads "$sys/mtu" 1500
ktap_test_result "and a queueing discipline" \
	output_has ' qdisc (pfifo_fast|fq_codel|fq) ' ip link show pdn1
refuse "an MTU beyond a transmit buffer is refused" \
	ip link set pdn1 mtu 17000
ktap_test_result "ethtool -i works on a link" \
	output_has '^driver: m2m_wwan$' ethtool -i pdn1
ktap_test_result "ethtool -S works on a link" \
	output_has '^ *rx_not_ip: 0$' ethtool -S pdn1
echo 1 > $tracing/events/m2m_wwan/m2m_link_drop/enable
printf 'no packet' | socat -u - INTERFACE:pdn1
ktap_test_result "what is no IP packet is dropped, and counted" \
	counts pdn1 tx_not_ip 1
ktap_test_result "and traced" \
	grep -E 'm2m_link_drop: port=[0-9]+ mux_id=1 tx_not_ip$' $tracing/trace
ktap_test_result "there is no pass_through, by which ModemManager would want rmnet" \
	fails ls "$sys/qmi/pass_through"
ktap_test_result "ip -d names the kind" output_has 'm2m_mux' ip -d link show pdn1
ktap_test_result "the modem dropped nothing as malformed" \
	stat_is drop_malformed -eq 0
ktap_test_result "no transfer was too large for it" limits_kept
refuse "a link needs a lower device" ip link add name pdn9 type m2m_mux
refuse "and not just any" ip link add link lo name pdn9 type m2m_mux
refuse "a link cannot be the lower device" \
	ip link add link pdn1 name pdn9 type m2m_mux
refuse "wwan cannot be deleted" ip link del "$net"

# --- carrier ----------------------------------------------------------------------

ktap_test_result "a manager takes one link's carrier down" \
	ip link set pdn2 carrier off
ktap_test_result "it is down" reads /sys/class/net/pdn2/carrier 0
ktap_test_result "others are not" reads /sys/class/net/pdn1/carrier 1
ktap_test_result "it comes back" ip link set pdn2 carrier on
ip link set "$net" down
ktap_test_result "links lose it with wwan" reads /sys/class/net/pdn2/carrier 0
ip link set "$net" up
ktap_test_result "and get it back" wait_until 5 reads /sys/class/net/pdn2/carrier 1
ktap_test_result "and carry packets" wait_until 10 data_ping pdn2 4 2

# --- namespaces -------------------------------------------------------------------

ktap_test_result "a link moves to another namespace" moves_away
ktap_test_result "and carries packets there" wait_until 10 ping_in m2m-a
ktap_test_result "its id is still taken here" \
	store_fails 3 "$sys/qmi/add_mux" "Invalid argument"
ktap_test_result "a namespace dies with a link in it" ip netns del m2m-a
ktap_test_result "its id is free again" \
	wait_until 10 store 3 "$sys/qmi/add_mux"

# --- links by sysfs, as mainline has them -----------------------------------------

ktap_test_result "add_mux made qmimux0" has_link qmimux0
ktap_test_result "with its id" reads /sys/class/net/qmimux0/qmap/mux_id 0x03
ktap_test_result "libqmi's spelling is taken" store 0x81 "$sys/qmi/add_mux"
ktap_test_result "with that id" reads /sys/class/net/qmimux1/qmap/mux_id 0x81
ktap_test_result "add_mux lists the ids" reads "$sys/qmi/add_mux" \
	"$(printf '0x01\n0x02\n0x03\n0x04\n0x81')"
for id in 0 255 256 -1 x ''; do
	ktap_test_result "add_mux refuses \"$id\"" \
		store_fails "$id
" "$sys/qmi/add_mux" "Invalid argument"
done
ktap_test_result "del_mux refuses an id without a link" \
	store_fails 77 "$sys/qmi/del_mux" "Invalid argument"
ktap_test_result "del_mux deletes" store 0x81 "$sys/qmi/del_mux"
ktap_test_result "and it is gone" lacks_link qmimux1
ktap_test_result "del_mux deletes what rtnl made" store 4 "$sys/qmi/del_mux"
ktap_test_result "and it is gone" lacks_link pdn4
ktap_test_result "rtnl deletes what add_mux made" ip link del qmimux0
ktap_test_result "and it is gone" lacks_link qmimux0

qmicli_adds_and_deletes()
{
	local said name

	said=$(qmi --link-add="iface=$net,prefix=qmimux,mux-id=7") ||
		{ echo "$said"; return 1; }
	echo "$said"
	name=$(sed -n 's/.*iface name: *//p' <<< "$said")
	has_link "$name" && reads "/sys/class/net/$name/qmap/mux_id" 0x07 &&
		qmi --link-list="$net" | tee "$work/links" | grep -w "$name" &&
		qmi --link-delete="link-iface=$name,mux-id=7" &&
		lacks_link "$name"
}
ktap_test_result "qmicli adds, lists and deletes a link" qmicli_adds_and_deletes

# --- ends -------------------------------------------------------------------------

deleted_under_load()
{
	local pid i

	data_flood pdn2 4 2 > "$work/load" 2>&1 &
	pid=$!
	for i in 1 2 3 4 5 6 7 8 9 10; do
		ip link add link "$net" name "load$i" type m2m_mux &&
			ip link set "load$i" up && ip link del "load$i" ||
			return
	done
	ip link del pdn2 && lacks_link pdn2
	i=$?
	kill "$pid"
	wait "$pid"
	return "$i"
}
ktap_test_result "links come and go under load" deleted_under_load
ktap_test_result "pdn1 is none the worse" data_ping pdn1 4 1

all_ids()
{
	local n

	# pdn1 is there already; one process makes all, the last one for nothing.
	for n in {1..254}; do
		echo "link add link $net name all$n type m2m_mux"
	done > "$work/all"
	ip -batch "$work/all" > "$work/said" 2>&1
	cat "$work/said"
	[ "$(wc -l < "$sys/qmi/add_mux")" = 254 ] &&
		grep -q 'all 254 mux ids have a link' "$work/said" &&
		has_link all253 && lacks_link all254
}
ktap_test_result "there are 254 ids" all_ids

goes_with_the_modem()
{
	ip netns add m2m-b && ip link set all7 netns m2m-b || return
	sim_ctl unplug
	wait_until 20 lacks_link "$net" && lacks_link pdn1 &&
		! ip -o link | grep m2m_mux &&
		! ip -n m2m-b link show all7
}
ktap_test_result "all vanish with the modem, elsewhere too" goes_with_the_modem
test_end
