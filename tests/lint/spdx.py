#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every file names its licence on its first line, and the right one."""

import re

from lintlib import Skip, files, main, text

# First match decides: file regex -> licence
LICENCE = [
    (r'driver/uapi/.*|Documentation/netlink/specs/.*',
     '((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)'),
    (r'driver/(pure|qmux|qmap|inet|merge|tso)\.[ch]', 'GPL-2.0-or-later'),
    (r'driver/.*|Kbuild', 'GPL-2.0-only'),
    (r'.*', 'GPL-2.0-or-later'),
]

# Formats without comments, kselftest's files, and the licences themselves
EXEMPT = r'COPYING|LICENSES/.*|debian/(changelog|copyright|source/format)|.*\.(json|bin|png|svg|pcap)|tests/(lib/splats|config|settings)|(.*/)?(README(\.md)?|\.gitignore)'

# How the line looks; kernel files: // in .c, /* */ in .h
FORM = [
    (r'.*\.c', r'// {}'),
    (r'.*\.[hS]', r'/\* {} \*/'),
    (r'.*\.rst', r'\.\. {}'),
    (r'.*\.md', r'<!-- {} -->'),
    (r'.*\.[1-8]', r'\.\\" {}'),
    (r'.*', r'(# |; |// |/\* |\.\. |\.\\" ).*{}( \*/)?'),
]


def lookup(table, name):
    return next(value for regex, value in table if re.fullmatch(regex, name))


def permitted(root):
    known = set()
    for name in files(root, r'^LICENSES/'):
        known |= set(re.findall(r'^(?:Valid-License|SPDX-Exception)-Identifier: (\S+)',
                                text(root, name), re.M))
    return known


def check(root):
    known = permitted(root)
    names = [n for n in files(root, '.') if not re.fullmatch(EXEMPT, n)]
    if not names:
        raise Skip('no files yet')
    for name in names:
        source = text(root, name)
        if not source:
            continue        # binary or empty
        lines = source.splitlines()
        line = lines[1] if lines[0].startswith('#!') and lines[1:] else lines[0]
        match = re.search(r'SPDX-License-Identifier: (.*?)( \*/| -->)?$', line)
        if not match:
            yield f'{name}:1: no SPDX-License-Identifier on the first line'
            continue
        licence = match.group(1)
        if licence != lookup(LICENCE, name):
            yield f'{name}:1: {licence}, but here it is {lookup(LICENCE, name)}'
        for word in re.findall(r'[\w.+-]+', licence):
            if word not in known | {'WITH', 'OR', 'AND'}:
                yield f'{name}:1: no text of {word} in LICENSES/'
        form = lookup(FORM, name).format(r'SPDX-License-Identifier: .*')
        if not re.fullmatch(form, line):
            yield f'{name}:1: written otherwise than its kind of file does it'


TAG = 'SPDX-License-Identifier: '
CLEAN = {
    'LICENSES/GPL-2.0': 'Valid-License-Identifier: GPL-2.0-only\n'
                        'Valid-License-Identifier: GPL-2.0-or-later\n',
    'driver/a.c': f'// {TAG}GPL-2.0-only\n',
    'driver/qmux.h': f'/* {TAG}GPL-2.0-or-later */\n',
    'tools/a.sh': f'#!/bin/sh\n# {TAG}GPL-2.0-or-later\n',
}

if __name__ == '__main__':
    main(check, CLEAN, [
        ({'tools/b.c': 'int b;\n'}, 'tools/b.c:1: no SPDX'),
        ({'tools/b.c': f'\n// {TAG}GPL-2.0-or-later\n'}, 'tools/b.c:1: no SPDX'),
        ({'driver/b.c': f'// {TAG}GPL-2.0-or-later\n'}, 'here it is GPL-2.0-only'),
        ({'tools/b.c': f'// {TAG}MIT\n'}, 'no text of MIT'),
        ({'tools/b.h': f'// {TAG}GPL-2.0-or-later\n'}, 'written otherwise'),
    ])
