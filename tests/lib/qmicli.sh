# SPDX-License-Identifier: GPL-2.0-or-later
# qmicli as a client of the driver under test, and what it says put to use.
# Sourced after common.sh. $wdm is the character device, $net the network device.
# shellcheck shell=bash disable=SC2034,SC2154

# qmi ARGUMENT...: one qmicli, ended if it hangs.
qmi()
{
	timeout $((30 * slow)) qmicli -d "$wdm" "$@"
}

# qmi_modem [-n NAME] ARGUMENT...: start a virtual modem and find its devices.
qmi_modem()
{
	local name=sim

	[ "$1" != -n ] || name=$2
	sim_start "$@"
	wait_until 10 qmi_devices "$name" ||
		ktap_exit_fail_msg "no driver has bound the modem $name"
}

qmi_devices()
{
	local nets wdms

	nets=$(sim_net "$1") && wdms=$(sim_wdm "$1") || return 1
	net=${nets%%$'\n'*}
	wdm=${wdms%%$'\n'*}
}

qmi_is_registered()
{
	qmi --nas-get-serving-system > "$work/serving" 2>&1
	grep -q "Registration state: 'registered'" "$work/serving"
}

# qmi_link raw-ip|802-3: modem and network device agree on this link layer.
qmi_link()
{
	local raw=N

	[ "$1" != raw-ip ] || raw=Y
	ip link set "$net" down || return 1
	echo "$raw" > "/sys/class/net/$net/qmi/raw_ip" || return 1
	qmi --wda-set-data-format="$1" > "$work/format" || return 1
	grep -q "Link layer protocol: '$1'" "$work/format"
}

# qmi_start APN 4|6: start a network and keep its client id, in $cid, and its
# handle, in $handle.
qmi_start()
{
	qmi --wds-start-network="apn=$1,ip-type=$2" --client-no-release-cid \
		> "$work/start" || { cat "$work/start"; return 1; }
	cid=$(sed -n "s/.*CID: '\([0-9]*\)'.*/\1/p" "$work/start")
	handle=$(sed -n "s/.*Packet data handle: '\([0-9]*\)'.*/\1/p" \
		"$work/start")
	[ -n "$cid" ] && [ -n "$handle" ]
}

# qmi_wds ARGUMENT...: with the kept client id.
qmi_wds()
{
	qmi --client-cid="$cid" --client-no-release-cid "$@"
}

qmi_settings()
{
	qmi_wds --wds-get-current-settings > "$work/settings"
}

# qmi_setting NAME: one of the settings read last.
qmi_setting()
{
	sed -n "s/^ *$1: \(.*\)/\1/p" "$work/settings"
}

# prefix_of MASK: the length of a dotted netmask.
prefix_of()
{
	local byte n=0 IFS=.

	for byte in $1; do
		while [ "$byte" -gt 0 ]; do
			n=$((n + (byte & 1)))
			byte=$((byte >> 1))
		done
	done
	echo "$n"
}

# qmi_apply 4|6: give the network device what the settings say.
qmi_apply()
{
	local address

	ip link set "$net" mtu "$(qmi_setting MTU)" up || return 1
	if [ "$1" = 4 ]; then
		address=$(qmi_setting 'IPv4 address')
		address+=/$(prefix_of "$(qmi_setting 'IPv4 subnet mask')")
		ip address add "$address" dev "$net" &&
			ip route replace default \
				via "$(qmi_setting 'IPv4 gateway address')" \
				dev "$net"
	else
		ip -6 address replace "$(qmi_setting 'IPv6 address')" \
			dev "$net" nodad &&
			ip -6 route replace default dev "$net"
	fi
}

# qmi_clear: the network device has no address and is down.
qmi_clear()
{
	ip address flush dev "$net" && ip link set "$net" down
}

ping_answers()
{
	ping -c 3 -i 0.2 -W $((3 * slow)) -I "$net" "$1" && return
	ip -s link show dev "$net"
	ip neighbour show dev "$net"
	return 1
}

# qmi_refusal APN 4|6: what qmicli says where no network is started.
qmi_refusal()
{
	! qmi --wds-start-network="apn=$1,ip-type=$2" 2>&1
}
