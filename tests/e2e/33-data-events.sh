#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The data path follows what the modem says of formats, stops where it must, and
# listeners on netlink are told; also of a suspect format and of flow control.
#
#   e2e-data-format, -suspect, -events ── m2m_wwan ── vhci ── m2msim
#
# vm: timeout=240 debug quick

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/program.sh
. tests/lib/program.sh
# shellcheck source=tests/lib/data.sh
. tests/lib/data.sh

# QMAP v5 on top of what the model has: the driver does not speak it.
data_start --model ec25 --set wda.qmap-mask=34
run_program e2e-data-format
ip link del qmimux0
data_names
ip link set "$net" up
ktap_test_result "the modem takes QMAP" data_format raw-ip qmap
run_program e2e-data-suspect
ktap_test_result "a link" ip link add link "$net" name pdn1 type m2m_mux
ip link set pdn1 up
run_program e2e-data-events
test_end
