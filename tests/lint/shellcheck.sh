#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every shell script, by name or by its first line, passes shellcheck.
. "$(dirname "$0")/lib.sh"

if [ "${1-}" = --self-test ]; then
	plant tests/a <<- 'END'
		#!/bin/sh
		rm $1
	END
	caught 'SC2086'
	plant tests/a <<- 'END'
		#!/bin/sh
		rm "$1"
	END
	spared
	exit 0
fi

need shellcheck
mapfile -t list < <(files '(\.(sh|bash|p(re|ost)(inst|rm))|(^|/)[^./]+)$' | while IFS= read -r file; do
	case $file in
	*.sh | *.bash) echo "$file" ;;
	*)
		head -n 1 "$root/$file" | tr -d '\0' |
			grep -qE '^#!.*/(env )?(ba|da)?sh' && echo "$file"
		;;
	esac
done)
[ ${#list[@]} -gt 0 ] || skip "no shell scripts yet"
cd "$root" || exit 1
# SC1091: a sourced file that is made later. SC2317: takes functions that are
# called by name (traps, tables of tests) for unreachable.
shellcheck --format=gcc --external-sources --source-path=SCRIPTDIR \
	--exclude=SC1091,SC2317 "${list[@]}" || exit 1
