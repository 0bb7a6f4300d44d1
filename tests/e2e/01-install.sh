#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What README says of a machine with a real module: `make install` in the tree, the module
# by its name, the programs by theirs. Whatever is installed is found where it is used:
# other people's programs say whether units, rules and specs are as they must be.
#
#   /usr/local/sbin/m2mctl ── netlink ── /lib/modules/*/updates ── vhci ── m2msim
#
# Its root has the kernel's headers, and its modules are compressed.
# vm: either=4 timeout=400 own-boot kernels=6.12

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
require_guest
require make modprobe systemd-analyze udevadm ip ping

# What tests/vm/build has built: a compiler in a guest would take a quarter of an hour.
installs()
{
	make --no-print-directory -o module -o tools install \
		> "$work/install.log" 2>&1 || {
		tail -n 20 "$work/install.log"
		return 1
	}
	# What the kernel's own rules say where it is not built, and signs nothing
	! grep -v -e 'SSL error' -e "missing 'System.map'" "$work/install.log" |
		grep -iE 'warning|error'
}

units_are_good()
{
	local status

	systemd-analyze verify --man=no \
		/lib/systemd/system/{m2md,m2md-udev,m2m-helper,m2m-at@1}.service \
		/lib/systemd/system/m2m{d-udev.path,-helper.socket} > "$work/units" 2>&1
	status=$?
	cat "$work/units"
	[ "$status" -eq 0 ] && ! grep -q m2m "$work/units"
}

# The tree's own programs are not what is tried here.
m2mctl=m2mctl
m2msim=/usr/local/bin/m2msim

ktap_test_result "make install" installs
ktap_test_result "the module is found by its name" \
	output_has '/updates/.*m2m_wwan\.ko' modinfo -n m2m_wwan
modprobe -a vhci-hcd
ktap_test_result "modprobe m2m_wwan" modprobe m2m_wwan
ktap_test_result "it is loaded" module_loaded m2m_wwan
modprobe -r m2m_wwan
ktap_test_result "who asks for qmi_wwan gets it" modprobe qmi_wwan
ktap_test_result "and mainline's is not loaded beside it" fails module_loaded qmi_wwan
ktap_test_result "m2m_wwan is" module_loaded m2m_wwan

sim_start --model ec25 "${quick[@]}"
ktap_test_result "m2mctl list has the modem" \
	wait_until 20 output_has '2c7c:0125|EC25' m2mctl list
ktap_test_result "pdn up" status_is 0 '' pdn up internet apn internet
ktap_test_result "and a ping" pings internet "$peer4"
ktap_test_result "pdn down" status_is 0 '' pdn down internet

ktap_test_result "the daemon has an account" id m2m
ktap_test_result "and its directory" test -d /run/m2m
ktap_test_result "udev takes the rules" udevadm verify /lib/udev/rules.d/70-m2m-wwan.rules \
	/lib/udev/rules.d/81-m2md.rules
ktap_test_result "systemd takes the units" units_are_good
ktap_test_result "m2md takes its configuration" m2mctl config check
echo '# mine' >> /etc/m2m/m2md.conf
ktap_test_result "make install once more" installs
ktap_test_result "leaves what was changed" grep -qx '# mine' /etc/m2m/m2md.conf
test_end
