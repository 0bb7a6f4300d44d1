#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# m2mctl and what is nobody else's business: a PIN or a password comes from a
# person at a terminal, a file or a descriptor, is shown nowhere, and is not sent
# once the person has thought better of it.
#
#   terminal ── m2mctl ── netlink ── m2m_wwan ── vhci ── m2msim
#   (keys, screen)   monitor --qmi ──┘
#
# vm: timeout=300 either

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
# shellcheck source=tests/lib/terminal.sh
. tests/lib/terminal.sh
require jq ip ping qmicli

pin=2718
password=Xyzzy-4711
# The password as a dump of bytes would show it.
password_hex='58:?79:?7a:?7a:?79:?2d:?34:?37:?31:?31'
user_hex=6d65746572
echo $pin > "$work/pin"
echo $password > "$work/password"
echo wrong > "$work/wrong"

# --- a person at a terminal --------------------------------------------------------

# screen_hides SECRET
screen_hides()
{
	! grep -qF -- "$1" "$work/screen" || { cat "$work/screen"; return 1; }
}

tries_are()
{
	json_is ".sim.pin_tries_left == $1 and .sim.state == \"pin-required\"" \
		sim show
}

unlocks_at_prompt()
{
	person_begins sim unlock
	asked 'PIN: ' || return 1
	types "$pin"$'\n'
	person_ends 0 'State: +ready' && screen_hides "$pin"
}

interrupted_at_prompt()
{
	person_begins sim unlock
	asked 'PIN: ' || return 1
	# Ctrl-C, as the terminal understands it, in the middle of the PIN
	types $'27\003'
	person_ends 1 interrupted
}

process_stopped()
{
	grep -q '^State:.T' "/proc/$1/status"
}

# Enter and the signal are both there when m2mctl looks again.
interrupted_with_enter()
{
	local pid

	person_begins sim unlock
	asked 'PIN: ' || return 1
	pid=$(pgrep -P "$person") || return 1
	kill -STOP "$pid"
	wait_until 5 process_stopped "$pid" || return 1
	types "$pin"$'\n'
	kill -INT "$pid"
	kill -CONT "$pid"
	person_ends 1 interrupted
}

# A FIFO that nobody writes to is waited for, and not for ever.
interrupted_at_file()
{
	local pid status=0

	mkfifo "$work/nobody"
	"$m2mctl" sim unlock --pin-file "$work/nobody" > "$work/output" 2>&1 &
	pid=$!
	wait_until 10 has_open "$pid" "$work/nobody" || return 1
	kill -TERM "$pid"
	wait_until 10 process_gone "$pid" || kill -9 "$pid"
	wait "$pid" || status=$?
	[ "$status" -eq 1 ] && grep -q interrupted "$work/output" && return
	cat "$work/output"
	echo "status $status"
	return 1
}

has_open()
{
	local fd

	for fd in /proc/"$1"/fd/*; do
		[ "$(readlink "$fd")" != "$2" ] || return 0
	done
	return 1
}

# last_try ANSWER STATUS PATTERN
last_try()
{
	person_begins sim unlock --force --pin-file "$work/pin"
	asked 'Type "last try" to go on: ' || return 1
	types "$1"
	person_ends "$2" "$3"
}

load_driver ours
sim_start --model ec25 "${quick[@]}" --set sim.pin="$pin" --set sim.pin-enabled=on
ktap_test_result "the SIM wants its PIN" wait_until 20 tries_are 3
ktap_test_result "Ctrl-C at the prompt ends it" interrupted_at_prompt
ktap_test_result "no try is spent" tries_are 3
ktap_test_result "so does a signal in the moment of Enter" interrupted_with_enter
ktap_test_result "and none is spent then" tries_are 3
ktap_test_result "a signal ends the wait for a file" interrupted_at_file
sim_ctl set sim.pin-tries 1 > "$work/answer"
ktap_test_result "the last try is asked about; no is no" \
	last_try $'no\n' 8 'not confirmed'
ktap_test_result "Ctrl-C is no as well" last_try $'\003' 1 interrupted
ktap_test_result "it is still there" tries_are 1
ktap_test_result "confirmed, it is used" last_try $'last try\n' 0 'State: +ready'
sim_ctl unplug > "$work/answer"
sim_ctl replug > "$work/answer"
ktap_test_result "the SIM wants its PIN again" wait_until 20 tries_are 3
ktap_test_result "the prompt takes it and does not show it" unlocks_at_prompt

# --- passwords ---------------------------------------------------------------------

# connects ARGUMENT...: pdn up of the APN that wants user and password.
connects()
{
	up_is '.pdn.state == "up"' wan apn private user meter "$@" &&
		pings wan "$peer4" && json_is '.pdn.was_up' pdn down wan
}

connects_by_fd()
{
	connects --password-fd 7 7< "$work/password"
}

connects_at_prompt()
{
	person_begins pdn up wan apn private user meter
	asked 'Password: ' || return 1
	types "$password"$'\n'
	person_ends 0 'State: +up' && screen_hides "$password" &&
		json_is '.pdn.was_up' pdn down wan
}

interrupted_at_password()
{
	person_begins pdn up wan apn private user meter
	asked 'Password: ' || return 1
	types $'\003'
	person_ends 1 interrupted && no_link wan && sim_says calls 0
}

# What all programs say while one of them connects
frames_hide_the_password()
{
	watch_begin "$work/frames" --qmi --full || return 1
	connects auth chap --password-file "$work/password" || return 1
	wait_until 5 grep -q 'Stop Network' "$work/frames" || return 1
	watch_end
	grep -q '"Username"' "$work/frames" &&
		grep -q 'TLVs with secrets are not shown' "$work/frames" &&
		! grep -qiE "$password|$password_hex" "$work/frames" && return
	cat "$work/frames"
	return 1
}

says_how()
{
	grep -q 'translated = chap$' "$work/frames"
}

sim_ctl wds.apn: private v4 v6 user meter password $password > "$work/answer"
ktap_test_result "without user and password the network refuses" status_is 10 \
	'\(29\)' pdn up wan apn private
ktap_test_result "nor does it take a wrong one" status_is 10 '\(29\)' \
	pdn up wan apn private user meter --password-file "$work/wrong"
ktap_test_result "a user needs a password, and without a terminal a file" \
	status_is 2 'needs a password' pdn up wan apn private user meter
ktap_test_result "a file has it" connects --password-file "$work/password"
ktap_test_result "a descriptor has it" connects_by_fd
ktap_test_result "a person has it, and sees nothing of it" connects_at_prompt
ktap_test_result "Ctrl-C there leaves nothing behind" interrupted_at_password
ktap_test_result "monitor --qmi does not show it" frames_hide_the_password
ktap_test_result "but how it was sent" says_how

# --- what the modem has stored -------------------------------------------------------

profile()
{
	timeout $((30 * slow)) qmicli -d "$(sim_wdm sim)" "$@"
}

raw_hides()
{
	local out

	# User name and password are TLVs 0x1b and 0x1c.
	out=$(ctl raw wds 0x2b 0x01=0001) &&
		grep -qE "^ *0x1b .*$user_hex" <<< "$out" &&
		grep -q 'TLVs with secrets are not shown' <<< "$out" &&
		! grep -qiE "$password|$password_hex|^ *0x1c " <<< "$out" && return
	echo "$out"
	return 1
}

ktap_test_result "a profile gets a password" profile \
	"--wds-modify-profile=3gpp,1,apn=private,auth=CHAP,username=meter,password=$password"
ktap_test_result "which the modem tells whoever asks" output_has "$password" \
	profile --wds-get-profile-list=3gpp
ktap_test_result "raw shows the profile without it" raw_hides
ktap_test_result "also in JSON" json_is '.hidden_tlvs == 1 and
	([.tlvs[].type] | contains(["0x1b"]) and (contains(["0x1c"]) | not))' \
	raw wds 0x2b 0x01=0001
test_end
