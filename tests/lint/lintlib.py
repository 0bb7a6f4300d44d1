# SPDX-License-Identifier: GPL-2.0-or-later
"""What the Python lints share: the project's files, findings, self-test."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path


class Skip(Exception):
    """There is nothing to check."""
    status = 4


class Missing(Skip):
    """There is nothing to check it with."""
    status = 5


def files(root, regex):
    """Paths below root that match: those git tracks (with LINT_ALL: does not
    ignore), or all without git."""
    if (root / '.git').exists():
        more = ['--cached', '--others', '--exclude-standard']
        out = subprocess.run(['git', '-C', root, '-c', 'safe.directory=*',
                              'ls-files', '-z',
                              *(more if os.environ.get('LINT_ALL') else [])],
                             check=True, capture_output=True).stdout
        names = out.decode().split('\0')
    else:
        names = [str(p.relative_to(root)) for p in root.rglob('*')
                 if p.relative_to(root).parts[0] != 'build']
    return sorted(n for n in set(names)
                  if re.search(regex, n) and (root / n).is_file())


def text(root, name):
    """A file's text, or None if it is not text."""
    data = (root / name).read_bytes()
    return None if b'\0' in data else data.decode('utf-8', 'replace')


def without_comments(source):
    """C source with comments and the inside of strings blanked, same lines."""
    def blank(match):
        word = match.group(0)
        if word[0] in '"\'':
            return word[0] + ' ' * (len(word) - 2) + word[0]
        return re.sub(r'[^\n]', ' ', word)
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'',
                  blank, source, flags=re.S)


def self_test(check, clean, plants):
    """0 if check() spares the clean tree and finds each planted fault."""
    failures = []
    for faults, expected in [({}, None)] + plants:
        with tempfile.TemporaryDirectory() as scratch:
            root = Path(scratch)
            for name, content in {**clean, **faults}.items():
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content)
            found = [f for f in check(root) if not f.startswith('note:')]
        if expected is None and found:
            failures += ['a tree without fault was refused:'] + found
        elif expected is not None and not any(expected in f for f in found):
            failures += [f'not found: {expected}'] + found
    print(*failures, sep='\n', end='\n' if failures else '')
    return 1 if failures else 0


def main(check, clean, plants):
    """Run check(root), an iterable of findings, or its self-test."""
    try:
        if sys.argv[1:] == ['--self-test']:
            sys.exit(self_test(check, clean, plants))
        here = Path(__file__).resolve().parent
        root = Path(os.environ.get('LINT_ROOT', here.parent.parent)).resolve()
        findings = list(check(root))
    except Skip as reason:
        print(reason)
        sys.exit(reason.status)
    for finding in findings:
        print(finding)
    sys.exit(any(not f.startswith('note:') for f in findings))
