#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# m2md needs neither systemd nor udev nor a bus: started by a line of inittab, as a
# site with BusyBox has it, it brings a modem online by its usual paths.
#
#   busybox init ── m2md ── netlink ── m2m_wwan ── vhci ── m2msim
#
# vm: timeout=150 append=m2m.busybox kernels=6.12

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
require_guest
require ip ping jq

log=$work/m2md.log
config=/etc/m2m

nobody_runs()
{
	local name

	for name; do
		! pidof "$name" || return
	done
}

# Its number, once there is one that init started.
daemon()
{
	pidof m2md
}

# daemon_is_not PID: another one runs.
daemon_is_not()
{
	local pid

	pid=$(daemon) && [ "$pid" != "$1" ]
}

online()
{
	json_is '.pdns[0].state == "online"' why
}

ktap_test_result "init is BusyBox's" \
	output_has busybox readlink /proc/1/exe
ktap_test_result "there is no systemd, no udev and no bus" \
	nobody_runs systemd systemd-udevd dbus-daemon
mkdir -p $config/modem.d /var/lib/m2m /run/m2m
cat > $config/m2md.conf <<- 'END'
	[Manager]
	BootSpread=0s
END
cat > $config/modem.d/site.modem <<- 'END'
	[PDN wan]
	APN=internet
END
load_driver ours
cat >> /etc/inittab <<- END
	::respawn:/bin/sh -c "exec $build/m2md >> $log 2>&1"
END
ktap_test_result "init reads its table again" kill -HUP 1
ktap_test_result "and starts m2md" wait_until 20 daemon
ktap_test_result "whose parent it is" output_has '^PPid:.1$' \
	cat "/proc/$(daemon)/status"
sim_start --model ec25 "${quick[@]}"
ktap_test_result "a modem that is plugged comes online" wait_until 60 online
ktap_test_result "IPv4 passes" wait_until 20 pings wan "$peer4"
ktap_test_result "IPv6 passes" wait_until 20 pings wan "$peer6"
first=$(daemon)
ktap_test_result "m2md is killed" kill -KILL "$first"
ktap_test_result "init starts another" wait_until 30 daemon_is_not "$first"
ktap_test_result "which is online" wait_until 30 online
ktap_test_result "by the call that was there" grep -q 'wan: adopted' "$log"
ktap_test_result "one for each family was ever made" \
	[ "$(sim_number event.wds.start-network)" = 2 ]
sed -i /respawn/d /etc/inittab
kill -HUP 1
ktap_test_result "without its line m2md ends" wait_until 20 fails daemon
test_end
