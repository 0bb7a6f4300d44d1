#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The kernel-doc in the driver parses and names what it documents.
. "$(dirname "$0")/lib.sh"

if [ "${1-}" = --self-test ]; then
	plant driver/a.h <<- 'END'
		/**
		 * a_start() - begin
		 * @ghost: an argument that is not there
		 *
		 * Return: 0 or a negative errno.
		 */
		int a_start(int real);
	END
	caught "'ghost'"
	sed -i 's/ghost/real/' "$scratch/plant/driver/a.h"
	spared
	exit 0
fi

need perl
kdir=$(kernel_dir) || missing "there are no kernel headers"
for tool in "$kdir/scripts/kernel-doc" "$kdir/source/scripts/kernel-doc" \
	"$(readlink -f "$kdir" | sed 's/-[^-]*$/-common/')/scripts/kernel-doc"; do
	[ -f "$tool" ] && break
done
[ -f "$tool" ] || missing "there is no kernel-doc beside the kernel headers"
mapfile -t list < <(files '^driver/.*\.[ch]$' |
	(cd "$root" && xargs -r grep -lE '^/\*\*$'))
[ ${#list[@]} -gt 0 ] || skip "no kernel-doc in driver/ yet"
cd "$root" || exit 1
perl "$tool" -none -Werror "${list[@]}" 2>&1
status=$?
[ $status -eq 0 ] || exit 1
