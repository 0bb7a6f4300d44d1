# SPDX-License-Identifier: GPL-2.0-or-later
# What the tests of suspend and reset share. Sourced after common.sh and data.sh.
# shellcheck shell=bash disable=SC2034,SC2154

# usb_sleeps, usb_is_awake: the modem below the bus, by its runtime state.
usb_sleeps()
{
	reads "/sys/bus/usb/devices/$sim_usb/power/runtime_status" suspended
}

usb_is_awake()
{
	reads "/sys/bus/usb/devices/$sim_usb/power/runtime_status" active
}

# usb_autosuspend MILLISECONDS: let it sleep after so long; off: never.
usb_autosuspend()
{
	local dir=/sys/bus/usb/devices/$sim_usb/power

	if [ "$1" = off ]; then
		store on "$dir/control"
	else
		store "$1" "$dir/autosuspend_delay_ms" && store auto "$dir/control"
	fi
}

# power_link [AGGREGATION]: a call on mux id 1 and the link pdn1 for it, which stays from
# then on; called again after the modem forgot all, it makes what the modem has to do anew.
power_link()
{
	call_cids=()
	calls=()
	data_format raw-ip "${1:-qmapv5}" && data_call 4 1 || return
	has_link pdn1 || ip link add link "$net" name pdn1 type m2m_mux || return
	ip link set "$net" up && ip link set pdn1 up &&
		ip address flush dev pdn1 && data_address pdn1 4 1
}

# power_identity: what of the interfaces must not change.
power_identity()
{
	cat "/sys/class/net/$net/ifindex" /sys/class/net/pdn1/ifindex \
		"/sys/class/net/$net/flags" /sys/class/net/pdn1/flags
	ip -br address show dev pdn1
}
