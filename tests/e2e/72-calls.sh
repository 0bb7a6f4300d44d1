#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Calls that m2md did not make, calls that the modem does not make yet, and calls that are
# wanted otherwise: what is in the way is ended, what is held back is waited for exactly as
# long as the modem says, another password is another call of that PDN alone, and a call that
# the modem does not speak of is not spoken of for ever.
#
#   m2md ── netlink ── m2m_wwan ── vhci ── m2msim
#   wan, iot ──────────┘                     └ a call that it made by itself
#
# vm: either=4 timeout=540 kernels=6.1

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
# shellcheck source=tests/lib/m2md.sh
. tests/lib/m2md.sh
require ip ping jq

imei=860000000000011

# wanted LINE...: the modem's file, read now.
wanted()
{
	site site "$@"
	mark
	[ -z "${daemon_pid:-}" ] || kill -HUP "$daemon_pid"
}

# why_is FILTER: jq's filter is true of the first PDN, by and by.
why_is()
{
	wait_until 30 json_is ".pdns[0] | $1" why
}

load_driver ours

# --- a call of the modem's own ------------------------------------------------------

# Without QMAP there is one call of a family, and this one is it.
sim_start --model ec25 --imei $imei "${quick[@]}" --set wda.qmap-mask=0
ktap_test_result "the modem is told to make calls by itself" \
	ctl raw wds 0x51 0x01=01 > "$work/answer"
ktap_test_result "and makes one" wait_until 30 sim_says calls 1
writes=$(sim_number nv-writes)
wanted '[PDN wan]' APN=internet IPFamily=ipv4
daemon_start
ktap_test_result "its call is in the way, is ended, and ours comes up" \
	says 60 "$imei wan: online"
ktap_test_result "packets go, by the modem's own interface" \
	wait_until 30 pings "$(sim_net sim)" "$peer4"
ktap_test_result "by one call" sim_says calls 1
ktap_test_result "its memory was written to once" sim_says nv-writes $((writes + 1))
daemon_end -TERM
ktap_test_result "it makes none any more" output_has '0x01.*\b00\b' ctl raw wds 0x34
ctl pdn down wan > "$work/answer"
sim_stop

# --- a call that is held back -------------------------------------------------------

rm -rf "$state"
mkdir "$state"
sim_start --model rm520n --imei $imei "${quick[@]}"
sim_ctl wds.apn: busy v4 v6 cause 26 throttle 900000 > "$work/answer"
wanted '[PDN wan]' APN=busy
daemon_start
ktap_test_result "a refusal that the modem remembers is one of the modem's then" \
	says 60 "$imei wan: waiting: internal-pdn-ipv[46]-call-throttled: "
ktap_test_result "it is left alone for as long as the modem says" \
	why_is '.next == "dial" and .next_s > 600 and .next_s <= 900'
before=$(sim_number event.wds.start-network)
sim_ctl wds.apn: busy v4 v6 > "$work/answer"
wanted '[PDN wan]' APN=busy User=m2m
ktap_test_result "what a person changes is tried at once" \
	wait_until 30 starts_are $((before + 2))
daemon_end -TERM
ctl pdn down wan > "$work/answer"

# --- another password ---------------------------------------------------------------

# password TEXT: in the file of the second PDN.
password()
{
	(umask 077 && printf '%s\n' "$1" > "$work/password")
}

two=('[PDN wan]' APN=internet '[PDN iot]' APN=closed IPFamily=ipv4 User=m2m
	"PasswordFile=$work/password")
rm -rf "$state"
mkdir "$state"
sim_ctl wds.apn: closed v4 v6 user m2m password right > "$work/answer"
password wrong
wanted "${two[@]}"
daemon_start
ktap_test_result "one PDN comes online" says 60 "$imei wan: online"
ktap_test_result "the other has a wrong password" \
	says 60 "$imei iot: waiting: 3gpp-authentication-failed"
before=$(sim_number event.wds.start-network)
password right
mark
kill -HUP "$daemon_pid"
ktap_test_result "then it is dialled at once" says 20 "$imei iot: online"
ktap_test_result "and it alone" starts_are $((before + 1))
before=$((before + 1))
wanted "${two[@]}" MuxId=77
ktap_test_result "another mux id is another call" wait_until 30 starts_are $((before + 1))
ktap_test_result "on another link" wait_until 30 ip link show dev iot
ktap_test_result "which has that id" wait_until 30 \
	json_is '[.pdns[] | select(.name == "iot") | .mux_id] == [77]' pdn show
ktap_test_result "no password is in the log" fails grep -qE 'right|wrong' "$log"
daemon_end -TERM

# --- a call whose client is never answered ------------------------------------------

before=$(sim_number event.wds.start-network)
sim_ctl qmi: lose wds.get-packet-service-status 100 > "$work/answer"
wanted '[PDN wan]' APN=internet IPFamily=ipv4
daemon_start
ktap_test_result "a call that nothing is said of is left alone at first" \
	says 60 "$imei: wan: .*did not answer in time"
ktap_test_result "not dialled beside" starts_are "$before"
ktap_test_result "then it is given up" says 120 "$imei: wan: .*which is given up"
ktap_test_result "and another is made" says 60 "$imei wan: online"
ktap_test_result "once" starts_are $((before + 1))
ktap_test_result "which carries" wait_until 30 pings wan "$peer4"
daemon_end -TERM

test_end
