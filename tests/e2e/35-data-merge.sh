#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the driver merges is what was sent: files come down by TCP, to this host and
# beyond it, with rx-gro-hw and without, and are the same.
#
#   cat ── pdn1 ── m2m_wwan ── vhci ── m2msim ── TUN │ nc      (namespace far)
#   cat ── veth ┘                                              (namespace inside)
#
# vm: either timeout=360 debug

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/data.sh
. tests/lib/data.sh
# shellcheck source=tests/lib/far.sh
. tests/lib/far.sh

require ethtool ss
modprobe tun || ktap_skip_all "tun cannot be loaded"
modprobe veth || ktap_skip_all "veth cannot be loaded"
# Sent again and again
head -c 1000000 /dev/urandom > "$work/file"

come_up()
{
	data_format raw-ip "$1" && data_call 4 1 && data_call 6 1 &&
		ip link set "$net" up &&
		ip link add link "$net" name pdn1 type m2m_mux &&
		ip link set pdn1 up && data_address pdn1 4 1 &&
		data_address pdn1 6 1 && ip route add "$peer4" dev pdn1 &&
		ip -6 route add "$peer6" dev pdn1
}

# comes ADDRESS [COMMAND...]: the file comes down as it is.
comes()
{
	local address=$1 status
	shift

	ip netns exec far "$busybox" nc -l -p 5002 < "$work/file" &
	wait_until 10 far_listens 5002 || return
	# shellcheck disable=SC2016 # the inner shell expands it
	timeout $((60 * slow)) "$@" bash -c 'exec cat < "/dev/tcp/$1/5002"' \
		cat "$address" > "$work/came"
	status=$?
	wait $!
	ls -l "$work/came"
	[ "$status" = 0 ] && cmp "$work/file" "$work/came"
}

# UDP passes by GRO, but for sockets that ask for it; fragments keep their place.
datagrams()
{
	local address=${calls[1.4]%% *}

	"$build/tests/datagrams" far "${address%/*}" "$1"
}

# The modem vouches for no checksum, and some are wrong: those segments come again.
damaged_comes()
{
	local before

	before=$(stat_of faults)
	sim_ctl data bad-checksum 8 && comes "$@" &&
		stat_is faults -ge $((before + 8))
}

# One packet a transfer, and no links
come_up_raw()
{
	data_format raw-ip && data_call 4 && ip link set "$net" up &&
		data_address "$net" 4 && ip route add "$peer4" dev "$net"
}

data_start --model rm520n --transport vhci:high --tap simtun0
ktap_test_result "packets come out in a namespace" far_make
for version in v5 v4 v1; do
	ktap_test_result "QMAP $version: two calls and a link" \
		come_up "qmap${version#v1}"
	[ "$version" != v5 ] ||
		ktap_test_result "a host behind this one" inside_make
	[ "$version" = v5 ] || ip -6 route replace "$inside6/128" via fd00::2 dev veth0
	ktap_test_result "QMAP $version: rx-gro-hw is on" \
		output_has '^rx-gro-hw: on' ethtool -k pdn1
	ktap_test_result "QMAP $version: a file by IPv4" merges 50 comes $peer4
	ktap_test_result "QMAP $version: and by IPv6" merges 50 comes $peer6
	[ "$version" = v4 ] ||
		ktap_test_result "QMAP $version: forwarded" \
			merges 50 comes $peer6 ip netns exec inside
	ktap_test_result "QMAP $version: damaged segments are not merged" \
		damaged_comes $peer4
	if [ "$version" = v1 ]; then
		ktap_test_result "QMAP v1: the driver adds up the checksums" \
			counts pdn1 rx_summed 50
		ktap_test_result "QMAP v1: which the modem never did" \
			output_has ' rx_verified: 0$' ethtool -S pdn1
	else
		ktap_test_result "QMAP $version: the modem adds up the checksums" \
			counts pdn1 rx_verified 50
	fi
	ktap_test_result "QMAP $version: datagrams go up alone" \
		datagrams plain
	ktap_test_result "QMAP $version: and merged for who wants that" \
		datagrams gro
	ktap_test_result "QMAP $version: rx-gro-hw goes off" \
		ethtool -K pdn1 rx-gro-hw off
	ktap_test_result "QMAP $version: a file by IPv4, off" merges 0 comes $peer4
	ktap_test_result "QMAP $version: and by IPv6, off" merges 0 comes $peer6
	[ "$version" = v4 ] ||
		ktap_test_result "QMAP $version: forwarded, off" \
			merges 0 comes $peer6 ip netns exec inside
	ktap_test_result "QMAP $version: datagrams go up alone, off" \
		datagrams plain
	ktap_test_result "QMAP $version: and merged for who wants that, off" \
		datagrams gro
	ktap_test_result "QMAP $version: the modem dropped nothing as malformed" \
		stat_is drop_malformed -eq 0
	ktap_test_result "QMAP $version: it ends" ip link del pdn1
	ip link set "$net" down
	data_hangup
done
ktap_test_result "raw-IP: a call" come_up_raw
ktap_test_result "raw-IP: a file" comes $peer4
ktap_test_result "raw-IP: the driver adds up checksums" counts "$net" rx_summed 1
ktap_test_result "raw-IP: the modem dropped nothing as malformed" \
	stat_is drop_malformed -eq 0
test_end
