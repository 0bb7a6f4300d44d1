#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Driver and m2mctl meet a modem that cannot be believed: what is nonsense is not
# used, and said so; what can work works; what cannot ends with a sentence; nobody
# crashes, and no PIN is spent.
#
#   m2mctl ── netlink ── m2m_wwan ── vhci ── m2msim, lying
#   ping ──── wan ───────────┘                └ peer: 198.51.100.1, 2001:db8:5f::1
#
# vm: timeout=400 own-boot either=4

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
require jq ip ping

imei=860000000000011
pin=2718
modem=sim

# lie NAME...: the modem tells these, and no other.
lie()
{
	local name

	sim_ctl -n "$modem" lie: none || return
	for name; do
		sim_ctl -n "$modem" lie: "$name" || return
	done
}

# connects FILTER ARGUMENT...: pdn up, of which jq's filter is true.
connects()
{
	json_is "$1" pdn up wan apn internet "${@:2}"
}

# said PATTERN: what m2mctl wrote beside its answer.
said()
{
	cat "$work/stderr"
	grep -qE -- "$1" "$work/stderr"
}

# ends [CLIENTS]: the call goes, and as many ids are left in the modem.
ends()
{
	json_is '.pdn.state == "down"' pdn down wan || return
	wait_until 5 sim_says calls 0 && wait_until 5 sim_says clients "${1:-0}" &&
		fails ip link show dev wan
}

# As in m2mctl.sh, but of the modem that lies.
sim_says()
{
	output_has "^ok $2\$" sim_ctl -n "$modem" get "$1"
}

# What the network did without a word is seen by asking.
call_is_lost()
{
	sim_ctl drop && wait_until 10 json_is '.pdns[0].state != "up"' pdn show
}

dropped_dead()
{
	local n

	n=$(sim_ctl -n "$modem" stat drop_dead)
	echo "drop_dead: $n"
	[ "${n#ok }" -gt 0 ]
}

# A driver that speaks v5 meets frames of another version than was said: whatever
# comes of them, the modem stays, and nothing wrong is taken for an answer. One that
# does not speak it never asked, and loses nothing.
survives_v1()
{
	json_is '.format.downlink == "qmapv5"' status ||
		{ pings wan "$peer4"; return; }
	ping -c 50 -i 0.02 -w $((10 * slow)) -I wan "$peer4" > "$work/ping"
	cat "$work/ping"
	! grep -qE 'wrong data|DUP|truncated' "$work/ping" &&
		json_is '.modems[0].state == "ready"' list
}

twins()
{
	json_is '.modems | length == 2 and .[0].imei != null and
		.[0].imei == .[1].imei and .[0].usb_path != .[1].usb_path' list
}

load_driver ours
sim_start --model rm520n --imei $imei "${quick[@]}" \
	--set sim.pin=$pin --set sim.pin-enabled=on
ktap_test_result "the modem is there" wait_until 15 json_is \
	'.modems[0].state == "ready"' list

# --- identity -------------------------------------------------------------------

for name in imei-empty imei-zero; do
	lie $name > "$work/answer"
	ktap_test_result "$name: list has none" json_is \
		'.modems | length == 1 and .[0].imei == null' list
	ktap_test_result "$name: nor status" json_is '.modem.imei == null' status
	ktap_test_result "$name: the USB path names it" json_is \
		".modem.usb_path == \"$sim_usb\"" -d "$sim_usb" status
	ktap_test_result "$name: its IMEI does not" status_is 5 'no modem' \
		-d $imei status
done

# --- the SIM ----------------------------------------------------------------------

echo $pin > "$work/pin"
lie pin-tries-255 > "$work/answer"
ktap_test_result "pin-tries-255: the number is not known" json_is \
	'.sim.state == "pin-required" and .sim.pin_tries_left == null' sim show
ktap_test_result "pin-tries-255: no PIN is sent unasked" status_is 8 \
	'unknown number of tries left' sim unlock --pin-file "$work/pin"
ktap_test_result "pin-tries-255: nor by force without a person" status_is 8 \
	'no terminal' sim unlock --force --pin-file "$work/pin"
ktap_test_result "pin-tries-255: pdn up asks for it, without a number" \
	status_is 8 'wants its PIN \(an unknown number of tries left\)' pdn up wan
ktap_test_result "pin-tries-255: the modem has seen no PIN" \
	sim_says event.uim.verify-pin 0
lie > "$work/answer"
ktap_test_result "the truth unlocks it" json_is '.sim.state == "ready"' \
	sim unlock --pin-file "$work/pin"

# --- addresses --------------------------------------------------------------------

lie bad-address > "$work/answer"
ktap_test_result "bad-address: no connection" status_is 10 'no usable address' \
	pdn up wan apn internet
ktap_test_result "bad-address: nothing is left" ends
lie bad-mask > "$work/answer"
ktap_test_result "bad-mask: connects" connects '.pdn.state == "up"'
ktap_test_result "bad-mask: says what it does not use" said 'make no sense'
ktap_test_result "bad-mask: IPv4 is a host" output_has 'inet [0-9.]+/32 ' \
	ip -4 addr show dev wan
ktap_test_result "bad-mask: IPv6 has a prefix" output_has 'inet6 2001:[0-9a-f:]+/64 ' \
	ip -6 addr show dev wan
ktap_test_result "bad-mask: carries IPv4" pings wan $peer4
ktap_test_result "bad-mask: carries IPv6" pings wan $peer6
ktap_test_result "bad-mask: ends" ends
lie bad-mtu bad-dns > "$work/answer"
ktap_test_result "bad-mtu: connects, with an MTU of the link's" connects \
	'.pdn.state == "up" and .pdn.mtu >= 1280'
ktap_test_result "bad-mtu: says so" said 'make no sense'
ktap_test_result "bad-dns: no name server is told" json_is \
	'.pdns[0].dns == null' pdn show
ktap_test_result "bad-mtu: carries" pings wan $peer4
ktap_test_result "bad-dns: ends" ends

# --- calls ------------------------------------------------------------------------

lie same-handle > "$work/answer"
ktap_test_result "same-handle: connects" connects \
	'.pdn.ipv4_address != null and .pdn.ipv6_address != null'
ktap_test_result "same-handle: two calls" sim_says calls 2
ktap_test_result "same-handle: carries" pings wan $peer6
ktap_test_result "same-handle: ends both" ends

lie no-indications > "$work/answer"
sim_ctl set nas.register-ms 3000 > "$work/answer"
sim_ctl nas: register > "$work/answer"
ktap_test_result "no-indications: waits and connects all the same" connects \
	'.pdn.state == "up"'
ktap_test_result "no-indications: carries" pings wan $peer4
ktap_test_result "no-indications: a dropped call is seen by asking" \
	call_is_lost
ktap_test_result "no-indications: ends" ends

lie dead-bearer > "$work/answer"
ktap_test_result "dead-bearer: connects" connects '.pdn.state == "up"'
ktap_test_result "dead-bearer: carries nothing" fails pings wan $peer4
ktap_test_result "dead-bearer: the modem has dropped it" dropped_dead
ktap_test_result "dead-bearer: ends" ends

lie dead-services > "$work/answer"
ktap_test_result "dead-services: one that never answers costs its time alone" \
	status_is 3 'not answer in time|no answer' --wait 3 raw loc 0x0021
ktap_test_result "dead-services: connects" connects '.pdn.state == "up"'
ktap_test_result "dead-services: carries" pings wan $peer4
ktap_test_result "dead-services: ends" ends

# --- formats ----------------------------------------------------------------------

sim_stop
sim_start -n format --model ffff --imei $imei "${quick[@]}" --set lie=set-ignored
modem=format
ktap_test_result "set-ignored: there is a modem" wait_until 15 json_is \
	'.modems[0].state == "ready"' list
net=$(sim_net format)
ktap_test_result "set-ignored: connects in what the modem is in" connects \
	".pdn.state == \"up\" and .pdn.ifname == \"$net\" and .pdn.mux_id == null"
ktap_test_result "set-ignored: carries" pings "$net" $peer4
ktap_test_result "set-ignored: goes down" json_is '.pdn.state == "down"' pdn down wan
# It took no id back, either.
left=$(sim_ctl -n format get clients | sed 's/^ok //')
lie wda-v5-sends-v1 > "$work/answer"
ktap_test_result "wda-v5-sends-v1: connects" connects '.pdn.state == "up"'
ktap_test_result "wda-v5-sends-v1: what comes is dropped or carried, never wrong" \
	survives_v1
ktap_test_result "wda-v5-sends-v1: ends" ends "$left"
sim_stop format

# --- time -------------------------------------------------------------------------

sim_start -n slow --model ec25 --imei $imei "${quick[@]}" --set lie=slow-first
modem=slow
now_ms
began=$now
ktap_test_result "slow-first: half a minute later it connects" connects \
	'.pdn.state == "up"'
now_ms
ktap_test_result "slow-first: not before" test $((now - began)) -ge 25000
ktap_test_result "slow-first: carries" pings wan $peer4
ktap_test_result "slow-first: ends" ends

# --- twins ------------------------------------------------------------------------

sim_start -n twin --model gobi "${quick[@]}" --set lie=imei-doubled
lie imei-doubled > "$work/answer"
ktap_test_result "imei-doubled: two modems have one" wait_until 15 twins
doubled=$(ctl --json list | jq -r '.modems[0].imei')
ktap_test_result "imei-doubled: it names neither" status_is 2 \
	'several modems have this IMEI' -d "$doubled" status
ktap_test_result "imei-doubled: nor is a call made by it" status_is 2 \
	'several modems have this IMEI' -d "$doubled" pdn up wan
ktap_test_result "imei-doubled: USB paths tell them apart" json_is \
	".modem.usb_path == \"${sim_devices[twin]}\"" -d "${sim_devices[twin]}" status
test_end
