#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Firmware that keeps passwords to itself: m2md writes the one that the modem attaches with
# once, and takes what it cannot read back for right; one that took it for another would
# write and attach anew at each look, until the day's writes are spent. It is online, says
# of nothing that it is wrong, and so does each m2md that comes after.
#
#   m2md ── m2m_wwan ── vhci ── m2msim: "lie: password-hidden" and "lie: auth-hidden"
#
# vm: either=4 timeout=180 waits kernels=6.12

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
# shellcheck source=tests/lib/m2md.sh
. tests/lib/m2md.sh
require ip jq

imei=860000000000011
secret=Xyzzy4711
# what it asks a modem each five minutes it asks each half, at first
m2md_options=(--time-factor 10)

is_well()
{
	json_is '.modems[0].state == "registered" and .modems[0].cause == null
		and .pdns[0].state == "online" and .pdns[0].cause == null' why
}

# what_it_cost: calls, attaches, and writes to the modem's memory
what_it_cost()
{
	local event

	for event in wds.start-network dms.set-operating-mode nas.attach-detach nv.written; do
		sim_number "event.$event"
	done
	sim_number nv-writes
}

it_costs_no_more()
{
	what_it_cost | diff "$work/cost" -
}

# looks: at the profile, so far
looks()
{
	sim_number event.wds.get-profile-settings
}

has_looked_since()
{
	[ "$(looks)" -gt "$1" ]
}

# polls: questions whether the call is up, so far
polls()
{
	sim_number event.wds.get-packet-service-status
}

has_polled_since()
{
	[ "$(polls)" -gt "$1" ]
}

# next_daemon SIGNAL: after one that ended by it
next_daemon()
{
	local before

	daemon_end "$1"
	before=$(looks)
	mark
	daemon_start
	ktap_test_result "after SIG${1#-} the next one takes the call over" \
		says 30 "$imei wan: adopted"
	ktap_test_result "looks at what the modem attaches with" \
		wait_until 30 has_looked_since "$before"
	ktap_test_result "finds nothing wrong" wait_until 30 is_well
	ktap_test_result "and writes, dials and attaches nothing" it_costs_no_more
}

(umask 077; echo $secret > "$work/password")
site site '[Attach]' APN=hidden.example User=u Auth=chap \
	"PasswordFile=$work/password" '[PDN wan]' APN=internet
load_driver ours
sim_start --model rm520n --imei $imei "${quick[@]}" --set lie=password-hidden
mark
daemon_start
ktap_test_result "the modem is given what it attaches with" \
	wait_until 30 sim_says wds.attach 'hidden.example 3 2 u'
ktap_test_result "and is online" says 60 "$imei wan: online"
ktap_test_result "all is well" wait_until 30 is_well
ktap_test_result "by one write to its memory" sim_says nv-writes 1
ktap_test_result "it tells nobody of a password" json_is '.profile.has_password | not' \
	apn show 1
what_it_cost > "$work/cost"
before=$(polls)
# the first time may be of how it came online
ktap_test_result "it is asked again, and half a minute later" \
	wait_until 90 has_polled_since $((before + 1))
ktap_test_result "and nothing is done to it" it_costs_no_more
ktap_test_result "all is well still" is_well
ktap_test_result "health says so" ctl health

m2md_options=()
next_daemon -TERM
next_daemon -KILL
# who tells the password, and not how it is sent
sim_ctl lie: auth-hidden > "$work/answer"
next_daemon -TERM
sim_ctl lie: none > "$work/answer"
# to whom the modem tells its password
next_daemon -TERM
ktap_test_result "there is one" json_is '.profile.has_password' apn show 1
ktap_test_result "which is not in the log" fails grep -F $secret "$log"
ktap_test_result "nor in the history" fails output_has $secret ctl history -n 2000
test_end
