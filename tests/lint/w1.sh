#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The module builds without a warning at W=1, against the installed headers.
. "$(dirname "$0")/lib.sh"

if [ "${1-}" = --self-test ]; then
	plant driver/Kbuild <<< 'obj-m := a.o'
	plant driver/a.c <<- 'END'
		#include <linux/module.h>
		int a(void);
		int a(void)
		{
			int unused = 0;

			unused = 1;
			return 0;
		}
		MODULE_LICENSE("GPL");
		MODULE_DESCRIPTION("a planted fault");
	END
	caught 'unused-but-set-variable'
	sed -i '/unused/d' "$scratch/plant/driver/a.c"
	spared
	exit 0
fi

build_module "$scratch/log" W=1
status=$?
grep -A3 -E '(warning|error):|No rule to make|undefined!' "$scratch/log" |
	grep -vE '^(make.*(Error|Leaving|Waiting)|  [A-Z]+ |--$)' | sed "s,$scratch/module/,," \
	> "$scratch/found"
cat "$scratch/found"
[ $status -eq 0 ] || [ -s "$scratch/found" ] || tail -n 5 "$scratch/log"
[ $status -eq 0 ] && [ ! -s "$scratch/found" ]
