#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# m2mctl sets a modem up: what shall be is there afterwards, what is so already costs
# neither a try nor a write to the modem's memory, and a modem that is late, refuses, is
# silent or restarts in the middle is told apart from one that does what it is told.
#
#   terminal ── m2mctl ── netlink ── m2m_wwan ── vhci ── m2msim
#   (a person)                                            └ nv-writes, tries
#
# vm: either=4 timeout=400 kernels=6.1

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
# shellcheck source=tests/lib/terminal.sh
. tests/lib/terminal.sh
require jq ip qmicli

pin=2718 puk=12345678
echo $pin > "$work/pin"
echo $puk > "$work/puk"
echo 3141 > "$work/new"
echo 0000 > "$work/wrong"

# writes_are N COMMAND...: so often the modem writes its memory meanwhile.
writes_are()
{
	local want=$1 before after
	shift
	before=$(sim_number nv-writes)
	"$@" || return
	after=$(sim_number nv-writes)
	[ $((after - before)) -eq "$want" ] && return
	echo "$((after - before)) writes, not $want"
	return 1
}

faulty()
{
	sim_ctl "$@" > "$work/answer"
}

load_driver ours
sim_start --model rm520n "${quick[@]}" --set sim.slots=2 --set sim.pin=$pin \
	--set sim.puk=$puk --set sim2.pin=3141
ktap_test_result "the SIM is ready" wait_until 20 json_is '.sim.state == "ready"' sim show

# --- the SIM ------------------------------------------------------------------------

# unblocks ANSWER STATUS PATTERN
unblocks()
{
	person_begins sim unblock --puk-file "$work/puk" --new-pin-file "$work/new"
	asked 'Type "unblock" to go on: ' || return 1
	types "$1"
	person_ends "$2" "$3"
}

changes_at_prompt()
{
	person_begins sim pin change
	asked 'PIN: ' || return 1
	types $'3141\n'
	asked 'New PIN: ' || return 1
	types "$pin"$'\n'
	asked 'New PIN again: ' || return 1
	types "$1"$'\n'
	person_ends "$2" "$3" && ! grep -qE "3141|$pin" "$work/screen"
}

ktap_test_result "a wrong PIN is status 8" status_is 8 'wrong PIN, 2 tries left' \
	sim pin enable --pin-file "$work/wrong"
faulty qmi: refuse uim.set-pin-protection 52 2
ktap_test_result "a SIM that just starts is waited for, and the PIN enabled" \
	writes_are 1 json_is '.sim.changed and .sim.pin == "enabled-verified" and
	.sim.pin_tries_left == 3' sim pin enable --pin-file "$work/pin"
ktap_test_result "enabled it is left alone" writes_are 0 \
	json_is '.sim.changed | not' sim pin enable --pin-file "$work/wrong"
faulty ctl: late 2s 3
ktap_test_result "late answers are answers" json_is '.sim.changed' \
	sim pin change --pin-file "$work/pin" --new-pin-file "$work/new"
ktap_test_result "and that was the PIN" sim_says sim.pin 3141
ktap_test_result "a person changes it, unseen" changes_at_prompt $pin 0 'State: +ready'
faulty set sim.pin 3141
ktap_test_result "two new PINs that differ are refused" \
	changes_at_prompt 2719 2 'the two new PINs differ'
faulty qmi: lose uim.set-pin-protection
ktap_test_result "a lost answer is status 3" status_is 3 'a try may be spent' \
	sim pin disable --pin-file "$work/new"
ktap_test_result "and what it did is seen" json_is \
	'(.sim.changed | not) and .sim.pin == "disabled"' sim pin disable
ktap_test_result "no try was spent" json_is '.sim.pin_tries_left == 3' sim show

ktap_test_result "another slot is used" writes_are 1 json_is \
	'.sim.changed and .sim.state == "ready"' sim slot 2
ktap_test_result "again it is left alone" writes_are 0 json_is '.sim.changed | not' \
	sim slot 2
ktap_test_result "a slot that is not there is status 2" status_is 2 'has 2 SIM slots' \
	sim slot 3
faulty qmi: lose uim.switch-slot
restarts_meanwhile()
{
	sim_ctl set sim.switch-ms 2000 > "$work/answer"
	"$m2mctl" --json sim slot 1 > "$work/slot" 2>&1 < /dev/null &
	local pid=$!
	sim_ctl wait uim.switch-slot 20 > "$work/answer" || return 1
	sim_ctl qmi: restart > "$work/answer"
	wait "$pid" || { cat "$work/slot"; return 1; }
	jq -e '.sim.changed and .sim.state == "ready"' "$work/slot"
}
ktap_test_result "a modem whose QMI restarts over it is asked again" restarts_meanwhile
ktap_test_result "power off" json_is '.sim.state == "absent"' sim power off
ktap_test_result "and on" json_is '.sim.changed and .sim.state == "ready"' sim power on
ktap_test_result "and both" json_is '.sim.changed and .sim.state == "ready"' sim power cycle

ctl sim pin enable --pin-file "$work/new" > "$work/answer"
faulty set sim.pin-tries 0
ctl sim power cycle > "$work/answer"
ktap_test_result "a blocked PIN is status 8" status_is 8 'PUK .10 tries left' \
	sim unlock --pin-file "$work/new"
ktap_test_result "a PUK is never sent without a person" status_is 8 'no terminal' \
	sim unblock --force --puk-file "$work/puk" --new-pin-file "$work/new"
ktap_test_result "who may say no" unblocks $'no\n' 8 'not confirmed'
ktap_test_result "or yes" unblocks $'unblock\n' 0 'State: +ready'
ktap_test_result "then nothing is to be unblocked" json_is '.sim.changed | not' \
	sim unblock

# --- profiles -----------------------------------------------------------------------

echo Xyzzy-4711 > "$work/password"
long=$(printf '%0101d' 0)

hides_the_password()
{
	! ctl --json apn show 3 2>&1 | grep -q Xyzzy && ctl --json apn list |
		jq -e '.profiles[] | select(.profile == 3) | .has_password'
}

ktap_test_result "a profile is added" writes_are 1 json_is '.changed and
	.profile.profile == 3 and .profile.auth == "chap"' apn add iot.example user meter \
	auth chap --password-file "$work/password"
ktap_test_result "once" writes_are 0 json_is '.changed | not' apn add iot.example \
	user meter auth chap --password-file "$work/password"
ktap_test_result "its password is not shown" hides_the_password
faulty ctl: late 2s 2
ktap_test_result "a late modem writes what differs" writes_are 1 json_is \
	'.changed and .profile.family == "ipv4"' apn set 3 family 4
faulty qmi: lose wds.modify-profile
ktap_test_result "a lost answer is status 3" status_is 3 '' apn set 3 family 6
ktap_test_result "but done, so nothing is written again" writes_are 0 json_is \
	'.changed | not' apn set 3 family 6
faulty qmi: refuse wds.modify-profile 82
ktap_test_result "refused is said" status_is 6 'AccessDenied' apn set 3 family 46
faulty lie: set-ignored
ktap_test_result "ignored is found out" status_is 1 'is not so' apn set 3 family 46
faulty lie: none
ktap_test_result "an APN of 101 characters is status 2" status_is 2 'not 101' \
	apn set 3 apn "$long"
ktap_test_result "the modem attaches with two" writes_are 1 json_is \
	'.attach.profiles == ["3", "1"]' apn attach 3,1 when now
ktap_test_result "and writes that once" writes_are 0 json_is '.changed | not' \
	apn attach 3,1 when now
ktap_test_result "a profile is deleted" json_is '.changed' apn delete 3
ktap_test_result "once" writes_are 0 json_is '.changed | not' apn delete 3

# --- the network --------------------------------------------------------------------

ktap_test_result "the modem attaches" json_is .attached net attach
ktap_test_result "net show has the carrier" json_is '.network.registration == "registered"
	and .carriers[0].band == "lte-b3" and .carriers[0].bandwidth_khz == 20000' net show
ktap_test_result "a scan finds networks" json_is '.networks | length == 3' net scan
faulty ctl: late 2s 3
ktap_test_result "a late modem is set once" writes_are 1 json_is \
	'.changed and .selection.lte_bands == ["b3", "b20"]' net bands b3,b20
ktap_test_result "and left alone then" writes_are 0 json_is '.changed | not' \
	net bands b3,b20
ktap_test_result "all bands again" json_is '.changed' net bands all
faulty lie: set-ignored
ktap_test_result "ignored is found out" status_is 1 'is not set so' net roaming home
faulty lie: none
faulty qmi: lose nas.set-system-selection-preference
ktap_test_result "a lost answer is status 3" status_is 3 '' net roaming home
ktap_test_result "but done" writes_are 0 json_is '.changed | not' net roaming home
faulty nas: deny cause 11
ktap_test_result "an operator that refuses is status 9, with its cause" status_is 9 \
	'plmn-not-allowed \(cause 11\)' --wait 10 net select 00102
faulty nas: home
ktap_test_result "any operator again" json_is '.selection.operator == "automatic"' \
	--wait 30 net select auto
ktap_test_result "the network tells the time" json_is \
	'.time | (.utc | test("^20[0-9-]+T[0-9:]+Z$")) and .reading_age_s >= 0' net time
ctl pdn up wan apn internet > "$work/answer"
ktap_test_result "no scan ends a call unasked" status_is 12 'may end the calls' net scan
ktap_test_result "detaching ends it" json_is '.attached | not' net detach
ktap_test_result "no call is left" wait_until 5 sim_says calls 0
ktap_test_result "once" json_is '.changed | not' net detach
ktap_test_result "and attaches again" json_is '.changed' net attach

# --- the modem itself ---------------------------------------------------------------

# Parked by a program that ended, kept under a name, and one that lives
has_clients()
{
	json_is 'all(.clients[]; .owner | test("^(chardev|netlink|parked|kept)$"))' \
		modem clients
}

parked_are()
{
	json_is "[.clients[] | select(.owner == \"parked\")] | length == $1" modem clients
}

parks_one()
{
	timeout $((30 * slow)) qmicli -d "$(sim_wdm sim)" --dms-get-ids \
		--client-no-release-cid > "$work/answer" && parked_are 1
}

# The first call's id, as modem clients release takes it
kept_id()
{
	ctl --json modem clients | jq -r 'first(.clients[] | select(.owner == "kept")) |
		"\(.service):\(.client_id)"'
}

format_is()
{
	json_is ".agree and .format.confirmed and .format.downlink == \"$1\" and
		.modem_format.downlink == \"$1\"${2:+ and (.changed | $2)}" modem format "${@:3}"
}

ktap_test_result "modem show knows radios, services and counters" json_is \
	'(.modem.radios | index("lte")) and (.services | map(.service) | index("wds")) and
	(.counters | length > 5)' modem show
ktap_test_result "clients have owners" has_clients
ktap_test_result "a program leaves an id behind" parks_one
ktap_test_result "it is given back" json_is '.released == 1' modem clients release parked
ktap_test_result "nothing is parked" parked_are 0
ktap_test_result "nor does the modem have it" sim_says clients.dms 0
ktap_test_result "an id that is not there is no error" json_is '.released == 0' \
	modem clients release wds:254
ctl pdn up wan apn internet > "$work/answer"
ktap_test_result "what a PDN packs by is not changed" status_is 12 'a PDN uses' \
	modem format qmap
ktap_test_result "a kept id is given back by its number" json_is '.released == 1' \
	modem clients release "$(kept_id)"
ktap_test_result "and its call ends" wait_until 5 sim_says calls 1
ctl pdn down wan > "$work/answer"
ktap_test_result "driver and modem agree" format_is qmapv5 ""
ktap_test_result "they change the format" format_is qmap . qmap
ktap_test_result "once" format_is qmap not qmap
ktap_test_result "an interface that is up keeps its type" status_is 12 'is up' \
	modem format 802-3
ip link set "$(sim_net sim)" down
ktap_test_result "what the modem does not take is status 11" status_is 11 'does not take' \
	modem format 802-3
ktap_test_result "and changes nothing" format_is qmap ""
ktap_test_result "auto is the best one" format_is qmapv5 . auto
ktap_test_result "the radio goes off" json_is '.changed' modem mode low-power
ktap_test_result "once" json_is '.changed | not' modem mode low-power
ktap_test_result "and on" json_is '.changed' modem mode online
faulty set dms.reboot-ms 500
ktap_test_result "a reset waits until the modem is back" status_is 0 'is back' \
	--wait 60 modem reset
ktap_test_result "and ready" json_is '.modem.state == "ready" and
	.modem.operating_mode == "online"' modem show
faulty qmi: refuse dms.set-operating-mode 3
ktap_test_result "one that refuses is status 1, and says what is left" status_is 1 \
	'try: --force' modem reset
ktap_test_result "its USB device is reset then" fits "modem reset" \
	--wait 60 modem reset --force
faulty set dms.reboot-ms 60000
ktap_test_result "one that does not come back is status 3" status_is 3 'not back' \
	--wait 5 modem reset
test_end
