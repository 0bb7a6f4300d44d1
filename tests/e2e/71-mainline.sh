#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Where the driver is mainline's m2md is degraded, and online all the same.
#
#   m2md ── /dev/cdc-wdm0 ── qmi_wwan ── vhci ── m2msim
#   ping ── wwan0 ────────────┘                   └ peer: 198.51.100.1, 2001:db8:5f::1
#
# vm: either=4 timeout=200 kernels=6.1

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
# shellcheck source=tests/lib/m2md.sh
. tests/lib/m2md.sh
require ip ping jq

imei=860000000000011
mkdir -p "$work/managed"
site site '[PDN wan]' APN=internet

carries()
{
	wait_until 20 pings "$net" "$peer4" && wait_until 20 pings "$net" "$peer6"
}

load_driver mainline
mark
daemon_start
ktap_test_result "m2md says that its driver is not there" says 10 'no driver: '
sim_start --model rm520n --imei $imei "${quick[@]}"
wait_until 10 sim_net > "$work/net" || ktap_exit_fail_msg "there is no network device"
net=$(sim_net sim)
ktap_test_result "and that it is degraded" says 15 "$sim_usb: degraded: "
ktap_test_result "it is online" says 40 "$imei wan: online"
ktap_test_result "packets go, of both families" carries
ktap_test_result "why names the driver" json_is ".modems[0].driver == \"qmi_wwan\"
	and .modems[0].managed and .pdns[0].state == \"online\"" why
ktap_test_result "others are told that it is managed" \
	output_has "^IMEI=$imei\$" cat "$work/managed/$sim_usb"
ktap_test_result "the route leaves Ethernet first" \
	output_has "default dev $net .*metric 2048" ip route
ktap_test_result "the device is not another's of us" fails flock -n "$(sim_wdm sim)" true

mark
sim_ctl drop > "$work/answer"
ktap_test_result "the network drops the call: it is noticed" \
	says 20 "$imei wan: waiting: "
ktap_test_result "and dialled again" says 60 "$imei wan: online"
ktap_test_result "packets go again" carries

mark
sim_ctl modem: restart 8s > "$work/answer"
ktap_test_result "the modem leaves the bus" says 30 "$imei: gone: "
ktap_test_result "and comes back: online again" says 90 "$imei wan: online"
net=$(sim_net sim)
ktap_test_result "packets go after that as well" carries

boots=$(sim_number event.modem.booted)
ktap_test_result "the call ends with the daemon" daemon_end
ktap_test_result "indeed it does" wait_until 10 sim_says calls 0
mark
daemon_start
ktap_test_result "the next one dials anew" says 60 "$imei wan: online"
for i in 1 2; do
	daemon_end -KILL
	mark
	daemon_start
	ktap_test_result "also after one that was killed ($i)" \
		says 60 "$imei wan: online"
done
ktap_test_result "packets go" carries

# As if cdc-wdm had not served two when it was closed: from now on all that the modem
# says is read when it has said two more.
daemon_end -KILL
sim_ctl notify: lose 2 > "$work/answer"
mark
daemon_start
ktap_test_result "whoever is behind is online as well" says 60 "$imei wan: online"
mark
sim_ctl drop > "$work/answer"
ktap_test_result "hears of a dropped call" says 30 "$imei wan: waiting: "
ktap_test_result "and dials again" says 60 "$imei wan: online"
ktap_test_result "packets go then" carries
ktap_test_result "the modem was never reset" sim_is sim event.modem.booted "$boots"
ktap_test_result "it ends well" daemon_end
sim_stop

# --- our driver, as soon as there is one --------------------------------------------

mark
daemon_start
load_driver ours
sim_start --model rm520n --imei $imei "${quick[@]}"
ktap_test_result "with our driver it is not degraded" says 60 "$imei wan: online"
ktap_test_result "nor says so" fails said degraded
ktap_test_result "why agrees" json_is '.modems[0].driver == "m2m_wwan"' why
ktap_test_result "the daemon ends" daemon_end
test_end
