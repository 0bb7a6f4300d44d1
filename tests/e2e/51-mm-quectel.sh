#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# As 50-mm-models, for Quectel's plugin: high speed, and SuperSpeed with a modem
# that speaks raw-IP alone.
# vm: timeout=360 systemd

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/mm.sh
. tests/lib/mm.sh
# shellcheck source=tests/lib/qmicli.sh
. tests/lib/qmicli.sh
# shellcheck source=tests/lib/mm-life.sh
. tests/lib/mm-life.sh
require ModemManager mmcli dbus-daemon udevadm jq ping ethtool

load_driver ours
ktap_test_result "ModemManager runs" mm_start ||
	ktap_exit_fail_msg "$(cat "$work/ModemManager.log")"
mm_life ec25 quectel
mm_life rm520n quectel
test_end
