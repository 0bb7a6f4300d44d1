#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A modem with two cards and Order=: where one is of no use the other one is taken, kept,
# and each change is told. Half an hour is a minute and a half here.
#
#   m2md ── netlink ── m2m_wwan ── vhci ── m2msim, with two cards
#
# vm: timeout=400 kernels=6.12

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
# shellcheck source=tests/lib/m2md.sh
. tests/lib/m2md.sh
require ip jq

imei=860000000000011
m2md_options=(--time-factor 20)

# left_for CHANGE CAUSE: the history has it.
left_for()
{
	json_is "[.events[] | select(.kind == \"action\" and .what == \"$1\"
		and .cause == \"$2\")] | length == 1" history
}

load_driver ours
sim_start --model rm520n --imei $imei "${quick[@]}" --set sim.slots=2 \
	--set sim2.absent=off --set sim2.iccid=89330100009999999999
site site '[SIM]' Order=1,2 '[PDN wan]' APN=internet
site other '[Match]' 'ICCID=893301*' '[SIM]' Order=1,2 '[PDN wan]' APN=iot

# --- the first card is of use -----------------------------------------------------------

mark
daemon_start
ktap_test_result "with a card that works it is online" says 60 "$imei wan: online"
ktap_test_result "in the first slot" sim_says sim.active 1
ktap_test_result "and nothing is written" sim_says nv-writes 0
ktap_test_result "why says which" json_is '.modems[0].slot == 1
	and .modems[0].next_slot == 2 and .modems[0].next_slot_s == null' why
ktap_test_result "why fits its schema" fits why why

# --- it is pulled -----------------------------------------------------------------------

mark
sim_ctl sim: remove > "$work/answer"
ktap_test_result "the card is pulled" says 30 "$imei: sim-absent: sim-absent"
ktap_test_result "the other one is said to be next" wait_until 10 json_is \
	'.modems[0].next_slot == 2 and .modems[0].next_slot_s <= 120' why
ktap_test_result "two minutes later it is taken" wait_until 40 sim_says sim.active 2
ktap_test_result "which is said" says 10 "$imei: slot-1-to-2: sim-absent: "
ktap_test_result "and stands in the history" left_for slot-1-to-2 sim-absent
ktap_test_result "it comes online" says 60 "$imei wan: online"
ktap_test_result "by the file of that card" output_has ' iot .*' sim_ctl get calls.list

# --- and it stays -----------------------------------------------------------------------

before=$(sim_number event.wds.start-network)
daemon_end -TERM
mark
daemon_start
ktap_test_result "the next m2md takes the call over" says 30 "$imei wan: adopted"
daemon_end -KILL
mark
daemon_start
ktap_test_result "so it does after a kill" says 30 "$imei wan: adopted"
ktap_test_result "with the second card" sim_says sim.active 2
ktap_test_result "without a call" sim_says event.wds.start-network "$before"
ktap_test_result "a person takes it" ctl modem hold
ktap_test_result "and the slot without a card" ctl sim slot 1
ktap_test_result "which is in use" sim_says sim.active 1
mark
ktap_test_result "and gives it back" ctl modem release
ktap_test_result "it is left when it is of no use" wait_until 60 sim_says sim.active 2
ktap_test_result "which brings it back" says 60 "$imei wan: online"

# --- a network that denies --------------------------------------------------------------

pause_ms 31000
mark
sim_ctl nas: deny cause 11 > "$work/answer"
ktap_test_result "a network denies" says 60 "$imei: denied"
pause_ms 60000
ktap_test_result "a card is given its time" sim_says sim.active 2
sim_ctl set sim.absent off > "$work/answer"
ktap_test_result "half an hour later the other one is taken" \
	wait_until 60 sim_says sim.active 1
# The log's lines of a day may be spent. The radio has just been off and on, perhaps.
ktap_test_result "and it is said why" json_is '[.events[]
	| select(.what == "slot-2-to-1").cause | test("^(reject-|searching$)")] == [true]' history
sim_ctl nas: register > "$work/answer"
ktap_test_result "it comes online" says 60 "$imei wan: online"
ktap_test_result "with its own file" output_has ' internet .*' sim_ctl get calls.list

# --- what it has not --------------------------------------------------------------------

site site '[SIM]' Order=1,3 '[PDN wan]' APN=internet
# anew, as is what it may complain of
daemon_end -TERM
mark
daemon_start
ktap_test_result "a slot that is not there is said" \
	says 30 "$imei: Order: there is no slot 3, the modem has 2"
ktap_test_result "and is in the way of nothing" ctl wait-online
test_end
