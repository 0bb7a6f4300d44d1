#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# m2md brings a modem online and keeps it there: through a drop, its own death and a
# modem that restarts. It sends a PIN once, and leaves alone what nobody configured.
#
#   m2md ── netlink ── m2m_wwan ── vhci ── m2msim
#   ping ── wan ──────────┘                 └ peer: 198.51.100.1, 2001:db8:5f::1
#
# vm: timeout=600 kernels=6.12

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
require ip ping jq setpriv

m2md=$build/m2md
imei=860000000000011
pin=27182818
wrong=73915826
config=$work/config
state=$work/state
log=$work/m2md.log
export M2MD_SOCKET=$work/socket
mkdir -p "$config/modem.d" "$state"
# so that others may knock
chmod 711 "$work"

# --- the daemon -------------------------------------------------------------------

# daemon_start: its log goes on where the last one's ended.
daemon_start()
{
	"$m2md" --config-dir "$config" --state-dir "$state" \
		--socket "$M2MD_SOCKET" >> "$log" 2>&1 < /dev/null {ktap_out}>&- &
	daemon_pid=$!
}

daemon_end()
{
	[ -n "${daemon_pid:-}" ] || return 0
	kill "${1:--TERM}" "$daemon_pid"
	wait_until 10 process_gone "$daemon_pid"
	wait "$daemon_pid"
	daemon_pid=
}
at_exit daemon_end -KILL

# From here on is what said() looks at.
mark()
{
	log_lines=$(wc -l < "$log")
}

# said PATTERN: a line since mark().
said()
{
	tail -n +$((log_lines + 1)) "$log" | grep -qE -- "$1"
}

says()
{
	wait_until "$1" said "$2"
}

unsaid()
{
	fails said "$1"
}

starts()
{
	sim_number event.wds.start-network
}

starts_are()
{
	[ "$(starts)" -eq "$1" ]
}

nobody_may_ask()
{
	local out status=0
	out=$(as_nobody "$m2mctl" why 2>&1 < /dev/null) || status=$?
	[ "$status" -eq 6 ] && grep -q not-permitted <<< "$out" && return
	printf '%s\n' "$out" "status $status"
	return 1
}

# carries: both families, through the PDN's own interface.
carries()
{
	wait_until 30 pings wan "$peer4" && wait_until 30 pings wan "$peer6"
}

# --- nothing is configured ----------------------------------------------------------

: > "$log"
mark
printf '[Manager]\nBootSpread=0s\n' > "$config/m2md.conf"
load_driver ours
sim_start --model rm520n --imei $imei "${quick[@]}"
daemon_start
ktap_test_result "a modem nobody configured is only watched" \
	says 20 "$imei: watching: not-configured"
ktap_test_result "it is not managed" json_is '.modem.managed == false' status
ktap_test_result "nor dialled" starts_are 0
ktap_test_result "why says so" json_is "(.modems | length == 1)
	and .modems[0].imei == \"$imei\" and .modems[0].state == \"watching\"
	and .modems[0].cause == \"not-configured\" and .pdns == []" why
ktap_test_result "it is not for everybody" nobody_may_ask
ktap_test_result "SIGTERM ends the daemon" daemon_end
ktap_test_result "then nobody knows why" status_is 4 'm2md does not run' why

# --- one PDN --------------------------------------------------------------------------

printf '[PDN wan]\nAPN=internet\n' > "$config/modem.d/site.modem"
mark
daemon_start
ktap_test_result "a file with an APN brings it online" \
	says 30 "$imei wan: online"
ktap_test_result "packets go, of both families" carries
ktap_test_result "it is managed" json_is '.modem.managed' status
ktap_test_result "there are two calls" sim_says calls 2
ktap_test_result "two were dialled" starts_are 2
ktap_test_result "the route leaves Ethernet first" output_has \
	'default dev wan .*metric 2048' ip route
ktap_test_result "m2mctl sees the PDN" json_is \
	'.pdns[0].name == "wan" and .pdns[0].state == "up"' pdn show
ktap_test_result "why says that all is well" json_is '.pdns[0].name == "wan"
	and .pdns[0].state == "online" and .pdns[0].cause == null
	and .modems[0].state == "registered" and .modems[0].next_s > 0' why
ktap_test_result "m2mctl may not dial beside it" status_is 12 \
	'm2md manages this modem' pdn up other

# --- it drops ---------------------------------------------------------------------------

mark
sim_ctl drop > "$work/answer"
ktap_test_result "the network drops the call: it is noticed" \
	says 10 "$imei wan: waiting: "
ktap_test_result "and dialled again" says 30 "$imei wan: online"
ktap_test_result "packets go again" carries
ktap_test_result "by two new calls" starts_are 4

# --- it is killed -------------------------------------------------------------------------

# A ping every 0.2 s while the daemon dies and comes back; none may be lost.
killed_unnoticed()
{
	local pinger status=0

	ping -i 0.2 -c 50 -W $((5 * slow)) -I wan "$peer4" > "$work/ping" &
	pinger=$!
	mark
	daemon_end -KILL
	sim_says calls 2 || return 1
	daemon_start
	says 30 "$imei wan: adopted" || status=1
	says 30 "$imei wan: online" || status=1
	wait "$pinger" || status=1
	grep -q ' 0% packet loss' "$work/ping" || status=1
	[ "$status" -eq 0 ] || cat "$work/ping"
	return "$status"
}

ktap_test_result "kill -9 and back: no packet is lost" killed_unnoticed
ktap_test_result "no call was made for it" starts_are 4
ktap_test_result "an orderly end leaves the call up, too" daemon_end
ktap_test_result "both calls are there" sim_says calls 2
ktap_test_result "packets go without a daemon" carries
mark
daemon_start
ktap_test_result "the next one adopts them" says 30 "$imei wan: adopted"
ktap_test_result "still no new call" starts_are 4
mark
sim_ctl drop > "$work/answer"
ktap_test_result "what was adopted is watched" says 30 "$imei wan: waiting: "
ktap_test_result "and kept" says 30 "$imei wan: online"

# --- the modem restarts -------------------------------------------------------------------

mark
sim_ctl qmi: restart > "$work/answer"
ktap_test_result "QMI restarts below the device: online again" \
	says 60 "$imei wan: online"
ktap_test_result "packets go after that" carries
mark
sim_ctl modem: restart 2s > "$work/answer"
ktap_test_result "the modem leaves the bus" says 20 "$imei: gone: modem-gone"
ktap_test_result "and comes back: online again" says 90 "$imei wan: online"
ktap_test_result "packets go after that as well" carries
ktap_test_result "one rule an address" rules_are 2

# --- the card -----------------------------------------------------------------------------

# What failed so far makes the next wait longer: begin as a new site does.
forget()
{
	daemon_end
	rm -rf "$state"
	mkdir "$state"
	daemon_start
	says 30 "$imei wan: online"
}

mark
ktap_test_result "a daemon without a past adopts as well" forget
mark
sim_ctl sim: remove > "$work/answer"
ktap_test_result "the card is pulled" says 30 "$imei: sim-absent: sim-absent"
mark
sim_ctl sim: insert > "$work/answer"
ktap_test_result "and put back: online again" says 60 "$imei wan: online"
ktap_test_result "packets go with it" carries

# --- abroad -------------------------------------------------------------------------------

reconfigure()
{
	mark
	kill -HUP "$daemon_pid"
}

# abroad_with TEXT: the daemon begins abroad with another file, or none.
abroad_with()
{
	daemon_end
	"$m2mctl" pdn down wan > "$work/answer"
	rm -f "$config/modem.d/site.modem"
	[ -z "$1" ] || printf '%b' "$1" > "$config/modem.d/site.modem"
	sim_ctl nas: roam > "$work/answer"
	before=$(starts)
	rm -rf "$state"
	mkdir "$state"
	mark
	daemon_start
}

abroad_with '[Network]\nRoaming=home\n[PDN wan]\nAPN=internet\n'
ktap_test_result "abroad with Roaming=home nothing is dialled" \
	says 30 "$imei wan: refused: roaming"
ktap_test_result "indeed nothing" starts_are "$before"
mark
sim_ctl nas: home > "$work/answer"
ktap_test_result "at home again it is" says 30 "$imei wan: online"
abroad_with '[PDN wan]\nAPN=internet\n'
ktap_test_result "a configured APN is dialled abroad" says 30 "$imei wan: online"
printf '[Manager]\nBootSpread=0s\nAutoConnect=yes\n' > "$config/m2md.conf"
abroad_with ''
ktap_test_result "a guessed one is not" says 30 "$imei wan: refused: roaming"
ktap_test_result "indeed not" starts_are "$before"
mark
sim_ctl nas: home > "$work/answer"
ktap_test_result "but is at home" says 30 "$imei wan: online"
printf '[Manager]\nBootSpread=0s\n' > "$config/m2md.conf"
printf '[PDN wan]\nAPN=internet\n' > "$config/modem.d/site.modem"
reconfigure
ktap_test_result "a configuration that is read again counts" \
	says 60 "$imei wan: online"
ktap_test_result "packets go" carries
ktap_test_result "the daemon ends" daemon_end
sim_stop

# --- the PIN ------------------------------------------------------------------------------

tries_are()
{
	sim_says sim.pin-tries "$1"
}

rm -rf "$state"
mkdir "$state"
printf '[SIM]\nPINFile=%s\n[PDN wan]\nAPN=internet\n' "$work/pin" \
	> "$config/modem.d/site.modem"
(umask 077; echo $wrong > "$work/pin")
mark
sim_start --model rm520n --imei $imei "${quick[@]}" --set sim.pin=$pin \
	--set sim.pin-enabled=on
daemon_start
ktap_test_result "a wrong PIN is found out" \
	says 60 "$imei: pin-needed: pin-(rejected|tries-few)"
ktap_test_result "it cost one try" tries_are 2
ktap_test_result "why says who has to act" wait_until 30 json_is '.modems[0].state == "pin-needed"
	and (.modems[0].cause | startswith("pin-")) and .pdns[0].state == "idle"' why
ktap_test_result "a file with the PIN's record is there first" \
	grep -rqa "$imei/pins" "$state"
ktap_test_result "and has no PIN in it" fails grep -rqa $wrong "$state"
daemon_end -KILL
mark
daemon_start
ktap_test_result "the next daemon knows of it" \
	says 60 "$imei: pin-needed: pin-(rejected|tries-few)"
ktap_test_result "and sends none" tries_are 2
daemon_end
sim_ctl set sim.pin-tries 3 > "$work/answer"
mark
daemon_start
ktap_test_result "not even where all tries are left" \
	says 60 "$imei: pin-needed: pin-rejected"
ktap_test_result "it stays like that" tries_are 3
ktap_test_result "the daemon ends before another PIN" daemon_end
(umask 077; echo $pin > "$work/pin")
mark
daemon_start
ktap_test_result "another PIN is tried, and is right: online" \
	says 60 "$imei wan: online"
ktap_test_result "packets go then" carries
ktap_test_result "no line of the log has a PIN" \
	fails grep -E "$wrong|$pin" "$log"
ktap_test_result "the daemon ends well" daemon_end
test_end
