#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# No misspelt words; codespell.words holds those that codespell does not know.
. "$(dirname "$0")/lib.sh"

if [ "${1-}" = --self-test ]; then
	plant README <<< "The modem did not recieve it."
	caught 'README:1'
	plant README <<< "The modem did not receive it."
	spared
	exit 0
fi

need codespell
mapfile -t list < <(files . | grep -vE '^(COPYING|LICENSES/|tests/lint/codespell)')
[ ${#list[@]} -gt 0 ] || skip "no files yet"
cd "$root" || exit 1
codespell --ignore-words="$lint_dir/codespell.words" "${list[@]}" > "$scratch/found" 2>&1
cat "$scratch/found"
[ ! -s "$scratch/found" ]
