#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A scenario file happens to a modem in front of a stock client: each rule when its
# event comes, here when the client has asked a harmless question.
#
#   qmicli ── /dev/cdc-wdmN ── m2m_wwan ── vhci ── m2msim --scenario FILE
#
# vm: timeout=180 either

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/qmicli.sh
. tests/lib/qmicli.sh
require qmicli

cat > "$work/story" <<-EOF
	# Everything at once, as far as the modem itself is concerned
	boot.ms: 0
	sim.ready-ms: 200
	nas.register-ms: 200
	sim.slots: 2
	at 1s: sms: +15550100 hello
	after nas.get-rf-band-information: dms: low-power
	after nas.get-cell-location-info: dms: online
	after nas.get-system-selection-preference: dms: rfkill on
	after dms.get-band-capabilities: dms: rfkill off
	after dms.get-revision: sim: remove
	after dms.get-model: sim: insert
	after dms.get-capabilities: nas: deny cause 15
	after dms.get-manufacturer: nas: register
	after wds.start-network: drop
	after dms.get-hardware-revision: ctl: hang 3s
	after dms.get-software-version: modem: restart 2s
	after dms.get-time: unplug
	whenever usb.detached 1s: replug
EOF

says()
{
	output_has "^ok $2\$" sim_ctl get "$1"
}

# happened EVENT COUNT: that often since the start, soon
happened()
{
	sim_ctl wait "$1" $((20 * slow)) "$2"
}

card_is()
{
	output_has "Card state: '$1'" qmi --uim-get-card-status
}

is_denied()
{
	output_has "Registration state: 'registration-denied'" \
		qmi --nas-get-serving-system
}

held()
{
	local n

	n=$(sim_ctl stat ctl_held)
	echo "ctl_held: $n"
	[ "${n#ok }" -gt 0 ]
}

# asked OPTION: the question reached the modem; whether its answer came back, as the
# modem left at once, does not matter.
asked()
{
	qmi "$1"
	:
}

# comes_back N: the modem is there for the Nth time, with a driver.
comes_back()
{
	says event.usb.configured "$1" && qmi_devices sim && [ -c "$wdm" ]
}

# mode_is PATTERN: of the radio, or why it is so
mode_is()
{
	output_has "$1" qmi --dms-get-operating-mode
}

# slot_is N STATE: in the Nth block of what qmicli says
slot_is()
{
	qmi --uim-get-slot-status > "$work/slots" || return
	cat "$work/slots"
	grep -A 2 "Physical slot $1:" "$work/slots" | grep -q "Slot status: $2"
}

# refused_line TEXT: a scenario that does not parse ends the program, and says where.
refused_line()
{
	local status=0

	printf '# one\n\n%s\n' "$1" > "$work/wrong"
	"$m2msim" --scenario "$work/wrong" > "$work/said" 2>&1 || status=$?
	cat "$work/said"
	[ "$status" -eq 2 ] && grep -qF "$work/wrong:3: " "$work/said"
}

ktap_test_result "a wrong action ends it, with file and line" \
	refused_line "at 5s: ctl: frobnicate"
ktap_test_result "so does a wrong time" refused_line "at soon: unplug"
ktap_test_result "so does what the firmware refuses" refused_line "sim.pin: x"
ktap_test_result "even if it would be told only later" \
	refused_line "after nas.registered 5s: sim: explode"
ktap_test_result "so does an event that there is not" \
	refused_line "after nas.attached: unplug"

no_such_event()
{
	! sim_ctl wait nas.attached 600 > "$work/said" &&
		grep -qx 'error: there is no event "nas.attached"' "$work/said" &&
		! sim_ctl get event.nas.attached
}

load_driver ours
qmi_modem --model ec25 --scenario "$work/story"
ktap_test_result "it registers" wait_until 15 qmi_is_registered
ktap_test_result "an event that there is not is not waited for" no_such_event
ktap_test_result "at 1s: sms" wait_until 10 says wms.count 1

ktap_test_result "a question" qmi --dms-get-revision
ktap_test_result "after it: sim: remove" happened sim.removed 1
ktap_test_result "qmicli sees no card" wait_until 5 card_is absent
ktap_test_result "another question" qmi --dms-get-model
ktap_test_result "after it: sim: insert" happened sim.inserted 1
ktap_test_result "qmicli sees the card" wait_until 5 card_is present
ktap_test_result "which registers again" wait_until 10 qmi_is_registered

ktap_test_result "a question about capabilities" qmi --dms-get-capabilities
ktap_test_result "after it: nas: deny" happened nas.denied 1
ktap_test_result "qmicli is denied" wait_until 5 is_denied
ktap_test_result "with the cause" says nas.cause 15
ktap_test_result "a question about the manufacturer" qmi --dms-get-manufacturer
ktap_test_result "after it: nas: register" wait_until 10 qmi_is_registered

ktap_test_result "a question about the band" qmi --nas-get-rf-band-info
ktap_test_result "after it: dms: low-power" wait_until 5 mode_is "Mode: 'low-power'"
# With the radio off there may be a cell to tell of still, or none: to be asked is
# what the scenario waits for.
qmi --nas-get-cell-location-info > "$work/answer" 2>&1 || :
ktap_test_result "after it: dms: online" wait_until 5 mode_is "Mode: 'online'"
ktap_test_result "a question about preferences" \
	qmi --nas-get-system-selection-preference
ktap_test_result "after it: dms: rfkill on" wait_until 5 mode_is \
	"HW restricted: 'yes'"
ktap_test_result "a question about bands" qmi --dms-get-band-capabilities
ktap_test_result "after it: dms: rfkill off" wait_until 5 mode_is "Mode: 'online'"

ktap_test_result "there are two slots" wait_until 5 slot_is 1 active
ktap_test_result "the second one is taken" qmi --uim-switch-slot=2
ktap_test_result "and its card is there" wait_until 10 slot_is 2 active
ktap_test_result "and usable" wait_until 10 card_is present
ktap_test_result "the first one again" qmi --uim-switch-slot=1
ktap_test_result "and it registers again" wait_until 15 qmi_is_registered

ktap_test_result "a network starts" qmi_start internet 4
ktap_test_result "after it: drop" happened wds.disconnected 1
ktap_test_result "qmicli sees it disconnected" output_has "'disconnected'" \
	qmi --client-cid="$cid" --wds-get-packet-service-status
ktap_test_result "another starts" qmi_start internet 4
ktap_test_result "and stays: after is once" says calls 1


# The answer came; what follows, even qmicli's good-bye, has to wait.
ktap_test_result "a question before the pipe hangs" qmi \
	--dms-get-hardware-revision
ktap_test_result "after it: ctl: hang, and later answers as before" \
	wait_until 15 output_has IMEI qmi --dms-get-ids
ktap_test_result "requests were held meanwhile" held

ktap_test_result "a question before the modem restarts" asked \
	--dms-get-software-version
ktap_test_result "after it: modem: restart" happened usb.detached 1
ktap_test_result "it comes back and is bound" wait_until 20 comes_back 2
ktap_test_result "and registers" wait_until 15 qmi_is_registered

ktap_test_result "a question before the cable goes" asked --dms-get-time
ktap_test_result "after it: unplug" happened usb.detached 2
ktap_test_result "whenever: replug" wait_until 20 comes_back 3
ktap_test_result "and registers once more" wait_until 15 qmi_is_registered
sim_stop

# One of the files that are shipped, in the same way
qmi_modem --model ec25 --scenario tools/sim/scenarios/pin.scenario
ktap_test_result "pin.scenario: the card wants its PIN" wait_until 15 output_has \
	"PIN1 state: 'enabled-not-verified'" qmi --uim-get-card-status
ktap_test_result "pin.scenario: one try is left" output_has \
	"PIN1 retries: '1'" qmi --uim-get-card-status
test_end
