#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# As 50-mm-models, for Quectel's plugin: high speed, and SuperSpeed with a modem
# that speaks raw-IP alone.
# vm: timeout=360 systemd either=8

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/mm.sh
. tests/lib/mm.sh
# shellcheck source=tests/lib/qmicli.sh
. tests/lib/qmicli.sh
# shellcheck source=tests/lib/mm-life.sh
. tests/lib/mm-life.sh
require_guest
require ModemManager mmcli dbus-daemon udevadm jq ping ethtool

load_driver ours
ktap_test_result "ModemManager runs" mm_start ||
	ktap_exit_fail_msg "$(cat "$work/ModemManager.log")"
mm_life ec25 quectel
mm_life rm520n quectel

# Rules cannot tell the drivers apart by their name: ours can.
install -D -m 644 -t /run/udev/rules.d udev/70-m2m-wwan.rules
udevadm control --reload
qmi_modem --model ec25
is_marked()
{
	output_has '^ID_M2M_DRIVER=m2m_wwan$' udevadm info --query=property "$1"
}
ktap_test_result "udev knows whose the network device is" wait_until 15 \
	is_marked "/sys/class/net/$net"
ktap_test_result "and whose the character device is" wait_until 15 \
	is_marked "/sys/class/usbmisc/$(basename "$wdm")"
test_end
