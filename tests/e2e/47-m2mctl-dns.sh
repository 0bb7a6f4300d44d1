#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pdn up tells who resolves names on this host of the network's DNS servers, and pdn down
# takes it back: systemd-resolved over D-Bus, else resolvconf, else nobody, which is said.
#
#   a resolved that takes notes ── D-Bus ──┐
#   a resolvconf that does ───────────── m2mctl ── m2m_wwan ── vhci ── m2msim
#
# vm: timeout=180 either

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
require dbus-daemon ip jq

export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$work/bus
export PATH=$work/bin:$PATH
notes=$work/notes

# index NAME: of an interface
index()
{
	cat "/sys/class/net/$1/ifindex"
}

# Once everything so far is forgotten
forget()
{
	: > "$notes"
}

noted()
{
	grep -qF -- "$1" "$notes" && return
	cat "$notes"
	return 1
}

alias_has()
{
	output_has "alias m2m pdn=.* $1\$" ip link show dev wan
}

resolved_begins()
{
	dbus-daemon --session --nofork --address="$DBUS_SYSTEM_BUS_ADDRESS" \
		> "$work/dbus.log" 2>&1 &
	bus_pid=$!
	at_exit kill "$bus_pid"
	wait_until 10 test -S "$work/bus" || return 1
	build/tests/resolved-notes "$DBUS_SYSTEM_BUS_ADDRESS" >> "$notes" &
	resolved_pid=$!
	at_exit kill "$resolved_pid"
	wait_until 10 grep -q ready "$notes"
}

resolvconf_is_there()
{
	mkdir "$work/bin" &&
		printf '#!/bin/sh\n{ echo "$@"; cat; } >> %s\n' "$notes" > "$work/bin/resolvconf" &&
		chmod +x "$work/bin/resolvconf"
}

cp /etc/resolv.conf "$work/before" 2> /dev/null || : > "$work/before"

resolv_conf_is_as_it_was()
{
	cmp "$work/before" /etc/resolv.conf || [ ! -s "$work/before" ]
}

load_driver ours
sim_start --model rm520n "${quick[@]}"

# --- nobody -------------------------------------------------------------------------

# systemd's program of that name is resolvectl, and of no use without resolved
[[ $(readlink -f "$(command -v resolvconf)") =~ ^(|.*/resolvectl)$ ]] ||
	ktap_skip_all "this guest has a resolvconf"
ktap_test_result "where nobody resolves names, that is said" output_has \
	'^wan: nobody is told of its DNS servers: .* stays as it is$' ctl pdn up wan
ktap_test_result "and JSON has no resolver" json_is \
	'.pdns[0].resolver == null and (.pdns[0].dns | length == 4)' pdn show
ktap_test_result "it goes down" json_is .pdn.was_up pdn down wan
ktap_test_result "whom nobody is to be told of needs nobody" \
	fails output_has 'nobody is told' ctl pdn up wan dns no
ktap_test_result "it goes down as well" json_is .pdn.was_up pdn down wan

# --- resolvconf ---------------------------------------------------------------------

forget
ktap_test_result "a resolvconf" resolvconf_is_there
ktap_test_result "is told" up_is '.pdn.resolver == "resolvconf"' wan
ktap_test_result "of the link" noted '-a wan.m2m'
ktap_test_result "and its servers of both families" noted 'nameserver 2001:db8:53::1'
ktap_test_result "which the link's alias remembers" alias_has dns=resolvconf,2048
ktap_test_result "up again is no error" up_is '.pdn.resolver == "resolvconf"' wan
ktap_test_result "down" json_is .pdn.was_up pdn down wan
ktap_test_result "takes it back" noted '-d wan.m2m'
forget
ktap_test_result "with dns no" up_is '.pdn.resolver == null' wan dns no
ktap_test_result "it is not told" fails noted wan.m2m
ktap_test_result "until that is wanted" up_is '.pdn.resolver == "resolvconf"' wan dns auto
ktap_test_result "nor any more, once it is not" up_is '.pdn.resolver == null' wan dns no
ktap_test_result "which took it back" noted '-d wan.m2m'
ktap_test_result "it goes down again" json_is .pdn.was_up pdn down wan

# --- systemd-resolved ---------------------------------------------------------------

ktap_test_result "a resolved" resolved_begins
ktap_test_result "is told instead" up_is '.pdn.resolver == "systemd-resolved"' wan
wan=$(index wan)
ktap_test_result "of the link's servers" noted "SetLinkDNS ($wan, [(2, [0x0a, 0x35, 0x00, 0x01])"
ktap_test_result "it is asked by default" noted "SetLinkDefaultRoute ($wan, true)"
ktap_test_result "of a second one" up_is '.pdn.resolver == "systemd-resolved"' telemetry
telemetry=$(index telemetry)
ktap_test_result "as well" noted "SetLinkDNS ($telemetry, "
ktap_test_result "which is asked for nothing but its own" \
	noted "SetLinkDefaultRoute ($telemetry, false)"
ktap_test_result "the first one goes" json_is .pdn.was_up pdn down wan
ktap_test_result "with all that was told of it" noted "RevertLink ($wan,)"
ktap_test_result "and the second is the default" noted "SetLinkDefaultRoute ($telemetry, true)"
forget
ktap_test_result "one with a better metric" up_is '.pdn.state == "up"' wan metric 7
ktap_test_result "takes that from it" noted "SetLinkDefaultRoute ($telemetry, false)"
ktap_test_result "both go" json_is .pdn.was_up pdn down wan
ktap_test_result "which is well" json_is .pdn.was_up pdn down telemetry
ip netns add site
forget
ktap_test_result "what is in a namespace" up_is '.pdn.resolver == null' wan netns site
ktap_test_result "is not for the host's names" fails noted SetLinkDNS
ktap_test_result "and goes" json_is .pdn.was_up pdn down wan
ip netns del site
ktap_test_result "resolv.conf was left alone all the time" resolv_conf_is_as_it_was
test_end
