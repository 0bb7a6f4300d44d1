#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Whatever memory the driver is refused: the caller is told, nothing is left
# behind, and all works again once there is memory.
#
#   e2e-memory ── netlink, /dev/cdc-wdmN, rtnl ── m2m_wwan ── xHCI ── m2msim
#       └── fail-nth, failslab ───────────────────┘
#
# Below a real controller: USB/IP's drops the modem when it gets no memory.
#
# vm: timeout=240 kernels=debug debug
# vm: modem=--model,ec25,--set,boot.ms=0,--set,sim.ready-ms=0,--set,nas.register-ms=0,--set,wds.connect-ms=0,--set,pool.size=64

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/program.sh
. tests/lib/program.sh
# shellcheck source=tests/lib/data.sh
. tests/lib/data.sh

require qmicli ip ping
faults=/sys/kernel/debug
# More than there can be: the kernel counts down.
refusals_max=1000000
[ -e "$faults/failslab" ] || ktap_skip_all "this kernel refuses no memory"

# The programs' own turn is told by fail-nth; what is set here holds for both.
refusals_setup()
{
	local kind

	for kind in failslab fail_page_alloc; do
		echo 0 > "$faults/$kind/verbose"
		echo N > "$faults/$kind/ignore-gfp-wait"
	done
	echo N > "$faults/fail_page_alloc/ignore-gfp-highmem"
	echo 0 > "$faults/fail_page_alloc/min-order"
}

# refuse_often PERCENT: of what is allocated below a function of the module, by
# threads and interrupts too.
refuse_often()
{
	local kind size start

	read -r _ size _ _ _ start _ < <(grep '^m2m_wwan ' /proc/modules)
	for kind in failslab fail_page_alloc; do
		echo "$start" > "$faults/$kind/require-start"
		printf '0x%x' $((start + size)) > "$faults/$kind/require-end"
		echo "$refusals_max" > "$faults/$kind/times"
		echo "$1" > "$faults/$kind/probability"
	done
}

refuse_no_more()
{
	echo 0 > "$faults/failslab/probability"
	echo 0 > "$faults/fail_page_alloc/probability"
}
at_exit refuse_no_more

# refused_amid COMMAND...: what it says is no matter, as long as it was refused
# something.
refused_amid()
{
	local left

	refuse_often 10
	"$@" > "$work/amid" 2>&1
	refuse_no_more
	left=$(cat "$faults/failslab/times")
	echo "refused $((refusals_max - left)) times"
	[ "$left" -lt "$refusals_max" ]
}

# An answer that got no memory never comes: not waited for long.
asked_often()
{
	for _ in 1 2 3 4; do
		timeout 8 qmicli -d "$wdm" --dms-get-ids
		timeout 8 qmicli -d "$wdm" --wda-get-data-format
	done
}

bound_often()
{
	local interface=$sim_usb:1.$ifnum

	for _ in {1..20}; do
		echo "$interface" > /sys/bus/usb/drivers/qmi_wwan/bind
		echo "$interface" > /sys/bus/usb/drivers/qmi_wwan/unbind
	done
}

bound_again()
{
	echo "$sim_usb:1.$ifnum" > /sys/bus/usb/drivers/qmi_wwan/bind
	wait_until 10 sim_wdm && data_names
}

pings()
{
	wait_until 20 data_ping pdn1 4 1
}

refusals_setup
data_outside
export M2M_NET=$net

M2M_ONLY='binding opening writing netlink' run_program e2e-memory
data_names
M2M_ONLY=links run_program e2e-memory
ktap_test_result "the modem takes QMAP" data_format raw-ip qmap
M2M_ONLY=going_up run_program e2e-memory
ktap_test_result "a call" data_call 4 1
ktap_test_result "a link" ip link add link "$net" name pdn1 type m2m_mux
ip link set pdn1 up
ktap_test_result "an address" data_address pdn1 4 1
ktap_test_result "packets pass" pings
export M2M_GATEWAY=${calls[1.4]#* }
M2M_ONLY=packets run_program e2e-memory
ktap_test_result "packets pass again" pings

ktap_test_result "no memory amid packets" refused_amid \
	data_ping pdn1 4 1 -c 100 -i 0.02
ktap_test_result "packets pass again" pings
ktap_test_result "no memory amid questions" refused_amid asked_often
ktap_test_result "questions are answered again" \
	wait_until 10 qmi --dms-get-ids
ktap_test_result "packets still pass" pings
ktap_test_result "the interface is let go" \
	store "$sim_usb:1.$ifnum" /sys/bus/usb/drivers/qmi_wwan/unbind
ktap_test_result "no memory amid binding" refused_amid bound_often
ktap_test_result "it is bound again" bound_again
test_end
