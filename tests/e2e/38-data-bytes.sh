#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the driver merges is, segment for segment, what came: packets of streams as they
# are in life, and damaged ones, are forwarded, with rx-gro-hw and without, to a device
# with TSO and to one for which the kernel cuts them up, and looked at there.
#
#   e2e-bytes ── TUN ── m2msim ── vhci ── m2m_wwan ── pdn1     (namespace far)
#   e2e-bytes ── veth ──────────────── forwarding ──────┘      (namespace sink)
#
# vm: either timeout=240 debug

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/data.sh
. tests/lib/data.sh
# shellcheck source=tests/lib/far.sh
. tests/lib/far.sh

require ethtool
modprobe tun || ktap_skip_all "tun cannot be loaded"
modprobe veth || ktap_skip_all "veth cannot be loaded"
export M2M_TAP=simtun0 M2M_SINK=sink1 M2M_TO4 M2M_TO6 M2M_SIM_PID

# Nobody has the address that packets are sent on to, and nobody answers.
nobody=02:00:00:00:00:99

sink_make()
{
	ip netns add sink && at_exit ip netns del sink &&
		ip link add sink0 type veth peer name sink1 netns sink &&
		ip link set sink0 up && ip -n sink link set sink1 up &&
		ip netns exec sink ethtool -K sink1 gro off &&
		sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 &&
		at_exit sysctl -qw net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0
}

# sink_is plain|tso: what it takes. With TSO it counts IPv4's ids: where they stand
# still the kernel is to cut up.
sink_is()
{
	unset M2M_TSO
	if [ "$1" = tso ]; then
		export M2M_TSO=yes
		ethtool -K sink0 tx on sg on tso on &&
			ethtool -K sink0 tx-tcp-mangleid-segmentation off &&
			output_has '^[[:space:]]*tx-tcp-segmentation: on' ethtool -k sink0
	else
		ethtool -K sink0 tso off tx off sg off &&
			output_has '^[[:space:]]*tx-tcp-segmentation: off' ethtool -k sink0
	fi
}

# goes_on ADDRESS: what comes for a call's address is not for this host.
goes_on()
{
	ip route replace "$1" dev sink0 &&
		ip neigh replace "$1" lladdr "$nobody" dev sink0 nud permanent
}

come_up()
{
	data_format raw-ip "$1" && data_call 4 1 && data_call 6 1 &&
		ip link set "$net" up &&
		ip link add link "$net" name pdn1 type m2m_mux &&
		ip link set pdn1 up && ip route add 198.51.100.0/24 dev pdn1 &&
		ip -6 route add 2001:db8:5f::/64 dev pdn1 || return
	M2M_TO4=${calls[1.4]%%/*}
	M2M_TO6=${calls[1.6]%%/*}
	goes_on "$M2M_TO4" && goes_on "$M2M_TO6"
}

go_down()
{
	ip link del pdn1 && ip link set "$net" down && data_hangup
}

# passes MERGED: byte for byte
passes()
{
	unset M2M_GRO
	[ "$1" -gt 0 ] || export M2M_GRO=yes
	merges "$1" "$build/tests/e2e-bytes"
}

data_start --model rm520n --transport vhci:high --tap simtun0
M2M_SIM_PID=${sim_pids[sim]}
ktap_test_result "packets come from a namespace" far_make
ktap_test_result "and leave for another one" sink_make
for version in v5 v4 v1; do
	ktap_test_result "QMAP $version: two calls and a link" come_up "qmap${version#v1}"
	for sink in plain tso; do
		name="QMAP $version, $sink"
		ktap_test_result "$name: the sink" sink_is "$sink"
		ktap_test_result "$name: rx-gro-hw is on" \
			output_has '^rx-gro-hw: on' ethtool -k pdn1
		ktap_test_result "$name: what is merged is what came" passes 100
		ktap_test_result "$name: rx-gro-hw goes off" \
			ethtool -K pdn1 rx-gro-hw off
		ktap_test_result "$name: what GRO merges is, too" passes 0
		ktap_test_result "$name: rx-gro-hw goes on" \
			ethtool -K pdn1 rx-gro-hw on
	done
	ktap_test_result "QMAP $version: it ends" go_down
done
test_end
