#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A modem that enumerates and then says nothing for longer than a minute is called
# mute, is asked on all the same, and is ready as soon as it answers.
#
#   m2mctl monitor, list ── netlink ── m2m_wwan ── vhci ── m2msim, deaf at first
#
# vm: either=4 timeout=200 waits

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh

# sees TEXT: so says an event.
sees()
{
	grep -q "$1" "$work/events"
}

load_driver ours
ktap_test_result "somebody listens" watch_begin "$work/events"
now_ms
begin=$now
sim_start --model ec25 --set boot.ms=80000
ktap_test_result "the modem is there" wait_until 10 sim_wdm
now_ms
asked=$now
ktap_test_result "one that does not answer yet is waited for" \
	status_is 3 'does not answer \(attached\)' --wait 3 sms delete all
now_ms
ktap_test_result "as long as is said" [ $((now - asked)) -ge 2900 ]
ktap_test_result "but says nothing, and is called mute" \
	wait_until 100 sees 'hung.*mute'
now_ms
ktap_test_result "not before it was asked for a minute" \
	[ $((now - begin)) -ge 59000 ]
ktap_test_result "it is listed as what it is" \
	json_is '.modems[0].state == "hung"' list
# What it never answers ends.
ktap_test_result "a question to it is over in time" \
	status_is 3 'no client id came' --wait 3 raw dms 0x0025
ktap_test_result "it is asked on, and is ready once it answers" \
	wait_until 80 sees ready
ktap_test_result "and of use" status_is 0 EC25 --wait 20 status
watch_end
cat "$work/events"
test_end
