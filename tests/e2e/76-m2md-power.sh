#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Power cuts, with a process and a disk: m2md is killed at moments nobody chose while
# four modems want their PIN, now and then with the modems. No card is ever sent a wrong
# PIN twice, no right one is forgotten, no line of the log has any.
#
#   m2md, kill -9 ── netlink ── m2m_wwan ── vhci ── 4 × m2msim, each with a PIN
#
# vm: timeout=200 own-boot kernels=6.1

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
# shellcheck source=tests/lib/m2md.sh
. tests/lib/m2md.sh
require ip jq

# $M2M_SEED chooses the moments, $M2M_CUTS how many there are.
RANDOM=${M2M_SEED:-$(($(date +%s) % 32768))}
seed=$RANDOM
RANDOM=$seed
cuts=${M2M_CUTS:-12}
pin=27182818
wrong=73915826
right=(r1 r2)
misled=(w1 w2)
all=("${right[@]}" "${misled[@]}")

imei_of()
{
	case $1 in
	r1) echo 860000000000011 ;;
	r2) echo 860000000000029 ;;
	w1) echo 860000000000037 ;;
	w2) echo 860000000000045 ;;
	esac
}

# The PIN's way to the card takes a second or two from the start: most cuts come then.
pause_some()
{
	pause_ms $((RANDOM % (1 + RANDOM % 4000)))
}

# With the host the modems lose their power as well, and the cards want a PIN again.
cut()
{
	local name

	daemon_end -KILL
	[ $((RANDOM % 2)) -eq 0 ] || return 0
	for name in "${all[@]}"; do
		sim_ctl -n "$name" replug || return
	done
}

tries_spent()
{
	local name n

	for name in "${misled[@]}"; do
		sim_is "$name" sim.pin-tries '[23]' || return
		n=$(sim_ctl -n "$name" get event.uim.verify-pin)
		[ "${n#ok }" -le 1 ] || { echo "$name: $n PINs"; return 1; }
	done
	for name in "${right[@]}"; do
		sim_is "$name" sim.pin-tries 3 || return
	done
}

# cuts_harmless N: that many, each judged
cuts_harmless()
{
	local i

	for ((i = 0; i < $1; i++)); do
		daemon_start
		pause_some
		cut > "$work/cut" || { cat "$work/cut"; return 1; }
		tries_spent || { echo "cut $i"; return 1; }
	done
}

(umask 077; echo $pin > "$work/pin"; echo $wrong > "$work/wrong")
load_driver ours
for name in "${all[@]}"; do
	file=$work/pin
	[[ " ${right[*]} " == *" $name "* ]] || file=$work/wrong
	imei=$(imei_of "$name")
	site "$name" '[Match]' "IMEI=$imei" '[SIM]' "PINFile=$file" \
		"[PDN $name]" APN=internet
	sim_start -n "$name" --model ec25 --imei "$imei" "${quick[@]}" \
		--set sim.pin=$pin --set sim.pin-enabled=on
done
ktap_print_msg "M2M_SEED=$seed M2M_CUTS=$cuts"
ktap_test_result "$cuts power cuts: no wrong PIN twice, no right one refused" \
	cuts_harmless "$cuts"
mark
daemon_start
for name in "${right[@]}"; do
	ktap_test_result "$name: online after all of it" \
		says 60 "$(imei_of "$name") $name: (online|adopted)"
done
for name in "${misled[@]}"; do
	ktap_test_result "$name: a person has to act" says 60 \
		"$(imei_of "$name"): pin-needed: pin-(rejected|tries-few|history)"
done
ktap_test_result "in the end, too, no card has lost more than one try" tries_spent
ktap_test_result "nothing of the state was torn" fails grep -E 'state: ' "$log"
ktap_test_result "the log has no PIN" fails grep -E "$pin|$wrong" "$log"
ktap_test_result "nor has the disk" fails grep -raE "$pin|$wrong" "$state"
daemon_end -TERM
for name in "${all[@]}"; do
	sim_ctl -n "$name" replug > "$work/answer"
done
mark
daemon_start
for name in "${right[@]}"; do
	ktap_test_result "$name: online after one more, at once" \
		says 60 "$(imei_of "$name") $name: online"
done
test_end
