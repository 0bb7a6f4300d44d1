#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Each verb that changes something, and the one message it does that with: answered late,
# refused, answered to nobody, and by a QMI that restarts over it; and a modem that says yes
# and does nothing. It ends with what it may, says why, and the next try does it.
#
#   m2mctl ── netlink ── m2m_wwan ── vhci ── m2msim
#
# A modem may take minutes, and what waits for it is let wait: the guest's clock counts
# instructions, and idle time passes at once.
#
# vm: timeout=9000 kernels=6.12 qemu-arg=-icount qemu-arg=shift=0,sleep=off
# vm: append=tsc_early_khz=1000000

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
# shellcheck source=tests/lib/terminal.sh
. tests/lib/terminal.sh
require jq ip qmicli

pin=2718
echo $pin > "$work/pin"
echo 3141 > "$work/new"
echo 12345678 > "$work/puk"

# As in m2mctl.sh, for as long as the slowest verb may take
ctl()
{
	timeout 600 "$m2mctl" "$@"
}

faulty()
{
	sim_ctl "$@" > "$work/answer"
}

# does WORD...: without a word the same as status 0
does()
{
	status_is 0 '' "$@"
}

ready()
{
	wait_until 30 json_is '.modem.state == "ready" and .sim.state != null' status
}

# What has to be there before each change, a command
prepare=:

# changes STATUS PATTERN: so ends $change, a command line.
changes()
{
	$prepare > "$work/answer" 2>&1 || { cat "$work/answer"; return 1; }
	# shellcheck disable=SC2086 # words
	status_is "$1" "$2" $change
}

# again: what was asked for comes about, and is taken back
again()
{
	# shellcheck disable=SC2086 # words
	changes 0 '' && { [ -z "$undo" ] || does $undo; }
}

# in_the_middle: QMI restarts while $message is under way
in_the_middle()
{
	local pid status=0 before

	$prepare > "$work/answer" || return 1
	before=$(sim_number "event.$message")
	faulty qmi: lose "$message" || return 1
	# shellcheck disable=SC2086 # words
	timeout $((120 * slow)) "$m2mctl" $change > "$work/middle" 2>&1 < /dev/null &
	pid=$!
	sim_ctl wait "$message" $((30 * slow)) $((before + 1)) > "$work/answer" &&
		faulty qmi: restart
	wait "$pid" || status=$?
	case $status in
	0) ;;
	# it may have been done: the modem began anew, or did not answer in time
	3 | 10 | 75) grep -q "^m2mctl: " "$work/middle" || status=255 ;;
	*) status=255 ;;
	esac
	[ "$status" -ne 255 ] && ready && return
	cat "$work/middle"
	echo "status $status"
	return 1
}

# Where a verb asks otherwise if it is refused: how often; and what it ends with then
refusals=1
refused=(1 'Internal|QMI error 3')

# The verbs that had their row
tested=()

# row NAME MESSAGE LOST CHANGE [UNDO]: LOST is the status if nobody gets the answer.
row()
{
	local name=$1 message=$2 lost=$3 change=$4 undo=${5:-}

	tested+=("$name")
	faulty qmi: late "$message" 1000
	ktap_test_result "$name: a late answer is an answer" again
	faulty qmi: refuse "$message" 3 "$refusals"
	ktap_test_result "$name: refused is said" changes "${refused[@]}"
	ktap_test_result "$name: then it is done" again
	faulty qmi: lose "$message"
	ktap_test_result "$name: a lost answer is status $lost" changes "$lost" ''
	# The driver may still wait for a format, and lets nobody else set one.
	ktap_test_result "$name: it is done after all" wait_until 60 again
	ktap_test_result "$name: QMI restarts over it" in_the_middle
	ktap_test_result "$name: and it is done" again
}

# The verbs that met a modem that says yes and does nothing
lied_to=()

# ignored VERB STATUS PATTERN ARGUMENT...: said yes, and nothing came of it
ignored()
{
	lied_to+=("$1")
	faulty lie: set-ignored
	ktap_test_result "$1: ignored is found out" status_is "$2" "$3" "${@:4}"
	faulty lie: none
}

load_driver ours
sim_start --model rm520n "${quick[@]}" --set sim.slots=2 --set sim.pin=$pin \
	--set sim.puk=12345678 --set sim2.pin=$pin --set nas.scan-ms=500 \
	--set sim.switch-ms=200
ktap_test_result "the modem is there" ready

# --- the SIM ------------------------------------------------------------------------

row 'sim pin enable' uim.set-pin-protection 3 "sim pin enable --pin-file $work/pin" \
	"sim pin disable --pin-file $work/pin"
does sim pin enable --pin-file "$work/pin" > "$work/answer"
row 'sim pin disable' uim.set-pin-protection 3 "sim pin disable --pin-file $work/pin" \
	"sim pin enable --pin-file $work/pin"
row 'sim pin change' uim.change-pin 3 \
	"sim pin change --pin-file $work/pin --new-pin-file $work/pin"
does sim power cycle > "$work/answer"
row 'sim unlock' uim.verify-pin 3 "sim unlock --pin-file $work/pin" 'sim power cycle'
ktap_test_result "no try was spent on all that" json_is '.sim.pin_tries_left == 3' sim show

# unblocks STATUS PATTERN
unblocks()
{
	person_begins sim unblock --puk-file "$work/puk" --new-pin-file "$work/pin"
	asked 'Type "unblock" to go on: ' || return 1
	types $'unblock\n'
	person_ends "$1" "$2"
}

unblocks_in_the_middle()
{
	local before

	before=$(sim_number event.uim.unblock-pin)
	faulty qmi: lose uim.unblock-pin
	person_begins sim unblock --puk-file "$work/puk" --new-pin-file "$work/pin"
	asked 'Type "unblock" to go on: ' || return 1
	types $'unblock\n'
	sim_ctl wait uim.unblock-pin $((30 * slow)) $((before + 1)) > "$work/answer" &&
		faulty qmi: restart
	person_ends 75 'does not say whether the PUK was right' && ready
}

# Without a try left for the PIN
blocked()
{
	faulty set sim.pin-tries 0
	does sim power cycle > "$work/answer"
}

blocked
tested+=('sim unblock')
faulty qmi: refuse uim.unblock-pin 3
ktap_test_result "sim unblock: refused is said" unblocks 1 'Internal|QMI error 3'
faulty qmi: late uim.unblock-pin 1000
ktap_test_result "sim unblock: a late answer is an answer" unblocks 0 'State: +ready'
blocked
faulty qmi: lose uim.unblock-pin
ktap_test_result "sim unblock: a lost answer is status 3" \
	unblocks 3 'does not say whether the PUK was right'
blocked
ktap_test_result "sim unblock: it is done after all" unblocks 0 'State: +ready'
blocked
ktap_test_result "sim unblock: QMI restarts over it" unblocks_in_the_middle
blocked
faulty lie: set-ignored
ktap_test_result "sim unblock: ignored is found out" unblocks 1 'the SIM has not changed'
faulty lie: none
ktap_test_result "sim unblock: then it is done" unblocks 0 'State: +ready'
does sim pin disable --pin-file "$work/pin" > "$work/answer"
row 'sim slot' uim.switch-slot 0 'sim slot 2' 'sim slot 1'
row 'sim power off' uim.power-off-sim 3 'sim power off' 'sim power on'
does sim power off > "$work/answer"
row 'sim power on' uim.power-on-sim 3 'sim power on' 'sim power off'
does sim power on > "$work/answer"
row 'sim power cycle' uim.power-off-sim 3 'sim power cycle'
row 'sim power cycle, its second half' uim.power-on-sim 3 'sim power cycle'
ignored 'sim slot' 3 'slot 2 is not in use' sim slot 2
ignored 'sim power off' 1 'the SIM is not off' sim power off
does sim power off > "$work/answer"
ignored 'sim power on' 1 'no SIM with power' sim power on
does sim power on > "$work/answer"
ignored 'sim pin enable' 1 '' sim pin enable --pin-file "$work/pin"
does sim pin enable --pin-file "$work/pin" > "$work/answer"
ignored 'sim pin disable' 1 '' sim pin disable --pin-file "$work/pin"
does sim power cycle > "$work/answer"
ignored 'sim unlock' 1 'the SIM has not changed' sim unlock --pin-file "$work/pin"
does sim unlock --pin-file "$work/pin" > "$work/answer"
does sim pin disable --pin-file "$work/pin" > "$work/answer"
ignored 'sim power cycle' 1 '' sim power cycle

# --- profiles -----------------------------------------------------------------------

row 'apn add' wds.create-profile 3 'apn add iot.example' 'apn delete 3'
row 'apn set' wds.modify-profile 3 'apn set 1 family 4' 'apn set 1 family 46'
does apn add iot.example > "$work/answer"
row 'apn delete' wds.delete-profile 3 'apn delete 3' 'apn add iot.example'
row 'apn attach' wds.set-lte-attach-pdn-list 3 'apn attach 3,1' 'apn attach 1'
row 'apn default' wds.set-default-profile-number 3 'apn default 3' 'apn default 1'
ignored 'apn add' 1 'is not so' apn add other.example
ignored 'apn delete' 1 'is still there' apn delete 2
ignored 'apn set' 1 'is not so' apn set 1 family 4
ignored 'apn attach' 1 '' apn attach 3,1
ignored 'apn default' 1 '' apn default 3

# Firmware that tells no password: one profile all the same, and the second writes nothing
# but what it cannot know
echo Xyzzy > "$work/password"
faulty lie: password-hidden
for change in 'apn add hidden.example user u' 'apn set 1 user u'; do
	for try in once twice; do
		# shellcheck disable=SC2086 # words
		ktap_test_result "${change% user u} where passwords are hidden, $try" \
			does $change --password-file "$work/password"
	done
done
ktap_test_result "and there is one such profile" \
	json_is '[.profiles[] | select(.apn == "hidden.example")] | length == 1' apn list
faulty lie: none
does apn set 1 auth none > "$work/answer"

# --- the network --------------------------------------------------------------------

row 'net scan' nas.network-scan 3 'net scan'
row 'net select' nas.set-system-selection-preference 3 'net select 00101' 'net select auto'
row 'net modes' nas.set-system-selection-preference 3 'net modes lte' 'net modes auto'
row 'net bands' nas.set-system-selection-preference 3 'net bands b3' 'net bands all'
row 'net roaming' nas.set-system-selection-preference 3 'net roaming home' 'net roaming any'
for change in 'net select 00101' 'net modes lte' 'net bands b3' 'net roaming home'; do
	# shellcheck disable=SC2086 # words
	ignored "${change% *}" 1 'not set so' $change
done
does net attach > "$work/answer"
row 'net detach' nas.attach-detach 3 'net detach' 'net attach'
does net detach > "$work/answer"
row 'net attach' nas.attach-detach 3 'net attach' 'net detach'
does net attach > "$work/answer"
ignored 'net detach' 9 'stays attached' --wait 1 net detach
does net detach > "$work/answer"
ignored 'net attach' 9 '' --wait 1 net attach
does net attach > "$work/answer"

# --- connections --------------------------------------------------------------------

pdn_is_down()
{
	does pdn down wan
}

# As what was asked for, or a status with its sentence and nothing left of the call
ends_well()
{
	local status=0

	$prepare > "$work/answer"
	# shellcheck disable=SC2086 # words
	ctl $change > "$work/answer" 2>&1 < /dev/null || status=$?
	case $status in
	0) return ;;
	1 | 3 | 10) grep -q "^m2mctl: pdn up wan: " "$work/answer" && no_link wan && return ;;
	esac
	cat "$work/answer"
	echo "status $status"
	return 1
}

row 'pdn up' wds.start-network 3 'pdn up wan apn internet family 4' 'pdn down wan'
# What a call is made of besides, which may go wrong as well
for message in wds.set-ip-family wds.bind-mux-data-port wds.get-current-settings; do
	prepare=pdn_is_down
	change='pdn up wan apn internet family 4' undo='pdn down wan'
	faulty qmi: lose "$message"
	ktap_test_result "pdn up: a lost answer of $message is a sentence or no matter" \
		ends_well
	ktap_test_result "pdn up: and then it comes up" again
	ktap_test_result "pdn up: QMI restarts over $message" in_the_middle
	ktap_test_result "pdn up: and it comes up" again
	prepare=:
done
does pdn down wan > "$work/answer"
does pdn up wan apn internet > "$work/answer"

# The id that the call belongs to is given back, whatever is said to the stop
ends()
{
	timeout $((120 * slow)) "$m2mctl" pdn down wan > "$work/answer" 2>&1 < /dev/null &
	local pid=$!
	[ -z "${1:-}" ] || { sim_ctl wait wds.stop-network $((30 * slow)) "$1" &&
		faulty qmi: restart; }
	wait "$pid"
	no_link wan && wait_until 10 sim_says calls 0 && wait_until 5 sim_says clients 0
}

tested+=('pdn down')
faulty qmi: late wds.stop-network 1000
ktap_test_result "pdn down: a late answer is an answer" ends
does pdn up wan apn internet > "$work/answer"
faulty qmi: refuse wds.stop-network 3 2
ktap_test_result "pdn down: refused or not, it ends" ends
does pdn up wan apn internet > "$work/answer"
faulty qmi: lose wds.stop-network 2
ktap_test_result "pdn down: its answers are lost, it ends" ends
does pdn up wan apn internet > "$work/answer"
before=$(sim_number event.wds.stop-network)
faulty qmi: lose wds.stop-network 2
ktap_test_result "pdn down: also if QMI restarts over it" ends $((before + 1))
ktap_test_result "the modem is there again" ready
ktap_test_result "down again is no error" json_is '.pdn.was_up | not' pdn down wan

# --- messages -----------------------------------------------------------------------

row 'sms send' wms.raw-send 3 'sms send 4711 hello'
# a message to be deleted
message_comes()
{
	sim_ctl sms: +4917012345 hello
}

prepare=message_comes
row 'sms delete' wms.delete 3 'sms delete all'
prepare=:
message_comes > "$work/answer"
ignored 'sms delete' 1 'is still there' sms delete all

# --- the modem itself ---------------------------------------------------------------

row 'modem mode' dms.set-operating-mode 3 'modem mode low-power' 'modem mode online'
ignored 'modem mode' 1 'said yes, but is online' modem mode low-power
ignored 'modem reset' 1 'its radio is as it was' modem reset
prepare=ready
row 'modem reset' dms.set-operating-mode 0 'modem reset'
prepare=:
refusals=2
refused=(11 'does not take this data format')
row 'modem format' wda.set-data-format 3 'modem format qmap' 'modem format qmapv5'
refusals=1
refused=(1 'Internal|QMI error 3')
row raw dms.get-ids 3 '--wait 5 raw dms 0x25'

# an id that nobody has
parks()
{
	timeout $((30 * slow)) qmicli -d "$(sim_wdm sim)" --dms-get-ids --client-no-release-cid
}

prepare=parks
row 'modem clients release' ctl.release-cid 3 'modem clients release parked'
prepare=:

# gone_in_the_middle MESSAGE ARGUMENT...: the modem is pulled out while its answer is waited for
gone_in_the_middle()
{
	local message=$1 pid status=0 before
	shift

	before=$(sim_number "event.$message")
	faulty qmi: lose "$message" || return 1
	timeout $((60 * slow)) "$m2mctl" "$@" > "$work/middle" 2>&1 < /dev/null &
	pid=$!
	sim_ctl wait "$message" $((30 * slow)) $((before + 1)) > "$work/answer" &&
		faulty unplug
	wait "$pid" || status=$?
	faulty replug
	[ "$status" -eq 5 ] && grep -q "^m2mctl: $1 $2.*: the modem is gone" "$work/middle" &&
		ready && return
	cat "$work/middle"
	echo "status $status"
	return 1
}

ktap_test_result "pulled out over an answer is status 5, and says so" \
	gone_in_the_middle wds.create-profile apn add middle.example
ktap_test_result "also where one only looks" gone_in_the_middle nas.network-scan net scan

# --- all of them --------------------------------------------------------------------

# What asks without changing, and what asks m2md, not the modem
others='overview|list|status|signal|monitor|why|health|history|wait-online|support|.* (show|list)'
others+='|net time|apn suggest|sms read|modem clients|modem hold|modem release|config .*'

# A verb whose first argument is one of several words is as many verbs as it has words.
verbs()
{
	ctl --commands | awk -F'\t' '$1 == "command" {
		n = $2 ~ /^sim (pin|power)$/ ? split($3, words, "|") : 0
		if (!n)
			print $2
		for (i = 1; i <= n; i++)
			print $2, words[i]
	}' | grep -vxE "$others"
}

each_has_its_row()
{
	local verb missing=0

	while read -r verb; do
		printf '%s\n' "${tested[@]}" | grep -qxF "$verb" && continue
		echo "no row: $verb"
		missing=1
	done < <(verbs)
	return "$missing"
}

ktap_test_result "each verb that changes the modem had its row" each_has_its_row

# What can be seen of them no lie is told about, or a person has to be there; calls and
# formats are in 41-lies.sh.
unseen='sim (unblock|pin change)|net scan|sms send|raw|pdn (up|down)|modem format'

each_was_lied_to()
{
	local verb missing=0

	while read -r verb; do
		printf '%s\n' "${lied_to[@]}" | grep -qxF "$verb" && continue
		echo "no lie: $verb"
		missing=1
	done < <(verbs | grep -vxE "$unseen")
	return "$missing"
}

ktap_test_result "and met a modem that only says yes" each_was_lied_to
test_end
