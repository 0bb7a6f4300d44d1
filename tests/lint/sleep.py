#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Tests wait for an event with a deadline: only tests/lib may sleep."""

import re

from lintlib import files, main, text, without_comments


def check(root):
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
                 'tests/lib/wait.sh': 'sleep 0.1\n'},
         [({'tests/e2e/a.sh': '#!/bin/sh\nplug\nsleep 3\n'}, 'a.sh:3'),
          ({'tests/e2e/a.sh': '#!/bin/sh\nplug && sleep 3\n'}, 'a.sh:2'),
          ({'tests/unit/a.c': '/* sleep() */\n\tusleep(10);\n'}, 'a.c:2')])
