#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A setting of the modem's memory on trial: the modem has it, and what it had before once
# nobody confirms, somebody takes it back, or the host comes up anew after a power cut; and
# where it is confirmed the modem keeps it, by a file.
#
#   m2mctl net bands --confirm ── m2md, kill -9 ── m2m_wwan ── vhci ── m2msim, two cards
#
# vm: either=4 timeout=420 kernels=6.12

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
# shellcheck source=tests/lib/m2md.sh
. tests/lib/m2md.sh
require_guest
require ip jq mount umount

imei=860000000000011
boot_id=/proc/sys/kernel/random/boot_id
dropin=modem.d/site.modem.d/90-m2mctl.conf
export M2MD_CONFIG=$config

selection()
{
	ctl --json net show | jq -c .selection
}

# selection_is JSON: what the modem may choose from.
selection_is()
{
	json_is ".selection == $1" net show
}

lte_bands_are()
{
	json_is ".selection.lte_bands == $1" net show
}

managed()
{
	json_is '.modems[0].managed' why
}

own_boot()
{
	umount $boot_id 2> "$work/stderr"
}

# another_boot: the host has come up anew, for all who ask for it.
another_boot()
{
	tr 0123456789abcdef 123456789abcdef0 < $boot_id > "$work/next_boot"
	own_boot
	mv "$work/next_boot" "$work/boot_id"
	mount --bind "$work/boot_id" $boot_id
}
at_exit own_boot

load_driver ours
sim_start --model rm520n --imei $imei "${quick[@]}" --set sim.slots=2 \
	--set sim2.absent=off --set sim2.iccid=89330100009999999999
site site '[PDN wan]' APN=internet
mark
daemon_start
ktap_test_result "it comes online" says 60 "$imei wan: online"
before=$(selection)

# --- nobody confirms --------------------------------------------------------------------

ktap_test_result "bands are tried, and the modem has them" json_is '.trial and .changed
	and .confirm_s == 40 and .selection.lte_bands == ["b3"]' net bands b3 --confirm 40s
ktap_test_result "by a file that counts" grep -qx Bands=b3 "$config/trial/$dropin"
ktap_test_result "which is none of the configuration" test ! -e "$config/$dropin"
ktap_test_result "what was before is on the disk" grep -qa former-bands "$state"/state-?
ktap_test_result "why tells of it" json_is '.modems[0].former == "bands"' why
ktap_test_result "no second trial beside it" status_is 12 'is being tried' \
	net modes lte --confirm 10m
ktap_test_result "nobody confirms: the modem has the former ones" \
	wait_until 90 selection_is "$before"
ktap_test_result "which is said" says 20 "$imei: the trial is over: bands as before"
ktap_test_result "why has nothing more to tell" wait_until 20 \
	json_is '.modems[0].former == null' why
ktap_test_result "a write for each" sim_says nv-writes 2
ktap_test_result "too late to confirm" status_is 1 'time is over' config confirm
ktap_test_result "and online" status_is 0 online wait-online --timeout 60s

# --- the host loses its power -----------------------------------------------------------

ktap_test_result "bands are tried again" json_is '.selection.lte_bands == ["b3"]' \
	net bands b3 --confirm 10m
daemon_end -KILL
daemon_start
ktap_test_result "the next m2md" wait_until 30 managed
ktap_test_result "goes on with them" lte_bands_are '["b3"]'
ktap_test_result "which are not written again" sim_says nv-writes 3
daemon_end -KILL
another_boot
mark
daemon_start
ktap_test_result "after a power cut the modem has the former ones" \
	wait_until 90 selection_is "$before"
ktap_test_result "with the former files" says 20 'was not confirmed'
ktap_test_result "too late to confirm as well" status_is 1 'time is over' config confirm
daemon_end -TERM
mark
daemon_start
ktap_test_result "the next m2md has nothing to undo" says 60 "$imei wan: (adopted|online)"
ktap_test_result "nor does it write" sim_says nv-writes 4

# --- taken back, and kept ---------------------------------------------------------------

ktap_test_result "modes are tried" json_is '.trial and .selection.modes == ["lte"]' \
	net modes lte --confirm 10m
ktap_test_result "and taken back" status_is 0 'former' config revert
ktap_test_result "by the modem, too" wait_until 60 selection_is "$before"
ktap_test_result "net bands fits its schema" fits "net bands" net bands b3,b20 --confirm 10m
ktap_test_result "it is confirmed" status_is 0 kept config confirm
ktap_test_result "the file stays" grep -qx Bands=b3,b20 "$config/$dropin"
ktap_test_result "and nothing of the trial" test ! -e "$config/trial"
mark
daemon_end -KILL
another_boot
daemon_start
ktap_test_result "after a power cut as well it is online" says 60 "$imei wan: (adopted|online)"
ktap_test_result "the modem keeps them" lte_bands_are '["b3","b20"]'
ktap_test_result "and nothing was undone" fails said 'as before'
ktap_test_result "nor written" sim_says nv-writes 7
ktap_test_result "a key more in the same file" json_is '.trial
	and .selection.operator == "00101"' net select 00101 --confirm 10m
ktap_test_result "has the first one beside it" grep -qx Bands=b3,b20 "$config/trial/$dropin"
ktap_test_result "taken back" status_is 0 former config revert
ktap_test_result "it chooses by itself again" wait_until 60 json_is \
	'.selection.operator == "automatic" and .selection.lte_bands == ["b3","b20"]' net show
daemon_end -TERM

# --- a slot -----------------------------------------------------------------------------

# a day has ten writes to the modem's memory: another day
rm -rf "$state"
mkdir "$state"
rm "$config/$dropin"
mark
daemon_start
ktap_test_result "with another state it is online" says 60 "$imei wan: (adopted|online)"
ktap_test_result "another slot is tried" json_is '.trial and .sim.changed' \
	sim slot 2 --confirm 60s
ktap_test_result "the modem uses it" sim_says sim.active 2
ktap_test_result "nobody confirms: it is back in the former one" \
	wait_until 120 sim_says sim.active 1
ktap_test_result "which is said" says 30 "$imei: the trial is over: slot as before"
ktap_test_result "and online with its card" status_is 0 online wait-online --timeout 90s

# --- where nobody would return ----------------------------------------------------------

ktap_test_result "past m2md nothing is tried" status_is 2 '--confirm needs it' \
	--direct net bands all --confirm 10m
site site '[Match]' IMEI=99\* '[PDN wan]' APN=internet
kill -HUP "$daemon_pid"
ktap_test_result "a modem that m2md leaves alone" wait_until 30 fails managed
ktap_test_result "is not tried on" status_is 1 'does not manage this modem' \
	net bands all --confirm 10m
daemon_end -TERM
ktap_test_result "nor is one without m2md" status_is 4 'nobody would return' \
	net bands all --confirm 10m
test_end
