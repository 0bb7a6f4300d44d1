#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Never without a driver: a site whose kernel came without headers is online two minutes
# after it was switched on, by mainline's driver, and stays so; journal, why and status say
# by which, and why not by ours. With headers the next modem that is plugged in gets ours.
# The other sites without our driver are the scripts beside this one.
#
# vm: systemd packages kernels=6.1 timeout=300 append=m2m.before=tests/lib/site
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

# --- booted -----------------------------------------------------------------------

case="no headers"
ktap_test_result "$case: no module is installed" module_is added
booted_by qmi_wwan " $mainline: it is not there for kernel $release"
mark
sim_ctl drop > "$work/answer"
ktap_test_result "$case: a drop is noticed" says 20 "$imei wan: waiting: "
ktap_test_result "$case: and dialled again" says 60 "$imei wan: online"

has_no_address()
{
	local list
	list=$(ip -o address show dev "$1" scope global)
	[ -z "$list" ] || { echo "$list"; return 1; }
}

mark
systemctl stop m2md.service
ktap_test_result "$case: stopped, its addresses go with the call" \
	has_no_address "$net"
systemctl start m2md.service
ktap_test_result "$case: started, it is online" says 60 "$imei wan: online"

# --- plugged in when there is a module --------------------------------------------

ktap_test_result "$case: it is taken away" gone
case="built"
mv .vm/headers "/usr/lib/modules/$release/build"
few_modules || ktap_exit_fail_msg "the kernel's modules cannot be made few"
dkms_build "$dkms_build_ready"
ktap_test_result "$case: dkms succeeds" dkms autoinstall -k "$release"
ktap_test_result "$case: the module is installed" module_is installed
mark
sim_ctl replug > "$work/answer"
ktap_test_result "$case: online" wait_until 120 why_is '.pdns[0].state == "online"'
is_said_by m2m_wwan
ktap_test_result "$case: it is taken away" gone
test_end
