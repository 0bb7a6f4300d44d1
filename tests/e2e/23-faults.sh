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
events=/sys/kernel/tracing/events/m2m_wwan
for event in m2m_state m2m_drop; do
	echo 1 > $events/$event/enable
done
run_program e2e-faults
# Of each kind one that certainly happened, and lately
ktap_test_result "what is dropped is traced" \
	grep -E 'm2m_drop: port=[0-9]+ (garbage|truncated|malformed|unowned)$' \
	/sys/kernel/tracing/trace
ktap_test_result "states are traced" \
	grep -E 'm2m_state: port=[0-9]+ [0-9] -> [0-9]$' /sys/kernel/tracing/trace
test_end
