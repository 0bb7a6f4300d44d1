# SPDX-License-Identifier: GPL-2.0-or-later
# NetworkManager, which has ModemManager connect. Sourced after mm.sh.
# shellcheck shell=bash disable=SC2154,SC2034

# nm_start: beside a ModemManager that runs. Its configuration is Debian's, with which
# it leaves a device alone that ifupdown has. $nm_pid is set.
nm_start()
{
	mkdir -p /run/NetworkManager
	NetworkManager --debug > "$work/NetworkManager.log" 2>&1 {ktap_out}>&- &
	nm_pid=$!
	mm_stops $nm_pid
	wait_until 20 nm_answers
}

nm_answers()
{
	[ "$(nmcli -t -f RUNNING general)" = running ]
}

# nm_profile NAME DEVICE: what a user sets up, for the character device or '*'.
nm_profile()
{
	nmcli connection add type gsm con-name "$1" ifname "$2" apn internet autoconnect yes
}
