#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The host's clock jumps under m2md, as it does where no battery keeps it: it boots in
# 1970, the network says 56 years later what year it is, and somebody sets it back by an
# hour. In each state nothing comes of it: nobody dials, writes or says anything, and what
# is waited for comes when it would have come.
#
#   date -s
#   m2md ── netlink ── m2m_wwan ── vhci ── m2msim
#
# vm: either=4 timeout=500 own-boot kernels=6.12

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
# shellcheck source=tests/lib/m2md.sh
. tests/lib/m2md.sh
require_guest
require date ip jq ping

imei=860000000000011
jumps=(@3600 @1767225690 '-1 hour')
pin=27182818

# What m2md says of the modem, and of its PDN, but for what goes on with time
situation()
{
	ctl --json why | jq -c '[.modems[0], .pdns[0] | .state, .cause, .next]'
}

# left: seconds until what is next, of whoever waits; nothing if nobody does
left()
{
	ctl --json why | jq '[.pdns[0].next_s, .modems[0].next_s | numbers][0] // empty'
}

# is_left SECONDS SINCE: of so many, at that time, what has passed by now is gone. What
# was waited for may have come, and been a look that changed nothing.
is_left()
{
	local is should

	is=$(left)
	now_ms
	should=$(($1 - (now - $2) / 1000))
	[ "$should" -le 2 ] ||
		{ [ $((is - should)) -ge -2 ] && [ $((is - should)) -le 2 ]; } ||
		{ echo "$is s are left, not $should"; return 1; }
}

costs()
{
	sim_number event.wds.start-network
	sim_number nv-writes
	sim_number sim.pin-tries
}

# unmoved NAME: by any of the jumps, in the state that m2md is in
unmoved()
{
	local name=$1 before cost jump since wait

	before=$(situation)
	cost=$(costs)
	wait=$(left)
	now_ms
	since=$now
	mark
	for jump in "${jumps[@]}"; do
		date -s "$jump" > "$work/answer"
		# For what comes of it to come
		pause_ms 1500
		ktap_test_result "$name, $jump: nothing is said" test "$(said_times '')" -eq 0
		ktap_test_result "$name, $jump: it is as it was" test "$(situation)" = "$before"
		ktap_test_result "$name, $jump: nothing is dialled, written or tried" \
			test "$(costs)" = "$cost"
		[ "${wait:-0}" -eq 0 ] || ktap_test_result \
			"$name, $jump: what is next is as far away" is_left "$wait" "$since"
	done
}

# in_time SECONDS SINCE PATTERN: said when so many have passed since, not before
in_time()
{
	says $(($1 + 15)) "$3" || return
	now_ms
	[ $((now - $2)) -ge $((($1 - 3) * 1000)) ] ||
		{ echo "after $((now - $2)) ms, not $1 s"; return 1; }
}

refuse_calls()
{
	sim_ctl wds.apn: internet v4 v6 cause 33 && sim_ctl drop
}

site site '[PDN wan]' APN=internet
date -s @3600 > "$work/answer"
load_driver ours
sim_start --model rm520n --imei $imei "${quick[@]}"
daemon_start
ktap_test_result "a host that boots in 1970 is online" says 60 "$imei wan: online"
unmoved "online"
ktap_test_result "packets go" carries
dialled=$(sim_number event.wds.start-network)
date -s @3600 > "$work/answer"
daemon_end -KILL
date -s "${jumps[1]}" > "$work/answer"
mark
daemon_start
ktap_test_result "killed in 1970 and started 56 years later, it adopts" \
	says 30 "$imei wan: adopted"
ktap_test_result "and dials nothing" starts_are "$dialled"

mark
refuse_calls > "$work/answer"
ktap_test_result "a call that is refused for good is waited with" \
	says 60 "$imei wan: waiting: 3gpp-option-unsubscribed"
wait=$(left)
now_ms
since=$now
sim_ctl wds.apn: internet v4 v6 > "$work/answer"
unmoved "waiting"
ktap_test_result "it is dialled when it would have been" \
	in_time "$wait" "$since" "$imei wan: online"

mark
ctl modem hold --for 20s > "$work/answer"
now_ms
since=$now
ktap_test_result "m2md lets go" wait_until 10 json_is '.modems[0].state == "held"' why
unmoved "held"
ktap_test_result "for as long as was said" wait_until 30 \
	json_is '.pdns[0].state == "online"' why
now_ms
ktap_test_result "and not shorter" test $((now - since)) -ge 19000

mark
sim_ctl nas: deny cause 11 > "$work/answer"
ktap_test_result "a network denies" says 60 "$imei: "
pause_ms 3000
unmoved "denied"
sim_ctl nas: register > "$work/answer"
ktap_test_result "takes it back, and it is online" wait_until 60 \
	json_is '.pdns[0].state == "online"' why

mark
sim_ctl sim: remove > "$work/answer"
ktap_test_result "the card is gone" says 60 "$imei: sim-absent"
pause_ms 3000
unmoved "sim-absent"
sim_ctl sim: insert > "$work/answer"
ktap_test_result "is back, and it is online" wait_until 90 \
	json_is '.pdns[0].state == "online"' why
daemon_end
sim_stop

rm -rf "$state"
mkdir "$state"
(umask 077; echo 1111 > "$work/pin")
site site '[SIM]' "PINFile=$work/pin" '[PDN wan]' APN=internet
mark
sim_start --model rm520n --imei $imei "${quick[@]}" --set sim.pin=$pin \
	--set sim.pin-enabled=on
daemon_start
ktap_test_result "a wrong PIN is found out" says 60 "$imei: pin-needed: pin-rejected"
pause_ms 3000
unmoved "pin-needed"
daemon_end -KILL
date -s @3600 > "$work/answer"
mark
daemon_start
ktap_test_result "the next daemon, years before, knows of it" \
	says 60 "$imei: pin-needed: pin-(rejected|tries-few)"
ktap_test_result "and sends none" sim_says sim.pin-tries 2
test_end
