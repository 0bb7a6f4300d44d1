#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Nothing of the machine a file was written on: paths, hosts, registries.

Paths of /tmp are for mktemp, and for examples in documents; package hosts come from apt's configuration.
"""

import os
import re
import socket

from lintlib import Skip, files, main, text

PATTERNS = {
    r'(?<![\w./$}-])/(work|Users|workspace)/[\w.]': 'a path of one machine',
    r'(?<![\w./$}-])/home/(?!user\b)[\w.]': 'a home directory',
    r'(?<![\w./$}-])/root/[\w]': "root's home",
    r'(?<![\w./$}-])/tmp/(?!\S*X{6})[\w.]': 'a fixed name in /tmp',
    r'\b(deb|security|snapshot|ftp\.\w+|archive)\.debian\.org\b': 'a package host',
    r'\b(pypi\.org|files\.pythonhosted\.org|crates\.io|registry\.npmjs\.org)\b':
        'a registry',
    r'\b(proxy\.golang\.org|docker\.io|ghcr\.io|quay\.io)\b': 'a registry',
    r'-----BEGIN [A-Z ]*PRIVATE KEY-----': 'a private key',
}

EXEMPT = r'tests/lint/leaks\.py|COPYING|LICENSES/.*'


def here(root):
    """Words that name this very machine, where they are not common words."""
    words = {str(root), os.path.expanduser('~')}
    host = socket.gethostname().split('.')[0]
    if re.search(r'[\d-]', host):
        words.add(host)
    return [w for w in words if len(w) > 5]


def check(root):
    names = [n for n in files(root, '.') if not re.fullmatch(EXEMPT, n)]
    if not names:
        raise Skip('no files yet')
    patterns = {**PATTERNS, **{re.escape(w): 'this machine' for w in here(root)}}
    for name in names:
        for number, line in enumerate((text(root, name) or '').splitlines(), 1):
            for regex, what in patterns.items():
                match = re.search(regex, line)
                if match and not ('/tmp' in regex and name.endswith('.rst')):
                    yield f'{name}:{number}: {what}: {match.group()}'


if __name__ == '__main__':
    main(check, {'a.sh': 'cd "$root/work/x"; d=$(mktemp -d /tmp/a.XXXXXX)\n',
                 'b.rst': 'See https://docs.kernel.org/ and /dev/cdc-wdm0.\n'},
         [({'a.sh': 'cd /work/main\n'}, 'a.sh:1: a path'),
          ({'a.sh': '\nexec > /tmp/log\n'}, 'a.sh:2: a fixed name'),
          ({'a': 'http://deb.debian.org/debian\n'}, 'a:1: a package host'),
          ({'a': 'pip install -i https://pypi.org/simple\n'}, 'a:1: a registry'),
          ({'a': '-----BEGIN RSA PRIVATE KEY-----\n'}, 'a private key')])
