#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# m2md brings modems online that are unlike most: with two ports, without UIM, with a radio
# that is locked, offline, or has to be on before there is a card.
#
#   m2md ── netlink ── m2m_wwan ── vhci ── m2msim
#   ping ── wan ──────────┘                 └ peer: 198.51.100.1
#
# vm: either timeout=120 kernels=6.12

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
# shellcheck source=tests/lib/m2md.sh
. tests/lib/m2md.sh
require ip jq ping

imei=860000000000011

starts_are()
{
	[ "$(sim_number event.wds.start-network)" -eq "$1" ]
}

carries()
{
	wait_until 30 pings wan "$peer4"
}

# begin ARGUMENT...: a daemon without a past, then a modem it has never seen
begin()
{
	daemon_end
	sim_stop
	rm -rf "$state"
	mkdir "$state"
	mark
	daemon_start
	sim_start --imei "$imei" "${quick[@]}" "$@"
}

site wan '[PDN wan]' APN=internet
load_driver ours

# --- two ports ----------------------------------------------------------------------------

begin --model em7455
ktap_test_result "two ports: online after it was plugged in" says 30 "$imei wan: online"
ktap_test_result "two ports: packets go" carries
mark
daemon_end -KILL
daemon_start
ktap_test_result "two ports: the next daemon finds the call" says 30 "$imei wan: adopted"
ktap_test_result "two ports: and has it online" says 30 "$imei wan: online"
ktap_test_result "two ports: m2mctl sees it, too" json_is \
	'.pdns[0].name == "wan" and .pdns[0].state == "up"' pdn show
ktap_test_result "two ports: nothing was dialled for it" starts_are 2

# --- a card that is asked otherwise -------------------------------------------------------

(umask 077; echo 27182818 > "$work/pin")
site wan '[SIM]' "PINFile=$work/pin" '[PDN wan]' APN=internet
begin --model ec25 --set uim.absent=on --set sim.pin=27182818 --set sim.pin-enabled=on
ktap_test_result "without UIM the PIN goes by DMS: online" says 60 "$imei wan: online"
ktap_test_result "m2mctl knows the card, too" json_is \
	'.sim.state == "ready" and (.sim.iccid | length) > 17' sim show
site wan '[PDN wan]' APN=internet
begin --model ec25 --set uim.refuse=on
ktap_test_result "with a UIM that knows nothing: online" says 30 "$imei wan: online"
begin --model ec25 --set uim.empty-status=on --set sim.absent=on
ktap_test_result "a status without content is no card" says 30 \
	"$imei: sim-absent: sim-absent"

# --- a radio that is off ------------------------------------------------------------------

begin --model em7455 --set dms.fcc-lock=on
ktap_test_result "a lock of the maker is opened: online" says 30 "$imei wan: online"
ktap_test_result "by one message" sim_says event.dms.set-fcc-authentication 1
begin --model em7455 --set dms.fcc-lock=on --set dms.fcc-foreign=on
ktap_test_result "one that cannot be opened is said" says 30 \
	"$imei: radio-locked: radio-locked"
ktap_test_result "and a person's to open" status_is 1 person health
daemon_end
ktap_test_result "m2mctl says so as well" status_is 9 "lock of the modem's maker" \
	pdn up wan apn internet
begin --model ec25 --set dms.fcc-lock=on --set sim.needs-radio=on
ktap_test_result "a card without power while the radio is off: online" \
	says 30 "$imei wan: online"
daemon_end
ktap_test_result "the call is hung up" ctl pdn down wan
sim_ctl dms: low-power > "$work/answer"
ktap_test_result "m2mctl finds such a card, too" up_is \
	'.pdn.name == "wan" and .pdn.state == "up"' wan apn internet
ktap_test_result "it is hung up again" ctl pdn down wan
sim_ctl dms: offline > "$work/answer"
mark
daemon_start
ktap_test_result "a modem that is offline is said to be" \
	says 30 "$imei: radio-offline: radio-offline"
ktap_test_result "and is no person's: a reset is due" status_is 0 trying health
daemon_end
test_end
