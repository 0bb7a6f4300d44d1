#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Beside those who look after network devices and names: NetworkManager with
# ModemManager, networkd with resolved, ifupdown. Each leaves our links alone, Ethernet
# keeps the default route, and what m2md does not manage is ModemManager's.
#
# vm: systemd packages kernels=6.1 timeout=300

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
# shellcheck source=tests/lib/packages.sh
. tests/lib/packages.sh
# shellcheck source=tests/lib/mm.sh
. tests/lib/mm.sh
require_guest
require apt-get dkms ifup jq socat NetworkManager nmcli networkctl udevadm
modprobe -a vhci-hcd tun dummy || ktap_skip_all "vhci-hcd, tun or dummy cannot be loaded"
packages_have
few_modules || ktap_exit_fail_msg "the kernel's modules cannot be made few"

# An Ethernet of this machine's, which is its way out, by ifupdown
ethernet()
{
	ip link add eth0 type dummy &&
		printf '%s\n' 'iface eth0 inet static' '	address 192.0.2.2/24' \
			'	gateway 192.0.2.1' > /etc/network/interfaces &&
		ifup eth0
}

# leaves_by INTERFACE: what has no address yet
leaves_by()
{
	output_has " dev $1 " ip route get 203.0.113.9
}

rules_stay()
{
	rules_are 2
}

# is_carrying: TCP by the PDN, whatever the default route is
is_carrying()
{
	wait_until 20 converses "$peer4" wan && rules_stay
}

# is_online: all of this system has names and TCP by the PDN.
is_online()
{
	wait_until 20 resolves && wait_until 20 converses "$far_name" && rules_stay
}

# --- ModemManager, before there is a configuration --------------------------------

dkms_build "$dkms_build_ready"
ktap_test_result "the packages are installed" \
	apt_install m2m-tools m2md m2m-wwan-dkms || ktap_exit_fail_msg "nothing to test"
manager BootSpread=0s
systemctl reload m2md.service
ktap_test_result "ModemManager runs" mm_start
mark
sim_start --model gobi --imei $imei --tap simtun0 "${quick[@]}"
ktap_test_result "m2md only watches the modem" \
	says 30 "$imei: watching: not-configured"
ktap_test_result "ModemManager has it" wait_until 60 mm_finds
ktap_test_result "and it is usable" wait_until 40 mm_state disabled enabled registered
mark
site '[PDN wan]\nAPN=internet\n'
systemctl reload m2md.service
ktap_test_result "configured: m2md brings it online" says 60 "$imei wan: online"
ktap_test_result "ModemManager has forgotten it" wait_until 30 mm_gone

# --- ifupdown ---------------------------------------------------------------------

ktap_test_result "a network behind the modem" far_start
wait_until 10 output_has . servers > "$work/servers"
mapfile -t dns < <(servers)
ktap_test_result "with name servers" far_serves "${dns[@]}"
# What a system without resolved does to have them
ln -sf /run/m2m/resolv.conf /etc/resolv.conf
ktap_test_result "Ethernet, by ifupdown" ethernet
ktap_test_result "has the default route" leaves_by eth0
ktap_test_result "the PDN carries beside it" is_carrying
ktap_test_result "Ethernet goes" ifdown eth0
ktap_test_result "all is online by the PDN" is_online
ktap_test_result "Ethernet comes back" ifup eth0

# --- NetworkManager ---------------------------------------------------------------

ktap_test_result "NetworkManager starts" \
	systemctl start NetworkManager.service
ktap_test_result "it does not manage the PDN" wait_until 20 \
	output_has '^wan:.*:unmanaged$' nmcli -t -f DEVICE,TYPE,STATE device
ktap_test_result "which carries" is_carrying
ktap_test_result "Ethernet has the default route" leaves_by eth0
systemctl restart NetworkManager.service
ktap_test_result "it carries after a restart" is_carrying
ip link set eth0 down
ktap_test_result "without Ethernet all leaves by the PDN" wait_until 10 leaves_by wan
ktap_test_result "all is online by it" is_online
systemctl stop NetworkManager.service
ifdown --force eth0 > "$work/ifdown" 2>&1
ip link del eth0

# --- networkd and resolved --------------------------------------------------------

# Beside Ethernet's a file for everything there is, as many have it
mkdir -p /etc/systemd/network
printf '%s\n' '[Match]' 'Name=eth0' '[Network]' Address=192.0.2.2/24 Gateway=192.0.2.1 \
	> /etc/systemd/network/10-eth0.network
printf '%s\n' '[Match]' 'Name=*' '[Network]' DHCP=yes \
	> /etc/systemd/network/20-all.network
rm -f /etc/systemd/system/systemd-{networkd,resolved}.service
systemctl daemon-reload
ip link add eth0 type dummy
ktap_test_result "networkd starts" systemctl start systemd-networkd.service
ktap_test_result "Ethernet, by networkd" wait_until 20 leaves_by eth0
ktap_test_result "it does not manage the PDN" wait_until 20 \
	output_has ' wan .*unmanaged' networkctl --no-legend --no-pager list
ktap_test_result "which carries, by its rules" is_carrying
systemctl restart systemd-networkd.service
wait_until 20 output_has ' wan .*unmanaged' networkctl --no-legend --no-pager list \
	> "$work/networkctl"
ktap_test_result "and after a restart" is_carrying
ktap_test_result "Ethernet has the default route" wait_until 20 leaves_by eth0
ktap_test_result "resolved starts" systemctl start systemd-resolved.service
ln -sf /run/systemd/resolve/stub-resolv.conf /etc/resolv.conf
ktap_test_result "m2md tells it the name servers" wait_until 30 \
	output_has "${dns[0]:-none}" resolvectl dns wan
ktap_test_result "a name is resolved, by the PDN" wait_until 30 \
	output_has "$peer4.*wan" resolvectl query "$far_name"
ktap_test_result "TCP goes" is_carrying
ip link set eth0 down
ktap_test_result "without Ethernet all is online by the PDN" is_online
ktap_test_result "user m2m may tell it name servers" runuser -u m2m -- \
	resolvectl dns wan 198.51.100.53
ktap_test_result "and take them back" runuser -u m2m -- resolvectl revert wan
ktap_test_result "nobody else may" fails runuser -u nobody -- \
	resolvectl --no-ask-password dns wan 198.51.100.53
ktap_test_result "m2md runs" unit_is active m2md.service
test_end
