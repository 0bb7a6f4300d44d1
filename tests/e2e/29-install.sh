#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What README tells those who have a real module: make install, modprobe m2m_wwan.
#
#   m2mctl ── netlink ── m2m_wwan ── vhci ── m2msim, all as installed
#
# vm: timeout=300 own-boot kernels=6.12

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"

require make depmod
modprobe vhci-hcd || ktap_skip_all "vhci-hcd cannot be loaded"

install_all()
{
	make -s install
}

# Not the one in the tree, nor one of the kernel's own
is_installed()
{
	modinfo -n m2m_wwan | grep "^/lib/modules/$(uname -r)/updates/"
}

# loads NAME: modprobe of that name ends with ours.
loads()
{
	modprobe "$1" && module_loaded m2m_wwan && ! module_loaded qmi_wwan
}

sees_the_modem()
{
	/usr/local/sbin/m2mctl list | grep EC25
}

ktap_test_result "make install" install_all
ktap_test_result "the module is where modprobe finds it" is_installed
ktap_test_result "modprobe m2m_wwan" loads m2m_wwan
sim_start --model ec25 --set boot.ms=0
ktap_test_result "m2mctl list shows the modem" wait_until 20 sees_the_modem
sim_stop
ktap_test_result "it is taken out" modprobe -r m2m_wwan
ktap_test_result "who asks for qmi_wwan gets it, too" loads qmi_wwan
for file in sbin/m2md sbin/m2m-helper bin/m2msim share/man/man8/m2mctl.8; do
	ktap_test_result "$file is there" ls -l "/usr/local/$file"
done
test_end
