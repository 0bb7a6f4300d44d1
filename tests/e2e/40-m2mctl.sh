#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# m2mctl does the whole job: finds the modem, unlocks its SIM, connects, shows it,
# disconnects from another process, and says with its status why it could not.
#
#   m2mctl ── netlink ── m2m_wwan ── vhci ── m2msim
#   ping ──── wan, telemetry ──┘                └ peer: 198.51.100.1, 2001:db8:5f::1
#
# vm: timeout=500 either

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
require jq ip ping setpriv

imei=860000000000011
pin=2718

kept_ids_are()
{
	wait_until 5 sim_says clients "$1"
}

# --- the modem ------------------------------------------------------------------

ktap_test_result "without the driver the status is 4" status_is 4 modprobe list
printf '[PDN wan]\nMTU=1\n' > "$work/a.modem"
ktap_test_result "config check needs none, and names file and line" status_is 1 \
	'a\.modem:2: error: MTU takes' config check "$work/a.modem"
load_driver ours
ktap_test_result "without a modem a list is empty" json_is '.modems == []' list
ktap_test_result "without a modem the status is 5" status_is 5 'no modem' status
sim_start --model rm520n --imei $imei --set boot.ms=500 --set sim.ready-ms=1500 \
	--set nas.register-ms=1500 --set sim.pin=$pin --set sim.pin-enabled=on

ktap_test_result "pdn up waits for modem and SIM, then wants the PIN" \
	status_is 8 'wants its PIN \(3 tries left\)' pdn up wan
ktap_test_result "it made nothing" no_link wan
ktap_test_result "list knows the modem" json_is \
	".schema == 1 and (.modems | length == 1) and .modems[0].imei == \"$imei\"
	and .modems[0].usb_id == \"2c7c:0801\" and .modems[0].state == \"ready\"" list
mkdir -p "$work/config/modem.d"
printf '[Match]\nIMEI=%s\n' $imei > "$work/config/modem.d/gateway.modem"
export M2MD_CONFIG=$work/config
ktap_test_result "m2mctl alone has a line for it, by its alias" output_has \
	'^gateway +(searching|registered|not-registered) ' ctl
ln -s "$(sim_wdm sim)" "$work/node"
for device in gateway $imei "$(sim_net sim)" "$(sim_wdm sim)" "$(basename "$(sim_wdm sim)")" \
	"$work/node" "$sim_usb"; do
	name=${device/$sim_usb/a USB path}
	ktap_test_result "-d takes ${name/$work\/node/a link to the node}" json_is \
		".modem.imei == \"$imei\"" -d "$device" status
done
ktap_test_result "-d with another name is status 5" status_is 5 'called wwan99' \
	-d wwan99 status

# --- permissions ----------------------------------------------------------------

anybody_may_list()
{
	output_has '2c7c:0801' as_nobody "$m2mctl" list
}

anybody_may_see_status()
{
	as_nobody "$m2mctl" --json status > "$work/status" || return
	jq -e '.modem.state == "ready" and .modem.imei == null' "$work/status"
}

ktap_test_result "anybody may list" anybody_may_list
ktap_test_result "anybody may see the status, without what is the modem's" \
	anybody_may_see_status
ktap_test_result "not anybody may ask the SIM" nobody_may sim show
ktap_test_result "not anybody may connect" nobody_may pdn up wan
ktap_test_result "not anybody may see frames" nobody_may monitor --qmi

# --- the SIM --------------------------------------------------------------------

echo 0000 > "$work/wrong"
echo $pin > "$work/pin"
echo 12 > "$work/short"

unlock_by_fd()
{
	json_is '.sim.state == "ready" and .sim.pin_tries_left == 3' \
		sim unlock --pin-fd 7 7< "$work/pin"
}

# What --qmi shows while the PIN is sent
frames_hide_the_pin()
{
	local pid

	"$m2mctl" monitor --qmi --full > "$work/frames" &
	pid=$!
	wait_until 5 is_listening "$pid" || return 1
	unlock_by_fd || return 1
	wait_until 5 grep -q '"Verify PIN"' "$work/frames" || return 1
	kill "$pid"
	wait "$pid"
	grep -q 'TLVs with secrets are not shown' "$work/frames" &&
		! grep -qE "$pin|32:37:31:38|32373138" "$work/frames" && return
	cat "$work/frames"
	return 1
}

ktap_test_result "what cannot be a PIN costs no try" status_is 2 '4 to 8 digits' \
	sim unlock --pin-file "$work/short"
ktap_test_result "a wrong PIN costs one" status_is 8 'wrong PIN, 2 tries left' \
	sim unlock --pin-file "$work/wrong"
ktap_test_result "sim show counts" json_is \
	'.sim.state == "pin-required" and .sim.pin_tries_left == 2' sim show
ktap_test_result "a second one, another" status_is 8 'wrong PIN, 1 try left' \
	sim unlock --pin-file "$work/wrong"
ktap_test_result "the last try is not used unasked" status_is 8 'last try' \
	sim unlock --pin-file "$work/pin"
ktap_test_result "nor by force without a person" status_is 8 'no terminal' \
	sim unlock --force --pin-file "$work/pin"
ktap_test_result "a PIN on the command line is refused" status_is 2 secret \
	raw uim 0x26 0x01=0000 0x02=010432373138
sim_ctl set sim.pin-tries 3 > "$work/answer"
ktap_test_result "frames of unlocking do not show the PIN" frames_hide_the_pin
ktap_test_result "unlocking again is no error" json_is '.sim.state == "ready"' \
	sim unlock --pin-file "$work/wrong"

# --- connecting -----------------------------------------------------------------

lookup_is()
{
	output_has "dev $2( |\$)" ip route get "$1"
}

ktap_test_result "pdn up waits for the network and connects" up_is \
	'.pdn.state == "up" and .pdn.mux_id == 1 and .pdn.ipv4_address != null and
	.pdn.ipv6_address != null and (.pdn.dns | length == 4) and .pdn.mtu == 1500' \
	wan apn internet
ktap_test_result "in the best format of both sides" json_is \
	'.format.confirmed and .format.link_layer == "raw-ip" and
	.format.downlink == "qmapv5" and .format.uplink == "qmapv5"' status
ktap_test_result "ping over IPv4" pings wan "$peer4"
ktap_test_result "ping over IPv6" pings wan "$peer6"
ktap_test_result "the default route is there" lookup_is "$peer4" wan
ktap_test_result "for IPv6 as well" lookup_is "$peer6" wan
ktap_test_result "with a metric that leaves Ethernet first" output_has \
	'default dev wan .*metric 2048' ip route
ktap_test_result "a rule for each address" rules_are 2
ktap_test_result "up again is no error and no new call" up_is \
	'.pdn.state == "up"' wan apn internet
ktap_test_result "there are two calls" sim_says calls 2
ktap_test_result "m2mctl alone has the addresses" json_is '.modems[0] | .alias == "gateway"
	and .state == "connected" and (.addresses | length == 2) and .bars > 0'
ktap_test_result "up with another APN is refused" status_is 1 'APN internet' \
	pdn up wan apn v6only
while IFS=: read -r keys what; do
	# shellcheck disable=SC2086 # words
	ktap_test_result "so is another ${keys%% *}" status_is 1 \
		"wan is up with $what" pdn up wan $keys
done <<- 'END'
	mux 2:mux id 1
	mtu 1300:MTU 1500
	metric 7:metric 2048
	family 6:also IPv4
	auth pap:another authentication
END
ktap_test_result "what it has is no other" up_is '.pdn.state == "up"' wan apn internet \
	mux 1 mtu 1500 metric 2048 family 46
sim_ctl qmi: lose wds.get-packet-service-status > "$work/answer"
ktap_test_result "a call of which the modem says nothing is not dialled anew" \
	status_is 3 'does not say whether IPv. is up' pdn up wan apn internet
sim_ctl qmi: refuse wds.get-packet-service-status 3 > "$work/answer"
ktap_test_result "it is shown as unknown" json_is '.pdns[0].state == "unknown"' pdn show
ktap_test_result "and is up" sim_says calls 2
ktap_test_result "a name that is taken is refused" status_is 1 'not this modem' \
	pdn up lo
ktap_test_result "status sees it all" json_is \
	'.sim.state == "ready" and .network.registration == "registered" and
	.signal != {} and (.pdns | length == 1) and .pdns[0].rx_bytes > 0' status
ktap_test_result "signal has units" json_is '.signal | .[] | .rsrp_dbm < 0' signal

ktap_test_result "a second PDN takes the family there is" up_is \
	'.pdn.state == "up" and .pdn.mux_id == 2 and .pdn.ipv4_address == null and
	.pdn.ipv4_error != null and .pdn.ipv6_address != null' \
	telemetry apn v6only
ktap_test_result "ping through it" pings telemetry "$peer6"
ktap_test_result "and still through the first" pings wan "$peer4"
ktap_test_result "pdn show has both, up" json_is \
	'[.pdns[] | select(.state == "up") | .name] | sort == ["telemetry", "wan"]' \
	pdn show
ktap_test_result "showing disturbed nothing" pings wan "$peer4"

# --- who looks and is interrupted ----------------------------------------------------

held=50 hold=8
for signal in INT TERM; do
	ktap_test_result "status can be interrupted ($signal)" \
		interrupt $signal ctl.allocate-cid status
done
# The second answer: the first call was taken over and seen, the second was not.
held=2 hold=4
ktap_test_result "so can pdn show" interrupt INT wds.get-current-settings pdn show
held=50
ktap_test_result "and pdn up of what is up" \
	interrupt INT wds.get-current-settings pdn up wan
ktap_test_result "none of them ended a call" sim_says calls 3
ktap_test_result "the first PDN carries" pings wan "$peer4"
ktap_test_result "so does the second" pings telemetry "$peer6"
ktap_test_result "and all is as it was" json_is \
	'[.pdns[] | select(.state == "up") | .name] | sort == ["telemetry", "wan"]' \
	pdn show

# --- what goes wrong --------------------------------------------------------------

# As it was before: two PDNs, no third link or call or id
nothing_is_left()
{
	wait_until 5 sim_says calls 3 && no_link third && rules_are 3
}

interrupted_undoes()
{
	local pid status=0

	sim_ctl set wds.connect-ms 20000
	"$m2mctl" pdn up third apn internet > "$work/third" 2>&1 &
	pid=$!
	wait_until 10 ip link show dev third || return 1
	status_is 12 'another program manages' pdn up fourth || return 1
	kill -TERM "$pid"
	wait "$pid" || status=$?
	sim_ctl set wds.connect-ms 100
	grep -q interrupted "$work/third" && [ "$status" -ne 0 ] &&
		nothing_is_left && return
	cat "$work/third"
	return 1
}

killed_is_repaired()
{
	sim_ctl set wds.connect-ms 20000
	"$m2mctl" pdn up third apn internet > "$work/third" 2>&1 &
	local pid=$!
	wait_until 10 ip link show dev third || return 1
	kill -KILL "$pid"
	wait "$pid"
	sim_ctl set wds.connect-ms 100
	wait_until 5 status_is 0 down pdn down third && nothing_is_left
}

sim_ctl wds.apn: barred cause 27 > "$work/answer"
ktap_test_result "an unknown APN is status 10, with its cause" status_is 10 \
	'3gpp unknown-apn \(27\); QMI error 14' pdn up third apn barred
ktap_test_result "and leaves nothing" nothing_is_left
ktap_test_result "interrupted, it undoes; meanwhile others are told: status 12" \
	interrupted_undoes
ktap_test_result "killed, the next one cleans up" killed_is_repaired
ktap_test_result "taken mux ids are refused" status_is 12 'link third' \
	pdn up third mux 1
ktap_test_result "what is not supported is status 11" status_is 11 'QMI error' \
	raw dms 0x5fff
ktap_test_result "raw asks and decodes" json_is \
	'.result == "None" and (.tlvs[] | select(.type == "0x11").length_bytes == 15)' \
	raw dms 0x25

# --- disconnecting ----------------------------------------------------------------

ktap_test_result "pdn down in another process" json_is \
	'.pdn.state == "down" and .pdn.was_up' pdn down telemetry
ktap_test_result "the other one stays" pings wan "$peer6"
ktap_test_result "down for the first" json_is '.pdn.was_up' pdn down wan
ktap_test_result "no link" no_link wan
ktap_test_result "no call" wait_until 5 sim_says calls 0
ktap_test_result "no rule" rules_are 0
ktap_test_result "no client id" kept_ids_are 0
ktap_test_result "down again is no error" json_is '.pdn.was_up | not' pdn down wan

# --- events and the network ---------------------------------------------------------

# monitor_sees WORD COMMAND...: an event of that name follows the command.
monitor_sees()
{
	local word=$1 pid
	shift

	"$m2mctl" --json monitor > "$work/events" &
	pid=$!
	wait_until 5 is_listening "$pid" || return 1
	"$@" > "$work/answer" 2>&1
	wait_until 15 grep -q "\"event\":\"$word\"" "$work/events" || return 1
	kill "$pid"
	wait "$pid"
	jq -e -s 'all(.[]; .schema == 1 and (.usb_path | type == "string"))' \
		"$work/events"
}

ktap_test_result "monitor sees the lease" monitor_sees lease \
	ctl pdn up wan apn internet
ktap_test_result "monitor sees the network drop both calls" \
	monitor_sees call sim_ctl drop
ktap_test_result "with the PDN's name and the network's cause" jq -e -s '
	[.[] | select(.event == "call" and .status == "disconnected")] |
	length > 0 and all(.[]; .pdn == "wan" and (.reason | test("36")))' \
	"$work/events"
ctl pdn up wan apn internet > "$work/answer"
ktap_test_result "monitor sees the modem's QMI restart" monitor_sees restarted \
	sim_ctl qmi: restart
ktap_test_result "a PDN whose calls died is made anew" up_is \
	'.pdn.state == "up"' wan apn internet
ktap_test_result "and carries" pings wan "$peer4"
ctl pdn down wan > "$work/answer"

sim_ctl nas: deny cause 15 > "$work/answer"
ktap_test_result "denied is status 9, with the cause" status_is 9 \
	'registration-denied.*cause 15' --wait 10 pdn up wan
sim_ctl nas: home > "$work/answer"
sim_ctl nas: register > "$work/answer"
sim_ctl sim: remove > "$work/answer"
ktap_test_result "no SIM is status 7" status_is 7 'no SIM' pdn up wan
ktap_test_result "monitor sees it go" monitor_sees gone sim_ctl unplug
ktap_test_result "a list is empty again" json_is '.modems == []' list
sim_stop

# --- other modems -------------------------------------------------------------------

sim_start -n one --model ec25 --imei 860000000000011 "${quick[@]}"
sim_start -n two --model gobi --imei 860000000000029 \
	--set lie=set-ignored "${quick[@]}"
ktap_test_result "there are two" wait_until 15 json_is '.modems | length == 2' list
printf '[Match]\nIMEI=86000000000001*\nIMEI=86000000000002*\n' \
	> "$work/config/modem.d/gateway.modem"
ktap_test_result "of several, one must be named, and which there are" status_is 2 \
	'several modems: [0-9]+-[0-9.]+, [0-9]+-[0-9.]+' \
	pdn up wan
ktap_test_result "an alias that both have names none" status_is 2 \
	'several modems are called gateway' -d gateway status
ktap_test_result "by its IMEI" json_is '.pdn.state == "up"' \
	-d 860000000000011 pdn up wan apn internet
ktap_test_result "QMAP v1 carries" pings wan "$peer4"
two=$(sim_net two)
ktap_test_result "a modem that ignores formats stays in its own" json_is \
	".pdn.state == \"up\" and .pdn.ifname == \"$two\" and .pdn.mux_id == null" \
	-d "$two" pdn up plain apn internet
ktap_test_result "which carries" pings "$two" "$peer4"
ktap_test_result "also IPv6" pings "$two" "$peer6"
ktap_test_result "that one goes down" json_is '.pdn.was_up' -d "$two" pdn down plain
ktap_test_result "and the other one carries on" pings wan "$peer6"
# Pulled out with its call up: what the kernel removes it removes, and the rules,
# which it does not, go with the next connection.
sim_stop two
sim_stop one
ktap_test_result "rules of a modem that was pulled out are left" rules_are 2
sim_start -n three --model ec25 --imei 860000000000037 \
	--set wda.qmap-mask=0 "${quick[@]}"
ktap_test_result "a modem without QMAP is there" wait_until 15 \
	json_is '.modems | length == 1' list
three=$(sim_net three)
ktap_test_result "its PDN has the network device itself, in raw-IP" json_is \
	".pdn.state == \"up\" and .pdn.ifname == \"$three\" and .pdn.mux_id == null" \
	pdn up bare apn internet
ktap_test_result "which is what the modem was asked for" \
	output_has '^ok 2 0 0 ' sim_ctl -n three get wda.format
ktap_test_result "it carries" pings "$three" "$peer4"
ktap_test_result "also IPv6" pings "$three" "$peer6"
ktap_test_result "the rules are its own alone" rules_are 2
ktap_test_result "it goes down" json_is '.pdn.was_up' pdn down bare
ktap_test_result "and leaves no rule" rules_are 0
sim_stop three

# Firmware that grants QMAP and lacks what a mux id would be bound by; its card has
# an ICCID with letters.
sim_start -n four --model ec25 --imei 860000000000045 \
	--set qmi.unknown=wds.bind-mux-data-port,wds.set-ip-family \
	--set sim.iccid=898600B612345678901 "${quick[@]}"
ktap_test_result "a modem that binds no call is there" wait_until 15 \
	json_is '.modems | length == 1' list
four=$(sim_net four)
ktap_test_result "its PDN has the network device itself" json_is \
	".pdn.state == \"up\" and .pdn.ifname == \"$four\" and .pdn.mux_id == null" \
	pdn up bare apn internet
ktap_test_result "in raw-IP" output_has '^ok 2 0 0 ' sim_ctl -n four get wda.format
ktap_test_result "it carries" pings "$four" "$peer4"
ktap_test_result "also IPv6" pings "$four" "$peer6"
ktap_test_result "its ICCID is shown with its letters" json_is \
	'.sim.iccid == "898600B612345678901"' sim show
ktap_test_result "a mux id is refused" status_is 11 'mux' pdn up other mux 3
ktap_test_result "it goes down" json_is '.pdn.was_up' pdn down bare
test_end
