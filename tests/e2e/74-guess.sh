#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# m2md guesses an access point: the network's own first, then what the lists of the host
# know of this card, and what worked is the first one next time. No profile is written.
#
#   /usr/share/m2m/apn.d ── m2md ── netlink ── m2m_wwan ── vhci ── m2msim
#
# vm: either timeout=300 kernels=6.12

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
# shellcheck source=tests/lib/m2md.sh
. tests/lib/m2md.sh
require ip ping
require_guest

imei=860000000000011
lists=/usr/share/m2m/apn.d
# ten minutes online in half of one
m2md_options=(--time-factor 20)

# list APN: what it says of the card, and nothing else is known of it.
list()
{
	mkdir -p $lists
	rm -f $lists/*.conf /usr/share/mobile-broadband-provider-info/serviceproviders.xml
	[ -z "$1" ] || printf '[APN test]\nIssuer=Test\nSource=none\nPLMN=00101\nAPN=%s\n' \
		"$1" > $lists/test.conf
}

# calls_are APN: both families, with this one.
calls_are()
{
	output_has " $1 .*; .* $1 " sim_ctl get calls.list
}

won()
{
	grep -rqa "winner/0" "$state"
}

nothing_written()
{
	[ "$(sim_number event.wds.modify-profile)" -eq "$writes" ] &&
		[ "$(sim_number event.wds.create-profile)" -eq 0 ]
}

load_driver ours
sim_start --model rm520n --imei $imei "${quick[@]}"
# what it attaches with is no way into the Internet, and no APN at all leads there too
"$m2mctl" apn set 1 apn dead.example > "$work/answer" || cat "$work/answer"
writes=$(sim_number event.wds.modify-profile)
before=$(sim_number event.wds.start-network)

site other '[PDN wan]'
daemon_start
ktap_test_result "without AutoConnect nothing is guessed" says 30 "$imei wan: no-apn"
ktap_test_result "nor dialled" starts_are "$before"
daemon_end -TERM
rm "$config/modem.d/other.modem"

list iot
printf '[Manager]\nBootSpread=0s\nAutoConnect=yes\n' > "$config/m2md.conf"
mark
daemon_start
ktap_test_result "with it the card is online" says 60 "$imei wan: online"
ktap_test_result "by what a list says of it" calls_are iot
ktap_test_result "which was tried after the network's own" starts_are $((before + 3))
ktap_test_result "packets go" carries
ktap_test_result "that it works is noted" wait_until 90 won
ktap_test_result "no profile was written" nothing_written
daemon_end -TERM
"$m2mctl" pdn down wan > "$work/answer"

list ''
mark
daemon_start
ktap_test_result "next time it is the first, whatever lists say" \
	says 60 "$imei wan: online"
ktap_test_result "indeed the same" calls_are iot
ktap_test_result "and at once" starts_are $((before + 5))
ktap_test_result "nor is a profile written now" nothing_written
daemon_end -TERM
test_end
