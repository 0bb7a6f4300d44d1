#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Generic netlink, the main door: who may do what, what comes of it, how it ends.
#
#   e2e-genl ── netlink ── m2m_wwan ── vhci ── m2msim
#
# vm: timeout=150 debug races quick

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/program.sh
. tests/lib/program.sh

load_driver ours
sim_start --model rm520n
wait_until 10 sim_wdm > "$work/wdm" ||
	ktap_exit_fail_msg "there is no character device"
for program in "$build"/tests/e2e-genl*; do
	run_program "${program##*/}"
done
test_end
