#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Never without a driver: a kernel that is locked down, as with Secure Boot, does not take
# our module, which nobody signed. The site is online within two minutes of the boot, by
# mainline's driver, and all who are asked say so; and nobody asks the kernel for ours
# again and again.
#
# vm: systemd packages kernels=6.1 timeout=240
# vm: append=m2m.before=tests/lib/site append=m2m.site=built append=lockdown=integrity
# vm: modem=--model,rm520n,--imei,860000000000011,--set,boot.ms=0,--set,sim.ready-ms=0,--set,nas.register-ms=0

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
# shellcheck source=tests/lib/packages.sh
. tests/lib/packages.sh
# shellcheck source=tests/lib/fallback.sh
. tests/lib/fallback.sh
site_needed

case="lockdown"
grep -qs '\[integrity\]' /sys/kernel/security/lockdown ||
	ktap_skip_all "this kernel has no lockdown"

refusals()
{
	kernel_log | grep 'Lockdown: modprobe: '
}

# A refusal is a line in the kernel's log: one of load-qmi-wwan, one of m2md as it began,
# one of m2mctl status, as it asks the kernel, and none of m2md's each few seconds.
refused_no_more()
{
	local n
	n=$(refusals | wc -l)
	pause_ms 11000
	[ "$n" -gt 0 ] && [ "$n" -le 4 ] && [ "$(refusals | wc -l)" -eq "$n" ] && return
	refusals
	return 1
}

ktap_test_result "$case: there is a module of ours" module_is installed
booted_by qmi_wwan " $mainline: .*; the kernel is locked down"
ktap_test_result "$case: ours is not loaded" fails module_loaded m2m_wwan
ktap_test_result "$case: nobody asks again and again" refused_no_more
ktap_test_result "$case: it is taken away" gone
test_end
