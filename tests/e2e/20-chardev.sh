#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The character device: each open file is a QMUX session of its own.
#
#   e2e-chardev, e2e-chardev-ids ── /dev/cdc-wdmN ── m2m_wwan ── vhci ── m2msim
#
# vm: timeout=120 debug races quick

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/program.sh
. tests/lib/program.sh

load_driver ours
sim_start --model ec25
wait_until 10 sim_wdm > "$work/wdm" ||
	ktap_exit_fail_msg "there is no character device"
run_program e2e-chardev
run_program e2e-chardev-ids
test_end
