#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Never without a driver: whatever became of ours, a modem is online two minutes after
# the boot, or after it was plugged in; and journal, why and status say by which driver,
# and why not by ours. A boot is shown for the kernel without headers; the others follow
# in the same one, since what the driver meets there is the same when it is plugged in.
#
#   udevd ── kmod ── m2m-wwan.conf ── load-qmi-wwan ─┬─ m2m_wwan (by dkms)
#     │                                              └─ mainline's qmi_wwan
#   xhci ── QEMU ── m2msim      m2md ── /dev/cdc-wdmN ──┘
#
# dkms puts a module in its place that was built outside: to build it here would take
# minutes. All else of dkms is as everybody has it.
#
# vm: systemd packages kernels=6.1 timeout=300 append=m2m.before=tests/lib/site
# vm: modem=--model,rm520n,--imei,860000000000011,--set,boot.ms=0,--set,sim.ready-ms=0,--set,nas.register-ms=0

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
# shellcheck source=tests/lib/packages.sh
. tests/lib/packages.sh
require_guest
require dkms dpkg jq udevadm

release=$(uname -r)
mainline="m2m-wwan: the kernel's own qmi_wwan is loaded, m2m_wwan is not"
[ -e .vm/begun ] || ktap_skip_all "nothing was installed before the boot"
sim_outside

# Who wrote to the kernel's log from outside is a field of its own in the journal.
kernel_log()
{
	journalctl -q -k -o short --since="$journal_from"
}

kernel_said()
{
	kernel_log | grep -E -- "$1" && return
	kernel_log | tail -n 15
	return 1
}

# is_said_by DRIVER [PATTERN]: it is online; where PATTERN is what the kernel's log says of
# it m2md is degraded.
is_said_by()
{
	local n

	ktap_test_result "$case: why names the driver" why_is \
		".modems[0].driver == \"$1\" and .modems[0].managed
			and .pdns[0].state == \"online\""
	ktap_test_result "$case: it is loaded" module_loaded "$1"
	if [ -n "${2-}" ]; then
		ktap_test_result "$case: the journal says why" kernel_said "$2"
		ktap_test_result "$case: m2md says that it is degraded" \
			said ': degraded: '
		ktap_test_result "$case: so does status" json_is \
			".degraded and .modems[0].driver == \"$1\"" status
	else
		n=$(kernel_log | grep -c ' m2m-wwan: ')
		ktap_test_result "$case: nothing is said about it" test "$n" -eq 0
		ktap_test_result "$case: nor by status" json_is \
			'.degraded == null and .network.registration == "registered"' status
	fi
}

# online_by DRIVER [PATTERN]: within two minutes after it is plugged in.
online_by()
{
	mark
	sim_ctl replug > "$work/answer"
	ktap_test_result "$case: online" wait_until 120 why_is \
		'.pdns[0].state == "online"'
	is_said_by "$@"
}

# Not by the log, which has an end to its patience with so many modems that vanish.
gone()
{
	sim_ctl unplug > "$work/answer"
	wait_until 30 why_is '.modems[0].state == "gone"' && unload_driver
}

has_no_address()
{
	local list
	list=$(ip -o address show dev "$1" scope global)
	[ -z "$list" ] || { echo "$list"; return 1; }
}

# --- (a) a kernel without headers -------------------------------------------------

# online_in_time: the first time, by the journal, not two minutes after init began.
online_in_time()
{
	local begun online

	read -r begun < .vm/begun
	online=$(journalctl -q -o json -u m2md.service | jq -r 'select(.MESSAGE |
		test("wan: online")).__MONOTONIC_TIMESTAMP' | head -n 1)
	echo "begun ${begun}s, online ${online}us"
	[ $((online / 10000 - 10#${begun/./})) -le $((12000 * slow)) ]
}

are_installed()
{
	local package

	for package in m2m-tools m2md m2m-wwan-dkms; do
		output_has '^Status: install ok installed$' dpkg -s "$package" || return
	done
	fails output_has installed dkms status m2m-wwan
}

case="no headers"
journal_from=@0
ktap_test_result "$case: the packages are installed, no module is" are_installed
ktap_test_result "$case: booted, online" says 180 "$imei wan: online"
ktap_test_result "$case: within two minutes" online_in_time
is_said_by qmi_wwan " $mainline: it is not there for kernel $release"
net=$(sim_net outside)
ktap_test_result "$case: packets go" wait_until 20 pings "$net" "$peer4"
ktap_test_result "$case: of IPv6, too" wait_until 20 pings "$net" "$peer6"
mark
sim_ctl drop > "$work/answer"
ktap_test_result "$case: a drop is noticed" says 20 "$imei wan: waiting: "
ktap_test_result "$case: and dialled again" says 60 "$imei wan: online"
mark
systemctl stop m2md.service
ktap_test_result "$case: stopped, its addresses go with the call" \
	has_no_address "$net"
systemctl start m2md.service
ktap_test_result "$case: started, it is online" says 60 "$imei wan: online"
ktap_test_result "$case: it is taken away" gone

# --- (b) a build that fails -------------------------------------------------------

case="broken build"
mv .vm/headers "/usr/lib/modules/$release/build"
few_modules || ktap_exit_fail_msg "the kernel's modules cannot be made few"
dkms_build false
ktap_test_result "$case: dkms says so, and fails" \
	fails dkms install m2m-wwan/0.1 -k "$release"
online_by qmi_wwan " $mainline: it is not there for kernel $release"
ktap_test_result "$case: it is taken away" gone

# --- all is well: the next modem gets ours ----------------------------------------

case="built"
dkms_build "$dkms_build_ready"
ktap_test_result "$case: dkms succeeds" dkms install m2m-wwan/0.1 -k "$release"
online_by m2m_wwan
ktap_test_result "$case: it is taken away" gone

# --- (d) mainline's is loaded already ---------------------------------------------

case="loaded"
modprobe --ignore-install qmi_wwan
online_by qmi_wwan 'm2m_wwan: a driver named qmi_wwan is loaded'
ktap_test_result "$case: it is taken away" gone

# --- (c) an unsigned module under lockdown, of which there is no way back ---------

case="lockdown"
lockdown=/sys/kernel/security/lockdown

refusals()
{
	kernel_log | grep 'Lockdown: modprobe: '
}

# A refusal is a line in the kernel's log: one of load-qmi-wwan, one of m2mctl status, as
# it asks the kernel, and none of m2md's each few seconds.
refused_no_more()
{
	local n
	n=$(refusals | wc -l)
	pause_ms 11000
	[ "$n" -gt 0 ] && [ "$n" -le 2 ] && [ "$(refusals | wc -l)" -eq "$n" ] && return
	refusals
	return 1
}

if [ -w $lockdown ] && echo integrity > $lockdown; then
	online_by qmi_wwan " $mainline: .*; the kernel is locked down"
	ktap_test_result "$case: nobody asks again and again" refused_no_more
	ktap_test_result "$case: it is taken away" gone
else
	ktap_test_skip "$case: online" "this kernel has no lockdown"
fi
test_end
