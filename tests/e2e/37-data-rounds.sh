#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Links end in each way they can under load, again and again: $M2M_ROUNDS times (100).
#
#   e2e-rounds ── round1, round2 ── m2m_wwan ── vhci ── m2msim
#
# vm: either timeout=300 debug races

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/program.sh
. tests/lib/program.sh
# shellcheck source=tests/lib/data.sh
. tests/lib/data.sh

data_start --model rm520n
run_program e2e-rounds
ktap_test_result "a link after all that" ip link add link "$net" name pdn1 type m2m_mux
test_end
