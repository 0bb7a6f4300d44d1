#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Where m2md puts a PDN on the host: name servers in a file where nobody resolves names
# otherwise, a table of its own or of a VRF, and all of it again when it is wanted
# otherwise while the call is up. And a target that is asked through it.
#
#   m2md ── netlink ── m2m_wwan ── vhci ── m2msim
#   ping ── wan, in a VRF or not ──┘          └ peer: 198.51.100.1, 2001:db8:5f::1
#
# vm: either=4 timeout=600 kernels=6.1

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
# shellcheck source=tests/lib/m2md.sh
. tests/lib/m2md.sh
require ip ping

imei=860000000000011
resolv=$work/resolv.conf
m2md_options=(--resolv-file "$resolv")
# no bus: what resolves names here is the file
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$work/no-bus

# pdn_is LINE...: of [PDN wan], and read now.
pdn_is()
{
	site site '[PDN wan]' APN=internet "$@"
	mark
	[ -z "${daemon_pid:-}" ] || kill -HUP "$daemon_pid"
}

servers_are()
{
	[ "$(sed -n 's/^nameserver //p' "$resolv" | tr '\n' ' ')" = "$1" ] && return
	cat "$resolv"
	return 1
}

in_vrf()
{
	output_has 'master red' ip link show dev wan
}

not_in_vrf()
{
	fails in_vrf
}

no_main_route()
{
	fails output_has 'default dev wan' ip route &&
		fails output_has 'default dev wan' ip -6 route
}

# table_has TABLE: default routes of both families through the PDN.
table_has()
{
	output_has 'default dev wan' ip route show table "$1" &&
		output_has 'default dev wan' ip -6 route show table "$1"
}

# table_rules TABLE COUNT: rules of ours that lead there.
table_rules()
{
	local n
	n=$(($(ip rule | grep -cE "^2048:.*lookup $1( |\$)") +
		$(ip -6 rule | grep -cE "^2048:.*lookup $1( |\$)")))
	[ "$n" -eq "$2" ] || { ip rule; ip -6 rule; return 1; }
}

modprobe vrf 2> "$work/modprobe" || ktap_skip_all "this kernel has no VRF"
echo 'nameserver 10.0.0.9' > "$work/foreign"
ln -s "$work/foreign" "$resolv"
load_driver ours
sim_start --model rm520n --imei $imei --set wds.mtu=1430 "${quick[@]}"

# --- name servers -------------------------------------------------------------------

pdn_is
daemon_start
ktap_test_result "it comes online" says 30 "$imei wan: online"
ktap_test_result "its MTU is the network's" output_has ' mtu 1430 ' ip link show wan
ktap_test_result "the network's name servers are in the file, three of them" \
	wait_until 10 servers_are '10.53.0.1 10.53.0.2 2001:db8:53::1 '
ktap_test_result "what a link in its place led to is as it was" \
	grep -qx 'nameserver 10.0.0.9' "$work/foreign"
ktap_test_result "everybody may read it" output_has '^644$' stat -c %a "$resolv"
pdn_is 'DNS=10.53.0.2 2001:db8:53::2'
ktap_test_result "DNS= takes their place" \
	wait_until 10 servers_are '10.53.0.2 2001:db8:53::2 '
ktap_test_result "without a new call" starts_are 2
daemon_end -TERM
ktap_test_result "they stay when the daemon ends, as the call does" \
	servers_are '10.53.0.2 2001:db8:53::2 '
rm "$resolv"
daemon_start
ktap_test_result "the next one tells them again" \
	wait_until 30 servers_are '10.53.0.2 2001:db8:53::2 '
mark
sim_ctl drop > "$work/answer"
ktap_test_result "they go with the call" wait_until 30 servers_are ''
ktap_test_result "and come with it" \
	wait_until 90 servers_are '10.53.0.2 2001:db8:53::2 '
ktap_test_result "each family is called again" wait_until 30 starts_are 4

# --- a table ------------------------------------------------------------------------

before=4
ktap_test_result "without RouteTable= it has one of its own" \
	rules_are 2
pdn_is RouteTable=77
ktap_test_result "RouteTable= has the routes" wait_until 20 table_has 77
ktap_test_result "and the rules lead there" wait_until 10 table_rules 77 2
ktap_test_result "no other rule is left" rules_are 2
ktap_test_result "packets go" carries
ip rule add from 192.0.2.1 lookup 77 priority 99
pdn_is
ktap_test_result "without it they are as before" wait_until 20 table_rules 77 0
ktap_test_result "two rules again" wait_until 10 rules_are 2
ktap_test_result "a rule of somebody else is left alone" \
	output_has '^99:.*from 192.0.2.1 lookup 77' ip rule
ip rule del priority 99
ktap_test_result "packets go again" carries

# --- a VRF --------------------------------------------------------------------------

ip link add red type vrf table 1010
ip link set red up
pdn_is VRF=red
ktap_test_result "VRF= makes it a part of it" wait_until 20 in_vrf
ktap_test_result "its table has the routes" wait_until 20 table_has 1010
ktap_test_result "the main table has none" no_main_route
ktap_test_result "no rule is needed" wait_until 10 rules_are 0
ktap_test_result "packets go" carries
ktap_test_result "also from the VRF" wait_until 30 pings red "$peer4"
ktap_test_result "its name servers are not the host's" \
	wait_until 10 servers_are ''
ktap_test_result "all that without a new call" starts_are "$before"
pdn_is
ktap_test_result "without VRF= it leaves it" wait_until 20 not_in_vrf
ktap_test_result "the main table has a route again" wait_until 20 \
	output_has 'default dev wan .*metric 2048' ip route
ktap_test_result "packets go in the open" carries

# --- a VRF that is missing ----------------------------------------------------------

pdn_is VRF=blue
ktap_test_result "a VRF that is not there is said so" \
	says 30 "$imei wan: waiting: vrf-missing: "
ktap_test_result "by name" said 'there is no VRF blue'
ktap_test_result "and nothing dialled" starts_are "$before"
ip link add blue type vrf table 1020
ip link set blue up
ktap_test_result "once it is there, it is taken" says 90 "$imei wan: online"
ktap_test_result "packets go in it" carries
daemon_end -TERM
ktap_test_result "m2mctl takes it away" ctl pdn down wan > "$work/answer"
ktap_test_result "and leaves no rule" rules_are 0

# --- a host that is in the way ------------------------------------------------------

# calls: how many were dialled so far
calls()
{
	sim_number event.wds.start-network
}

v4_only()
{
	output_has 'inet ' ip -4 addr show dev wan &&
		fails output_has 'inet6 2001' ip -6 addr show dev wan
}

pdn_is
ip link add wan type vrf table 1030
before=$(calls)
daemon_start
ktap_test_result "an interface of its name that is not the modem's is said so" \
	says 30 "$imei wan: waiting: interface-taken: "
ktap_test_result "and nothing dialled" starts_are "$before"
ip link del wan
ktap_test_result "once it is gone, it comes online" says 90 "$imei wan: online"
pdn_is User=m2m "PasswordFile=$work/no-such-file"
before=$(calls)
sim_ctl drop > "$work/answer"
ktap_test_result "a password that cannot be read is said so" \
	says 30 "$imei wan: waiting: password-unreadable: "
ktap_test_result "and nothing dialled either" starts_are "$before"
echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6
pdn_is
ktap_test_result "a host without IPv6 comes online" says 90 "$imei wan: online"
ktap_test_result "with IPv4 alone" v4_only
ktap_test_result "for which alone was called" starts_are $((before + 1))
ktap_test_result "and nothing is wrong with that" \
	json_is '.pdns[0].cause == null' why
echo 0 > /proc/sys/net/ipv6/conf/all/disable_ipv6
daemon_end -TERM
ctl pdn down wan > "$work/answer"

# --- the far end --------------------------------------------------------------------

rm -rf "$state"
mkdir "$state"
pdn_is '[Supervise]' Target=$peer4
heard=$(replies)
m2md_options+=(--time-factor 4)
daemon_start
ktap_test_result "with a target it comes online" says 60 "$imei wan: online"
ktap_test_result "which is asked, and answers" wait_until 60 replies_more_than "$heard"
sim_ctl lie: dead-bearer > "$work/answer"
mark
sim_ctl drop > "$work/answer"
ktap_test_result "the next call carries nothing" says 60 "$imei wan: online"
sim_ctl lie: none > "$work/answer"
before=$(sim_number event.wds.start-network)
heard=$(replies)
# A call that takes another's place is no line of the log, but one of the history.
ktap_test_result "nobody else sends, and it is dialled again" \
	wait_until 150 starts_are $((before + 2))
ktap_test_result "since nothing answered" output_has 'releasing.*no-answer' ctl history
ktap_test_result "the target answers" wait_until 60 replies_more_than "$heard"
daemon_end -TERM
ctl pdn down wan > "$work/answer"

# --- m2mctl -------------------------------------------------------------------------

ktap_test_result "m2mctl knows table" up_is '.pdn.state == "up"' wan table 88
ktap_test_result "and uses it" table_has 88
ktap_test_result "with its rules" table_rules 88 2
ctl pdn down wan > "$work/answer"
ktap_test_result "which go with it" rules_are 0
ktap_test_result "m2mctl knows vrf" up_is '.pdn.state == "up"' wan vrf red
ktap_test_result "and uses it as well" table_has 1010
ctl pdn down wan > "$work/answer"
ktap_test_result "a VRF that is none is refused" status_is 1 'lo is no VRF' \
	pdn up wan vrf lo
ktap_test_result "both at once are refused" status_is 2 'exclude each other' \
	pdn up wan vrf red table 5
test_end
