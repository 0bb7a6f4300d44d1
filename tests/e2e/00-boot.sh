#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The guest is what the other tests take it for: the kernel that was asked for,
# Debian's USB and WWAN modules, the programs, a clean log.
# vm: debug

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"

require_guest

release_is_right()
{
	case $M2M_KERNEL in
	6.1) uname -r | grep '^6\.1\.0-' ;;
	6.12) uname -r | grep '^6\.12\.' ;;
	debug) uname -r | grep -- '-m2m-debug$' ;;
	*) echo "M2M_KERNEL is '$M2M_KERNEL'"; return 1 ;;
	esac
}

# What the tests with other people's programs speak of
versions_are_right()
{
	local qmi=1.32 manager=1.20

	[ "$M2M_KERNEL" != 6.12 ] || { qmi=1.36; manager=1.24; }
	qmicli --version | grep "^qmicli ${qmi/./\\.}\." &&
		mmcli --version | grep "^mmcli ${manager/./\\.}\."
}

mainline_loads()
{
	load_driver mainline && [ -d /sys/bus/usb/drivers/qmi_wwan ] &&
		[ -e /sys/devices/platform/vhci_hcd.0/status ]
}

virtual_ports_are_free()
{
	# hub port sta ...: state 004 is a port with nothing on it.
	awk '$1 == "hs" && $3 == "004" { hs++ }
		$1 == "ss" && $3 == "004" { ss++ }
		END { print hs + 0, ss + 0; exit !(hs && ss) }' \
		/sys/devices/platform/vhci_hcd.0/status
}

module_is_for_this_kernel()
{
	modinfo -F vermagic driver/m2m_wwan.ko | grep "^$(uname -r) "
}

wait_ends_at_its_deadline()
{
	local before now
	now_ms
	before=$now
	fails wait_until 1 false || return 1
	now_ms
	[ $((now - before)) -ge 1000 ]
}

a_splat_would_be_seen()
{
	local status splat splats

	# Not in the words of the pattern, so that it does not end this run.
	printf -v splats '%s\n' "BU@G: KA@SAN: use-after-free" \
		"BU@G kmalloc-64 (Tainted: G  OE): Poison overwritten" \
		"WARN@ING: CPU: 0 PID: 1" "wwan0: hw cs@um failure" \
		"TCP: wwan0: Driver has sus@pect GRO implementation, TCP performance" \
		"INFO: lock@dep is turned off." \
		"irq 9: nobody ca@red (try booting with irqpoll)" \
		"sysfs: cannot create dupli@cate filename 'x'" \
		"Call Tra@ce:" "lis@t_add corruption"
	while IFS= read -r splat; do
		(
			# shellcheck disable=SC2317 # check_dmesg calls it
			log_since() { echo "[ 1.0] ${splat//@/}"; }
			check_dmesg > /dev/null
		)
		status=$?
		[ "$status" -ne 0 ] || { echo "not seen: $splat"; return 1; }
	done <<< "${splats%$'\n'}"
}

ktap_test_result "the kernel is the one asked for" release_is_right
ktap_test_result "loopback is up" output_has 'UP' ip link show lo
ktap_test_result "mainline's driver and vhci load" mainline_loads
ktap_test_result "vhci has free ports of both speeds" virtual_ports_are_free
ktap_test_result "they can be removed again" unload_driver
for program in qmicli mmcli ip ethtool tcpdump iperf3 ping; do
	ktap_test_result "$program is there" command -v "$program"
done
ktap_test_result "libqmi and ModemManager are those of the suite" \
	versions_are_right
ktap_test_result "wait_until keeps its deadline" wait_ends_at_its_deadline
ktap_test_result "a splat in the log would be seen" a_splat_would_be_seen
ktap_test_result "our module is built for it" module_is_for_this_kernel
test_end
