#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Whoever asks for qmi_wwan gets m2m_wwan, else mainline's and one line that says
# why: tools/modprobe, with a modprobe that does as it is told, and the real one
# with modules that are none.
#
#   modprobe qmi_wwan ── m2m-wwan.conf ── load-qmi-wwan ─┬─ modprobe m2m_wwan
#                                                        └─ modprobe -i qmi_wwan

set -u
cd -- "$(dirname -- "$0")/../.." || exit 1
# shellcheck source=tests/lib/ktap.sh
. tests/lib/ktap.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
real_modprobe=$(PATH=$PATH:/usr/sbin:/sbin command -v modprobe)
script=$work/m2m/load-qmi-wwan
mkdir -p "$work/bin" "$work/m2m" "$work/locks"
PATH=$work/bin:$PATH
export work script

# --- a machine of files -------------------------------------------------------

# with_paths FILE: FILE, but its paths are below $work.
with_paths()
{
	sed "s,^modules=.*,modules=$work/module,
		s,^lockdown=.*,lockdown=$work/lockdown,
		s,^kernel_log=.*,kernel_log=$work/kmsg,
		s,^lock=.*,lock=$work/locks/lock,
		s,/usr/lib/m2m/,$work/m2m/,g
		s,/etc/initrd-release,$work/initrd-release,g" "$1"
}

# modprobe [OPTION]... MODULE [PARAMETER]...: $work/MODULE says what becomes of it.
cat > "$work/bin/modprobe" << 'END'
#!/bin/bash
echo "$*" >> "$work/calls"
while [ "${1#-}" != "$1" ]; do shift; done
case $(cat "$work/$1") in
loads)
	mkdir -p "$work/module/$1"
	echo live > "$work/module/$1/initstate"
	;;
blacklisted) ;;
missing)
	if [ "$1" = m2m_wwan ]; then
		echo "modprobe: FATAL: Module $1 not found in directory /lib" >&2
	else
		# Of one that has an install line kmod 30 has this to say
		echo "modprobe: ERROR: could not insert '$1': Unknown symbol" >&2
	fi
	exit 1
	;;
returns)
	# A soft dependency of somebody's, which modprobe does not insist on
	"$script" again=yes
	echo "$?" > "$work/again"
	mkdir -p "$work/module/$1"
	echo live > "$work/module/$1/initstate"
	;;
loops)
	# An install line of somebody's: that failed, so this fails
	"$script" again=yes
	echo "$?" > "$work/again"
	echo "modprobe: ERROR: Error running install command for $1" >&2
	exit 1
	;;
*)
	echo "modprobe: a warning that is beside the point" >&2
	echo "modprobe: ERROR: could not insert '$1': $(cat "$work/$1")" >&2
	exit 1
	;;
esac
END
cat > "$work/bin/modinfo" << 'END'
#!/bin/bash
[ "$(cat "$work/$1")" != missing ]
END
cat > "$work/bin/uname" << 'END'
#!/bin/bash
echo 6.1.0-test
END
cat > "$work/bin/logger" << 'END'
#!/bin/bash
echo "$*" >> "$work/syslog"
END
chmod +x "$work/bin/"*

# machine OURS MAINLINE [LOADED]: what becomes of each module when it is loaded,
# and one that is already.
machine()
{
	rm -rf "$work/module" "$work/lockdown" "$work/again" "$work/syslog"
	mkdir -p "$work/module" "$work/locks"
	: > "$work/calls"
	: > "$work/kmsg"
	echo "$1" > "$work/m2m_wwan"
	echo "$2" > "$work/qmi_wwan"
	[ -z "${3-}" ] || {
		mkdir "$work/module/$3"
		echo live > "$work/module/$3/initstate"
	}
}

# is WHAT WANTED SEEN
is()
{
	[ "$2" = "$3" ] && return
	echo "$1: not '$2' but '$3'"
	return 1
}

# like WHAT GLOB SEEN
like()
{
	# shellcheck disable=SC2053 # a pattern is wanted
	[[ $3 == $2 ]] && return
	echo "$1: '$3' is not like '$2'"
	return 1
}

# --- what is loaded, and what is said -----------------------------------------

# asked STATUS LOADED LOG [PARAMETER]...
asked()
{
	local status=$1 loaded=$2 log=$3 lines=0
	shift 3

	timeout 20 "$script" "$@"
	is status "$status" $? &&
		is loaded "$loaded" "$(ls "$work/module")" &&
		like log "$log" "$(cat "$work/kmsg")" || return 1
	[ -z "$log" ] || lines=1
	is "lines in the log" "$lines" "$(wc -l < "$work/kmsg")"
}

what='<4>m2m-wwan: the kernel'\''s own qmi_wwan is loaded, m2m_wwan is not'
rows=(
	"ours loads|loads|loads||0|m2m_wwan|"
	"ours is not built for this kernel|missing|loads||0|qmi_wwan|$what: it is not there for kernel 6.1.0-test"
	"ours has a signature nobody knows|Key was rejected by service|loads||0|qmi_wwan|$what: could not insert 'm2m_wwan': Key was rejected by service"
	"ours was built for another kernel|Invalid argument|loads||0|qmi_wwan|$what: could not insert 'm2m_wwan': Invalid argument"
	"ours is blacklisted|blacklisted|loads||0|qmi_wwan|$what: it is blacklisted"
	"mainline's is loaded already|loads|loads|qmi_wwan|0|qmi_wwan|"
	"ours is loaded already|Invalid argument|loads|m2m_wwan|0|m2m_wwan|"
	"neither is there|missing|missing||1||<4>m2m-wwan: no driver: m2m_wwan: it is not there*; qmi_wwan: it is not there for kernel 6.1.0-test"
	"neither loads|Invalid argument|Exec format error||1||<4>m2m-wwan: no driver: m2m_wwan: *Invalid argument; qmi_wwan: *Exec format error"
)

table()
{
	local row name ours mainline before status after log

	for row in "${rows[@]}"; do
		IFS='|' read -r name ours mainline before status after log <<< "$row"
		machine "$ours" "$mainline" "$before"
		ktap_test_result "$name" asked "$status" "$after" "$log"
	done
}

nothing_is_tried_where_one_is_loaded()
{
	machine loads loads qmi_wwan
	"$script" && is calls '' "$(cat "$work/calls")"
}

lockdown_is_named()
{
	machine 'Operation not permitted' loads
	echo 'none [integrity] confidentiality' > "$work/lockdown"
	asked 0 qmi_wwan "$what: *Operation not permitted; the kernel is locked down" ||
		return
	machine 'Operation not permitted' loads
	echo '[none] integrity confidentiality' > "$work/lockdown"
	asked 0 qmi_wwan "$what: *Operation not permitted"
}

parameters_reach_either()
{
	machine 'Invalid argument' loads
	asked 0 qmi_wwan "$what*" dyndbg=+p 'name=a b' &&
		is calls "--use-blacklist m2m_wwan dyndbg=+p name=a b
--ignore-install qmi_wwan dyndbg=+p name=a b" "$(cat "$work/calls")"
}

a_soft_dependency_leads_back()
{
	machine returns loads
	asked 0 m2m_wwan '' && is 'status of the second call' 1 "$(cat "$work/again")"
}

an_install_line_leads_back()
{
	machine loops loads
	asked 0 qmi_wwan "$what: Error running install command for m2m_wwan" &&
		is 'status of the second call' 1 "$(cat "$work/again")" &&
		is 'attempts' 2 "$(wc -l < "$work/calls")"
}

modems_come_together()
{
	local pid
	local -a pids=()

	machine 'Invalid argument' loads
	while [ ${#pids[@]} -lt 4 ]; do
		timeout 20 "$script" &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid" || return
	done
	is attempts 2 "$(wc -l < "$work/calls")" &&
		is 'lines in the log' 1 "$(wc -l < "$work/kmsg")"
}

no_place_for_a_lock()
{
	machine missing loads
	rm -rf "$work/locks"
	asked 0 qmi_wwan "$what*"
}

no_kernel_log()
{
	local status

	machine missing loads
	rm "$work/kmsg"
	mkdir "$work/kmsg"
	"$script"
	status=$?
	rmdir "$work/kmsg"
	is status 0 "$status" &&
		like syslog "-t m2m-wwan -p user.warning -- the kernel's own*" \
			"$(cat "$work/syslog")"
}

a_person_is_told()
{
	machine missing loads
	like terminal "m2m-wwan: the kernel's own qmi_wwan is loaded*" \
		"$(script -qec "$script" /dev/null < /dev/null)"
}

# --- what kmod makes of the install line --------------------------------------

alias=usb:v2C7Cp0125d0318dcEFdsc02dp01icFFiscFFipFFin04

kmod()
{
	"$real_modprobe" -d "$work/tree" -C "$work/conf" -S 6.1.0-test "$@"
}

# kmod_tree: a kernel with both modules, mainline's first as in every kernel
kmod_tree()
{
	local dir=$work/tree/lib/modules/6.1.0-test module

	mkdir -p "$dir/kernel" "$dir/updates/dkms" "$work/conf"
	for module in kernel/qmi_wwan updates/dkms/m2m_wwan; do
		gcc -c -x c -o "$dir/$module.ko" - <<- END || return
		char a[] __attribute__((section(".modinfo"), used)) =
			"alias=usb:v2C7Cp0125d*dc*dsc*dp*icFFisc*ip*in04*";
		END
	done
	echo kernel/qmi_wwan.ko > "$dir/modules.order"
	PATH=$PATH:/usr/sbin:/sbin depmod -b "$work/tree" 6.1.0-test 2> /dev/null &&
		with_paths tools/modprobe/m2m-wwan.conf > "$work/conf/m2m-wwan.conf"
}

kmod_calls_the_script()
{
	machine missing loads
	kmod qmi_wwan dyndbg=+p 'name="a b"' &&
		is calls "--use-blacklist m2m_wwan dyndbg=+p name=a b
--ignore-install qmi_wwan dyndbg=+p name=a b" "$(cat "$work/calls")"
}

kmod_hears_of_failure()
{
	machine missing missing
	! kmod qmi_wwan
}

# An alias loads all that match; mainline's is first, and becomes the script.
kmod_takes_both_for_a_modem()
{
	like actions 'install *load-qmi-wwan*insmod */m2m_wwan.ko*' \
		"$(kmod -n -v "$alias")"
}

kmod_can_pass_by_the_script()
{
	like actions 'insmod */qmi_wwan.ko*' "$(kmod -n -v --ignore-install qmi_wwan)"
}

kmod_removes_what_it_names()
{
	is actions '' "$(kmod -r -n -v qmi_wwan)"
}

kmod_finds_no_script()
{
	local status

	machine loads loads
	mv "$script" "$script.away"
	kmod qmi_wwan dyndbg=+p
	status=$?
	mv "$script.away" "$script"
	is status 0 "$status" &&
		is calls '--ignore-install qmi_wwan dyndbg=+p' "$(cat "$work/calls")"
}

kmod_waits_in_an_initramfs()
{
	local status

	machine loads loads
	mv "$script" "$script.away"
	touch "$work/initrd-release"
	kmod qmi_wwan
	status=$?
	mv "$script.away" "$script"
	rm "$work/initrd-release"
	is status 0 "$status" && is calls '' "$(cat "$work/calls")"
}

# --- all of it ----------------------------------------------------------------

kmod_tests=(kmod_calls_the_script kmod_hears_of_failure kmod_takes_both_for_a_modem
	kmod_can_pass_by_the_script kmod_removes_what_it_names kmod_finds_no_script
	kmod_waits_in_an_initramfs)
tests=(nothing_is_tried_where_one_is_loaded lockdown_is_named
	parameters_reach_either a_soft_dependency_leads_back
	an_install_line_leads_back modems_come_together no_place_for_a_lock
	no_kernel_log)

ktap_print_header
ktap_set_plan $((2 + ${#rows[@]} + ${#tests[@]} + ${#kmod_tests[@]}))
with_paths tools/modprobe/load-qmi-wwan > "$script"
chmod +x "$script"
# Else it would be this machine that the tests are about.
ktap_test_result "the script knows no other place of this machine" \
	is paths '' "$(sed "s,$work,,g" "$script" | grep -E '/sys/|/run/|/dev/kmsg')" ||
	ktap_exit_fail_msg "the script would reach for this machine"
table
for test in "${tests[@]}"; do
	ktap_test_result "${test//_/ }" "$test"
done
if script -qec true /dev/null < /dev/null > "$work/pty" 2>&1; then
	ktap_test_result "a person is told" a_person_is_told
else
	ktap_test_skip "a person is told" "$(tr -d '\r' < "$work/pty")"
fi
why=
if [ -z "$real_modprobe" ] || ! command -v gcc > /dev/null; then
	why="kmod and gcc are wanted"
elif [ -e /sys/module/qmi_wwan ]; then
	why="qmi_wwan is loaded on this machine"
elif ! kmod_tree; then
	why="depmod does not take the tree"
fi
for test in "${kmod_tests[@]}"; do
	if [ -n "$why" ]; then
		ktap_test_skip "${test//_/ }" "$why"
	else
		ktap_test_result "${test//_/ }" "$test"
	fi
done
ktap_finished
