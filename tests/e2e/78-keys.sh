#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Keys that ask more of a modem or of the host than a call: what the modem attaches with
# and which of its SIM slots is used, written where it differs and nowhere else.
#
#   m2md ── m2m_wwan ── vhci ── m2msim, with two cards
#
# vm: timeout=300 kernels=6.1

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

number_is()
{
	output_has "^ok $2\$" sim_ctl get "$1"
}

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
ktap_test_result "by one write to its memory" number_is nv-writes 1
before=$(sim_number event.wds.start-network)
daemon_end -TERM
mark
daemon_start
ktap_test_result "the next m2md takes the call over" says 30 "$imei wan: adopted"
ktap_test_result "and writes nothing" number_is nv-writes 1
wanted '[Attach]' APN=other.example User=u Auth=chap '[PDN wan]' APN=internet
ktap_test_result "what changes is written" \
	wait_until 30 sim_says wds.attach 'other.example 3 2 u'
ktap_test_result "and it attaches again, and dials" says 60 "$imei wan: online"
ktap_test_result "by one write more" number_is nv-writes 2
sim_ctl lie: set-ignored > "$work/answer"
tries=$(sim_number event.wds.modify-profile)
wanted '[Attach]' APN=third.example '[PDN wan]' APN=internet
ktap_test_result "firmware that forgets is written to" \
	wait_until 30 number_is event.wds.modify-profile $((tries + 1))
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
	number_is event.wds.start-network "$before"
wanted '[SIM]' Slot=1 '[PDN wan]' APN=internet
ktap_test_result "one that is there is switched to" wait_until 30 sim_says sim.active 1
ktap_test_result "and comes online" says 60 "$imei wan: online"
test_end
