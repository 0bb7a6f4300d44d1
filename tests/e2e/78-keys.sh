#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Keys that ask more of a modem or of the host than a call: what the modem attaches with
# and which of its SIM slots is used, written where it differs and nowhere else; and what
# m2m-helper does for m2md: a PDN in a network namespace, the host's resolv.conf and clock.
#
#   m2md ── m2m_wwan ── vhci ── m2msim, with two cards
#    └ helper.sock ── m2m-helper ── netns "plant": wan
#
# vm: either timeout=330 kernels=6.12

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
# shellcheck source=tests/lib/m2md.sh
. tests/lib/m2md.sh
require ip ping jq

imei=860000000000011
# no bus: what resolves names here is a file
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$work/no-bus

# wanted LINE...: the modem's file, read now.
wanted()
{
	site site "$@"
	mark
	kill -HUP "$daemon_pid"
}

# calls_are COUNT: that were started so far.
calls_are()
{
	sim_says event.wds.start-network "$1"
}

in_plant()
{
	ip -n plant link show dev wan
}

# carries_in NAMESPACE: IPv4 and IPv6, through the PDN's own interface.
carries_in()
{
	wait_until 30 ip netns exec "$1" ping -c 1 -W 5 -I wan "$peer4" &&
		wait_until 30 ip netns exec "$1" ping -c 1 -W 5 -I wan "$peer6"
}

resolv_has()
{
	[ "$(sed -n 's/^nameserver //p' "$root/etc/resolv.conf" | tr '\n' ' ')" = "$1" ]
}

root=$work/root
mkdir -p "$root/etc" "$root/run/m2m"
ln -s "$config" "$root/etc/m2m"
ln -s /run/netns "$root/run/netns"
printf '[Helper]\nNetNS=yes\n' >> "$config/m2md.conf"
m2md_options=(--helper "$root/run/m2m/helper.sock"
	--resolv-file "$root/run/m2m/resolv.conf" --time-factor 2)
"$build/m2m-helper" --root "$root" --user root >> "$work/helper.log" 2>&1 < /dev/null \
	{ktap_out}>&- &
helper_pid=$!
end_helper()
{
	kill "$helper_pid"
	ip netns del plant 2> "$work/stderr"
	ip netns del other 2> "$work/stderr"
}
at_exit end_helper

load_driver ours
site site '[Attach]' APN=attach.example IPFamily=ipv4 '[PDN wan]' APN=internet
sim_start --model rm520n --imei $imei "${quick[@]}" --set sim.slots=2 \
	--set sim2.absent=off --set sim2.iccid=89330100009999999999

# --- what it attaches with --------------------------------------------------------------

mark
daemon_start
ktap_test_result "what it attaches with is written" \
	wait_until 30 sim_says wds.attach 'attach.example 0 0 '
ktap_test_result "and it comes online" says 30 "$imei wan: online"
ktap_test_result "by one write to its memory" sim_says nv-writes 1
before=$(sim_number event.wds.start-network)
daemon_end -TERM
mark
daemon_start
ktap_test_result "the next m2md takes the call over" says 30 "$imei wan: adopted"
ktap_test_result "and writes nothing" sim_says nv-writes 1
wanted '[Attach]' APN=other.example User=u Auth=chap '[PDN wan]' APN=internet
ktap_test_result "what changes is written" \
	wait_until 30 sim_says wds.attach 'other.example 3 2 u'
ktap_test_result "and it attaches again, and dials" says 60 "$imei wan: online"
ktap_test_result "by one write more" sim_says nv-writes 2
sim_ctl lie: set-ignored > "$work/answer"
tries=$(sim_number event.wds.modify-profile)
wanted '[Attach]' APN=third.example '[PDN wan]' APN=internet
ktap_test_result "firmware that forgets is written to" \
	wait_until 30 sim_says event.wds.modify-profile $((tries + 1))
kill -HUP "$daemon_pid"
ktap_test_result "and is online all the same" wait_until 30 ctl wait-online
sim_ctl lie: none > "$work/answer"
wanted '[PDN wan]' APN=internet
ktap_test_result "without [Attach] it stays as it is" \
	sim_says wds.attach 'other.example 3 2 u'

# --- which slot -------------------------------------------------------------------------

wanted '[SIM]' Slot=2 '[PDN wan]' APN=internet
ktap_test_result "another slot is switched to" wait_until 30 sim_says sim.active 2
ktap_test_result "and its card dials" says 60 "$imei wan: online"
before=$(sim_number event.wds.start-network)
wanted '[SIM]' Slot=3 '[PDN wan]' APN=internet
ktap_test_result "one that is not there is said so" says 60 "$imei: slot-wrong"
daemon_end -TERM
ctl pdn down wan > "$work/answer"
mark
daemon_start
ktap_test_result "also at the start" says 60 "$imei: slot-wrong"
ktap_test_result "and nothing dialled with another card" \
	sim_says event.wds.start-network "$before"
wanted '[SIM]' Slot=1 '[PDN wan]' APN=internet
ktap_test_result "one that is there is switched to" wait_until 30 sim_says sim.active 1
ktap_test_result "and comes online" says 60 "$imei wan: online"

# --- resolv.conf ------------------------------------------------------------------------

ktap_test_result "what is not allowed is not asked for" \
	fails test -e "$root/etc/resolv.conf"
printf 'ResolvFile=yes\n' >> "$config/m2md.conf"
kill -HUP "$daemon_pid"
ktap_test_result "m2m-helper makes a resolv.conf" \
	wait_until 20 resolv_has '10.53.0.1 10.53.0.2 2001:db8:53::1 '
wanted '[PDN wan]' APN=internet DNS=192.0.2.53
ktap_test_result "and keeps it" wait_until 20 resolv_has '192.0.2.53 '
echo 'nameserver 10.0.0.9' > "$root/etc/resolv.conf"
wanted '[PDN wan]' APN=internet
ktap_test_result "one of somebody else is left alone, and said so" \
	says 20 "host: resolv-file: .*is somebody else's"
ktap_test_result "it is as it was" resolv_has '10.0.0.9 '
wanted '[PDN wan]' APN=internet DNS=192.0.2.53
ktap_test_result "the next time nothing is said" wait_until 20 \
	grep -q 192.0.2.53 "$root/run/m2m/resolv.conf"
ktap_test_result "of the same" fails said "somebody else's"

# --- a limit ----------------------------------------------------------------------------

# fetch: the peer answers with as much as it gets.
fetch()
{
	ping -c 20 -i 0.05 -s 1000 -I wan "$peer4"
}

wanted '[PDN wan]' APN=internet '[Quota]' Limit=20K Action=warn
ktap_test_result "packets are counted" wait_until 10 fetch
ktap_test_result "at the limit there is a warning" \
	says 60 'the data of this period is used up: [0-9]+ of 20000 bytes; nothing'
ktap_test_result "and no more" ctl wait-online
daemon_end -TERM
mark
daemon_start
ktap_test_result "the next m2md takes the call over" says 30 "$imei wan: adopted"
ktap_test_result "and does not say it again" fails said 'used up'
wanted '[PDN wan]' APN=internet '[Quota]' Limit=20K Action=cut
ktap_test_result "but has not forgotten" says 60 "$imei wan: refused: quota-used-up: "
ktap_test_result "which is no fault" ctl health
wanted '[PDN wan]' APN=internet '[Quota]' Limit=20M Action=cut
ktap_test_result "a limit that is raised brings it back" says 60 "$imei wan: online"
wanted '[PDN wan]' APN=internet

# --- the clock --------------------------------------------------------------------------

clock_is_past()
{
	local now
	now=$(date +%s)
	[ "$now" -ge "$1" ] && [ "$now" -lt $(($1 + 3600)) ] && return
	date
	return 1
}

# The network is a day ahead.
ahead=$(($(date +%s) + 86400))
sim_ctl set nas.clock "$ahead" > "$work/answer"
daemon_end -TERM
mark
daemon_start
ktap_test_result "with another clock it goes on" says 30 "$imei wan: adopted"
ktap_test_result "nobody asks for the network's" sim_says event.nas.get-network-time 0
printf 'SetClock=yes\n' >> "$config/m2md.conf"
daemon_end -TERM
mark
daemon_start
ktap_test_result "SetClock= has it set" says 30 "$imei: set-clock $ahead: done"
ktap_test_result "to the network's time" clock_is_past "$ahead"
ktap_test_result "which no call notices" says 30 "$imei wan: adopted"
date -s "@$(($(date +%s) - 86400))" > "$work/answer"

# --- a network namespace ----------------------------------------------------------------

before=$(sim_number event.wds.start-network)
ip netns add plant
wanted '[PDN wan]' APN=internet NetNS=plant
ktap_test_result "NetNS= has the link" wait_until 30 in_plant
ktap_test_result "packets go there" carries_in plant
ktap_test_result "and here is none" no_link wan
ktap_test_result "nor a rule" rules_are 0
ktap_test_result "its name servers are not the host's" \
	wait_until 10 fails grep -q nameserver "$root/run/m2m/resolv.conf"
ktap_test_result "all that without a new call" calls_are "$before"
daemon_end -TERM
mark
daemon_start
ktap_test_result "the next m2md finds it there" says 30 "$imei wan: adopted"
ktap_test_result "and dials nothing" calls_are "$before"
mark
sim_ctl drop > "$work/answer"
ktap_test_result "a call that ends is dialled again there" says 60 "$imei wan: online"
ktap_test_result "and carries" carries_in plant
wanted '[PDN wan]' APN=internet NetNS=other
ktap_test_result "a namespace that is not there is said so" \
	says 30 "$imei wan: waiting: netns-missing: "
ip netns add other
ktap_test_result "once it is there it is taken" says 90 "$imei wan: online"
ktap_test_result "and carries in it" carries_in other
before=$(sim_number event.wds.start-network)
wanted '[PDN wan]' APN=internet
ktap_test_result "without NetNS= it is here again" wait_until 30 pings wan "$peer4"
ktap_test_result "with its rules" rules_are 2
ktap_test_result "without a new call, too" calls_are "$before"
test_end
