# SPDX-License-Identifier: GPL-2.0-or-later
# Test programs inside a script's KTAP. Sourced after common.sh.
# shellcheck shell=bash disable=SC2154

# run_program NAME: a program of build/tests as a subtest. It finds the virtual
# modem's socket in $M2M_SIM, its device in $M2M_WDM and the USB device in $M2M_USB.
run_program()
{
	local name=$1 status

	M2M_SIM=${sim_sockets[$sim_default]:-}
	M2M_WDM=$(sim_wdm 2> /dev/null | head -n 1)
	M2M_USB=/sys/bus/usb/devices/${sim_devices[$sim_default]:-}
	export M2M_SIM M2M_WDM M2M_USB
	echo "# Subtest: $name"
	"$build/tests/$name" 2>&1 | sed -u 's/^/  /'
	status=${PIPESTATUS[0]}
	if [ "$status" -eq 0 ]; then
		ktap_test_pass "$name"
	else
		echo "# (status $status)"
		ktap_test_fail "$name"
	fi
	return "$status"
}
