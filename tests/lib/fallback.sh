# SPDX-License-Identifier: GPL-2.0-or-later
# What the tests of sites that have mainline's driver share, or that may come to have it.
# Sourced after common.sh, m2mctl.sh and packages.sh by scripts with "# vm: systemd packages
# append=m2m.before=tests/lib/site" and a modem outside.
#
#   udevd ── kmod ── m2m-wwan.conf ── load-qmi-wwan ─┬─ m2m_wwan (by dkms)
#     │                                              └─ mainline's qmi_wwan
#   xhci ── QEMU ── m2msim      m2md ── /dev/cdc-wdmN ──┘
#
# dkms puts a module in its place that was built outside: to build it here would take
# minutes. All else of dkms is as everybody has it.
#
# shellcheck shell=bash disable=SC2034,SC2154

release=$(uname -r)
mainline="m2m-wwan: the kernel's own qmi_wwan is loaded, m2m_wwan is not"
# What of it is tried, for the names of results
case=

# site_needed: skip the whole test where no site was made before the boot.
site_needed()
{
	require_guest
	require dkms dpkg jq udevadm
	grep -q ' m2m\.before=' /proc/cmdline ||
		ktap_skip_all "nothing was to be installed before the boot"
	ktap_test_result "what was to be installed before the boot is" \
		test -e .vm/begun || ktap_exit_fail_msg "see the guest's console"
	sim_outside
}

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
}

# booted_by DRIVER [PATTERN]: a site that was just switched on is online by it.
booted_by()
{
	journal_from=@0
	ktap_test_result "$case: the packages are installed" are_installed
	ktap_test_result "$case: booted, online" says 180 "$imei wan: online"
	ktap_test_result "$case: within two minutes" online_in_time
	is_said_by "$@"
	net=$(sim_net outside)
	ktap_test_result "$case: packets go" wait_until 20 pings "$net" "$peer4"
	ktap_test_result "$case: of IPv6, too" wait_until 20 pings "$net" "$peer6"
}

# Not by the log, which has an end to its patience with modems that come and go.
gone()
{
	sim_ctl unplug > "$work/answer"
	wait_until 30 why_is '.modems[0].state == "gone"' && unload_driver
}

# module_is STATE: of ours for this kernel, as dkms has it
module_is()
{
	output_has "^m2m-wwan.*: $1\$" dkms status m2m-wwan
}
