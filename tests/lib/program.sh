# SPDX-License-Identifier: GPL-2.0-or-later
# Test programs inside a script's KTAP. Sourced after common.sh.
# shellcheck shell=bash disable=SC2154

# ran_all FILE: each of the tests that $M2M_ONLY names is in it.
ran_all()
{
	local -a only
	local ran

	read -ra only <<< "${M2M_ONLY:-}"
	[ ${#only[@]} -gt 0 ] || return 0
	ran=$(grep -E '^ *(not )?ok [0-9]+' "$1" |
		grep -cv 'SKIP not asked for')
	[ "$ran" -eq ${#only[@]} ] ||
		echo "# $ran tests of ${#only[@]} that were asked for"
	[ "$ran" -eq ${#only[@]} ]
}

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
	"$build/tests/$name" 2>&1 | sed -u 's/^/  /' | tee "$work/$name.ktap"
	status=${PIPESTATUS[0]}
	ran_all "$work/$name.ktap" || status=1
	if [ "$status" -eq 0 ]; then
		ktap_test_pass "$name"
	else
		echo "# (status $status)"
		ktap_test_fail "$name"
	fi
	return "$status"
}
