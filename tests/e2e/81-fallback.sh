#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Never without a driver: whatever became of ours, a modem that is plugged in is online
# within two minutes, and journal and why say by which driver and why not by ours.
#
#   udevd ── kmod ── m2m-wwan.conf ── load-qmi-wwan ─┬─ m2m_wwan (by dkms)
#     │                                              └─ mainline's qmi_wwan
#   vhci ── m2msim            m2md ── /dev/cdc-wdmN ──┘
#
# vm: systemd packages kernels=6.1 timeout=240

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
# shellcheck source=tests/lib/packages.sh
. tests/lib/packages.sh
require apt-get dkms jq udevadm
modprobe vhci-hcd || ktap_skip_all "vhci-hcd cannot be loaded"
packages_have
few_modules || ktap_exit_fail_msg "the kernel's modules cannot be made few"

release=$(uname -r)

kernel_said()
{
	journalctl -q -k -o cat --after-cursor="$journal_from" | grep -qE -- "$1"
}

# online_by DRIVER PATTERN: within two minutes; the kernel's log says PATTERN once.
online_by()
{
	local n

	mark
	sim_start --model rm520n --imei $imei "${quick[@]}"
	ktap_test_result "$case: online" says 120 "$imei wan: online"
	ktap_test_result "$case: why names the driver" why_is \
		".modems[0].driver == \"$1\" and .modems[0].managed
			and .pdns[0].state == \"online\""
	ktap_test_result "$case: it is loaded" module_loaded "$1"
	if [ -n "${2-}" ]; then
		ktap_test_result "$case: the journal says why" kernel_said "$2"
		ktap_test_result "$case: m2md says that it is degraded" \
			said ': degraded: '
	else
		n=$(journalctl -q -k -o cat --after-cursor="$journal_from" |
			grep -c '^m2m-wwan: ')
		ktap_test_result "$case: nothing is said about it" test "$n" -eq 0
	fi
}

gone()
{
	mark
	sim_stop
	says 30 "$imei: gone" && unload_driver
}

# --- (a) a kernel without headers -------------------------------------------------

case=none
mv "/lib/modules/$release/build" "$work/build"
no_spread
mkdir -p /etc/m2m/modem.d
site '[PDN wan]\nAPN=internet\n'
dkms_build "$dkms_build_ready"
ktap_test_result "$case: installed where there are no headers" \
	apt_install m2m-tools m2md m2m-wwan-dkms
online_by qmi_wwan "^m2m-wwan: the kernel's own qmi_wwan is loaded, m2m_wwan is not: it is not there for kernel"
ktap_test_result "$case: packets go, of both families" pings "$(sim_net sim)" "$peer4"
ktap_test_result "$case: of IPv6, too" pings "$(sim_net sim)" "$peer6"
mark
sim_ctl drop > "$work/answer"
ktap_test_result "$case: a drop is noticed" says 20 "$imei wan: waiting: "
ktap_test_result "$case: and dialled again" says 60 "$imei wan: online"
ktap_test_result "$case: it is taken away" gone

# --- (b) a build that fails -------------------------------------------------------

case=broken
mv "$work/build" "/lib/modules/$release/build"
dkms_build false
ktap_test_result "$case: dkms says so, and fails" \
	fails dkms install m2m-wwan/0.1 -k "$release"
online_by qmi_wwan "^m2m-wwan: the kernel's own qmi_wwan is loaded, m2m_wwan is not: it is not there for kernel"
ktap_test_result "$case: it is taken away" gone

# --- all is well: the next modem gets ours ----------------------------------------

case=built
dkms_build "$dkms_build_ready"
ktap_test_result "$case: dkms succeeds" dkms install m2m-wwan/0.1 -k "$release"
online_by m2m_wwan
ktap_test_result "$case: it is taken away" gone

# --- (d) mainline's is loaded already ---------------------------------------------

case=loaded
modprobe --ignore-install qmi_wwan
mark
sim_start --model rm520n --imei $imei "${quick[@]}"
ktap_test_result "$case: online" says 120 "$imei wan: online"
ktap_test_result "$case: by mainline's" why_is '.modems[0].driver == "qmi_wwan"'
ktap_test_result "$case: ours says that it was refused" \
	kernel_said 'm2m_wwan: a driver named qmi_wwan is loaded'
ktap_test_result "$case: it is taken away" gone

# --- (c) an unsigned module under lockdown, of which there is no way back ---------

case=lockdown
lockdown=/sys/kernel/security/lockdown
if [ -w $lockdown ] && echo integrity > $lockdown; then
	online_by qmi_wwan "^m2m-wwan: the kernel's own qmi_wwan is loaded, m2m_wwan is not: .*; the kernel is locked down"
	ktap_test_result "$case: it is taken away" gone
else
	ktap_test_skip "$case: online" "this kernel has no lockdown"
fi
test_end
