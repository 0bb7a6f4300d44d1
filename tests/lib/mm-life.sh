# SPDX-License-Identifier: GPL-2.0-or-later
# A modem's life with ModemManager over our driver. Sourced after common.sh, mm.sh
# and qmicli.sh.
# shellcheck shell=bash disable=SC2034,SC2154

# How often ModemManager gave a modem up for want of its network device.
mm_hasty=0

mm_settle()
{
	udevadm settle -t $((30 * slow))
}

# mm_comes: there is a modem. ModemManager waits two or three seconds for all ports
# of a new one, however slow the machine is, and udev may be later: where it says
# that this has happened, and then alone, the modem is plugged anew.
mm_comes()
{
	local hasty

	mm_finds && return
	hasty=$(grep -c 'Failed to find a net port' "$work/ModemManager.log")
	if [ "$hasty" -gt "$mm_hasty" ]; then
		mm_hasty=$hasty
		ktap_print_msg "ModemManager was faster than udev: once more"
		mm_settle && sim_ctl unplug && mm_settle && sim_ctl replug
	fi
	return 1
}

mm_is_ready()
{
	wait_until 60 mm_comes && wait_until 60 mm_registers
}

mm_is_driven_by_us()
{
	[ "$(mm_field '.generic.drivers | index("qmi_wwan") != null')" = true ] &&
		output_has '^driver: m2m_wwan$' ethtool -i "$net"
}

# mm_connects MODEL WHEN: a call of both families, and pings.
mm_connects()
{
	ktap_test_result "$1: it connects $2" \
		mm_connect apn=internet,ip-type=ipv4v6 || return
	ktap_test_result "$1: there is a bearer" wait_until 10 mm_bearer ||
		return
	ktap_test_result "$1: its addresses are set" mm_apply || return
	ktap_test_result "$1: a ping over IPv4" ping_answers "$dns4"
	ktap_test_result "$1: a ping over IPv6" ping_answers "$dns6"
}

# mm_connect_more PROPERTIES: one more bearer, connected; its number is then in
# $bearer.
mm_connect_more()
{
	local said

	said=$(mmcli -m "$mm" --create-bearer="$1") ||
		{ echo "$said"; return 1; }
	bearer=$(grep -o 'Bearer/[0-9]*' <<< "$said") || return
	bearer=${bearer#*/}
	mmcli -b "$bearer" --timeout $((60 * slow)) --connect
}

mm_disconnects()
{
	mmcli -m "$mm" --simple-disconnect && qmi_clear &&
		output_has '^ok 0$' sim_ctl get calls
}

# mm_life MODEL PLUGIN [COMMAND...]: all that happens to one modem, two dozen
# results. The command is run in a call.
mm_life()
{
	local model=$1 plugin=$2
	shift 2

	sim_start --model "$model"
	ktap_test_result "$model: it is found and registers" mm_is_ready ||
		return
	ktap_test_result "$model: by ModemManager's plugin $plugin" \
		output_has "^$plugin\$" mm_field .generic.plugin
	mm_connects "$model" "at once"
	ktap_test_result "$model: the driver is ours" mm_is_driven_by_us
	ktap_test_result "$model: it disconnects" mm_disconnects
	mm_connects "$model" "once more"
	"${@:-:}"
	ktap_test_result "$model: it is pulled out in a call" sim_ctl unplug
	ktap_test_result "$model: ModemManager lets it go" \
		wait_until 20 mm_gone
	ktap_test_result "$model: it is put back" sim_ctl replug
	ktap_test_result "$model: it is found again" mm_is_ready || return
	mm_connects "$model" "after that"
	sim_stop
	ktap_test_result "$model: it is gone" wait_until 20 mm_gone
}
