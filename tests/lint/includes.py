#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Who may include whom. The tables are the design; the code only reads them."""

import re
from pathlib import PurePosixPath

from lintlib import files, main, text, without_comments

# The layers of the driver, and which of its headers each may include besides
# the file's own. Pure files know pure files. The core (the port and its
# routing) knows the pure files and the interfaces of pipes and doors. Pipes know
# the port; doors know it too, its sessions and its ring, but neither pipes nor
# each other. Nobody but main.c knows everything.
ANYWHERE = {'compat.h', 'trace.h'}
CORE = {'port.h', 'clients.h', 'route.h', 'ring.h'}
PIPES = {'ctrl.h', 'data.h'}
DOORS = {'chardev.h', 'genl.h', 'netdev.h'}
LAYERS = {
    'pure': set(),
    'qmux': {'pure.h'},
    'inet': {'pure.h'},
    'qmap': {'pure.h', 'inet.h'},
    'merge': {'pure.h', 'inet.h', 'qmap.h'},
    'tso': {'pure.h', 'inet.h'},
    'ids': set(),
    'compat': set(),
    'trace': {'port.h', 'qmux.h', 'compat.h'},
    **dict.fromkeys(['port', 'clients', 'route', 'ctl', 'format', 'ring'],
                    CORE | PIPES | DOORS | ANYWHERE | {'qmux.h'}),
    'ctrl': {'port.h', 'qmux.h'} | ANYWHERE,
    **dict.fromkeys(['pipe', 'data', 'rx', 'deliver', 'tx', 'flow'],
                    {'port.h', 'data.h', 'pipe.h', 'qmap.h', 'merge.h', 'tso.h',
                     'netdev.h'}
                    | ANYWHERE),
    'frame': {'tx.h'} | ANYWHERE,
    **dict.fromkeys(['netdev', 'link', 'mux'],
                    {'port.h', 'data.h', 'pipe.h', 'qmap.h', 'netdev.h', 'link.h'}
                    | ANYWHERE),
    'chardev': {'port.h', 'clients.h', 'qmux.h'} | ANYWHERE,
    'genl': {'port.h', 'clients.h', 'ring.h', 'qmux.h'} | ANYWHERE,
    'usb': {'port.h', 'ids.h'} | PIPES | DOORS | ANYWHERE,
    'main': {'port.h', 'usb.h'} | PIPES | DOORS | ANYWHERE,
}

# System headers and words that few may use: regex -> files or nouns of driver/
ONLY = {
    r'#\s*include <linux/usb(/.*)?\.h>': {
        'usb.c', 'port.c', 'ctrl.c', 'data.c', 'rx.c', 'tx.c', 'tx_urb.c',
        'chardev.c',
        'ids.h', 'compat.h'},
    r'#\s*include <net/genetlink\.h>': {'genl', 'main.c', 'compat.h'},
    r'#\s*include <net/rtnetlink\.h>': {'mux.c', 'main.c', 'compat.h'},
    r'#\s*include <linux/wwan\.h>': set(),
    r'#\s*include <linux/version\.h>': {'compat.h'},
    r'\b(LINUX_VERSION_CODE|KERNEL_VERSION|RHEL_RELEASE)\b': {'compat.h'},
}

# What the pure files may take from the kernel, and where alone
PURE = {'pure.h', 'qmux.c', 'qmux.h', 'qmap.c', 'qmap.h', 'inet.c', 'inet.h',
        'merge.c', 'merge.h', 'tso.c', 'tso.h'}

# Areas: a file belongs to the longest prefix; what each may include besides
# itself. The uapi header is the contract of driver and library.
AREAS = {
    'driver/uapi/': set(),
    'driver/': {'driver/uapi/'},
    'tools/lib/': {'driver/uapi/'},
    'tools/ctl/': {'tools/lib/', 'driver/uapi/'},
    'tools/sim/': set(),
    'tools/': {'tools/lib/'},
    'tests/': {'driver/', 'driver/uapi/', 'tools/lib/', 'tools/ctl/',
               'tools/sim/', 'tools/'},
}

# Libraries only some of an area may see: regex -> (area, files that may)
LIBRARIES = {
    r'<libqmi-glib\.h>': r'tools/(lib|ctl)/.*\.c|tools/lib/qmi.*\.h|tests/.*',
    r'<(gio/.*|glib.*)\.h>': r'tools/.*\.c|tools/sim/.*|tests/.*',
    r'<netlink/.*\.h>': r'tools/lib/.*|tools/ctl/.*\.c|tests/.*',
    r'<linux/m2m_wwan\.h>': r'driver/.*|tools/(lib|ctl|daemon)/.*|tests/.*',
}


def noun(base):
    """What a driver file is about: genl_port.c belongs to genl."""
    stem = PurePosixPath(base).stem
    return stem if stem in LAYERS else stem.partition('_')[0]


def area(name):
    return max((a for a in AREAS if name.startswith(a)), key=len, default=None)


def resolve(name, wanted, known):
    """The project's file that a quoted include means, or None."""
    here = PurePosixPath(name).parent
    for where in [here, *here.parents, 'driver/uapi', 'driver', 'tools/lib',
                  'tools', 'tests']:
        parts = []
        for part in (PurePosixPath(where) / wanted).parts:
            parts = parts[:-1] if part == '..' else parts + [part]
        if '/'.join(parts) in known:
            return '/'.join(parts)
    return None


def check_driver(name, at, line, wanted):
    base = name.removeprefix('driver/')
    for regex, allowed in ONLY.items():
        if re.search(regex, line) and not {base, noun(base)} & allowed:
            who = ', '.join(sorted(allowed)) or 'nobody'
            yield f'{at}: {line.strip()}: only for {who}'
    if base in PURE and base != 'pure.h' and re.match(r'#\s*include <', line):
        yield f'{at}: {line.strip()}: a pure file includes only pure.h'
    mine = noun(base)
    if wanted and mine in LAYERS and noun(wanted) != mine and wanted not in LAYERS[mine]:
        yield f'{at}: {base} may not include {wanted}'


def check(root):
    names = files(root, r'\.[ch]$')
    known = set(names)
    for name in names:
        raw = text(root, name).splitlines()
        code = without_comments(text(root, name)).splitlines()
        if re.match(r'driver/[^/]+$', name) and noun(name) not in LAYERS:
            yield f'{name}: in no layer of {PurePosixPath(__file__).name}'
        for number, (line, bare) in enumerate(zip(raw, code), 1):
            at = f'{name}:{number}'
            include = re.match(r'\s*#\s*include\s*"([^"]+)"', line)
            wanted = include and include.group(1)
            if re.match(r'driver/[^/]+$', name):
                yield from check_driver(name, at, line if include else bare, wanted)
            for regex, may in LIBRARIES.items():
                if re.match(r'\s*#\s*include\s*' + regex, line) \
                        and not re.fullmatch(may, name):
                    yield f'{at}: {line.strip()}: not for this file'
            target = wanted and resolve(name, wanted, known)
            mine, theirs = area(name), target and area(target)
            if theirs and mine != theirs and theirs not in AREAS.get(mine, set()):
                yield f'{at}: {mine} may not include {target}'


CLEAN = {
    'driver/pure.h': '#include <linux/types.h>\n',
    'driver/qmux.h': '#include "pure.h"\n',
    'driver/port.h': '#include <linux/kref.h>\n',
    'driver/genl.c': '#include <net/genetlink.h>\n#include "port.h"\n',
    'driver/genl_port.c': '#include <net/genetlink.h>\n#include "genl_dump.h"\n',
    'driver/ctrl.h': '\n',
    'tools/sim/sim.h': '#include <glib.h>\n',
    'tools/lib/nl.h': '\n',
    'tools/ctl/main.c': '#include "nl.h"\n#include "../lib/nl.h"\n',
    'tests/unit/a.c': '#include "../../driver/qmux.h"\n',
}

if __name__ == '__main__':
    main(check, CLEAN, [
        ({'driver/qmux.c': '#include "port.h"\n'}, 'qmux.c may not include port.h'),
        ({'driver/qmap.c': '#include <linux/skbuff.h>\n'}, 'only pure.h'),
        ({'driver/chardev.c': '#include "ctrl.h"\n'}, 'may not include ctrl.h'),
        ({'driver/netdev.c': '#include <linux/usb.h>\n'}, 'only for'),
        ({'driver/port.h': '#include <net/genetlink.h>\n'}, 'only for'),
        ({'driver/data.c': '#if LINUX_VERSION_CODE\n'}, 'only for compat.h'),
        ({'driver/new.c': '#include "port.h"\n'}, 'new.c: in no layer'),
        ({'tools/sim/a.c': '#include "../lib/nl.h"\n'}, 'tools/sim/ may not'),
        ({'tools/sim/a.c': '#include "driver/qmux.h"\n'}, 'tools/sim/ may not'),
        ({'tools/sim/a.c': '#include <libqmi-glib.h>\n'}, 'not for this file'),
        ({'tools/lib/nl.h': '#include <glib.h>\n'}, 'not for this file'),
        ({'tools/lib/a.c': '#include "../ctl/cmd.h"\n', 'tools/ctl/cmd.h': '\n'},
         'tools/lib/ may not'),
        ({'tools/ctl/a.c': '#include "tests/unit/h.h"\n', 'tests/unit/h.h': '\n'},
         'tools/ctl/ may not'),
    ])
