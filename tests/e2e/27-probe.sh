#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Which interfaces the driver takes, which it leaves, and under which name.
#
#   qmicli, ping ── m2m_wwan ── vhci ── m2msim: EM060K (by class), EC20 and
#                                       Gobi 2000 (one id), E392 (a CDC union
#                                       pair), EC25 (by new_id)
#
# vm: timeout=150 debug

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/data.sh
. tests/lib/data.sh

drivers=/sys/bus/usb/drivers

# driver_of INTERFACE: what is bound to it, or nothing.
driver_of()
{
	local link

	link=$(readlink "/sys/bus/usb/devices/$sim_usb:1.$1/driver")
	echo "${link##*/}"
}

# bound DRIVER INTERFACE...: these are its, and no other interface is.
bound()
{
	local want=$1 path got=''
	shift

	for path in "/sys/bus/usb/devices/$sim_usb:"*; do
		[ "$(driver_of "${path##*.}")" != "$want" ] ||
			got+=" ${path##*.}"
	done
	echo "$want has$got"
	[ "$got" = " $*" ]
}

unbound()
{
	[ -z "$(driver_of "$1")" ]
}

# --- ids --------------------------------------------------------------------------

# Each id of mainline's driver, of this very kernel, is one of ours.
is_superset()
{
	modinfo -F alias driver/m2m_wwan.ko | sort > "$work/ours"
	modinfo -F alias qmi_wwan | sort > "$work/mainline"
	wc -l "$work/ours" "$work/mainline"
	[ -s "$work/mainline" ] &&
		[ -z "$(comm -13 "$work/ours" "$work/mainline")" ]
}

# --- by class -------------------------------------------------------------------

data_start --model ffff
ktap_test_result "all ids of mainline's driver are known" is_superset
ktap_test_result "three endpoints and class ff/ff/ff are enough" \
	bound qmi_wwan 3
ktap_test_result "the modem answers" qmi --dms-get-model
sim_stop
wait_until 10 lacks_link "$net"

# --- one id, two makers ---------------------------------------------------------

# Interface 0 of the one is DIAG and answers no QMI.
data_start --model ec20
ktap_test_result "05c6:9215 with five interfaces is an EC20" bound qmi_wwan 4
ktap_test_result "which answers" qmi --dms-get-model
sim_stop
wait_until 10 lacks_link "$net"
data_start --model gobi2000
ktap_test_result "and a Gobi 2000 with four" bound qmi_wwan 0
ktap_test_result "which answers, too" qmi --dms-get-model
sim_stop
wait_until 10 lacks_link "$net"

# --- a CDC union pair -------------------------------------------------------------

# passes: a call, and pings over it.
passes()
{
	data_call 4 && ip link set "$net" up && data_address "$net" 4 &&
		wait_until 10 data_ping "$net" 4 && data_hangup
}

alternate_is()
{
	[ "$(tr -d ' ' < "/sys/bus/usb/devices/$sim_usb:1.2/bAlternateSetting")" = "$1" ]
}

# detach INTERFACE: by hand, whereupon neither of the two is bound.
detach()
{
	echo "$sim_usb:1.$1" > "$drivers/qmi_wwan/unbind" &&
		wait_until 10 lacks_link "$net" && unbound 1 && unbound 2
}

reattach()
{
	echo "$sim_usb:1.$1" > "$drivers/qmi_wwan/bind" &&
		wait_until 10 sim_wdm && data_names
}

data_start --model e392
ktap_test_result "the driver has both interfaces of a pair" bound qmi_wwan 1 2
ktap_test_result "one port is made of them" [ "$(sim_children net | wc -l)" = 1 ]
ktap_test_result "the control interface is its parent" [ "$ifnum" = 1 ]
ktap_test_result "the setting that has endpoints was chosen" alternate_is 1
ktap_test_result "packets pass" passes
ktap_test_result "the control interface is unbound" detach 1
ktap_test_result "and bound" reattach 1
ktap_test_result "both are the driver's again" bound qmi_wwan 1 2
ktap_test_result "packets pass again" passes
ktap_test_result "the data interface is unbound" detach 2
refuse "it is nothing by itself" reattach 2
ktap_test_result "the control interface is bound" reattach 1
ktap_test_result "and has the other again" bound qmi_wwan 1 2
ktap_test_result "packets pass once more" passes
ktap_test_result "the pair is pulled out" sim_ctl unplug
ktap_test_result "and is gone" wait_until 10 lacks_link "$net"
sim_stop

# --- new_id -----------------------------------------------------------------------

# Where udev has run, the drivers of serial ports are there and would be first.
for module in option qcserial; do
	! module_loaded "$module" || wait_until 5 rmmod "$module"
done
data_start --model ec25
ktap_test_result "an EC25 has one QMI interface" bound qmi_wwan 4
ktap_test_result "its id is written to new_id" \
	store "2c7c 0125 ff" "$drivers/qmi_wwan/new_id"
# What has two endpoints is DIAG whoever says otherwise.
ktap_test_result "all its interfaces with three endpoints are taken" \
	wait_until 10 bound qmi_wwan 1 2 3 4
ktap_test_result "the right one answers" qmi --dms-get-model
ktap_test_result "the id is taken back" \
	store "2c7c 0125" "$drivers/qmi_wwan/remove_id"

# --- names --------------------------------------------------------------------------

sim_stop
wait_until 10 lacks_link "$net"
load_driver ours name=m2m_other
sim_start --model ec25
ktap_test_result "the USB driver may have another name" \
	wait_until 10 bound m2m_other 4
refuse "and not the usual one then" [ -e "$drivers/qmi_wwan" ]
sim_stop
load_driver mainline
refuse "two drivers of one name are refused" insmod driver/m2m_wwan.ko
said()
{
	log_since | grep -F "$1"
}
ktap_test_result "with a sentence that helps" \
	said "m2m_wwan: a driver named qmi_wwan is loaded; unload it first, or load with name="
ktap_test_result "under another name both can be there" \
	insmod driver/m2m_wwan.ko name=m2m_other
test_end
