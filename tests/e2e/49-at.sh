#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# m2m-at has a modem as AtInit= wants it: what differs is written, once; what does not is
# left alone; what goes wrong is said, by the name of the command and without its value,
# and ends by its deadline. By hand, and by udev and systemd when the modem starts.
#
#   udev ── m2m-at@PATH.service ── m2m-at ── ttyUSB2 ── option ── vhci ── m2msim
#
# vm: either systemd timeout=300 kernels=6.12

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
require_guest
require systemctl udevadm flock systemd-analyze systemd-sysusers

imei=860000000000011
config=$work/config
state=$work/state
mkdir -p "$config/modem.d" "$state"
modprobe option || ktap_skip_all "option cannot be loaded"

# site LINE...: what the modem's file says in [Modem]
site()
{
	printf '%s\n' '[Match]' "IMEI=$imei" '[Modem]' "$@" > "$config/modem.d/iot.modem"
}

# at STATUS PATTERN ARGUMENT...: m2m-at ends so, and says this.
at()
{
	local wanted=$1 pattern=$2 status=0 out
	shift 2
	out=$("$build/m2m-at" --config-dir "$config" --state-dir "$state" "$@" 2>&1) ||
		status=$?
	[ "$status" -eq "$wanted" ] && grep -qE -- "$pattern" <<< "$out" && return
	echo "$out"
	echo "status $status, not $wanted, or no /$pattern/"
	return 1
}

# tty INTERFACE: its node, once it is there
tty()
{
	local dir

	for dir in "/sys/bus/usb/devices/$sim_usb:1.$1"/ttyUSB*; do
		[ -e "/dev/${dir##*/}" ] && echo "/dev/${dir##*/}"
	done | grep .
}

writes()
{
	sim_number nv-writes
}

# wrote N COMMAND...: so often the modem's memory was written to meanwhile
wrote()
{
	local wanted=$1 before n
	shift
	before=$(writes)
	"$@" || return
	n=$(($(writes) - before))
	[ "$n" -eq "$wanted" ] || { echo "$n writes, not $wanted"; return 1; }
}

# replug: its firmware loses power
replug()
{
	sim_ctl unplug && wait_until 10 fails tty 2 && sim_ctl replug &&
		wait_until 10 tty 2 && wait_until 10 tty 3
}

# --- by hand ----------------------------------------------------------------------

psm='AT+CPSMS=1,,,"00000110","00001010"'
edrx='AT+CEDRXS=1,4,"0101"'
load_driver ours
sim_start --model ec25 --imei $imei "${quick[@]}"
ktap_test_result "its AT port is option's" wait_until 10 tty 2
site "AtInit=$psm" "AtInit=$edrx" 'AtInit=AT+QCFG="iotopmode",1,1' AtInit=ATE0
ktap_test_result "what would be written is said, and not written" \
	wrote 0 at 0 "$imei /dev/ttyUSB.*: AT.CPSMS: would be written" --dry-run
ktap_test_result "what differs is written" \
	wrote 3 at 0 'AT\+QCFG="iotopmode": written$'
ktap_test_result "it is left alone then" wrote 0 at 0 ' 3 of 4 as they should be$'
ktap_test_result "and what nothing reads back is sent as it is" \
	wrote 0 at 0 'ATE0: sent as it is, as nothing reads it back$'
ktap_test_result "the modem remembers" replug
ktap_test_result "so that nothing is written" wrote 0 at 0 ' 3 of 4 as they should be$'
ktap_test_result "by its USB path it is the same" \
	wrote 0 at 0 ' 3 of 4 as they should be$' "$sim_usb"
ktap_test_result "by a port of it as well" \
	wrote 0 at 0 " $(tty 3): 3 of 4 as they should be\$" "$(tty 3)"
site "AtInit=$psm" "AtInit=$edrx" 'AtInit=AT+QCFG="iotopmode",2,1' AtPort=3
ktap_test_result "one that changed is written, by the port that AtPort= names" \
	wrote 1 at 0 " $(tty 3): AT.QCFG=\"iotopmode\": written\$"

# --- what goes wrong --------------------------------------------------------------

site 'AtInit=AT+QCFG="iotopmode",0'
sim_ctl lie: set-ignored > "$work/answer"
ktap_test_result "a modem that only says OK is found out" \
	at 1 'AT\+QCFG="iotopmode": the modem took "iotopmode",0, and reads back "iotopmode",2$'
sim_ctl lie: none > "$work/answer"
site AtInit=AT+CMEE=1 'AtInit=AT+CPSMS=1,,,"12"' "AtInit=$edrx"
ktap_test_result "a refusal is said with its cause" \
	at 1 "$(tty 2): AT.CPSMS: .CME ERROR: 50\$"
ktap_test_result "the next command has its turn all the same" at 1 ' 2 of 3 as'
site 'AtInit=AT+CGAUTH=1,1,"meteruser","Xyzzy-4711"'
at 1 'AT.CGAUTH: ERROR$' > "$work/said"
ktap_test_result "without its values" fails grep -E 'meteruser|Xyzzy' "$work/said"
site "AtInit=$psm"
sim_ctl at: garbage 100 > "$work/answer"
ktap_test_result "noise is no answer" wrote 0 at 0 ' 1 of 1 as'
sim_ctl at: garbage 0 > "$work/answer"
exec {held}<> "$(tty 2)"
flock -n "$held"
ktap_test_result "a port that another program has is left to it" \
	at 12 "$(tty 2): another program has it\$" --wait 0 "$(tty 2)"
ktap_test_result "if there is another one, that is used" \
	at 0 " $(tty 3): 1 of 1 as"
exec {held}>&-
sim_ctl at: hang 60s > "$work/answer"
now_ms
began=$now
ktap_test_result "one that hangs ends the program" at 3 'no answer within 1.0 s$' --wait 1
now_ms
ktap_test_result "by its deadline" test $((now - began)) -lt $((15000 * slow))
sim_ctl at: hang 1ms > "$work/answer"
# The day's writes are spent by now.
rm -rf "$state/at"
site 'AtInit=AT+CFUN=1,1'
sim_ctl dms.reboot-ms 1000 > "$work/answer"
ktap_test_result "a modem that leaves the bus is told of" \
	at 5 'AT.CFUN: the modem has left the bus$'
ktap_test_result "it comes back" wait_until 20 tty 2

# --- a memory that is written to too often ----------------------------------------

# until_enough: so many writes there were until there was a refusal.
until_enough()
{
	local n=0

	rm -rf "$state/at"
	sim_ctl lie: set-ignored > "$work/answer"
	while at 1 'the modem took' > "$work/said"; do
		n=$((n + 1))
		[ "$n" -lt 20 ] || break
	done
	sim_ctl lie: none > "$work/answer"
	[ "$n" -eq 10 ] && grep -q 'status 75' "$work/said" &&
		grep -q 'written to 10 times within a day' "$work/said" && return
	cat "$work/said"
	echo "$n writes"
	return 1
}

site 'AtInit=AT+QCFG="iotopmode",0'
ktap_test_result "ten writes a day, and no more" until_enough
rm -rf "$state/at"
ktap_test_result "without that record it is written" wrote 1 at 0 'written$'

# --- by udev and systemd ----------------------------------------------------------

unit=m2m-at@$sim_usb.service

unit_is()
{
	output_has "^$2\$" systemctl show -P "$1" "$unit"
}

started_anew()
{
	local id

	id=$(systemctl show -P InvocationID "$unit")
	[ "$id" != "$1" ] && unit_is SubState exited
}

ran_as_m2m()
{
	[ "$(stat -c %U /var/lib/m2m/at/state-1 2> /dev/null ||
		stat -c %U /var/lib/m2m/at/state-0)" = m2m ]
}

is_little_exposed()
{
	systemd-analyze security --no-pager --threshold=20 "$unit" > "$work/security" ||
		{ cat "$work/security"; return 1; }
	tail -n 1 "$work/security"
}

# Others share this guest.
uninstall()
{
	rm -rf /usr/sbin/m2m-at /etc/m2m /var/lib/m2m "/etc/systemd/system/m2m-at@.service" \
		/etc/udev/rules.d/70-m2m-wwan.rules /etc/udev/rules.d/81-m2md.rules
	systemctl daemon-reload
	udevadm control --reload
	userdel m2m
	groupdel m2m-admin
}

at_exit uninstall
install "$build/m2m-at" /usr/sbin/m2m-at
install -m 644 tools/at/m2m-at@.service /etc/systemd/system
install -m 644 udev/*.rules /etc/udev/rules.d
mkdir -p /etc/m2m/modem.d
config=/etc/m2m
systemd-sysusers tools/daemon/system/m2md.sysusers
systemctl daemon-reload
udevadm control --reload
site 'AtInit=AT+QCFG="iotopmode",1' "AtInit=$psm"
before=$(writes)
sim_ctl unplug > "$work/answer"
sim_ctl replug > "$work/answer"
ktap_test_result "plugged in: udev has the unit started" \
	wait_until 30 unit_is SubState exited
ktap_test_result "which is well" unit_is Result success
ktap_test_result "and wrote what differed" test $(($(writes) - before)) -eq 1
ktap_test_result "as user m2m" ran_as_m2m
ktap_test_result "its exposure is below 2.0" is_little_exposed
id=$(systemctl show -P InvocationID "$unit")
sim_ctl modem: restart 1s > "$work/answer"
ktap_test_result "the modem restarts: it is started again" \
	wait_until 30 started_anew "$id"
ktap_test_result "and wrote nothing" test $(($(writes) - before)) -eq 1
id=$(systemctl show -P InvocationID "$unit")
site 'AtInit=AT+QCFG="iotopmode",0'
ktap_test_result "a file that changed counts when a person says so" \
	systemctl restart "$unit"
ktap_test_result "then it is written" test $(($(writes) - before)) -eq 2
ktap_test_result "and the journal says so" \
	output_has "m2m-at: $imei .*iotopmode\": written\$" journalctl -u "$unit" --no-pager
sim_stop
ktap_test_result "without the modem the unit is gone" \
	wait_until 20 unit_is SubState dead

# --- a modem without such a port --------------------------------------------------

printf '%s\n' '[Modem]' AtInit=ATE0 > "$config/modem.d/iot.modem"
sim_start --model gobi "${quick[@]}"
ktap_test_result "a modem that has no AT port cannot be helped" \
	at 11 'it has no serial port$' --wait 1 "$sim_usb"
sim_stop
modprobe -r option
test_end
