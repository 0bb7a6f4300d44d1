#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# sparse, with endianness checked, says nothing about the driver.
. "$(dirname "$0")/lib.sh"

if [ "${1-}" = --self-test ]; then
	plant driver/Kbuild <<< 'obj-m := a.o'
	plant driver/a.c <<- 'END'
		#include <linux/module.h>
		int a(__le16 value);
		int a(__le16 value)
		{
			return value;
		}
		MODULE_LICENSE("GPL");
		MODULE_DESCRIPTION("a planted fault");
	END
	caught 'incorrect type in return expression'
	sed -i 's/return value/return le16_to_cpu(value)/' "$scratch/plant/driver/a.c"
	spared
	exit 0
fi

need sparse
build_module "$scratch/log" C=2 CF=-D__CHECK_ENDIAN__
status=$?
# sparse 0.6.4 also stumbles over headers of the kernel: only our files count
grep -E "^$scratch/module/.*(warning|error):|No rule to make" "$scratch/log" |
	sed "s,$scratch/module/,," | sort -u > "$scratch/found"
cat "$scratch/found"
[ $status -eq 0 ] || [ -s "$scratch/found" ] || tail -n 5 "$scratch/log"
[ $status -eq 0 ] && [ ! -s "$scratch/found" ]
