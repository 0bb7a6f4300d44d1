#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What a person does: install the packages, plug a modem in, write a file with an APN.
# The site is online, by name and TCP; it stays so over restarts, upgrades and downgrades;
# nothing is done without being asked for; and what is purged is gone. On a system as
# Debian installs it, with AppArmor, without a network.
#
# vm: systemd packages kernels=6.1 timeout=600

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
# shellcheck source=tests/lib/packages.sh
. tests/lib/packages.sh
# shellcheck source=tests/lib/mm.sh
. tests/lib/mm.sh
# shellcheck source=tests/lib/far.sh
. tests/lib/far.sh
require_guest
require apt-get dkms iperf3 jq socat python3 udevadm systemd-analyze
modprobe -a vhci-hcd tun || ktap_skip_all "vhci-hcd or tun cannot be loaded"
packages_have
few_modules || ktap_exit_fail_msg "the kernel's modules cannot be made few"

# --- installing -------------------------------------------------------------------

runs_as_m2m()
{
	local pid

	pid=$(systemctl show -P MainPID m2md.service)
	[ "$(ps -o user= -p "$pid")" = m2m ] &&
		grep -qx 'CapEff:.0000000000001000' "/proc/$pid/status" &&
		grep -qx 'NoNewPrivs:.1' "/proc/$pid/status" &&
		grep -qx 'Seccomp:.2' "/proc/$pid/status" && return
	grep -E '^(Uid|Cap|NoNew|Seccomp)' "/proc/$pid/status"
	return 1
}

is_confined()
{
	local pid label

	pid=$(systemctl show -P MainPID m2md.service)
	label=$(cat "/proc/$pid/attr/apparmor/current")
	[ "$label" = "m2md (enforce)" ] || { echo "$label"; return 1; }
}

# The figure is in Documentation/hacking.rst.
is_little_exposed()
{
	systemd-analyze security --no-pager --threshold=20 m2md.service > "$work/security" ||
		{ cat "$work/security"; return 1; }
	tail -n 1 "$work/security"
}

dkms_build "$dkms_build_ready"
mark
ktap_test_result "the packages are installed" \
	apt_install m2m-tools m2md m2m-sim m2m-wwan-dkms || ktap_exit_fail_msg "nothing to test"
ktap_test_result "m2md runs" wait_until 20 unit_is active m2md.service
ktap_test_result "as user m2m with one capability" runs_as_m2m
if [ "$(cat /sys/module/apparmor/parameters/enabled 2> /dev/null)" = Y ]; then
	ktap_test_result "confined by AppArmor" is_confined
else
	ktap_test_skip "confined by AppArmor" "this kernel runs without it"
fi
ktap_test_result "its exposure is below 2.0" is_little_exposed
ktap_test_result "it will start with the system" \
	systemctl is-enabled m2md.service

# --- their own tests --------------------------------------------------------------

# own_test NAME: as autopkgtest runs it
own_test()
{
	mkdir -p "$work/own"
	AUTOPKGTEST_TMP=$work/own timeout $((120 * slow)) "debian/tests/$1" ||
		{ journal_end; return 1; }
}

manager BootSpread=0s
ktap_test_result "autopkgtest: daemon" own_test daemon
ktap_test_result "autopkgtest: online" own_test online

# --- nothing is configured --------------------------------------------------------

# is_named NAME: the modem's port has this name below /dev/m2m.
is_named()
{
	output_has "^$(sim_wdm sim)\$" readlink -f "/dev/m2m/$1-if"*
}

mark
sim_start --model rm520n --imei $imei --tap simtun0 "${quick[@]}" \
	--set sim.imsi=001010123456789
ktap_test_result "a network behind the modem" far_start
ktap_test_result "plugged in: it is only watched" \
	says 30 "$imei: watching: not-configured"
ktap_test_result "by our driver" module_loaded m2m_wwan
ktap_test_result "registered" wait_until 20 \
	json_is '.network.registration == "registered"' status
ktap_test_result "0 dials" starts_are 0
before=$(writes)
ktap_test_result "0 writes" test "$before" -eq 0
device=/sys/bus/usb/devices/$sim_usb
ktap_test_result "it may be ModemManager's" \
	has_no_property "$device" ID_MM_DEVICE_IGNORE
ktap_test_result "autosuspend is off" \
	output_has '^on$' cat "$device/power/control"
ktap_test_result "it has a name by its place" wait_until 10 is_named "by-path/$sim_usb"
ktap_test_result "which is not for everybody" \
	output_has '^750 root m2m$' stat -c '%a %U %G' /dev/m2m

# --- abroad with a guess ----------------------------------------------------------

manager BootSpread=0s AutoConnect=yes
sim_ctl nas: roam > "$work/answer"
mark
systemctl reload m2md.service
ktap_test_result "abroad a guessed APN is not dialled, and that is said" \
	says 30 "$imei wan: refused: roaming"
ktap_test_result "why says so, too" why_is '.pdns[0].state == "refused"
	and .pdns[0].cause == "roaming-refused" and (.pdns[0].cause_text | length > 0)'
ktap_test_result "indeed 0 dials" starts_are 0
manager BootSpread=0s
mark
systemctl reload m2md.service
ktap_test_result "without AutoConnect it is watched again" \
	says 30 "$imei: watching: not-configured"
# Not before: at home it might have been dialled in between.
sim_ctl nas: home > "$work/answer"

# --- a file with an APN -----------------------------------------------------------

mark
site '[PDN wan]\nAPN=internet\n'
ktap_test_result "m2mctl has nothing against it" ctl config check
systemctl reload m2md.service
ktap_test_result "online" says 30 "$imei wan: online"
# What a system without resolved does to have them
ln -sf /run/m2m/resolv.conf /etc/resolv.conf
ktap_test_result "the network gave name servers" wait_until 10 output_has . servers
mapfile -t dns < <(servers)
ktap_test_result "which are there" far_serves "${dns[@]}"
ktap_test_result "a name is resolved" wait_until 20 resolves
ktap_test_result "a TCP connection to it" wait_until 20 converses "$far_name"

# echo_is_for FROM TO: groups that may send echo requests without rights
echo_is_for()
{
	output_has "^$1[[:space:]]$2\$" cat /proc/sys/net/ipv4/ping_group_range
}

gid=$(id -g m2m)
ktap_test_result "echo requests are for m2md's group alone" echo_is_for "$gid" "$gid"
heard=$(replies)
mark
site "[PDN wan]\nAPN=internet\n[Supervise]\nTarget=$peer4\n"
systemctl reload m2md.service
ktap_test_result "a target is asked by ICMP, and answers" \
	wait_until 60 replies_more_than "$heard"
ktap_test_result "without a complaint" fails said 'no probe'
ktap_test_result "ModemManager is told to ignore it" wait_until 10 \
	has_property "$device" ID_MM_DEVICE_IGNORE=1
wdm=$(sim_wdm sim)
ktap_test_result "its ports are no candidates" wait_until 10 \
	has_no_property "$wdm" ID_MM_CANDIDATE
ktap_test_result "it has a name by its IMEI" wait_until 10 is_named "by-imei/$imei"

# --- it stays ---------------------------------------------------------------------

# unnoticed COMMAND...: pings go on meanwhile, and none is lost.
unnoticed()
{
	local pinger status=0

	ping -q -i 0.5 -c 1200 -W $((10 * slow)) -I wan "$peer4" > "$work/ping" &
	pinger=$!
	"$@" || status=1
	kill -INT "$pinger"
	wait "$pinger"
	grep -q ' 0% packet loss' "$work/ping" && [ "$status" -eq 0 ] && return
	cat "$work/ping"
	return 1
}

adopts()
{
	mark
	"$@" && says 30 "$imei wan: adopted" && says 30 "$imei wan: online"
}

# Made anew when it is loaded
module()
{
	stat -c %i /sys/module/m2m_wwan
}

# How the unit for the modem's AT settings ended, and when
at_ended()
{
	local key

	for key in Result SubState ExecMainStatus ExecMainExitTimestampMonotonic; do
		printf '%s ' "$(systemctl show -P "$key" "m2m-at@$sim_usb.service")"
	done
}

# the_calls: what is another after a new dial: links, handles, and ids by their names
the_calls()
{
	cat /sys/class/net/wan/{ifindex,ifalias}
	ctl --json modem clients | jq -c '[.clients[] | select(.name) |
		[.service, .client_id, .name]] | sort'
	sim_number calls.list
}

they_are_the_same()
{
	the_calls | diff "$work/calls" -
}

# runs VERSION: it is installed, and its m2md is the one that runs.
runs()
{
	output_has "^Version: $1\$" dpkg -s m2md &&
		cmp "/proc/$(systemctl show -P MainPID m2md.service)/exe" /usr/sbin/m2md
}

apt_install_newer()
{
	debs=$work/newer apt_install "$@"
}

all=(m2m-tools m2md m2m-wwan-dkms)
version=$(package_version m2md)
before=$(starts)
loaded=$(module)
the_calls > "$work/calls"
ktap_test_result "a call has ids that are kept" grep -q '"pdn/wan/4"' "$work/calls"
ktap_test_result "there is iperf3 behind the modem" far_iperf
ktap_test_result "packages of a later version" \
	packages_as "$version.1" "$work/newer" "${all[@]}"
ktap_test_result "a TCP transfer begins" transfer_begin wan
ktap_test_result "a restart loses no packet" \
	unnoticed adopts systemctl restart m2md.service
ktap_test_result "nor does an upgrade" \
	unnoticed adopts apt_install_newer "${all[@]}"
ktap_test_result "after which the later version runs" runs "$version.1"
ktap_test_result "nor does a downgrade" unnoticed adopts apt_install "${all[@]}"
ktap_test_result "after which the former one runs" runs "$version"
ktap_test_result "the transfer went on through all of it" transfer_went_on 10
ktap_test_result "no call was made for them" starts_are "$before"
ktap_test_result "they are the same ones" they_are_the_same
ktap_test_result "nor was the module loaded anew" test "$(module)" -eq "$loaded"
ktap_test_result "ModemManager was not told otherwise" \
	has_property "$device" ID_MM_DEVICE_IGNORE=1
mark
ktap_test_result "stopped" systemctl stop m2md.service
ktap_test_result "the call is up without it" pings wan "$peer4"
ktap_test_result "whose modem it is not any more" wait_until 10 \
	has_no_property "$device" ID_MM_DEVICE_IGNORE
sim_ctl modem: restart 1s > "$work/answer"
ktap_test_result "replugged: udev starts m2md, which is online" \
	says 60 "$imei wan: online"
ktap_test_result "and m2m-at, which has nothing to do" wait_until 20 output_has \
	'^success exited 0 [1-9]' at_ended
ktap_test_result "and is marked again" wait_until 10 \
	has_property "$device" ID_MM_DEVICE_IGNORE=1

# --- a card that is abroad everywhere ---------------------------------------------

sim_stop
mark
sim_start --model rm520n --imei $imei "${quick[@]}" --set sim.imsi=901280000000011 \
	--set nas.roaming=on
ktap_test_result "a card of 901-28 with an APN is dialled" says 60 "$imei wan: online"
ktap_test_result "it is roaming" wait_until 10 \
	json_is '.network.registration == "registered" and .network.roaming' status

# --- a host without IPv6 ----------------------------------------------------------

# In its cage it has to see that there is none
echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6
mark
sim_ctl drop > "$work/answer"
ktap_test_result "without IPv6 it comes online again" says 90 "$imei wan: online"
ktap_test_result "and nothing is wrong with that" why_is '.pdns[0].cause == null'
echo 0 > /proc/sys/net/ipv6/conf/all/disable_ipv6

# --- purged -----------------------------------------------------------------------

nothing_is_left()
{
	local left

	left=$(find / -xdev \( -path "$test_top" -o -path /tmp -o -path /etc/dkms \
		-o -path /etc/systemd/system/m2m.\* \) -prune \
		-o \( -name 'm2m*' -o -name '*-m2m*' \) -print)
	left+=$(ls -d /run/m2m /dev/m2m /var/lib/m2m /etc/m2m 2> /dev/null)
	left+=$(getent passwd m2m)$(getent group m2m m2m-admin)
	left+=$(grep '^m2md ' /sys/kernel/security/apparmor/profiles)
	[ -z "$left" ] || { echo "$left"; return 1; }
}

# m2mctl_dials NAME: beside m2md's calls
m2mctl_dials()
{
	ctl modem hold --for 10m && ctl pdn up "$1" apn iot && ctl modem release
}

mark
ktap_test_result "a person dials by m2mctl" m2mctl_dials person
ktap_test_result "m2md goes on" says 60 "$imei wan: online"
ktap_test_result "removed" apt remove m2md
ktap_test_result "m2md's link has gone" no_link wan
ktap_test_result "echo requests are nobody's again" echo_is_for 1 0
ktap_test_result "ModemManager may have the modem" wait_until 10 \
	has_no_property "$device" ID_MM_DEVICE_IGNORE
ktap_test_result "that person's is there" output_has 'UP' ip link show dev person
ktap_test_result "with its call" json_is \
	'[.pdns[] | select(.state == "up").name] == ["person"]' pdn show
ktap_test_result "purged" apt purge m2md m2m-sim m2m-tools m2m-wwan-dkms
ktap_test_result "nothing of it is left" nothing_is_left
ktap_test_result "no link either" no_link person
ktap_test_result "the modem is mainline's" wait_until 20 module_loaded qmi_wwan
ktap_test_result "and not ours" fails module_loaded m2m_wwan
ktap_test_result "ModemManager starts" systemctl start ModemManager.service
ktap_test_result "it has the modem" wait_until 60 mm_finds
ktap_test_result "and can use it" wait_until 60 mm_registers
ktap_test_result "no unit failed" test -z "$(systemctl --failed --no-legend -q)"
test_end
