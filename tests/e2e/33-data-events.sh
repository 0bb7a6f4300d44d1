#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The data path follows what the modem says of formats, stops where it must, and
# listeners on netlink are told; also of a suspect format and of flow control.
#
#   e2e-data-format, -suspect, -events ── m2m_wwan ── vhci ── m2msim
#
# vm: either=4 timeout=240 waits debug quick

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/program.sh
. tests/lib/program.sh
# shellcheck source=tests/lib/data.sh
. tests/lib/data.sh

require ethtool

features_are()
{
	output_has "^[[:space:]]*tx-checksum-ip-generic: $1" ethtool -k "$net" &&
		output_has "^[[:space:]]*tx-scatter-gather: $1" ethtool -k "$net"
}

rx_checksum_is()
{
	output_has "^rx-checksumming: $1" ethtool -k "$net"
}

# QMAP v2 on top of what the model has: the driver does not speak it.
data_start --model ec25 --set wda.qmap-mask=38
run_program e2e-data-format
ip link del qmimux0
data_names
ip link set "$net" up
ktap_test_result "the modem takes 802.3" data_format 802-3
ktap_test_result "whose checksums are the stack's" rx_checksum_is off
ktap_test_result "the modem takes raw-IP" data_format raw-ip
ktap_test_result "which has features" features_are on
ktap_test_result "the modem takes QMAP v2" data_format raw-ip qmapv2
ktap_test_result "which is not spoken and has none" features_are off
ktap_test_result "the modem takes QMAP v5" data_format raw-ip qmapv5
ktap_test_result "which has them again" features_are on
ktap_test_result "and verified checksums" rx_checksum_is on
ktap_test_result "the modem takes QMAP" data_format raw-ip qmap
ktap_test_result "which has them too" features_are on
ktap_test_result "though the driver has to verify" rx_checksum_is on
run_program e2e-data-suspect
ktap_test_result "a link" ip link add link "$net" name pdn1 type m2m_mux
ip link set pdn1 up
run_program e2e-data-events
test_end
