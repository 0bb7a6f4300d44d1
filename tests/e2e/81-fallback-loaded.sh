#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Never without a driver: mainline's was loaded before ours could be, as an initial RAM
# disk may do it that does not know of us. The site is online within two minutes of that
# boot, by mainline's driver, and all who are asked say so.
#
# vm: systemd packages kernels=6.1 timeout=240
# vm: append=m2m.before=tests/lib/site append=m2m.site=loaded
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

case="loaded"
ktap_test_result "$case: there is a module of ours" module_is installed
booted_by qmi_wwan 'm2m_wwan: a driver named qmi_wwan is loaded'
ktap_test_result "$case: ours is not" fails module_loaded m2m_wwan
ktap_test_result "$case: it is taken away" gone
test_end
