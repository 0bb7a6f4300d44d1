#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# m2md in the field, as a process: two modems with a file each, three PDNs of one of
# them, a TCP transfer that does not notice how the daemon dies, what the service manager
# hears, cards that come, go and are others, and power cuts that cost no PIN.
#
#   m2md ── netlink ── m2m_wwan ── vhci ─┬ m2msim a ── TUN │ iperf3 -s (namespace far)
#   iperf3, ping ── wan, adm, log, site ─┘ m2msim b, four more with a PIN
#
# vm: either timeout=300 own-boot kernels=6.1

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
# shellcheck source=tests/lib/m2md.sh
. tests/lib/m2md.sh
require ip iperf3 jq ping socat ss
modprobe tun || ktap_skip_all "tun cannot be loaded"

a=860000000000011
b=860000000000029

all_online()
{
	wait_until "$1" json_is '[.pdns[] | select(.state != "online")] == []
		and (.pdns | length) == 4' why
}

# --- two modems, four PDNs ----------------------------------------------------------

# The namespace that the packets of modem a come out in
make_far()
{
	ip netns add far && at_exit ip netns del far &&
		ip link set simtun0 netns far &&
		ip -n far link set lo up && ip -n far link set simtun0 up &&
		ip -n far addr add "$peer4/32" dev simtun0 &&
		ip -n far addr add "$peer6/128" dev simtun0 nodad &&
		ip -n far route add default dev simtun0 &&
		ip -n far -6 route add default dev simtun0
}

serve()
{
	ip netns exec far iperf3 -s > "$work/server.log" 2>&1 {ktap_out}>&- &
	at_exit kill $!
	wait_until 20 listens
}

listens()
{
	ip netns exec far ss -ltn | grep ':5201 '
}

links_differ()
{
	local ids
	ids=$(ctl --json pdn show -d "$a" | jq -r '.pdns[].mux_id' | sort)
	[ "$(sort -u <<< "$ids" | wc -l)" -eq 3 ] || { echo "$ids"; return 1; }
}

site a '[Match]' "IMEI=$a" '[PDN wan]' APN=internet \
	'[PDN adm]' APN=v4only IPFamily=ipv4 RouteMetric=3000 \
	'[PDN log]' APN=m2m RouteMetric=3001
site b '[Match]' 'IMEI=86000000000002*' '[PDN site]' APN=iot RouteMetric=4000
load_driver ours
sim_start -n a --model rm520n --imei $a --tap simtun0 "${quick[@]}"
sim_start -n b --model ec25 --imei $b "${quick[@]}"
sim_default=a
ktap_test_result "what lies behind one modem is a namespace" make_far
ktap_test_result "where iperf3 waits" serve
daemon_start
ktap_test_result "four PDNs of two modems come online" all_online 60
ktap_test_result "each is its own modem's" json_is "
	([.pdns[] | select(.usb_path == \"${sim_devices[a]}\").name] | sort) ==
		[\"adm\", \"log\", \"wan\"] and
	[.pdns[] | select(.usb_path == \"${sim_devices[b]}\").name] == [\"site\"]" why
ktap_test_result "those of one modem have a mux id each" links_differ
ktap_test_result "the first one's calls are five" sim_is a calls 5
ktap_test_result "the other one's two" sim_is b calls 2
for name in wan adm log; do
	ktap_test_result "packets go through $name" wait_until 20 pings $name $peer4
done
ktap_test_result "and through the other modem" wait_until 20 pings site $peer4
mark
sim_ctl -n a wds: drop mux 2 > "$work/answer"
ktap_test_result "one call of one PDN drops: it is dialled anew" \
	says 30 "$a (wan|adm|log): online"
ktap_test_result "and nothing of the others" \
	test "$(said_times ': online')" -eq 1

# --- a transfer, and the daemon dies ------------------------------------------------

# One connection; every second of it brings bytes. Where a segment was sent again, a
# packet had been lost.
transfer_is_smooth()
{
	jq -e '(.intervals | length) >= 8 and
		([.intervals[].sum | select(.bytes == 0)] == []) and
		.end.sum_sent.retransmits == 0' "$work/iperf" && return
	jq -c '.error, .end.sum_sent, [.intervals[].sum.bytes]' "$work/iperf"
	return 1
}

# twice_killed: while iperf3 sends through wan
twice_killed()
{
	local client status=0 i

	timeout $((40 * slow)) iperf3 --json -b 1M -t 8 --bind-dev wan -c "$peer4" \
		> "$work/iperf" 2>&1 {ktap_out}>&- &
	client=$!
	wait_until 10 is_sending || status=1
	for i in 1 2; do
		mark
		daemon_end -KILL
		daemon_start
		says 20 "$a wan: adopted" || status=1
		says 20 "$b site: adopted" || status=1
	done
	wait "$client" || status=1
	[ "$status" -eq 0 ] || tail -n 20 "$work/iperf"
	return "$status"
}

is_sending()
{
	ip netns exec far ss -tn state established | grep ':5201 '
}

dialled=$(sim_number event.wds.start-network)
ktap_test_result "killed and started twice amid a transfer" twice_killed
ktap_test_result "the transfer did not notice" transfer_is_smooth
ktap_test_result "nobody dialled for it" \
	sim_is a event.wds.start-network "$dialled"
ktap_test_result "and all four are online" all_online 20

# --- what the service manager hears -------------------------------------------------

heard()
{
	grep -q "$1" "$work/notify"
}

fed()
{
	[ "$(grep -o WATCHDOG=1 "$work/notify" | wc -l)" -ge "$1" ]
}

feeds()
{
	: > "$work/notify"
	wait_until 15 fed 3
}

# Who does not come round to its timers does not feed either.
starves()
{
	local status=0

	kill -STOP "$daemon_pid"
	: > "$work/notify"
	pause_ms 2500
	! fed 1 || status=1
	kill -CONT "$daemon_pid"
	return "$status"
}

daemon_end -TERM
: > "$work/notify"
socat -u "UNIX-RECV:$work/notify.socket" "OPEN:$work/notify,append" \
	> "$work/socat.log" 2>&1 {ktap_out}>&- &
at_exit kill $!
wait_until 10 test -S "$work/notify.socket"
export NOTIFY_SOCKET=$work/notify.socket WATCHDOG_USEC=2000000
mark
daemon_start
ktap_test_result "READY is told" wait_until 20 heard READY=1
ktap_test_result "the watchdog is fed" feeds
ktap_test_result "not by one that stands still" starves
ktap_test_result "it is again" feeds
kill -HUP "$daemon_pid"
ktap_test_result "RELOADING, too" wait_until 10 heard RELOADING=1
ktap_test_result "after which it is READY" wait_until 10 heard READY=1

# --- cards --------------------------------------------------------------------------

# A card of somebody else: no file has it, for b's is the modem's
other_card()
{
	sim_ctl -n b sim: remove && says 20 "$b: sim-absent" || return
	sim_ctl -n b set sim.iccid 89330100009999999999 &&
		sim_ctl -n b sim: insert
}

site card '[Match]' 'ICCID=893301*' '[PDN swapped]' APN=m2m RouteMetric=4001
site b '[Match]' 'IMEI=86000000000002*' 'ICCID=894900*' '[PDN site]' APN=iot \
	RouteMetric=4000
mark
kill -HUP "$daemon_pid"
ktap_test_result "a site may be bound to its card" all_online 20
mark
sim_ctl -n b sim: remove > "$work/answer"
ktap_test_result "the card is pulled" says 20 "$b: sim-absent: sim-absent"
ktap_test_result "no route leads there" wait_until 10 fails output_has 'dev site' ip route
ktap_test_result "of the other modem nothing is said" fails said "$a"
ktap_test_result "the watchdog is fed meanwhile" feeds
mark
sim_ctl -n b sim: insert > "$work/answer"
ktap_test_result "and put back: online" says 60 "$b site: online"
mark
ktap_test_result "another card comes in" other_card
ktap_test_result "it gets its own file's PDN" says 60 "$b swapped: online"
ktap_test_result "packets go with it" wait_until 20 pings swapped $peer4
ktap_test_result "nothing is left of the first one's" no_link site
mark
site card '[Match]' 'ICCID=893301*' '[PDN renamed]' APN=m2m RouteMetric=4001
kill -HUP "$daemon_pid"
ktap_test_result "a PDN gets another name" says 60 "$b renamed: online"
ktap_test_result "packets go with that" wait_until 20 pings renamed $peer4
ktap_test_result "and not with the former" no_link swapped
mark
rm "$config/modem.d/card.modem"
kill -HUP "$daemon_pid"
ktap_test_result "its file goes: it is only watched" says 30 "$b: watching"
ktap_test_result "its link goes" wait_until 20 no_link renamed
ktap_test_result "and its calls" wait_until 20 sim_is b calls 0
test_end
