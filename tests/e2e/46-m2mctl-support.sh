#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# m2mctl support: one archive that helps, with nothing in it that tells whose modem and
# SIM it is about and no secret at all; with and without a modem, the driver, m2md.
#
# Then what every verb prints fits its schema, whatever the language of the host and with
# the libqmi of Debian's next suite; what signal says, and goes on saying while the modem
# watches; what monitor leaves out; and the texts of verbs that need a driver.
#
#   m2mctl ── m2m_wwan ── vhci ── m2msim
#      └ /etc/m2m, /sys, /proc
#
# vm: either=4 timeout=400 kernels=6.12 next

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
# shellcheck source=tests/lib/terminal.sh
. tests/lib/terminal.sh
require_guest
require jq tar gzip ip

imei=860000000000011
pin=27182818
password=Xyzzy-4711
user=meteruser
puk=31415926
other_pin=16180339
sender=+4917012345
text='the pump is at the north gate'
archive=$work/support.tar.gz
filler=$(printf "%060d" 0)

# support ARGUMENT...: makes the archive and unpacks it
support()
{
	rm -rf "$archive" "$work/m2m-support"
	ctl --json support "$archive" "$@" > "$work/parts" || return
	tar -C "$work" -xzf "$archive"
}

# part_is NAME STATUS
part_is()
{
	jq -e --arg name "$1" --arg status "$2" '.parts | any(.[]; .part == $name and
		.status == $status)' "$work/parts" || { cat "$work/parts"; return 1; }
}

part_has()
{
	grep -qE -- "$2" "$work/m2m-support/$1" || { cat "$work/m2m-support/$1"; return 1; }
}

is_small_and_private()
{
	[ "$(stat -c %s "$archive")" -le 5000000 ] &&
		[ "$(stat -c %a "$archive")" = 600 ]
}

# What the virtual modem's cards can be told, a word a line, by the modem's own table: what
# is no number and no flag, but for what an operator gives to many
card_settings()
{
	sed -nE '/^static const struct setting card_settings/,/^};/ {
		s/^\t\{ "([a-z0-9-]+)", KIND_(HEX_DIGITS|DIGITS|HEX|TEXT),.*/\1/p
	}' tools/sim/settings.c | grep -vxE 'spn|gid1|gid2|fplmn'
}

has_card_settings()
{
	local key
	for key in iccid imsi msisdn eid pin puk; do
		card_settings | grep -qx "$key" || return
	done
}

# What the virtual modem knows of its cards and its place, one a line; what it was told, and
# what hardware addresses make of the host's own addresses
identifiers()
{
	local key
	echo $imei $user $sender
	cat "/sys/bus/usb/devices/$sim_usb/serial" /sys/class/net/*/address
	ip -6 -o addr | grep -oE '[0-9a-f]*ff:fe[0-9a-f]{2}:[0-9a-f]+'
	# secrets, of other modems' cards as short as parts of other numbers
	for key in $(card_settings | grep -vxE 'pin|puk'); do
		sim_number "sim.$key"
		sim_number "sim2.$key"
	done
	sim_number nas.cell
}

# archive_hides WORD...: in no file and no name of one
archive_hides()
{
	local word
	for word; do
		# of all and of nobody
		[[ ${#word} -ge 4 && $word != 00:00:00:00:00:00 ]] || continue
		! grep -rF -- "$word" "$work/m2m-support" || return 1
		! tar -tzf "$archive" | grep -F -- "$word" || return 1
	done
}

# Tokens are made of it. A root that nobody has installed has none, and each archive others.
grep -qE '^[0-9a-f]{32}$' /etc/machine-id ||
	echo 6d326d00000000000000000000000001 > /etc/machine-id

ktap_test_result "without a driver there is an archive" support
ktap_test_result "which says so" part_is list.json failed
ktap_test_result "in words" part_has list.json 'modprobe m2m_wwan'
ktap_test_result "and what there is" part_is versions ok
ktap_test_result "it is for its owner, and small" is_small_and_private
ktap_test_result "a file that is there stays" status_is 1 'exists' support "$archive"

mkdir -p /etc/m2m/modem.d
cat > /etc/m2m/modem.d/site.modem <<-END
	# the PIN is $pin
	[SIM]
	PIN=$pin
	PINFile=/etc/m2m/pin
	[Modem]
	AtInit=AT+X="$password"
	[PDN wan]
	APN=internet
	User=$user
	PasswordFile=/etc/m2m/password
END
echo $pin > /etc/m2m/pin
echo $password > /etc/m2m/password
chmod 600 /etc/m2m/pin /etc/m2m/password
load_driver ours
# More than one part of the archive may hold: the newest counts
for ((i = 0; i < 6000; i++)); do
	echo "<6>usb: line $i of a log that is as long as after years, $filler"
done > /dev/kmsg
sim_start --model rm520n --imei $imei "${quick[@]}" --set sim.pin=$pin \
	--set sim.puk=$puk --set sim.slots=2 --set sim2.pin=$other_pin --set sim2.puk=27182819
sim_ctl sms: $sender "$text" > "$work/answer"
ctl apn add stored.example user $user --password-file /etc/m2m/password > "$work/answer"
ctl pdn up wan apn internet user $user auth pap --password-file /etc/m2m/password \
	> "$work/answer"
modem=modem-$sim_usb

now_ms
began=$now
ktap_test_result "with a modem there is one, too" support
now_ms
ktap_test_result "within its time" [ $((now - began)) -lt $((60000 * slow)) ]
for part in versions kernel.log usb configuration list.json interfaces rules \
	managers clock "$modem/status.json" "$modem/pdn.json" "$modem/frames"; do
	ktap_test_result "it has ${part/$modem/the modem}" part_is "$part" ok
done
ktap_test_result "its list of contents says the same" part_has contents \
	"^ok .* $modem/status.json\$"
ktap_test_result "the configuration is there" part_has configuration '^APN=internet$'
ktap_test_result "without what has no meaning" part_has configuration '^\(not shown\)$'
ktap_test_result "the status is a document" jq -e '.modem.state == "ready"' \
	"$work/m2m-support/$modem/status.json"
ktap_test_result "the frames have their headers" part_has "$modem/frames" \
	'[<>] dms 0x0025 type 0 client [0-9]+ transaction [0-9]+:'
ktap_test_result "the kernel's log is that of USB, and its newest" \
	part_has kernel.log 'New USB device found'
ktap_test_result "the descriptors are there" part_has usb '^descriptors: 12 01'
ktap_test_result "no secret is in it" archive_hides $pin $puk $password $other_pin 27182819
ktap_test_result "nor a message" archive_hides "$text"
ktap_test_result "what the modem knows is known" has_card_settings
# shellcheck disable=SC2046 # a word each
ktap_test_result "nor an identifier" archive_hides $(identifiers)
token=$(jq -r .modem.imei "$work/m2m-support/$modem/status.json")
ktap_test_result "a token stands for each" grep -qE '^id-[0-9a-f]{8}$' <<< "$token"
ktap_test_result "the same in all files" part_has list.json "\"$token\""
ktap_test_result "another archive has the same" support
ktap_test_result "to the letter" part_has list.json "\"$token\""
ktap_test_result "--full has identifiers" support --full
ktap_test_result "as they are" part_has "$modem/status.json" "\"$imei\""
ktap_test_result "but no secret" archive_hides $pin $puk $password $other_pin 27182819
sim_ctl ctl late 30s 100 > "$work/answer"
ktap_test_result "a modem that does not answer costs five seconds a part" support
ktap_test_result "and is said to be late" part_is "$modem/sim.json" late
sim_ctl ctl late 0 0 > "$work/answer"
# What was held back comes when its time is over.
ktap_test_result "it answers again" wait_until 60 json_is ".modem.imei == \"$imei\"" status
nobodys()
{
	chmod 711 "$work"
	mkdir "$work/nobodys"
	chown 65534 "$work/nobodys"
	as_nobody "$m2mctl" support "$work/nobodys/a.tar.gz" > "$work/answer"
}
ktap_test_result "anybody may make one of what he may see" nobodys

# --- schemas ------------------------------------------------------------------------

# events_fit FILE: what monitor --json wrote there
events_fit()
{
	local out
	out=$(jq -r --argjson schema "$(ctl --schema monitor)" -f tests/lib/schema.jq \
		"$1") || return
	[ -s "$1" ] && [ -z "$out" ] && return
	printf '%s\n' "$out"
	return 1
}

# looks_fit OF: what shows something, OF a language or of a build
looks_fit()
{
	local verb

	sim_ctl sms: +4917012345 hello > "$work/answer"
	for verb in overview list status signal 'modem format' 'modem clients' 'sim show' 'sim unlock' 'apn suggest' 'modem list' \
		'modem list --match' 'pdn show' 'sms list' \
		'config keys'; do
		# shellcheck disable=SC2086
		ktap_test_result "$verb fits its schema ($1)" fits "${verb% --*}" $verb
	done
	ktap_test_result "pdn up, too ($1)" fits "pdn up" pdn up wan apn internet
	ktap_test_result "and sms read ($1)" fits "sms read" sms read sim:0
	ktap_test_result "and raw ($1)" fits raw raw dms 0x25
}

# changes_fit OF: what changes something; in the end PDN and messages are gone
changes_fit()
{
	ktap_test_result "so does sms send ($1)" fits "sms send" sms send 4711 hello
	ktap_test_result "and delete ($1)" fits "sms delete" sms delete all
	ktap_test_result "and config check of what is wrong ($1)" fits "config check" \
		config check "$work/a.modem"
	rm -f "$work/b.tar.gz"
	ktap_test_result "and support ($1)" fits support support "$work/b.tar.gz"
	watch_begin "$work/events" --json || :
	ktap_test_result "and pdn down ($1)" fits "pdn down" pdn down wan
	watch_end
	ktap_test_result "and each event of monitor ($1)" events_fit "$work/events"
}

printf '[PDN wan]\nMTU=1\n' > "$work/a.modem"
# The languages where a comma, and an i without a dot, have been a trap
for locale in de_DE.UTF-8 tr_TR.UTF-8 C; do
	looks_fit $locale
done
changes_fit "$locale"
ours=$m2mctl
m2mctl=$build/next/m2mctl
if [ -x "$m2mctl" ]; then
	ktap_test_result "with libqmi 1.38 it runs" ctl --version
	looks_fit "libqmi 1.38"
	changes_fit "libqmi 1.38"
else
	ktap_test_skip "with libqmi 1.38" "no libraries of sid, or no --next of tests/vm/run"
fi
m2mctl=$ours

# --- the signal ---------------------------------------------------------------------

lines_are()
{
	[ "$(wc -l < "$1")" -eq "$2" ] || { cat "$1"; return 1; }
}

quality_is()
{
	sim_ctl set nas.signal "$1" > "$work/answer"
	json_is "[.signal[].quality, .signal[].bars] == [\"$2\", $3]" signal
}

# It is red on a terminal
in_colour()
{
	person_begins signal
	person_ends 0 $'\033\\[31mpoor \\[#---\\]\033\\[0m'
}

without_colour()
{
	NO_COLOR=1 person_begins signal
	person_ends 0 'Quality: poor \[#---\]'
}

export TERM=xterm
sim_ctl set nas.rat lte > "$work/answer"
ktap_test_result "a signal is excellent" quality_is '-50 -9 -75 220' excellent 4
ktap_test_result "good" quality_is '-50 -11 -85 150' good 3
ktap_test_result "fair" quality_is '-50 -16 -85 150' fair 2
ktap_test_result "or poor, by its worst figure" quality_is '-50 -9 -75 -10' poor 1
ktap_test_result "in red" in_colour
ktap_test_result "unless there is to be no colour" without_colour
ktap_test_result "and none in a pipe" output_has '^    Quality: poor \[#---\]$' ctl signal
"$m2mctl" --json signal --watch > "$work/signal" 2> "$work/watch.stderr" < /dev/null &
watch_pid=$!
ktap_test_result "--watch begins with the signal there is" wait_until 20 \
	lines_are "$work/signal" 1
asked=$(sim_number event.nas.get-signal-info)
sim_ctl set nas.signal '-50 -9 -76 -20' > "$work/answer"
sim_ctl set nas.signal '-50 -9 -76 140' > "$work/answer"
ktap_test_result "and tells a change" wait_until 10 lines_are "$work/signal" 2
ktap_test_result "of quality alone" jq -e -s \
	'map(.signal.lte.quality) == ["poor", "good"]' "$work/signal"
ktap_test_result "of which nobody asked the modem" sim_says event.nas.get-signal-info \
	"$asked"
kill -INT "$watch_pid"
ktap_test_result "a signal of another kind ends it" wait "$watch_pid"

# --- frames -------------------------------------------------------------------------

# frames_of OPTION...: what monitor --qmi shows while a modem is asked who it is
frames_of()
{
	watch_begin "$work/frames" --qmi "$@" || return
	ctl sms list > "$work/answer"
	ctl status > "$work/answer"
	wait_until 10 grep -q 'Get Serving System\|nas message 0x0024' "$work/frames"
	watch_end
}

ktap_test_result "monitor --qmi shows frames" frames_of
frames_hide()
{
	local word
	for word; do
		! grep -F -- "$word" "$work/frames" || return 1
	done
}
# shellcheck disable=SC2046 # a word each
ktap_test_result "and no identifier" frames_hide $(identifiers)
ktap_test_result "which it says" grep -q 'secrets or personal data are not shown' \
	"$work/frames"
ktap_test_result "--full shows them" frames_of --full
ktap_test_result "as they are" grep -qF $imei "$work/frames"
ktap_test_result "so does --json" frames_of --json
ktap_test_result "each frame fits the schema" events_fit "$work/frames"
ktap_test_result "and has its name" grep -q '"frame":"qmi"' "$work/frames"

# --- texts --------------------------------------------------------------------------

# As those of the other verbs are in tests/vectors/m2mctl-text.txt. Who watches sees the
# network end the call, both commands come and go, and the modem pulled out.
cat > "$work/stored" <<'END'
$ m2mctl pdn down wan
PDN
  Name:  wan
  State: down
$ m2mctl pdn down wan
PDN
  Name:  wan
  State: down
$ m2mctl monitor
1-1:4 call wan ipv4 disconnected 3gpp regular-deactivation (36)
1-1:4 lease on
1-1:4 lease off
1-1:4 lease on
1-1:4 lease off
1-1:4 gone
END

# run_down: a command line and what it prints, as it is stored
run_down()
{
	echo "\$ m2mctl pdn down wan"
	ctl pdn down wan
}

print_texts()
{
	ctl pdn up wan apn internet family 4 > "$work/answer" || return
	watch_begin "$work/events" || return
	sim_ctl drop > "$work/answer"
	wait_until 15 grep -q ' disconnected ' "$work/events" || return
	{ run_down && run_down; } > "$work/texts" || return
	sim_ctl unplug > "$work/answer"
	wait_until 15 grep -q ' gone' "$work/events" || return
	watch_end
	# where the modem is plugged in, and which of its interfaces speaks QMI
	{
		echo "\$ m2mctl monitor"
		sed "s/^$sim_usb:[0-9]* /1-1:4 /" "$work/events"
	} >> "$work/texts"
}

ktap_test_result "pdn down and monitor print texts" print_texts
ktap_test_result "which are those that are stored, to the letter" \
	diff "$work/stored" "$work/texts"
rm -rf /etc/m2m
test_end
