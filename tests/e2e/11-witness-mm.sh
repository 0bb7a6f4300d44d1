#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The virtual modem is believed by ModemManager over mainline's driver:
#
#	mmcli -- dbus -- ModemManager -- cdc-wdmN -- qmi_wwan -- vhci -- m2msim
#
# finds it, unlocks the card, registers, connects both IP families by one
# simple-connect, is told of a drop, and connects again; a modem of the generic
# plugin and one of Quectel's.
# vm: timeout=240 either

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/mm.sh
. tests/lib/mm.sh
# shellcheck source=tests/lib/qmicli.sh
. tests/lib/qmicli.sh
require ModemManager mmcli dbus-daemon udevadm jq ping

# connects: from enabled to pings over both families.
connects()
{
	ktap_test_result "$model: it is enabled and registers" \
		wait_until 40 mm_registers
	ktap_test_result "$model: the operator is known" \
		output_has '^00101$' mm_field '."3gpp"."operator-code"'
	ktap_test_result "$model: it connects" \
		mm_connect apn=internet,ip-type=ipv4v6 || return
	ktap_test_result "$model: there is a bearer" wait_until 10 mm_bearer
	ktap_test_result "$model: its addresses are set" mm_apply
	ktap_test_result "$model: a ping over IPv4" ping_answers "$dns4"
	ktap_test_result "$model: a ping over IPv6" ping_answers "$dns6"
}

model=gobi
load_driver mainline
ktap_test_result "ModemManager runs" mm_start ||
	ktap_exit_fail_msg "$(cat "$work/ModemManager.log")"

sim_start --model $model --set sim.pin-enabled=on
ktap_test_result "$model: it is found" wait_until 40 mm_finds
ktap_test_result "$model: its card wants a PIN" wait_until 20 mm_state locked
ktap_test_result "$model: the PIN is taken" mmcli -i any --pin=1234
ktap_test_result "$model: it is unlocked" wait_until 30 \
	mm_state disabled enabled registered
ktap_test_result "$model: the plugin is the generic one" \
	output_has '^generic$' mm_field .generic.plugin
connects
ktap_test_result "$model: the network drops the call" \
	sim_ctl wds: drop cause 36
ktap_test_result "$model: ModemManager notices" wait_until 10 \
	mm_state registered
ktap_test_result "$model: addresses are taken away" qmi_clear
ktap_test_result "$model: it connects again" \
	mm_connect apn=internet,ip-type=ipv4v6
ktap_test_result "$model: and disconnects" mmcli -m "$mm" --simple-disconnect
ktap_test_result "$model: the modem has no call" \
	output_has '^ok 0$' sim_ctl get calls
sim_stop
ktap_test_result "$model: it is gone" wait_until 20 mm_gone

model=ec25
sim_start --model $model
ktap_test_result "$model: it is found" wait_until 60 mm_finds
ktap_test_result "$model: it is usable" wait_until 30 \
	mm_state disabled enabled registered
ktap_test_result "$model: the plugin is Quectel's" \
	output_has '^quectel$' mm_field .generic.plugin
connects
qmi_clear
sim_stop
ktap_test_result "$model: it is gone" wait_until 20 mm_gone
test_end
