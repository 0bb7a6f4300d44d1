#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The virtual modem is believed by clients and a driver nobody here wrote:
#
#	qmicli -- /dev/cdc-wdmN -- cdc_wdm \
#	                                    qmi_wwan -- vhci_hcd -- m2msim
#	ping ----- wwanN ---------- usbnet /
#
# reads identity, card and network, starts a network, and with the addresses it
# got a ping comes back; over raw-IP and over Ethernet frames.
# vm: timeout=150 either

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/qmicli.sh
. tests/lib/qmicli.sh
require qmicli ping ip

# connects LINK FAMILY: format, call, settings, addresses, ping, statistics.
connects()
{
	local link=$1 family=$2 dns

	ktap_test_result "$link: the link layer is set" qmi_link "$link"
	ktap_test_result "$link: IPv$family starts" \
		qmi_start internet "$family" || return
	ktap_test_result "$link: IPv$family is connected" \
		output_has "'connected'" qmi_wds --wds-get-packet-service-status
	ktap_test_result "$link: IPv$family has settings" qmi_settings
	ktap_test_result "$link: they make sense" qmi_apply "$family"
	dns=$(qmi_setting "IPv$family primary DNS")
	ktap_test_result "$link: a ping comes back from $dns" \
		ping_answers "$dns"
	ktap_test_result "$link: the modem has counted it" \
		output_has 'TX packets OK: ([3-9]|[1-9][0-9])' \
		qmi_wds --wds-get-packet-statistics
	ktap_test_result "$link: IPv$family stops" \
		qmi_wds --wds-stop-network="$handle"
	ktap_test_result "$link: it is disconnected" \
		output_has "'disconnected'" \
		qmi --client-cid="$cid" --wds-get-packet-service-status
	ktap_test_result "$link: the modem has no call" \
		output_has '^ok 0$' sim_ctl get calls
	ktap_test_result "$link: addresses are taken away" qmi_clear
}

load_driver mainline
qmi_modem --model ec25 --imei 490154203237518

ktap_test_result "identity is read" \
	output_has "IMEI: '490154203237518'" qmi --dms-get-ids
ktap_test_result "the manufacturer is read" \
	output_has "Manufacturer: '.+'" qmi --dms-get-manufacturer
ktap_test_result "the card is ready" wait_until 10 \
	output_has "Application state: 'ready'" qmi --uim-get-card-status
ktap_test_result "its ICCID is read from its file" \
	output_has '98:94:00:00:00:00:00:00:00:61' \
	qmi --uim-read-transparent=0x3F00,0x2FE2
ktap_test_result "its IMSI is read" \
	output_has "IMSI: '001010123456789'" qmi --dms-uim-get-imsi
ktap_test_result "it registers" wait_until 15 qmi_is_registered
ktap_test_result "the operator has its name" \
	output_has "Description: 'm2m Home'" qmi --nas-get-home-network
ktap_test_result "there is a signal" \
	output_has "RSRP: '-92 dBm'" qmi --nas-get-signal-info
ktap_test_result "a profile is there" \
	output_has "APN: 'internet'" qmi --wds-get-profile-list=3gpp

connects raw-ip 4
connects raw-ip 6

refuse "an unknown APN is refused" qmi --wds-start-network=apn=nowhere
ktap_test_result "with the network's reason" \
	output_has 'unknown-apn' qmi_refusal nowhere 4
ktap_test_result "an IPv4-only APN refuses IPv6" \
	output_has 'ipv4-only-allowed' qmi_refusal v4only 6
sim_stop

qmi_modem --model gobi
ktap_test_result "the next modem registers" wait_until 15 qmi_is_registered
# usbnet since 6.12 draws an address after qmi_wwan has looked at it. One that
# begins like an IP packet (one in eight) leaves mainline deaf to Ethernet frames.
ktap_test_result "it has an Ethernet address unlike an IP packet" \
	ip link set "$net" address 02:4d:32:4d:00:02
connects 802-3 4
ktap_test_result "no client id is left" \
	output_has '^ok 0$' sim_ctl get clients
test_end
