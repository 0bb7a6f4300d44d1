#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The module is taken out and put in while programs use it from all sides, and
# bound by hand; on several processors, where there are races to lose.
#
#   e2e-module ── /dev/cdc-wdmN, netlink ── m2m_wwan ── vhci ── m2msim
#
# vm: either timeout=480 debug quick smp=4

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/program.sh
. tests/lib/program.sh

load_driver ours
sim_start --model ec25 --set boot.ms=0
wait_until 10 sim_wdm > "$work/wdm" ||
	ktap_exit_fail_msg "there is no character device"
run_program e2e-module
# Two of other themes that only meet their race here
M2M_ONLY=a_number_taken_while_its_socket_closes run_program e2e-genl-ends
M2M_ONLY=ports_are_listed_while_they_die run_program e2e-hotplug
test_end
