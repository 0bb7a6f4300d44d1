#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Whatever the modem does to the control pipe, answers that come are right, go to
# their askers, and the pipe works again afterwards.
#
#   e2e-faults ── /dev/cdc-wdmN, netlink ── m2m_wwan ── vhci ── m2msim, unwell
#
# vm: timeout=120 debug races quick

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/program.sh
. tests/lib/program.sh

load_driver ours
sim_start --model ec25 --set boot.ms=0
wait_until 10 sim_wdm > "$work/wdm" ||
	ktap_exit_fail_msg "there is no character device"
run_program e2e-faults
test_end
