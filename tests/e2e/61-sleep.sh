#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The system sleeps and wakes with a SuperSpeed modem below a real host controller,
# which loses its state over that. Sleep is never refused, whatever goes on; what
# the modem forgets is void and told, files and interfaces stay.
#
#   e2e-lost-power, qmicli, ping ── m2m_wwan ── xhci_hcd ══ QEMU ── usb-redir ── m2msim
#
# vm: either timeout=300 disk debug races
# vm: modem=--model,rm520n,--set,boot.ms=0,--set,sim.ready-ms=0,--set,nas.register-ms=0,--set,wds.connect-ms=0

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/program.sh
. tests/lib/program.sh
# shellcheck source=tests/lib/data.sh
. tests/lib/data.sh
# shellcheck source=tests/lib/power.sh
. tests/lib/power.sh

require ethtool
[ -w /sys/power/pm_test ] || ktap_skip_all "this kernel cannot test suspend"
data_outside

# sleep_as STATE: all devices suspend and wake again, but for the last step.
sleep_as()
{
	store 0 /sys/module/suspend/parameters/pm_test_delay &&
		store platform /sys/power/pm_test &&
		store "$1" /sys/power/state && store none /sys/power/pm_test
}

# Segments go, merged ones come, and the controller loses its power.
sleep_in_traffic()
{
	local i status=0

	for i in 1 2 3; do
		mirror_begin && mirror_flows && sleep_as freeze || status=1
		mirror_end
		data_again || status=1
	done
	return "$status"
}

# How often the controller's driver has reset the modem
resets()
{
	dmesg | grep -c "usb $sim_usb: reset SuperSpeed"
}

was_reset()
{
	[ "$(resets)" -gt "$1" ]
}

# The modem answers, then all it forgot is made anew.
data_again()
{
	wait_until 20 qmi --dms-get-ids > /dev/null &&
		power_link qmapv5 > "$work/link"
}

slept_again()
{
	power_identity > "$work/after"
	diff "$work/before" "$work/after"
}

sleep_asleep()
{
	usb_autosuspend 100 && wait_until 10 usb_sleeps && sleep_as freeze &&
		usb_autosuspend off
}

format_is_unknown()
{
	reads "/sys/class/net/$net/carrier" 0
}

ktap_test_result "the modem is SuperSpeed" \
	reads "/sys/bus/usb/devices/$sim_usb/speed" 5000
ktap_test_result "a call, and a link" power_link
ktap_test_result "packets pass" data_ping pdn1 4 1
power_identity > "$work/before"
for state in freeze mem; do
	before=$(resets)
	ktap_test_result "$state: the system sleeps" sleep_as "$state"
	ktap_test_result "$state: the modem was reset" was_reset "$before"
	ktap_test_result "$state: the carrier tells that the format is gone" \
		wait_until 10 format_is_unknown
	ktap_test_result "$state: format and call are made anew" data_again
	ktap_test_result "$state: packets pass" data_ping pdn1 4 1
	ktap_test_result "$state: nothing of the interfaces has changed" \
		slept_again
done
ktap_test_result "it sleeps in the middle of traffic" sleep_in_traffic
ktap_test_result "packets pass after that" data_ping pdn1 4 1
ktap_test_result "it sleeps while the modem does" sleep_asleep
ktap_test_result "format and call are made anew" data_again
ktap_test_result "packets pass" data_ping pdn1 4 1
ip link set "$net" down
export M2M_LOSE=freeze
run_program e2e-lost-power
test_end
