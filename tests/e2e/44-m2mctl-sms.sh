#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# m2mctl sends short messages, reads what arrives and what was sent, in either alphabet
# and in parts, and says why when the network or a person has it wrong.
#
#   m2mctl ── netlink ── m2m_wwan ── vhci ── m2msim (what goes to its own number comes
#                                                    back, as it does in a network)
#
# vm: timeout=200 kernels=6.1

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
require jq

own=+4915000000001
# 90 characters that UCS-2 alone has, and 200 of which the extension table has some
cyrillic=$(printf 'Жук%.0s' {1..30})
long=$(printf 'a€{b}%.0s' {1..40})

load_driver ours
sim_start --model rm520n "${quick[@]}"
ktap_test_result "nothing is there" json_is '.messages == []' sms list
ktap_test_result "which people are told" output_has '^no message$' ctl sms list

# --- what arrives -------------------------------------------------------------------

sim_ctl sms: +4917012345 'pump 3 stopped' > "$work/answer"
ktap_test_result "a message is listed" json_is '.messages == [{"id": "sim:0",
	"storage": "sim", "state": "unread", "kind": "received", "number": "+4917012345",
	"service_centre": "+491710760000", "time": .messages[0].time, "encoding": "ucs2",
	"class": null, "parts": 1, "parts_there": 1, "delivery": null,
	"discharged": null, "reference": null, "text": "pump 3 stopped", "data": null}]
	and (.messages[0].time | fromdateiso8601 | . - now | fabs < 600)' sms list
ktap_test_result "listing leaves it unread" json_is '.messages[0].state == "unread"' sms list
ktap_test_result "people see it in a line" output_has \
	'^sim:0  unread  \+4917012345  20..-..-..T..:..:..Z  pump 3 stopped$' ctl sms list
ktap_test_result "read shows the text" output_has '^pump 3 stopped$' ctl sms read sim:0
ktap_test_result "from then on it is read" json_is '.messages[0].state == "read"' sms list

# Part 2 of 2 arrives first, one of a name in GSM 7-bit; then part 1
sim_ctl sms: pdu 004410d04d59133464bfeb640000621182020000000f050003420202e061391d44bfbf01 \
	> "$work/answer"
ktap_test_result "half a message is shown as such" json_is '.messages[1] |
	.number == "M2M Cloud" and .parts == 2 and .parts_there == 1 and
	.text == "…part two"' sms list
sim_ctl sms: pdu 004410d04d59133464bfeb6400006211820200000010050003420201e061391df4769741 \
	> "$work/answer"
ktap_test_result "the whole in one" json_is '(.messages | length == 2) and
	(.messages[1] | .text == "part one part two" and .id == "sim:1" and
	.time == "2026-11-28T20:00:00Z")' sms list
# Escapes for a terminal, a national table, half a message
sim_ctl sms: pdu 00040481214300086211820200000006001b005b0041 > "$work/answer"
sim_ctl sms: pdu 0044048121430000621182020000000603240101c200 > "$work/answer"
sim_ctl sms: pdu 000404812143000062118202000000 > "$work/answer"
ktap_test_result "nothing steers the terminal" json_is \
	'.messages[2].text == "\ufffd[A"' sms list
ktap_test_result "a national table is not guessed at" json_is '.messages[3] |
	.encoding == "gsm7-national" and .text == null and .data != null' sms list
ktap_test_result "what cannot be read is there" json_is '.messages[4] |
	.kind == null and .number == null and .text == null and .id == "sim:5"' sms list
ktap_test_result "one that was read is deleted" json_is '.deleted == 1' sms delete read
ktap_test_result "by one of its parts all of it" json_is '.deleted == 1' sms delete sim:2
ktap_test_result "which were two" sim_says wms.count 3
ktap_test_result "again is no error" json_is '.deleted == 0' sms delete sim:2
ktap_test_result "all the rest" json_is '.deleted == 3' sms delete all

# --- what is sent -------------------------------------------------------------------

send_by_stdin()
{
	printf 'über\nalles\n' | ctl sms send "$own" -
}

ktap_test_result "a text is sent" json_is '.number == "+46708251358" and
	.encoding == "gsm7" and (.parts | length == 1)' sms send +46708251358 hellohello
ktap_test_result "octet by octet" sim_says wms.last \
	0001000b916407281553f800000ae8329bfd4697d9ec37
ktap_test_result "one of the standard input to ourselves" output_has \
	"^sent to \\$own\$" send_by_stdin
ktap_test_result "arrives as it was" json_is '.messages[0] |
	.text == "über\nalles" and .encoding == "gsm7"' sms list
ktap_test_result "a long one is cut" json_is '.encoding == "gsm7" and
	(.parts | length == 3)' sms send $own "$long"
ktap_test_result "and arrives whole" json_is ".messages[1] | .parts == 3 and
	.parts_there == 3 and .text == \"$long\"" sms list
ktap_test_result "so is one in UCS-2" json_is '.encoding == "ucs2" and
	(.parts | length == 2)' sms send $own "$cyrillic"
ktap_test_result "which arrives" json_is ".messages[2].text == \"$cyrillic\"" sms list
ktap_test_result "with a report" json_is '.parts[0].reference != null' \
	sms send 4711 hello report yes
ktap_test_result "which arrives, too" json_is '.messages[3] | .kind == "report" and
	.delivery == "delivered" and .number == "4711" and .reference != null' sms list

# --- what goes wrong ----------------------------------------------------------------

for number in '0170 12345' call +; do
	ktap_test_result "\"$number\" is no number: status 2" status_is 2 \
		'no telephone number: 1 to 20 digits' sms send "$number" hello
done
ktap_test_result "a character the alphabet has not is status 2" status_is 2 \
	'GSM 7-bit has not' sms send 4711 'Ж' encoding gsm7
ktap_test_result "a text that is too long, too" status_is 2 'longer than 32 parts' \
	sms send 4711 "$(printf 'a%.0s' {1..5000})"
ktap_test_result "and an empty one" status_is 2 'the text is empty' sms send 4711 ''
ktap_test_result "an id that is none is status 2" status_is 2 'sim:N or modem:N' \
	sms read 3
ktap_test_result "one that is not there is status 1" status_is 1 'no such message' \
	sms read modem:7
not_repeated()
{
	ctl sms send 4711 'the gate is open Ж' encoding gsm7 2> "$work/said"
	grep 'm2mctl: sms send 4711: ' "$work/said" && ! grep gate "$work/said"
}
ktap_test_result "what a message says no error repeats" not_repeated
sim_ctl set wms.send-cause 21 > "$work/answer"
ktap_test_result "refused is status 10, with the cause" status_is 10 \
	'part 1 of 3: the network did not take it: transfer-rejected \(RP cause 21' \
	sms send 4711 "$long"
sim_ctl set wms.send-cause 0 > "$work/answer"
ktap_test_result "not anybody may read" nobody_may sms list
sim_ctl nas: deny > "$work/answer"
ktap_test_result "not registered is status 9" status_is 9 'registration-denied' \
	--wait 3 sms send 4711 hello
sim_ctl nas: home > "$work/answer"
sim_ctl nas: register > "$work/answer"

# --- what comes while one looks -----------------------------------------------------

# watch_sms FILE ARGUMENT...: m2mctl sms list --watch into a file from now on
watch_sms()
{
	"$m2mctl" "${@:2}" sms list --watch > "$1" 2> "$work/watch.stderr" < /dev/null &
	watch_pid=$!
	wait_until 20 test -s "$1"
}

lines_are()
{
	[ "$(wc -l < "$1")" -eq "$2" ] || { cat "$1"; return 1; }
}

ctl sms delete all > "$work/answer"
sim_ctl sms: +4917012345 first > "$work/answer"
ktap_test_result "--watch begins with what is there" watch_sms "$work/sms" --json
sim_ctl sms: +4917012345 second > "$work/answer"
ktap_test_result "and goes on with what comes" wait_until 10 lines_are "$work/sms" 2
ctl sms send $own "$long" > "$work/answer"
ktap_test_result "in parts, once all are there" wait_until 10 lines_are "$work/sms" 3
kill -INT "$watch_pid"
ktap_test_result "a signal ends it without an error" wait "$watch_pid"
ktap_test_result "each line is a document, each message came once" jq -e -s \
	"map(.schema) == [1, 1, 1] and map(.text) == [\"first\", \"second\", \"$long\"] and
	map(.state) == [\"unread\", \"unread\", \"unread\"]" "$work/sms"
ktap_test_result "--wait ends it as well" status_is 0 'second' --wait 1 sms list --watch
watch_sms "$work/sms" > "$work/answer"
sim_ctl unplug > "$work/answer"
gone=0
wait "$watch_pid" || gone=$?
ktap_test_result "a modem that is pulled out is status 5" [ "$gone" -eq 5 ]
test_end
