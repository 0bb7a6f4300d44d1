# SPDX-License-Identifier: GPL-2.0-or-later
# What the shell lints share: the tree under test, scratch, skip, self-test.
# shellcheck shell=bash
# shellcheck disable=SC2034 # the variables are for those who source this

set -u
lint_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "${LINT_ROOT:-$lint_dir/../..}" && pwd)
cache=${M2M_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/m2m}
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

skip() {
	echo "$*"
	exit 4
}

# missing WHAT: there is nothing to check it with
missing() {
	echo "$*"
	exit 5
}

need() {
	command -v "$1" > /dev/null || missing "$1 is not installed"
}

[ ! -e "$root/.git" ] || need git

# files REGEX: the project's files, relative to $root: those git tracks, with
# LINT_ALL those it does not ignore, every one where the tree is no repository
files() {
	{
		if [ -e "$root/.git" ]; then
			git -C "$root" -c safe.directory='*' ls-files \
				${LINT_ALL:+--cached --others --exclude-standard}
		else
			(cd "$root" && find . -path ./build -prune -o -type f -print) |
				sed 's,^\./,,'
		fi
	} | grep -E "$1" | while IFS= read -r file; do
		[ -f "$root/$file" ] && printf '%s\n' "$file"
	done | LC_ALL=C sort
}

# kernel_dir: where modules are built against: $KDIR, the running kernel's
# headers, or the newest ones installed
kernel_dir() {
	local dir

	for dir in "${KDIR:-}" "/lib/modules/$(uname -r)/build" \
		$(printf '%s\n' /lib/modules/*/build | sort -rV); do
		[ -e "$dir/Makefile" ] && echo "$dir" && return
	done
	return 1
}

# build_module LOG ARGS...: build a copy of the driver, never the tree itself
build_module() {
	local log=$1 kdir copy=$scratch/module

	shift
	kdir=$(kernel_dir) || missing "there are no kernel headers"
	[ -f "$root/driver/Kbuild" ] || skip "no driver/Kbuild yet"
	rm -rf "$copy"
	mkdir "$copy"
	files '^(Kbuild$|driver/)' | (cd "$root" && xargs cp --parents -t "$copy")
	[ -f "$copy/Kbuild" ] || echo 'obj-m += driver/' > "$copy/Kbuild"
	make -k -C "$kdir" M="$copy" -j"$(nproc)" "$@" modules > "$log" 2>&1
}

# plant FILE: stdin becomes a file of the tree that a self-test looks at
plant() {
	mkdir -p "$scratch/plant/$(dirname "$1")"
	cat > "$scratch/plant/$1"
}

# caught TEXT: this lint fails on the planted tree, saying TEXT
caught() {
	local out status

	out=$(LINT_ROOT=$scratch/plant "$0")
	status=$?
	[ $status -eq 4 ] && skip "${out##*$'\n'}"
	[ $status -eq 5 ] && missing "${out##*$'\n'}"
	[ $status -eq 1 ] && grep -qF -- "$1" <<< "$out" && return
	echo "status $status, expected a finding with: $1"
	echo "$out"
	exit 1
}

# spared: this lint has nothing to say about the planted tree
spared() {
	local out

	out=$(LINT_ROOT=$scratch/plant "$0") && return
	echo "a tree without fault was refused:"
	echo "$out"
	exit 1
}
