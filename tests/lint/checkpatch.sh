#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every C file passes the kernel's own checkpatch --strict, from the package
# linux-source-6.1.
. "$(dirname "$0")/lib.sh"

# What a file outside the kernel tree cannot satisfy:
#   LINUX_VERSION_CODE	has its own lint (includes.py: compat.h only)
#   FILE_PATH_CHANGES	MAINTAINERS is the kernel's
ignore=LINUX_VERSION_CODE,FILE_PATH_CHANGES

# Headers of libraries, whose CamelCase names are not ours to change
foreign='/usr/include/glib-2.0 /usr/include/json-glib-1.0 /usr/include/libqmi-glib
	/usr/include/libnl3'

# unpack: checkpatch with its word lists and what it wants to know of a tree
unpack() {
	local tarball=/usr/src/linux-source-6.1.tar.xz tree=$1 new

	[ -f "$tree/include/linux/foreign.h" ] && return
	[ -f "$tarball" ] || missing "linux-source-6.1 is not installed"
	mkdir -p "$(dirname "$tree")"
	new=$(mktemp -d "$tree.XXXXXX") || exit 1
	tar -C "$new" --strip-components=1 -xf "$tarball" --wildcards \
		'*/scripts/checkpatch.pl' '*/scripts/spelling.txt' \
		'*/scripts/const_structs.checkpatch' '*/include/*' || exit 1
	(
		cd "$new" || exit 1
		# shellcheck disable=SC2086 # a list
		grep -rhoE --include='*.h' '\b\w*([a-z][A-Z]|[A-Z][a-z])\w*\b' \
			include $foreign 2> /dev/null | LC_ALL=C sort -u > names
		rm -rf include
		mkdir -p Documentation arch include/linux drivers fs init ipc kernel lib
		touch COPYING CREDITS Kbuild MAINTAINERS Makefile README
		sed 's/^/#define /' names > include/linux/foreign.h
	)
	mv -T "$new" "$tree" 2> /dev/null || rm -rf "$new"
}

if [ "${1-}" = --self-test ]; then
	plant driver/a.c <<- 'END'
		// SPDX-License-Identifier: GPL-2.0-only
		/* A planted fault: spaces instead of a tab. */
		int a(void)
		{
		        return 0;
		}
	END
	caught 'driver/a.c:5: ERROR:CODE_INDENT'
	plant driver/a.c <<- 'END'
		// SPDX-License-Identifier: GPL-2.0-only
		/* No fault: a name of usbcore's, and the tab made below. */
		int a(const struct usb_interface_descriptor *desc)
		{
		@return desc->bInterfaceNumber;
		}
	END
	sed -i 's/@/\t/' "$scratch/plant/driver/a.c"
	spared
	exit 0
fi

need perl
tree=$cache/lint/checkpatch-6.1
unpack "$tree"
mapfile -t list < <(files '\.[ch]$')
[ ${#list[@]} -gt 0 ] || skip "no C files yet"

# checkpatch leaves its list of names in the current directory: not in the tree
ln -s "$root"/* "$scratch"/
cd "$scratch" || exit 1
GIT_DIR=/nonexistent "$tree/scripts/checkpatch.pl" --root="$tree" --strict \
	--ignore "$ignore" --typedefsfile="$lint_dir/typedefs" --no-summary \
	--show-types --terse --showfile -f "${list[@]}" > findings 2> errors

# "files type" of the list becomes the beginning of a finding
sed -nE 's/^([^# ]+) ([A-Z_]+)$/^(\1):[0-9]+: [A-Z]+:\2:/p' \
	"$lint_dir/checkpatch.except" > except
grep -vE -f except findings | while IFS= read -r finding; do
	IFS=: read -r file line _ type _ <<< "$finding"
	source=$(sed -n "${line}p" "$file")
	case $type in
	COMPLEX_MACRO | MACRO_ARG_REUSE)
		# an argument called X: a list of rows, not to be parenthesized
		grep -qE '^#define \w+\(X\)' <<< "$source" && continue
		;;
	UNNECESSARY_PARENTHESES)
		# two comparisons compared: gcc wants to see the parentheses
		grep -qE '[!=]= \(|\) [!=]= ' <<< "$source" && continue
		;;
	UNCOMMENTED_DEFINITION)
		# a lock that kernel-doc describes has its comment
		name=$(grep -oE '\w+;' <<< "$source")
		grep -qE "^ \* @${name%;}: " "$file" && continue
		;;
	esac
	printf '%s\n' "$finding"
done > left
cat errors left
[ ! -s left ] && [ ! -s errors ]
