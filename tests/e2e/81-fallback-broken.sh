#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Never without a driver: our module could not be built for the kernel that is booted. The
# site is online within two minutes, by mainline's driver, and all who are asked say so.
#
# vm: systemd packages kernels=6.1 timeout=240
# vm: append=m2m.before=tests/lib/site append=m2m.site=broken
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

case="broken build"
ktap_test_result "$case: there are headers, and no module" module_is added
ktap_test_result "$case: which dkms tried to build" \
	grep -q . /var/lib/dkms/m2m-wwan/*/build/make.log
booted_by qmi_wwan " $mainline: it is not there for kernel $release"
ktap_test_result "$case: it is taken away" gone
test_end
