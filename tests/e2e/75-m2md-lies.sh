#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# m2md keeps modems online that cannot be believed, all of them at once and for hours:
# each ends in a state with a name, none is dialled, reset or logged about in a loop, no
# PIN is spent, and their memories are left alone. Those about profiles are not among them:
# password-hidden and auth-hidden are about what nothing but [Attach] looks at,
# 75-m2md-hidden, and name-cut is about what m2md does not name.
#
#   m2md ── netlink ── m2m_wwan ── vhci ── m2msim, one for each lie
#   ping ── a PDN named after its lie ─────┘
#
# An hour is five minutes here: m2md's time runs twelve times faster, and what it gives a
# modem to answer is still seconds.
#
# vm: timeout=700 own-boot kernels=6.1

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
# shellcheck source=tests/lib/m2md.sh
. tests/lib/m2md.sh
require ip jq ping

# $M2M_HOURS of lying; `M2M_HOURS=24` is a day's, in two hours.
hours=${M2M_HOURS:-1}
factor=12
m2md_options=(--time-factor "$factor")
pin=27182818
lies=(wda-v5-sends-v1 dead-bearer set-ignored bad-address bad-mask bad-mtu bad-dns
	same-handle pin-tries-255 imei-empty imei-zero imei-doubled no-indications
	dead-services slow-first)
# What is online in spite of its lie; twin is the second one with one IMEI.
online=(wda-v5-sends-v1 dead-bearer set-ignored bad-mask bad-mtu bad-dns same-handle
	imei-empty imei-zero imei-doubled no-indications dead-services slow-first twin)

# begin NAME LIE MODEL IMEI SETTING...: a modem that tells it from the start, and a file
begin()
{
	local name=$1 lie=$2 model=$3 imei=$4
	shift 4

	sim_start -n "$name" --model "$model" --imei "$imei" "${quick[@]}" \
		--set "lie=$lie" "$@"
	site "$name" '[Match]' "Path=${sim_devices[$name]}" '[SIM]' \
		"PINFile=$work/pin" "[PDN $name]" APN=internet
}

begin_all()
{
	local lie model i=0
	local -a more

	for lie in "${lies[@]}"; do
		i=$((i + 1))
		model=ec25
		more=()
		[ "$lie" != pin-tries-255 ] ||
			more=(--set "sim.pin=$pin" --set sim.pin-enabled=on)
		[ "$lie" != wda-v5-sends-v1 ] || model=rm520n
		[ "$lie" != set-ignored ] || model=ffff
		begin "$lie" "$lie" "$model" "$(printf '86000000%07d' "$i")" "${more[@]}"
	done
	sim_ctl -n dead-bearer lie: none
	begin twin imei-doubled ec25 860000000000099
}

# is_online PDN
is_online()
{
	json_is ".pdns[] | select(.name == \"$1\") | .state == \"online\"" why
}

# stays NAME PATTERN: the modem's state, with its cause
stays()
{
	local state
	state=$(ctl --json why | jq -r ".modems[] |
		select(.usb_path == \"${sim_devices[$1]}\") | .state + \": \" + .cause")
	echo "$state"
	[[ $state =~ ^($2)$ ]]
}

# said_of NAME: what the log has of it
said_of()
{
	local imei
	imei=$(sim_ctl -n "$1" get dms.imei)
	imei=${imei#ok }
	grep -E "^(${imei:-none}|${sim_devices[$1]})[ :]" "$log"
}

# few NAME: dials, starts of the modem, log lines and writes, each within its measure
few()
{
	local name=$1 dials boots n status=0

	dials=$(sim_ctl -n "$name" get event.wds.start-network)
	boots=$(sim_ctl -n "$name" get event.modem.booted)
	n=$(said_of "$name" | wc -l)
	echo "dials ${dials#ok }, starts ${boots#ok }, lines $n"
	# a quarter of what an hour may have of activations, and those of the beginning
	[ "${dials#ok }" -le $((10 + hours * 15)) ] || status=1
	[ "${boots#ok }" -le $((2 + (hours + 5) / 6)) ] || status=1
	[ "$n" -le $((20 + hours * 60 / 24)) ] || status=1
	sim_at_most "$name" nv-writes 10 || status=1
	sim_at_most "$name" event.nv.written $((10 * (hours + 23) / 24)) || status=1
	[ "$status" -eq 0 ] || said_of "$name" | tail -n 40
	return "$status"
}

(umask 077; echo $pin > "$work/pin")
load_driver ours
ktap_test_result "fifteen lies, and sixteen modems" begin_all
daemon_start
for name in "${online[@]}"; do
	ktap_test_result "$name: online all the same" wait_until 120 is_online "$name"
done
ktap_test_result "imei-doubled: who came second is known by its path" \
	grep -q 'has the IMEI of' "$log"
ktap_test_result "bad-address: no call of it is kept" wait_until 60 \
	sim_is bad-address calls 0
sim_ctl -n dead-bearer lie: dead-bearer > "$work/answer"
sim_ctl -n no-indications drop > "$work/answer"
for name in dead-bearer no-indications imei-zero; do
	ping -i $((30 / factor)) -I "$name" "$peer4" > /dev/null 2>&1 {ktap_out}>&- &
	at_exit kill $!
done
pause_ms $((hours * 3600000 / factor))
ktap_test_result "after $hours hours the daemon runs" daemon_runs
for name in "${online[@]}"; do
	ktap_test_result "$name: is online" wait_until 60 is_online "$name"
done
ktap_test_result "bad-address: keeps trying, and says so" json_is \
	'.pdns[] | select(.name == "bad-address") | .next != "person"' why
ktap_test_result "pin-tries-255: waits in a state with a name" \
	stays pin-tries-255 '(sim-faulty|sim-starting|sim-cycle|pin-needed): .+'
ktap_test_result "pin-tries-255: no PIN was sent" \
	sim_is pin-tries-255 event.uim.verify-pin 0
for name in "${lies[@]}" twin; do
	ktap_test_result "$name: nothing was done in a loop" few "$name"
done
ktap_test_result "the log has no PIN" fails grep -F $pin "$log"
daemon_end -TERM
test_end
