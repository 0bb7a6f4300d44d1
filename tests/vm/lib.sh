# SPDX-License-Identifier: GPL-2.0-or-later
# What the scripts in tests/vm share: where the cache is, which kernel belongs
# to which suite, messages and locks. Sourced by bash, not run.
# shellcheck shell=bash disable=SC2034

vm_dir=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
top_dir=$(cd -- "$vm_dir/../.." && pwd)
cache=${M2M_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/m2m}
me=${0##*/}

say()
{
	printf '%s: %s\n' "$me" "$*" >&2
}

# die TEXT: give up, with $die_status where a script has set it.
die()
{
	say "$*"
	exit "${die_status:-1}"
}

# vm_suite KERNEL: print the suite whose root a kernel boots on and is built in.
vm_suite()
{
	case $1 in
	6.1 | debug)
		echo bookworm
		;;
	6.12)
		echo trixie
		;;
	*)
		die "no kernel '$1' (6.1, 6.12 or debug)"
		;;
	esac
}

# vm_lock NAME [-s]: hold a lock of the cache until this shell ends. The number
# of the open file is left in $vm_lock_fd for those who want to let go earlier.
vm_lock()
{
	mkdir -p "$cache/lock"
	exec {vm_lock_fd}> "$cache/lock/$1"
	flock ${2:+"$2"} -n "$vm_lock_fd" && return 0
	say "waiting for another run ($1)"
	flock ${2:+"$2"} "$vm_lock_fd"
}

vm_unlock()
{
	exec {vm_lock_fd}>&-
}

# vm_root SUITE: print the directory of a suite's finished root.
vm_root()
{
	local root=$cache/root/$1

	[ -e "$root/.complete" ] || return 1
	readlink -f "$root"
}

# vm_release ROOT: print the kernel release installed in a root.
vm_release()
{
	local dir

	for dir in "$1"/usr/lib/modules/*/modules.dep; do
		[ -e "$dir" ] || return 1
		basename "$(dirname "$dir")"
		return 0
	done
}

# vm_slow KERNEL [GUESTS]: how many times longer than in a guest alone on this
# machine everything may take: the debug kernel is slower, and so is a machine that
# is busy or soon will be, with so many guests at once.
vm_slow()
{
	local load slow guests=${2:-1}

	read -r load _ < /proc/loadavg
	load=${load%.*}
	[ "$load" -ge "$guests" ] || load=$((guests - 1))
	# Part of a processor more is a part of the time that is missing: rounded up.
	slow=$((1 + (load + $(nproc) - 1) / $(nproc)))
	[ "$slow" -le 6 ] || slow=6
	[ "$1" != debug ] || slow=$((slow * 4))
	echo "${M2M_SLOW:-$slow}"
}
