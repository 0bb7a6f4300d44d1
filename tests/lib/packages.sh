# SPDX-License-Identifier: GPL-2.0-or-later
# What the tests of the installed packages share: a system they are installed on, a
# modem with a network behind it, and the journal. Sourced after common.sh and
# m2mctl.sh by scripts with "# vm: systemd packages".
#
#   m2md.service ── m2m_wwan ── vhci ── m2msim ── TUN │ names, TCP   (namespace far)
#
# shellcheck shell=bash disable=SC2154,SC2034

imei=860000000000011
far_name=far.m2m.example
m2mctl=/usr/sbin/m2mctl
unset M2MD_SOCKET
export DEBIAN_FRONTEND=noninteractive
# What is installed comes from here
debs=$work/debs
no_dial=(--no-install-recommends -y -q -o Dpkg::Use-Pty=0)

# --- packages ---------------------------------------------------------------------

# dkms_build COMMAND: what dkms runs in place of the compiler, which would take minutes
# of an emulated processor, as would the key it makes to sign with; all else of dkms is
# as it is for everybody.
dkms_build()
{
	mkdir -p /etc/dkms/framework.conf.d
	echo 'sign_file=/none' > /etc/dkms/framework.conf.d/m2m.conf
	echo "MAKE[0]='$1'" > /etc/dkms/m2m-wwan.conf
}

dkms_build_ready="install -D $test_top/driver/m2m_wwan.ko driver/m2m_wwan.ko"

# few_modules: this kernel with the modules that are used here, for depmod would read all
# of Debian's, minutes of an emulated processor.
few_modules()
{
	local release module dir=$work/modules

	release=$(uname -r)
	mkdir -p "$dir" || return
	for module in vhci-hcd xhci-pci tun qmi_wwan cdc_mbim option dummy; do
		modprobe --ignore-install --show-depends "$module" | sed -n 's/^insmod \([^ ]*\).*/\1/p'
	done | sort -u | xargs cp --parents -t "$dir" || return
	dir=$(dirname "$(find "$dir" -type d -name kernel)")
	cp -a "/lib/modules/$release"/modules.{order,builtin*} "$dir/" &&
		cp -a "/lib/modules/$release"/{build,source} "$dir/" &&
		mount --bind "$dir" "/usr/lib/modules/$release" && depmod
}

# packages_have: copies of the packages where apt's own user may read them.
packages_have()
{
	[ -n "$(find out -name 'm2md_*.deb' 2> /dev/null)" ] ||
		ktap_skip_all "no packages were given to this guest"
	chmod 711 "$work"
	mkdir -p "$debs"
	cp out/m2m*.deb "$debs/"
	rm -f "$debs"/*-dbgsym_*.deb
}

# package_version PACKAGE: of the one in $debs
package_version()
{
	dpkg-deb -f "$debs/$1"_*.deb Version
}

# packages_as VERSION DIR PACKAGE...: the same packages as another version, in DIR. Their
# m2md is another file: a line behind it says which version.
packages_as()
{
	local version=$1 dir=$2 package root old
	shift 2

	mkdir -p "$dir" "$work/root"
	for package; do
		root=$work/root/$package
		old=$(package_version "$package") &&
			dpkg-deb -R "$debs/$package"_*.deb "$root" &&
			sed -i -e "s/^Version: $old\$/Version: $version/" \
				-e "s/(= $old)/(= $version)/" "$root/DEBIAN/control" || return
		[ ! -e "$root/usr/sbin/m2md" ] || echo "$version" >> "$root/usr/sbin/m2md"
		if [ -e "$root/usr/src/m2m-wwan-$old" ]; then
			mv "$root/usr/src/m2m-wwan-$old" "$root/usr/src/m2m-wwan-$version"
			sed -i "s/VERSION=\"*$old\"*\$/VERSION=$version/" \
				"$root/usr/src/m2m-wwan-$version/dkms.conf" \
				"$root"/DEBIAN/{postinst,prerm}
		fi
		dpkg-deb -Znone --root-owner-group -b "$root" "$dir" || return
	done
	rm -r "$work/root"
}

# apt ARGUMENT...: without a network, from what is there.
apt()
{
	apt-get "${no_dial[@]}" "$@"
}

# apt_install PACKAGE...: of ours, from $debs, whatever version is there.
apt_install()
{
	local package
	local -a files=()

	for package; do
		files+=("$debs/$package"_*.deb)
	done
	apt install --reinstall --allow-downgrades "${files[@]}"
}

# unit_is STATE UNIT
unit_is()
{
	local state
	state=$(systemctl is-active "$2")
	[ "$state" = "$1" ] || { echo "$2 is $state"; return 1; }
}

# --- the journal ------------------------------------------------------------------

# By the time: journalctl 252 leaves out a unit's first line after a cursor that is
# somebody else's.
mark()
{
	journal_from=@$EPOCHREALTIME
}

# said PATTERN: m2md, since mark().
said()
{
	journalctl -q -o cat -u m2md.service --since="$journal_from" |
		grep -qE -- "$1"
}

says()
{
	wait_until "$1" said "$2" || { journal_end; return 1; }
}

# journal_end: what m2md and its manager said last
journal_end()
{
	journalctl -q -o short-monotonic --no-hostname -u m2md.service -n 15
}

# --- the network behind the modem -------------------------------------------------

# far_start: TCP port 7 answers there. To be called when the modem's TUN device is there.
far_start()
{
	ip netns add far && at_exit ip netns del far &&
		ip link set simtun0 netns far &&
		ip -n far link set lo up && ip -n far link set simtun0 up &&
		ip -n far addr add "$peer4/32" dev simtun0 &&
		ip -n far addr add "$peer6/128" dev simtun0 nodad &&
		ip -n far route add default dev simtun0 &&
		ip -n far -6 route add default dev simtun0 || return
	ip netns exec far socat TCP6-LISTEN:7,fork EXEC:cat \
		> "$work/far-tcp.log" 2>&1 {ktap_out}>&- &
	at_exit kill $!
}

# far_serves ADDRESS...: a name server that knows one name answers at these.
far_serves()
{
	local address

	for address; do
		case $address in
		*:*) ip -n far addr replace "$address/128" dev simtun0 nodad ;;
		*) ip -n far addr replace "$address/32" dev simtun0 ;;
		esac || return
	done
	ip netns exec far tests/lib/name-server.py $far_name "$peer4" "$@" \
		> "$work/far-names.log" 2>&1 {ktap_out}>&- &
	at_exit kill $!
}

# servers: the name servers of the PDN where resolved does not run, one a line.
servers()
{
	sed -n 's/^nameserver //p' /run/m2m/resolv.conf
}

# resolves: every program of this system finds the name.
resolves()
{
	output_has "^$peer4 " getent ahostsv4 $far_name
}

# converses HOST [INTERFACE]: TCP, by whatever route or by that interface.
converses()
{
	[ "$(echo hello | timeout $((10 * slow)) socat -t 5 - \
		"TCP4:$1:7${2:+,so-bindtodevice=$2}")" = hello ]
}

# --- a site -----------------------------------------------------------------------

site()
{
	printf '%b' "$1" > /etc/m2m/modem.d/site.modem
}

# manager KEY=VALUE...: m2md.conf has these.
manager()
{
	printf '%s\n' '[Manager]' "$@" > /etc/m2m/m2md.conf
}

starts()
{
	sim_number event.wds.start-network
}

starts_are()
{
	[ "$(starts)" -eq "$1" ]
}

# writes: requests that change something in the modem and live on in its memory.
writes()
{
	local event n=0

	for event in dms.set-operating-mode nas.set-system-selection-preference \
		uim.verify-pin uim.power-off-sim wda.set-data-format \
		wds.create-profile wds.modify-profile wds.set-autoconnect-settings \
		wds.set-default-profile-number wds.set-lte-attach-pdn-list \
		wds.start-network; do
		n=$((n + $(sim_number "event.$event")))
	done
	echo "$n"
}

why_is()
{
	json_is "$1" why
}

# has_property DEVICE NAME=VALUE
has_property()
{
	output_has "^E: $2\$" udevadm info "$1"
}

has_no_property()
{
	fails has_property "$1" "$2=.*"
}
