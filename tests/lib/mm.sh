# SPDX-License-Identifier: GPL-2.0-or-later
# ModemManager as a client of the driver under test. Sourced after common.sh.
# shellcheck shell=bash disable=SC2034,SC2154

# What ModemManager is started with.
mm_options=(--debug)

# mm_start: the message bus, udevd and ModemManager, each unless it runs; all of
# it is taken down when the test ends. A ModemManager of systemd's gives way.
mm_start()
{
	local daemon

	if [ -d /run/systemd/system ]; then
		systemctl mask --runtime --now ModemManager.service || return 1
	fi
	mkdir -p /run/dbus /run/udev
	if [ ! -S /run/dbus/system_bus_socket ]; then
		dbus-daemon --system --nofork --nopidfile \
			> "$work/dbus.log" 2>&1 &
		mm_stops $! /run/dbus/system_bus_socket
		wait_until 10 test -S /run/dbus/system_bus_socket || return 1
	fi
	if [ ! -S /run/udev/control ]; then
		daemon=/usr/lib/systemd/systemd-udevd
		[ -x "$daemon" ] || daemon=/lib/systemd/systemd-udevd
		"$daemon" > "$work/udevd.log" 2>&1 &
		mm_stops $! /run/udev/control
		wait_until 10 test -S /run/udev/control || return 1
		udevadm trigger && udevadm settle -t $((20 * slow)) || return 1
	fi
	ModemManager "${mm_options[@]}" > "$work/ModemManager.log" 2>&1 &
	mm_stops $!
	wait_until 20 mmcli --list-modems
}

# mm_stops PID [SOCKET]: at the end this process ends, and its socket goes.
mm_stops()
{
	at_exit mm_end "$@"
}

mm_end()
{
	kill "$1" 2> /dev/null || :
	wait_until 10 process_gone "$1" > /dev/null || kill -9 "$1"
	wait "$1" 2> /dev/null || :
	[ -z "${2:-}" ] || rm -f "$2"
}

# mm_finds: there is a modem; its number is then in $mm.
mm_finds()
{
	mm=$(mmcli -J --list-modems |
		jq -r '."modem-list"[0] // empty | sub(".*/"; "")') &&
		[ -n "$mm" ]
}

# mm_gone: ModemManager has no modem any more.
mm_gone()
{
	! mm_finds
}

# mm_field JQ-PATH: one value of what mmcli says of the modem.
mm_field()
{
	mmcli -J -m "$mm" | jq -r ".modem$1"
}

# mm_state WORD...: the modem is in one of these states.
mm_state()
{
	local state word

	# Its number changes if ModemManager probes it anew.
	mm_finds || { echo "no modem"; return 1; }
	state=$(mm_field .generic.state) || return 1
	for word; do
		[ "$state" != "$word" ] || return 0
	done
	echo "state is $state, not $*"
	return 1
}

# mm_registers: the modem is registered; enables it where it is not. After an
# unlock ModemManager may make the modem anew, disabled, at any moment.
mm_registers()
{
	mm_state registered connected && return
	! mm_state disabled > /dev/null || mmcli -m "$mm" --enable
	return 1
}

mm_connect()
{
	mmcli -m "$mm" --timeout $((60 * slow)) --simple-connect="$1"
}

# mm_bearer: the bearer that is connected; its number is then in $bearer. The
# one of the attachment is none.
mm_bearer()
{
	bearer=$(mm_field '.generic.bearers[-1] // empty') &&
		bearer=${bearer##*/} && [ -n "$bearer" ] &&
		[ "$(mm_bearer_field .status.connected)" = yes ]
}

mm_bearer_field()
{
	mmcli -J -b "$bearer" | jq -r ".bearer$1"
}

# mm_apply: give the network device what the bearer says. $net, $dns4 and $dns6
# are set.
mm_apply()
{
	local address prefix mtu

	net=$(mm_bearer_field .status.interface)
	mtu=$(mm_bearer_field '."ipv4-config".mtu')
	ip link set "$net" mtu "$mtu" up || return 1
	address=$(mm_bearer_field '."ipv4-config".address')
	prefix=$(mm_bearer_field '."ipv4-config".prefix')
	dns4=$(mm_bearer_field '."ipv4-config".dns[0]')
	ip address add "$address/$prefix" dev "$net" &&
		ip route replace default dev "$net" || return 1
	address=$(mm_bearer_field '."ipv6-config".address')
	prefix=$(mm_bearer_field '."ipv6-config".prefix')
	dns6=$(mm_bearer_field '."ipv6-config".dns[0]')
	ip -6 address replace "$address/$prefix" dev "$net" nodad &&
		ip -6 route replace default dev "$net"
}
