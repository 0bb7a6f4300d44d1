// SPDX-License-Identifier: GPL-2.0-or-later
/* A systemd-resolved for scripts: what it is told on the bus at $1 it prints, until killed. */
#include <unistd.h>

#include "resolved.h"

int main(int argc, char *argv[])
{
	if (argc != 2)
		return 2;
	resolved_start(argv[1], stdout);
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}
