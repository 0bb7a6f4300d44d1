#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# QMAP v4 and v5: checksums that the modem verifies and computes, and what becomes
# of damaged packets, which nobody may take for right ones.
#
#   ping, UDP ── pdn1 ── wwan0 (QMAP v4, v5) ── vhci ── m2msim ── its peer
#
# vm: either=4 timeout=240 debug

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/data.sh
. tests/lib/data.sh

require ethtool
data_start --model rm520n

# udp_echo FAMILY: a datagram comes back from the peer's echo service.
udp_echo()
{
	local gateway fd said

	read -r _ gateway <<< "${calls[1.$1]}"
	exec {fd}<> "/dev/udp/$gateway/7" || return
	printf hello >&"$fd"
	said=$(timeout $((2 * slow)) head -c 5 <&"$fd")
	exec {fd}>&-
	echo "$said"
	[ "$said" = hello ]
}

# The packet is lost, not delivered as it is.
damaged_is_lost()
{
	local before

	before=$(stat_of faults)
	sim_ctl data bad-checksum 1 && fails udp_echo "$1" &&
		stat_is faults -gt "$before"
}

# It is intact, whatever the modem says.
misjudged_comes()
{
	local before

	before=$(stat_of faults)
	sim_ctl data wrong-verdict 1 && udp_echo "$1" && stat_is faults -gt "$before"
}

# more NAME COMMAND...: a counter of the link grows meanwhile.
more()
{
	local name=$1 before
	shift

	before=$(counter pdn1 "$name")
	"$@" && counts pdn1 "$name" $((before + 1))
}

# same NAME COMMAND...: it does not.
same()
{
	local name=$1 before
	shift

	before=$(counter pdn1 "$name")
	"$@" && [ "$(counter pdn1 "$name")" = "$before" ]
}

modem_computes()
{
	local before

	before=$(stat_of ul_checksums)
	udp_echo "$1" && stat_is ul_checksums -gt "$before"
}

come_up()
{
	data_format raw-ip "$1" && data_call 4 1 && data_call 6 1 &&
		ip link set "$net" up &&
		ip link add link "$net" name pdn1 type m2m_mux &&
		ip link set pdn1 up && data_address pdn1 4 1 &&
		data_address pdn1 6 1
}

go_down()
{
	ip link del pdn1 && ip link set "$net" down && data_hangup
}

for version in v5 v4; do
	ktap_test_result "QMAP $version: two calls and a link" come_up "qmap$version"
	for family in 4 6; do
		name="QMAP $version, IPv$family"
		ktap_test_result "$name: ping" data_ping pdn1 "$family" 1
		ktap_test_result "$name: longest packets" \
			data_ping pdn1 "$family" 1 -s $((family == 4 ? 1472 : 1452)) \
			-M "do"
		ktap_test_result "$name: odd packets" \
			data_ping pdn1 "$family" 1 -s 61
		ktap_test_result "$name: the modem computes a checksum" \
			modem_computes "$family"
		ktap_test_result "$name: that is counted" \
			more tx_checksums udp_echo "$family"
		ktap_test_result "$name: it verifies one" \
			more rx_verified udp_echo "$family"
		ktap_test_result "$name: a damaged packet is lost" \
			damaged_is_lost "$family"
		ktap_test_result "$name: it is not taken for verified" \
			same rx_verified damaged_is_lost "$family"
	done
	ktap_test_result "QMAP $version: an intact packet that is called damaged comes" \
		misjudged_comes 4
	ktap_test_result "QMAP $version: as one that nobody has verified" \
		same rx_verified misjudged_comes 6
	ktap_test_result "QMAP $version: rx-checksum goes off" \
		ethtool -K pdn1 rx off
	ktap_test_result "QMAP $version: packets pass, nothing is taken as verified" \
		same rx_verified udp_echo 4
	ktap_test_result "QMAP $version: a damaged packet is lost then as well" \
		damaged_is_lost 4
	ktap_test_result "QMAP $version: the modem's checksums go off" \
		ethtool -K pdn1 tx off
	ktap_test_result "QMAP $version: packets pass, it is asked for none" \
		same tx_checksums udp_echo 4
	ktap_test_result "QMAP $version: the modem was asked for nothing it could not do" \
		stat_is drop_offload -eq 0
	ktap_test_result "QMAP $version: and dropped nothing as malformed" \
		stat_is drop_malformed -eq 0
	ktap_test_result "QMAP $version: no transfer was too large for it" limits_kept
	ktap_test_result "QMAP $version: ends" go_down
done
test_end
