#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Nobody sleeps: tests and programs wait for an event with a deadline.

Of the tests tests/lib may, of the programs the functions named here, where nothing tells
of what they wait for. Each says so where it does it."""

import re

from lintlib import files, main, text, without_comments


# What has no event: AT ports answer, and tell nothing; a lock of a file; sysfs where udev
# writes; modems that say something else for a while after they said yes; a port that is to
# be without power for so long
MAY = {
    'tools/at/init.c': {'find_port', 'ask_iccid'},
    'tools/at/wear.c': {'lock'},
    'tools/ctl/sim-pin.c': {'wait_card'},
    'tools/daemon/session-call.c': {'clean_up'},
    'tools/daemon/session-settings.c': {'write_slot'},
    'tools/helper/port-power.c': {'pause_ms'},
    'tools/lib/connection-format.c': {'raw_ip'},
    'tools/lib/connection-up.c': {'read_settings'},
}


def function_at(lines, number):
    """The name of the function that the line is in."""
    for line in reversed(lines[:number]):
        match = re.match(r'[A-Za-z_][\w \t*]*?\b(\w+)\(', line)
        if match:
            return match.group(1)
    return ''


def check_programs(root):
    pauses = re.compile(r'\b\w*sleep\s*\(|\bpoll\(NULL\b|\bm2m_qmi_wait\([^;]*\bnever\b')
    for name in files(root, r'^tools/.*\.[ch]$'):
        lines = without_comments(text(root, name) or '').splitlines()
        for number, line in enumerate(lines, 1):
            if pauses.search(line) and \
                    function_at(lines, number) not in MAY.get(name, ()):
                yield f'{name}:{number}: sleeps; wait for an event with a deadline'


def check(root):
    yield from check_programs(root)
    for name in files(root, r'^tests/(?!lib/|lint/)'):
        source = text(root, name) or ''
        if name.endswith(('.c', '.h')):
            source, regex = without_comments(source), r'\b\w*sleep\s*\('
        elif name.endswith(('.sh', '.py')) or source.startswith('#!'):
            regex = r'(^|[;&|({]|\bdo|\bthen|\bnice)\s*(time\.)?sleep[ (]'
        else:
            continue
        for number, line in enumerate(source.splitlines(), 1):
            if re.search(regex, line):
                yield f'{name}:{number}: sleeps; wait for an event with a deadline'


if __name__ == '__main__':
    main(check, {'tests/e2e/a.sh': '#!/bin/sh\nwait_for ready # never sleep 3\n',
                 'tests/lib/wait.sh': 'sleep 0.1\n',
                 'tools/at/wear.c': 'static int lock(int fd)\n{\n\tpoll(NULL, 0, 5);\n}\n',
                 'tools/lib/a.c': 'int a(void)\n{\n\treturn poll(&pfd, 1, 5);\n}\n'},
         [({'tests/e2e/a.sh': '#!/bin/sh\nplug\nsleep 3\n'}, 'a.sh:3'),
          ({'tests/e2e/a.sh': '#!/bin/sh\nplug && sleep 3\n'}, 'a.sh:2'),
          ({'tests/unit/a.c': '/* sleep() */\n\tusleep(10);\n'}, 'a.c:2'),
          ({'tools/at/wear.c': 'static int more(int fd)\n{\n\tpoll(NULL, 0, 5);\n}\n'},
           'wear.c:3'),
          ({'tools/ctl/a.c': 'int a(void)\n{\n\tm2m_qmi_wait(q, 5, never, NULL);\n}\n'},
           'a.c:3'),
          ({'tools/ctl/b.c': 'int b(void)\n{\n\tg_usleep(5);\n}\n'}, 'b.c:3')])
