# SPDX-License-Identifier: GPL-2.0-or-later
# What the end-to-end tests share. A test looks like this:
#
#	#!/bin/bash
#	# SPDX-License-Identifier: GPL-2.0-or-later
#	# What is proved, and a drawing of who talks to whom.
#	# vm: timeout=120
#
#	. "$(dirname -- "$0")/../lib/common.sh"
#	require qmicli
#	load_driver ours
#	sim_start --model ec25
#	ktap_test_result "a network device appears" wait_until 5 has_netdev
#	test_end
#
# Sourcing prints the KTAP header, changes to the top of the tree and sets a
# trap that takes everything down again, whichever way the test ends: virtual
# modems by their process id, then the drivers, then what at_exit() was told.
#
# The lines "# vm: WORD..." say how tests/run runs it (WORDs as in its --help).
# shellcheck shell=bash disable=SC2034

set -u

test_name=$(basename -- "$0" .sh)
test_top=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$test_top" || exit 1
# shellcheck source=tests/lib/ktap.sh
. tests/lib/ktap.sh

# How much longer than on a machine of its own everything may take.
slow=${M2M_SLOW:-1}
build=$test_top/build
m2msim=$build/m2msim
m2mctl=$build/m2mctl
# A directory for this test's files, gone at its end.
work=$(mktemp -d "/tmp/m2m-$test_name.XXXXXX")

# --- waiting ------------------------------------------------------------------

# A pipe nobody writes to: reading it is a pause that starts no process.
exec {never_fd}<> <(:)

# now_ms: milliseconds since some start, from a clock nobody sets. The answer is
# left in $now, for the same reason.
now_ms()
{
	read -r now _ < /proc/uptime
	now=$((10#${now/./} * 10))
}

# pause_ms MILLISECONDS: for polling, and for what is itself a matter of time.
pause_ms()
{
	local text
	printf -v text '%d.%03d' $(($1 / 1000)) $(($1 % 1000))
	read -r -t "$text" -u "$never_fd" _ || :
}

# wait_until SECONDS COMMAND...: try the command until it succeeds, fail at the
# deadline with what it said last.
wait_until()
{
	local end now out
	now_ms
	end=$((now + $1 * slow * 1000))
	shift
	out=$(mktemp "$work/wait.XXXXXX")
	until "$@" > "$out" 2>&1; do
		now_ms
		if [ "$now" -ge "$end" ]; then
			cat "$out"
			echo "deadline passed: $*"
			return 1
		fi
		pause_ms 50
	done
	cat "$out"
}

# --- what a test needs --------------------------------------------------------

# require PROGRAM...: skip the whole test, with the reason, where one is missing; in a
# guest that is a failure.
require()
{
	local program

	for program; do
		! command -v "$program" > /dev/null || continue
		[ -n "${M2M_KERNEL:-}" ] ||
			ktap_skip_all "$program is not there"
		# Its root is ours: what is missing there would be missed for ever.
		ktap_test_result "$program is there" false
		test_end
	done
}

# require_guest: skip the whole test on a machine that is somebody's: what follows changes
# its configuration, accounts or packages.
require_guest()
{
	[ -n "${M2M_KERNEL:-}" ] || ktap_skip_all "this is no guest of tests/vm/run"
}

# refuse NAME COMMAND...: a result that is passed if the command fails.
refuse()
{
	local name=$1
	shift
	ktap_test_result "$name" fails "$@"
}

fails()
{
	"$@" && { echo "succeeded: $*"; return 1; }
	return 0
}

# output_has PATTERN COMMAND...: the command succeeds and prints a line that
# matches the extended regular expression.
output_has()
{
	local pattern=$1 out status=0
	shift
	out=$("$@" 2>&1) || status=$?
	[ "$status" -eq 0 ] ||
		{ echo "$out"; echo "status $status of $*"; return 1; }
	grep -qE -- "$pattern" <<< "$out" ||
		{ echo "$out"; echo "no /$pattern/ in the output of $*"; return 1; }
}

# --- drivers ------------------------------------------------------------------

module_loaded()
{
	[ -d "/sys/module/$1" ]
}

# load_driver ours|mainline: have this driver and not the other, and the virtual
# controller beside it. Parameters for the module may follow.
load_driver()
{
	local which=$1 depends
	shift

	unload_driver || ktap_exit_fail_msg "the old driver cannot be removed"
	modprobe vhci-hcd || ktap_skip_all "vhci-hcd cannot be loaded"
	case $which in
	ours)
		[ -e driver/m2m_wwan.ko ] ||
			ktap_exit_fail_msg "driver/m2m_wwan.ko is not built"
		depends=$(modinfo -F depends driver/m2m_wwan.ko)
		# shellcheck disable=SC2086 # several modules are several words
		[ -z "$depends" ] || modprobe -a ${depends//,/ } ||
			ktap_exit_fail_msg "cannot load $depends"
		insmod driver/m2m_wwan.ko "$@" ||
			ktap_exit_fail_msg "m2m_wwan.ko does not load"
		;;
	mainline)
		modprobe qmi_wwan "$@" ||
			ktap_skip_all "qmi_wwan cannot be loaded"
		;;
	*)
		ktap_exit_fail_msg "load_driver: ours or mainline?"
		;;
	esac
}

# unload_driver: have neither. Fails if a module stays in use: for a moment it may
# be, while udev looks at a device.
unload_driver()
{
	local module

	for module in m2m_wwan qmi_wwan cdc_mbim cdc_wdm; do
		! module_loaded "$module" || wait_until 5 rmmod "$module" ||
			return 1
	done
}

# --- virtual modems -----------------------------------------------------------

declare -A sim_pids=() sim_sockets=() sim_devices=() sim_logs=()
# The modem that is meant where none is named.
sim_default=sim

# The sysfs names of the USB devices that are no root hub, one a line.
usb_devices()
{
	local dir vendor

	for dir in /sys/bus/usb/devices/*; do
		[ -e "$dir/idVendor" ] || continue
		read -r vendor < "$dir/idVendor"
		[ "$vendor" = 1d6b ] || echo "${dir##*/}"
	done
}

# sim_launch [-n NAME] ARGUMENT...: start a virtual modem, wait for nothing.
sim_launch()
{
	local name=sim

	if [ "$1" = -n ]; then
		name=$2
		shift 2
	fi
	sim_sockets[$name]=$work/$name.socket
	sim_logs[$name]=$work/$name.log
	rm -f "${sim_sockets[$name]}"
	"$m2msim" --control "${sim_sockets[$name]}" "$@" \
		> "${sim_logs[$name]}" 2>&1 < /dev/null {ktap_out}>&- &
	sim_pids[$name]=$!
	sim_devices[$name]=
}

# sim_start [-n NAME] ARGUMENT...: start a virtual modem and wait until the
# kernel has it, configured. Its sysfs name is then in ${sim_devices[NAME]} and,
# for the modem without a name, in $sim_usb.
sim_start()
{
	local name=sim before

	[ "$1" != -n ] || name=$2
	[ -x "$m2msim" ] || ktap_exit_fail_msg "build/m2msim is not built"
	before=$(usb_devices)
	sim_launch "$@"
	wait_until 10 sim_attached "$name" "$before" > "$work/attach" || {
		ktap_print_msg "$(cat "$work/attach" "${sim_logs[$name]}")"
		ktap_exit_fail_msg "the virtual modem $name does not attach"
	}
	# wait_until() ran it in this shell: the device's name is set.
	[ "$name" != sim ] || sim_usb=${sim_devices[sim]}
}

sim_attached()
{
	local name=$1 before=$2 device value

	sim_alive "$name" || { echo "m2msim has ended"; return 1; }
	for device in $(usb_devices); do
		grep -qxF "$device" <<< "$before" && continue
		value=
		read -r value < "/sys/bus/usb/devices/$device/bConfigurationValue"
		[ -n "$value" ] || continue
		[ -S "${sim_sockets[$name]}" ] || continue
		sim_devices[$name]=$device
		return 0
	done
	echo "no new USB device"
	return 1
}

sim_alive()
{
	[ -n "${sim_pids[$1]:-}" ] && kill -0 "${sim_pids[$1]}" 2> /dev/null
}

# sim_ctl [-n NAME] WORD...: one command to a virtual modem; prints its answer.
sim_ctl()
{
	local name=$sim_default

	if [ "$1" = -n ]; then
		name=$2
		shift 2
	fi
	if [ "$name" = outside ]; then
		outside_ctl "$@"
	else
		"$m2msim" ctl "${sim_sockets[$name]}" "$@"
	fi
}

# sim_outside: wait for the virtual modem that runs outside of the guest, below an
# emulated xHCI ("# vm: modem=..."). From then on it is a modem named `outside`,
# and the one that is meant where none is named.
sim_outside()
{
	local port

	port=$(echo /dev/vport*p4)
	[ -e "$port" ] || ktap_skip_all "no modem runs outside of this guest"
	modprobe xhci-pci || ktap_skip_all "xhci-pci cannot be loaded"
	sim_default=outside
	sim_sockets[outside]=$port
	wait_until 20 outside_attached > "$work/attach" ||
		ktap_exit_fail_msg "the modem outside does not attach"
	sim_usb=${sim_devices[outside]}
}

outside_attached()
{
	local device value

	for device in $(usb_devices); do
		[[ $(readlink -f "/sys/bus/usb/devices/$device") != *vhci_hcd* ]] ||
			continue
		read -r value < "/sys/bus/usb/devices/$device/bConfigurationValue"
		[ -n "$value" ] || continue
		sim_devices[outside]=$device
		return 0
	done
	return 1
}

# One command; the answer is lines up to an empty one. The port has one user at a
# time, so it is open no longer than that.
outside_ctl()
{
	local line fd first=''

	exec {fd}<> "${sim_sockets[outside]}" || return
	printf '%s\n' "$*" >&"$fd"
	while IFS= read -r -t $((30 * slow)) -u "$fd" line; do
		[ -n "$line" ] || break
		first=${first:-$line}
		printf '%s\n' "$line"
	done
	exec {fd}>&-
	[[ $first == ok* ]]
}

# sim_stop [NAME]: end a virtual modem and wait until it is gone.
sim_stop()
{
	local name=${1:-sim} pid

	pid=${sim_pids[$name]:-}
	unset "sim_pids[$name]"
	[ -n "$pid" ] || return 0
	kill "$pid" 2> /dev/null || :
	wait_until 5 process_gone "$pid" > /dev/null || kill -9 "$pid"
	wait "$pid" 2> /dev/null || :
}

process_gone()
{
	local state

	# A zombie has gone: it only waits for this shell to look.
	state=$(sed -n 's/^State:\t\(.\).*/\1/p' "/proc/$1/status" 2> /dev/null)
	[ -z "$state" ] || [ "$state" = Z ]
}

sim_stop_all()
{
	local name

	for name in "${!sim_pids[@]}"; do
		sim_stop "$name"
	done
}

# sim_children SUBSYSTEM [NAME]: what a subsystem made of a modem's interfaces.
sim_children()
{
	local dir

	for dir in "/sys/bus/usb/devices/${sim_devices[${2:-$sim_default}]}":*/"$1"/*; do
		[ ! -e "$dir" ] || echo "${dir##*/}"
	done
}

# sim_net [NAME], sim_wdm [NAME]: its network devices, its character devices.
sim_net()
{
	sim_children net "$@" | grep .
}

sim_wdm()
{
	sim_children usbmisc "$@" | sed 's,^,/dev/,' | grep .
}

# --- kernel log and memory ----------------------------------------------------

log_mark()
{
	log_from="m2m-test: $test_name $$ $RANDOM"
	echo "$log_from" > /dev/kmsg
}

# log_since: the kernel log since log_mark().
log_since()
{
	dmesg | awk -v mark="$log_from" 'on; index($0, mark) { on = 1 }'
}

# check_dmesg: fails, and shows where, if the kernel complained meanwhile.
check_dmesg()
{
	local found

	found=$(log_since | sed -f tests/lib/no-splat.sed |
		grep -aE -B 2 -A 40 -f tests/lib/splats) || return 0
	echo "$found" | head -n 80
	return 1
}

# --- the end --------------------------------------------------------------------

declare -a exit_commands=()

# at_exit COMMAND...: run this when the test ends, the latest first.
at_exit()
{
	exit_commands+=("${*@Q}")
}

cleanup()
{
	local i

	for ((i = ${#exit_commands[@]} - 1; i >= 0; i--)); do
		eval "${exit_commands[i]}" || :
	done
	exit_commands=()
	sim_stop_all
	unload_driver
}

# test_end: take everything down, judge the kernel log, finish the KTAP.
test_end()
{
	ktap_test_result "everything can be taken down" cleanup
	ktap_test_result "the kernel log is clean" check_dmesg
	ktap_finished
}

on_exit()
{
	local status=$? log

	trap - EXIT
	cleanup > "$work/cleanup" 2>&1 || ktap_print_msg "$(cat "$work/cleanup")"
	if [ -n "$ktap_open" ]; then
		for log in "$work"/*.log; do
			[ ! -s "$log" ] || ktap_print_msg "${log##*/}:
$(tail -n 40 "$log")"
		done
		ktap_test_fail "$test_name $ktap_open (status $status)"
		status=$KSFT_FAIL
	fi
	rm -rf "$work"
	exit "$status"
}

trap on_exit EXIT
trap 'ktap_open="was interrupted"; exit 1' INT TERM HUP
ktap_print_header
[ "$(id -u)" -eq 0 ] || ktap_skip_all "needs root"
log_mark
