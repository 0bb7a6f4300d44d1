#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Each rung of m2md's ladder, from below, on a modem that hangs, a card that is gone and
# a network that is lost; and what m2m-helper does for it, and refuses. Hours are minutes
# here: m2md's time runs sixty times faster.
#
#   m2md ── netlink ── m2m_wwan ── vhci ── m2msim
#    └ helper.sock ── m2m-helper ── the hub's port in sysfs
#
# 6.12's vhci leaves a SuperSpeed port on that is switched off.
#
# vm: either=4 kernels=6.1 timeout=400

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
require ip jq perl setpriv

imei=860000000000011
root=$work/root
config=$root/etc/m2m
# shellcheck source=tests/lib/m2md.sh
. tests/lib/m2md.sh
m2md_options=(--helper "$root/run/m2m/helper.sock" --resolv-file "$work/resolv.conf"
	--time-factor 60)
mkdir -p "$config/hook.d" "$root/run/m2m" "$root/sbin"
ln -s /sys "$root/sys"
ln -s /run/netns "$root/run/netns"
# so that others may knock
chmod 711 "$work"

last=0

# events: what m2md did and saw since mark_events(), a line each: KIND PDN WHAT
events()
{
	ctl --json history | jq -r ".events[] | select(.number > $last)
		| [.kind, .pdn, .what] | join(\" \")"
}

# From here on is what events() has.
mark_events()
{
	last=$(ctl --json history -n 1 | jq '.events[-1].number')
}

happened()
{
	events > "$work/events"
	grep -qE -- "$1" "$work/events" || { tail -n 20 "$work/events" "$log"; return 1; }
}

happens()
{
	wait_until "$1" happened "$2"
}

# in_order PATTERN...: events since mark(), one after the other.
in_order()
{
	local at=0 line pattern

	events > "$work/events"
	for pattern; do
		line=$(tail -n +$((at + 1)) "$work/events" | grep -nEm1 -- "$pattern") || {
			echo "no $pattern"
			cat "$work/events"
			return 1
		}
		at=$((at + ${line%%:*}))
	done
}

helper_end()
{
	[ -n "${helper_pid:-}" ] || return 0
	kill "$helper_pid"
	wait_until 10 process_gone "$helper_pid"
}
at_exit helper_end

# ask REQUEST [COMMAND...]: what m2m-helper answers to the program of the command.
ask()
{
	# shellcheck disable=SC2016
	"${@:2}" perl -MSocket -e '
		socket(S, AF_UNIX, SOCK_SEQPACKET, 0) or die $!;
		connect(S, pack_sockaddr_un($ARGV[0])) or die $!;
		send(S, $ARGV[1], 0) or die $!;
		recv(S, $answer, 1024, 0);
		print "$answer\n"' "$root/run/m2m/helper.sock" "$1"
}

helper_conf()
{
	printf '[Manager]\nBootSpread=0s\n[Helper]\n' > "$config/m2md.conf"
	[ $# -eq 0 ] || printf '%s=yes\n' "$@" >> "$config/m2md.conf"
}

port_switched()
{
	wait_until 40 grep -E 'port-power .*: done' "$log" &&
		wait_until 30 test -e "/sys/bus/usb/devices/$sim_usb" && return
	grep port-power "$log"
	cat "$work/helper.log"
	return 1
}

# --- m2m-helper -----------------------------------------------------------------------

helper_conf
site site '[PDN wan]' APN=internet
"$build/m2m-helper" --root "$root" --user root >> "$work/helper.log" 2>&1 < /dev/null \
	{ktap_out}>&- &
helper_pid=$!
ktap_test_result "m2m-helper listens" wait_until 10 test -S "$root/run/m2m/helper.sock"
for verb in 'port-power 1-1' 'netns site' 'resolv-file' 'hook pdn-up' 'reboot'; do
	ktap_test_result "what is not switched on is refused: $verb" \
		output_has '^refused .*=yes is not set in \[Helper\]$' ask "$verb"
done
ktap_test_result "a request that is none is refused" \
	output_has '^refused there is no such verb$' ask 'sh -c id'
ktap_test_result "nobody else may connect" fails ask reboot \
	setpriv --reuid 65534 --regid 65534 --clear-groups
chmod 666 "$root/run/m2m/helper.sock"
ktap_test_result "and is not served" output_has '^refused user 65534 is not served$' \
	ask reboot setpriv --reuid 65534 --regid 65534 --clear-groups

helper_conf PortPower NetNS Hook Reboot
printf '#!/bin/sh\necho rebooted > %s\n' "$work/rebooted" > "$root/sbin/reboot"
chmod 755 "$root/sbin/reboot"
ktap_test_result "a reboot is the init system's" output_has '^ok$' ask reboot
ktap_test_result "it was told" grep -q rebooted "$work/rebooted"
ktap_test_result "a namespace that is none" \
	output_has '^refused .* is no network namespace$' ask 'netns nothing'
ip netns add site
ktap_test_result "one that is" output_has '^ok$' ask 'netns site'
ip netns del site
ktap_test_result "no hub has such a port" \
	output_has '^refused no hub can switch port 250-1$' ask 'port-power 250-1'
# shellcheck disable=SC2016
printf '#!/bin/sh\necho "$M2M_EVENT $M2M_PDN $M2M_IMEI" >> %s\n' "$work/hooks" \
	> "$config/hook.d/10-test"
chmod 755 "$config/hook.d/10-test"

# --- the ladder -----------------------------------------------------------------------

load_driver ours
sim_start --model rm520n --imei $imei "${quick[@]}"
daemon_start
ktap_test_result "m2md brings the modem online" happens 40 'wan online$'
ktap_test_result "a hook was told" wait_until 20 grep -q "pdn-up wan $imei" "$work/hooks"

mark_events
sim_ctl sim: remove > "$work/answer"
ktap_test_result "a card that is gone has its power switched" happens 30 'sim-on$'
ktap_test_result "off and on" in_order 'sim-absent$' 'sim-off$' 'sim-on$'
ktap_test_result "by the modem" wait_until 20 output_has '^ok [1-9]' \
	sim_ctl get event.uim.power-on-sim
ktap_test_result "the hook was told of the end" wait_until 20 \
	grep -q "pdn-down wan $imei" "$work/hooks"
mark_events
sim_ctl sim: insert > "$work/answer"
ktap_test_result "it is back: online" happens 60 'wan online$'

mark_events
sim_ctl nas: lost > "$work/answer"
ktap_test_result "a network that is lost: attach again, then the radio" \
	happens 60 'radio-on$'
ktap_test_result "in this order" in_order 'searching$' 're-attach$' 'radio-off$' 'radio-on$'

# Nobody is online now, or the reset would wait for an hour.
mark_events
sim_ctl ctl hang 300s > "$work/answer"
ktap_test_result "a modem that hangs: QMI, then USB, then the port's power" \
	happens 150 'port-power$'
ktap_test_result "each in its turn" in_order 'deaf$' 'reset-modem$' 'reset-usb$' \
	'port-power$'
ktap_test_result "m2m-helper has switched it, and the modem is back on the bus" port_switched
ktap_test_result "the port is on" output_has '^0$' \
	cat "/sys/bus/usb/devices/${sim_usb%-*}-0:1.0/usb${sim_usb%-*}-port${sim_usb#*-}/disable"
mark_events
sim_ctl nas: home > "$work/answer"
sim_ctl ctl hang 1ms > "$work/answer"
ktap_test_result "when it answers again it is online" happens 60 'wan online$'

# --- its firmware is written ------------------------------------------------------------

# At high speed, as its boot loader: in the same place on the bus
sim_stop
mark_events
sim_start --model ec25 --imei $imei "${quick[@]}"
ktap_test_result "plugged in elsewhere it is online" happens 60 'wan online$'
mark_events
sim_stop
sim_start --model qdl
ktap_test_result "its boot loader is where it was" happens 30 'updating$'
sim_stop
sim_start --model ec25 --imei $imei "${quick[@]}"
ktap_test_result "and when it is a modem again it is online" happens 60 'wan online$'
ktap_test_result "in this order" in_order 'gone$' 'updating$' 'wan online$'
ktap_test_result "it was left alone meanwhile" fails happened '(usb|modem|power)$'
ktap_test_result "neither of the two has complained" \
	fails grep -iE 'assert|critical' "$log" "$work/helper.log"
test_end
