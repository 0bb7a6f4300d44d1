#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A modem is pulled and plugged 200 times, in the middle of whatever it does; the
# kernel's memory stays flat.
#
#   e2e-hotplug ── /dev/cdc-wdmN ── m2m_wwan ── vhci ── m2msim
#
# vm: either=4 timeout=240 debug races quick

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/program.sh
. tests/lib/program.sh

# Each cycle is ten times slower on a kernel that checks itself.
[ "${M2M_KERNEL:-}" != debug ] || export M2M_CYCLES=40

load_driver ours
sim_start --model ec25 --set boot.ms=0
wait_until 10 sim_wdm > "$work/wdm" ||
	ktap_exit_fail_msg "there is no character device"
run_program e2e-hotplug
test_end
