#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the packages do to a machine where modems are at work: installing and
# upgrading takes no driver from one, removing gives them to mainline's, and ends the
# calls that m2md made and no others. And what debian/ says agrees with the tree.

set -u
cd -- "$(dirname -- "$0")/../.." || exit 1
# shellcheck source=tests/lib/ktap.sh
. tests/lib/ktap.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/bin"
PATH=$work/bin:$PATH
export work

# --- a machine of files -------------------------------------------------------

# Modules come and go; $work/busy says how many times rmmod finds one in use.
cat > "$work/bin/modprobe" << 'END'
#!/bin/bash
echo "modprobe $*" >> "$work/calls"
[ "$1" = -r ] || exit 0
[ ! -e "$work/held" ] && rm -r "$work/sysfs/module/$2"
END
cat > "$work/bin/rmmod" << 'END'
#!/bin/bash
echo "rmmod $*" >> "$work/calls"
busy=$(cat "$work/busy")
echo $((busy - 1)) > "$work/busy"
[ "$busy" -le 0 ] && rm -r "$work/sysfs/module/$1"
END
cat > "$work/bin/ischroot" << 'END'
#!/bin/bash
[ -e "$work/chroot" ]
END
cat > "$work/bin/m2mctl" << 'END'
#!/bin/bash
echo "m2mctl $*" >> "$work/calls"
busy=$(cat "$work/busy")
echo $((busy - 1)) > "$work/busy"
[ "$busy" -le 0 ]
END
cat > "$work/bin/sleep" << 'END'
#!/bin/bash
echo "pause" >> "$work/pauses"
END
chmod +x "$work/bin/"*

# machine MODULE [INTERFACE]...: one with this driver, which has these interfaces.
machine()
{
	local module=$1 driver=$work/sysfs/bus/usb/drivers/qmi_wwan interface
	shift

	rm -rf "$work/sysfs" "$work/held" "$work/chroot"
	: > "$work/calls"
	: > "$work/pauses"
	echo 0 > "$work/busy"
	mkdir -p "$work/sysfs/module/$module/parameters" "$driver" "$work/locks"
	touch "$work/locks/lock"
	echo live > "$work/sysfs/module/$module/initstate"
	[ "$module" != m2m_wwan ] ||
		echo qmi_wwan > "$work/sysfs/module/$module/parameters/name"
	for interface; do
		mkdir "$driver/$interface"
	done
	touch "$driver/bind" "$driver/unbind"
}

# maintainer_script NAME ARGUMENT...: run it, the driver's or $package's; what it says
# is in $work/said.
maintainer_script()
{
	local name=$1
	shift

	sed "s,^sysfs=.*,sysfs=$work/sysfs,; s,^lock=.*,lock=$work/locks/lock," \
		"debian/${package:-m2m-wwan-dkms}.$name" > "$work/$name"
	! sed "s,$work,,g" "$work/$name" | grep -E '=/(sys$|run/m2m)' || return
	sh "$work/$name" "$@" > "$work/said" 2>&1
}

# is WHAT WANTED SEEN
is()
{
	[ "$2" = "$3" ] && return
	echo "$1: not '$2' but '$3'"
	return 1
}

calls()
{
	is calls "$1" "$(cat "$work/calls")"
}

# written FILE WANTED: the last that was written to the driver's FILE.
written()
{
	is "$1" "$2" "$(cat "$work/sysfs/bus/usb/drivers/qmi_wwan/$1")"
}

# --- installing ---------------------------------------------------------------

a_name_without_a_modem_is_taken_over()
{
	machine qmi_wwan
	maintainer_script postinst configure '' &&
		calls 'modprobe -r qmi_wwan' && is said '' "$(cat "$work/said")"
}

a_modem_keeps_its_driver()
{
	machine qmi_wwan 1-1:1.4
	maintainer_script postinst configure '' && calls '' &&
		grep -q 'modprobe -r qmi_wwan && modprobe m2m_wwan' "$work/said"
}

a_driver_in_use_is_no_error()
{
	machine qmi_wwan
	touch "$work/held"
	maintainer_script postinst configure '' &&
		grep -q 'until the next restart' "$work/said"
}

an_upgrade_leaves_ours_alone()
{
	machine m2m_wwan 1-1:1.4
	maintainer_script postinst configure 0.1 && calls '' &&
		maintainer_script postrm upgrade 0.2 && calls '' &&
		is said '' "$(cat "$work/said")"
}

# --- removing -----------------------------------------------------------------

modems_are_given_back()
{
	machine m2m_wwan 1-1:1.4
	maintainer_script postrm remove && calls 'rmmod m2m_wwan
modprobe qmi_wwan' && written unbind 1-1:1.4 && written bind '' &&
		is 'what is left' '' "$(ls "$work/locks")"
}

without_a_modem_udev_will_load_it()
{
	machine m2m_wwan
	maintainer_script postrm remove && calls 'rmmod m2m_wwan' && written unbind ''
}

whoever_holds_it_gets_time()
{
	machine m2m_wwan 1-1:1.4
	echo 3 > "$work/busy"
	maintainer_script postrm remove &&
		is rmmods 4 "$(grep -c rmmod "$work/calls")" &&
		is pauses 3 "$(wc -l < "$work/pauses")" &&
		is last 'modprobe qmi_wwan' "$(tail -n 1 "$work/calls")"
}

what_cannot_go_takes_its_modems_again()
{
	machine m2m_wwan 1-1:1.4
	echo 1000 > "$work/busy"
	maintainer_script postrm remove && written bind 1-1:1.4 &&
		! grep modprobe "$work/calls" &&
		grep -q 'in use and stays' "$work/said"
}

mainlines_is_left_alone()
{
	machine qmi_wwan 1-1:1.4
	maintainer_script postrm remove && calls '' && written unbind ''
}

purging_comes_after_all_that()
{
	machine m2m_wwan 1-1:1.4
	maintainer_script postrm purge && calls '' && written unbind ''
}

a_chroot_is_not_this_machine()
{
	machine m2m_wwan 1-1:1.4
	touch "$work/chroot"
	maintainer_script postrm remove && calls '' || return
	machine qmi_wwan
	touch "$work/chroot"
	maintainer_script postinst configure '' && calls ''
}

# --- removing m2md ------------------------------------------------------------

# call INTERFACE ALIAS [LOWER]: a network device, above another one
call()
{
	local dir=$work/sysfs/class/net/$1

	mkdir -p "$dir"
	echo "$2" > "$dir/ifalias"
	[ -z "${3-}" ] || ln -s "../$3" "$dir/lower_$3"
}

# m2md's own on a link and on wwan1 itself, one made by m2mctl, and something else
calls_of_both()
{
	machine m2m_wwan 1-1:1.4
	call wwan0 ''
	call wan 'm2m pdn=wan v4=0x00000001 v6=0x00000002 by=m2md' wwan0
	call test 'm2m pdn=test v4=0x00000003' wwan0
	call wwan1 'm2m pdn=one v6=0x00000004 by=m2md'
	call eth0 'to the plant, by=m2md'
	call lo ''
}

with_m2md_its_calls_end_and_no_others()
{
	calls_of_both
	package=m2md maintainer_script prerm remove && calls 'm2mctl -d wwan0 pdn down wan
m2mctl -d wwan1 pdn down one' && is said '' "$(cat "$work/said")"
}

a_call_that_cannot_be_ended_is_named()
{
	calls_of_both
	echo 1000 > "$work/busy"
	package=m2md maintainer_script prerm remove &&
		is said 'm2md: the call wan is still up.
m2md: the call one is still up.' "$(cat "$work/said")"
}

an_upgrade_of_m2md_ends_none()
{
	calls_of_both
	package=m2md maintainer_script prerm upgrade 0.2 && calls '' &&
		package=m2md maintainer_script prerm deconfigure in-favour x 1 && calls ''
}

# --- debian/ and the tree -----------------------------------------------------

# dpkg-parsechangelog may not be there
debian_version()
{
	sed -n '1s/.*(\(.*\)).*/\1/p' debian/changelog
}

the_version_is_that_of_the_tools()
{
	is version "$(sed -n 's/.*M2MCTL_VERSION\t"\(.*\)"/\1/p' tools/ctl/version.h)" \
		"$(debian_version)"
}

# dkms reads its file as a script and matches as bash does.
dkms_builds_for_the_kernels_we_know()
{
	local kernel
	# shellcheck disable=SC1091
	. debian/m2m-wwan-dkms.dkms

	for kernel in 6.1.0-56-amd64 6.12.107+deb13-arm64 7.2.13-armmp 10.0.0; do
		[[ $kernel =~ $BUILD_EXCLUSIVE_KERNEL ]] || {
			echo "not for $kernel"
			return 1
		}
	done
	for kernel in 4.19.0-27-amd64 5.10.0-35-amd64 6.0.0-1-amd64; do
		! [[ $kernel =~ $BUILD_EXCLUSIVE_KERNEL ]] || {
			echo "for $kernel"
			return 1
		}
	done
}

# Each file the copyright sorts by name has the licence there that it has itself.
copyright_agrees()
{
	local file wanted seen failed=0

	while read -r file; do
		wanted=$(sed -n '1,2s/.*SPDX-License-Identifier: \([^*]*[^* ]\).*/\1/p' \
			"$file")
		seen=$(license_of "$file")
		[ "$wanted" != '((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)' ] ||
			wanted='GPL-2.0-only with Linux-syscall-note exception or BSD-3-Clause'
		is "$file" "$wanted" "$seen" || failed=1
	done < <(find -H Kbuild driver tools udev Documentation/netlink -type f \
		\( -name '*.[ch]' -o -name Kbuild -o -name '*.yaml' -o -name '*.mk' \
		-o -name '*.rules' -o -name '*.conf' \) ! -name '*.mod.c')
	return "$failed"
}

# license_of FILE: what debian/copyright says, where the last match counts.
license_of()
{
	awk -v file="$1" '
	function matches(glob) {
		gsub(/\./, "\\.", glob)
		gsub(/\*/, ".*", glob)
		return file ~ "^" glob "$"
	}
	/^Files:/ { files = 1; hit = 0; sub(/^Files:/, "") }
	/^[A-Z]/ && !/^Files:/ { files = 0 }
	files { for (i = 1; i <= NF; i++) hit = hit || matches($i) }
	/^License:/ && hit { sub(/^License: /, ""); license = $0; hit = 0 }
	END { print license }' debian/copyright
}

tests=(a_name_without_a_modem_is_taken_over a_modem_keeps_its_driver
	a_driver_in_use_is_no_error an_upgrade_leaves_ours_alone
	modems_are_given_back without_a_modem_udev_will_load_it
	whoever_holds_it_gets_time what_cannot_go_takes_its_modems_again
	mainlines_is_left_alone purging_comes_after_all_that
	a_chroot_is_not_this_machine with_m2md_its_calls_end_and_no_others
	a_call_that_cannot_be_ended_is_named an_upgrade_of_m2md_ends_none the_version_is_that_of_the_tools
	dkms_builds_for_the_kernels_we_know copyright_agrees)

ktap_print_header
ktap_set_plan ${#tests[@]}
for test in "${tests[@]}"; do
	ktap_test_result "${test//_/ }" "$test"
done
ktap_finished
