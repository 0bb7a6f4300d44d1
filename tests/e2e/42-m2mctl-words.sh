#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What m2mctl can be told: the keys of pdn up, the options, the port of a modem
# that has two; and what it tells those who may only listen.
#
#   m2mctl ── netlink ── m2m_wwan ── vhci ── m2msim (one port, then two)
#   ping ──── wan ───────────┘
#
# vm: timeout=300 either

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
# shellcheck source=tests/lib/terminal.sh
. tests/lib/terminal.sh
require jq ip ping python3 setpriv

down()
{
	json_is '.pdn.was_up' pdn down wan
}

# --- the keys of pdn up --------------------------------------------------------------

# The largest packet that fits, and not a byte more
mtu_carries()
{
	ping -c 1 -M "do" -s $(($1 - 28)) -W $((5 * slow)) -I wan "$peer4" &&
		fails ping -c 1 -M "do" -s $(($1 - 27)) -W 1 -I wan "$peer4"
}

# mtu_is BYTES ARGUMENT...
mtu_is()
{
	up_is ".pdn.mtu == $1" wan "${@:2}" &&
		output_has " mtu $1 " ip link show dev wan && mtu_carries "$1"
}

# The default routes of both families, in the main table
metric_is()
{
	output_has "default dev wan .*metric $1( |\$)" ip route &&
		output_has "default dev wan .*metric $1( |\$)" ip -6 route
}

# How the modem was asked for the call
auth_is()
{
	local tlv

	watch_begin "$work/frames" --json --qmi || return 1
	up_is '.pdn.state == "up"' wan user u auth "$1" family 4 \
		--password-file "$work/password" || return 1
	wait_until 5 grep -q 'Start Network' "$work/frames" || return 1
	watch_end
	down || return 1
	tlv=$(jq -r 'select(.from == "host" and .service == "wds" and
		.message == 32) | .decoded' "$work/frames" |
		grep "translated = $1\$")
	[ -n "$tlv" ] || { cat "$work/frames"; return 1; }
}

echo letmein > "$work/password"
load_driver ours
sim_start --model rm520n "${quick[@]}" --set wds.mtu=1400
ktap_test_result "the network's MTU is the link's" mtu_is 1400
ktap_test_result "the routes leave Ethernet first" metric_is 2048
ktap_test_result "it goes down" down
ktap_test_result "mtu is another one" mtu_is 1300 mtu 1300
ktap_test_result "it goes down" down
ktap_test_result "metric is of the routes of both families" up_is \
	'.pdn.state == "up"' wan metric 77
ktap_test_result "which have it" metric_is 77
ktap_test_result "it goes down" down
ktap_test_result "family 4 is IPv4 alone" up_is '.pdn.state == "up" and
	.pdn.ipv4_address != null and .pdn.ipv6_address == null and
	.pdn.ipv6_error == null' wan family 4
ktap_test_result "which is one call" sim_says calls 1
ktap_test_result "it goes down" down
ktap_test_result "family 6 is IPv6 alone" up_is '.pdn.state == "up" and
	.pdn.ipv4_address == null and .pdn.ipv6_address != null and
	.pdn.nat64_prefix == null' wan family 6
ktap_test_result "which carries" pings wan "$peer6"
ktap_test_result "it goes down" down
ktap_test_result "where IPv6 is all there is, the way to IPv4 is shown" up_is \
	'.pdn.ipv4_address == null and .pdn.nat64_prefix == "64:ff9b::/96"' wan apn dns64
ktap_test_result "also of one that is up" output_has \
	'^ *wan: IPv4 is behind NAT64, by the prefix 64:ff9b::/96$' ctl pdn show
ktap_test_result "which carries" pings wan 64:ff9b::c633:6401
ktap_test_result "it goes down" down
ktap_test_result "a public address is pointed out" up_is \
	'.pdn.ipv4_is_public and .pdn.inbound_is_filtered == false' wan apn public
ktap_test_result "in words" output_has 'wan: 25\..* is a public address' ctl pdn show
modprobe nf_tables
ktap_test_result "also beside a firewall without rules" json_is \
	'.pdns[0].inbound_is_filtered == false' pdn show
ktap_test_result "a firewall begins" tests/lib/firewall.py add
ktap_test_result "and it is fine" json_is \
	'.pdns[0].ipv4_is_public and .pdns[0].inbound_is_filtered' pdn show
ktap_test_result "and ends" tests/lib/firewall.py delete
ktap_test_result "it goes down" down

# In a namespace of others, by its name
in_site()
{
	ip netns exec site "$@"
}

ip netns add site
ktap_test_result "netns is where the interface goes" up_is \
	'.pdn.state == "up" and .pdn.netns == "site"' wan netns site
ktap_test_result "from here it is gone" no_link wan
ktap_test_result "there it carries" in_site ping -c 3 -i 0.2 -W $((5 * slow)) "$peer4"
ktap_test_result "again it is up" up_is '.pdn.netns == "site"' wan netns site
ktap_test_result "elsewhere it cannot be as well" status_is 1 \
	'is up in the network namespace site' pdn up wan
ktap_test_result "pdn show finds it" json_is \
	'.pdns[0].netns == "site" and .pdns[0].ifname == "wan" and .pdns[0].rx_bytes > 0' \
	pdn show
ktap_test_result "so does pdn down" down
ktap_test_result "which leaves nothing there" fails in_site ip link show dev wan
ktap_test_result "a namespace that is not there is said" status_is 1 \
	'no network namespace other' pdn up wan netns other
ip netns del site
ktap_test_result "mux is the id" up_is '.pdn.mux_id == 77' wan mux 77
ktap_test_result "which carries" pings wan "$peer4"
ktap_test_result "it goes down" down
for word in pap chap; do
	ktap_test_result "auth $word is how the modem is asked" auth_is $word
done

# --- options -------------------------------------------------------------------------

# The same document, on one line and on many
pretty_is_json()
{
	ctl --json status > "$work/json" || return 1
	ctl --pretty status > "$work/pretty" || return 1
	[ "$(wc -l < "$work/json")" -eq 1 ] &&
		[ "$(wc -l < "$work/pretty")" -gt 50 ] &&
		diff <(jq -S 'keys, (.modem | keys), .sim' "$work/json") \
			<(jq -S 'keys, (.modem | keys), .sim' "$work/pretty")
}

# Somebody else manages the modem: a person who looks for a password.
managed_begin()
{
	person_begins pdn up other apn private user u
	asked 'Password: '
}

managed_end()
{
	types $'\003'
	person_ends 1 interrupted
}

ktap_test_result "--pretty is --json for reading" pretty_is_json
ktap_test_result "another program manages the modem" managed_begin
ktap_test_result "which status shows" json_is '.modem.managed' status
ktap_test_result "so pdn up is refused" status_is 12 'another program manages' \
	pdn up wan
ktap_test_result "and raw" status_is 12 'direct' raw dms 0x25
ktap_test_result "--direct connects all the same" up_is \
	'.pdn.state == "up" and .pdn.mux_id == 1' wan --direct
ktap_test_result "and carries" pings wan "$peer4"
ktap_test_result "--direct asks" json_is '.result == "None"' --direct raw dms 0x25
ktap_test_result "the other one is still the manager" json_is '.modem.managed' status
ktap_test_result "and gives up" managed_end
ktap_test_result "then nobody manages it" json_is '.modem.managed | not' status
ktap_test_result "what was made beside it carries on" pings wan "$peer6"

# --- who may only listen -----------------------------------------------------------------

nobody_listens()
{
	setpriv --reuid=65534 --regid=65534 --clear-groups "$m2mctl" monitor \
		> "$work/seen" 2> "$work/said" &
	nobody=$!
	wait_until 5 is_listening "$nobody"
}

has_call()
{
	grep -q "call wan ipv[46] disconnected" "$1"
}

nobody_sees_events_alone()
{
	watch_begin "$work/all" || return 1
	sim_ctl drop && wait_until 10 has_call "$work/all" || return 1
	sim_ctl unplug && wait_until 10 grep -q ' gone' "$work/seen" || return 1
	watch_end
	kill "$nobody"
	wait "$nobody"
	! has_call "$work/seen" && return
	cat "$work/seen"
	return 1
}

ktap_test_result "anybody may listen" nobody_listens
ktap_test_result "and is told what he does not hear" \
	grep -q 'calls are shown to root only' "$work/said"
ktap_test_result "he hears of the modem, not of its calls" nobody_sees_events_alone
sim_stop

# --- a modem with two ports ------------------------------------------------------------

sim_start -n two --model em7455 "${quick[@]}"
two_ports()
{
	json_is '(.modems | length == 2) and all(.modems[]; .state == "ready") and
		(.modems[0].usb_path == .modems[1].usb_path) and
		(.modems[0].usb_interface != .modems[1].usb_interface)' list
}

ktap_test_result "a modem has two ports" wait_until 20 two_ports
mapfile -t ports < <(ctl --json list | jq -r '.modems[].ifname')
ktap_test_result "which is one modem, and needs no name" json_is \
	".modem.ifname == \"${ports[0]}\"" status
ktap_test_result "-d means the second one" json_is \
	".modem.ifname == \"${ports[1]}\"" -d "${ports[1]}" status
ktap_test_result "a PDN on the first" up_is '.pdn.state == "up"' first
ktap_test_result "a PDN on the second" up_is '.pdn.state == "up"' second \
	-d "${ports[1]}"
ktap_test_result "the first carries" pings first "$peer4"
ktap_test_result "the second carries" pings second "$peer4"
ktap_test_result "also IPv6" pings second "$peer6"
ktap_test_result "each port shows its own" json_is \
	'[.pdns[].name] == ["second"]' -d "${ports[1]}" pdn show
ktap_test_result "the second goes down" json_is '.pdn.was_up' \
	-d "${ports[1]}" pdn down second
ktap_test_result "the first carries on" pings first "$peer6"
ktap_test_result "until it goes down" json_is '.pdn.was_up' pdn down first
test_end
