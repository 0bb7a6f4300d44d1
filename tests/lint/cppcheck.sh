#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# cppcheck finds nothing in the user space programs.
. "$(dirname "$0")/lib.sh"

if [ "${1-}" = --self-test ]; then
	plant tools/a.c <<- 'END'
		int a(int first);
		int a(int first)
		{
			int list[4] = { 0 };

			list[4] = first;
			return list[0];
		}
	END
	caught 'arrayIndexOutOfBounds'
	sed -i 's/list.4. = first/list[3] = first/' "$scratch/plant/tools/a.c"
	spared
	exit 0
fi

need cppcheck
mapfile -t list < <(files '^(tools|tests)/.*\.c$')
[ ${#list[@]} -gt 0 ] || skip "no user space C files yet"
cd "$root" || exit 1
cppcheck --quiet --std=c11 --library=gtk --enable=warning,performance,portability \
	--inline-suppr --suppress=missingInclude --suppress=normalCheckLevelMaxBranches \
	--suppressions-list="$lint_dir/cppcheck.except" -j "$(nproc)" --include="$lint_dir/cppcheck.h" \
	-I tools -I driver --template='{file}:{line}: {id}: {message}' \
	"${list[@]}" 2> "$scratch/found"
status=$?
cat "$scratch/found"
[ $status -eq 0 ] && [ ! -s "$scratch/found" ]
