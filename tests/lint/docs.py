#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The documentation is well-formed, and the files it names are there."""

import re
from pathlib import PurePosixPath

from lintlib import Missing, Skip, files, main, text

try:
    from docutils.core import publish_doctree
    from docutils.utils import SystemMessage
except ImportError:
    publish_doctree = None

# A path of the tree in ``literal`` text; capitals stand for a word to fill in
# A test: the file's path as a literal, then its name, or several
NAMED = r'``(tests/(?:unit|e2e)/[a-z0-9_-]+\.(?:c|sh))``:\s((?:[^.;`]+))[.;]'
PATH = r'``((?:\.\./)*(?:driver|tools|tests|udev|Documentation|netlink|man)/[a-z0-9_./-]+)``'


def parse_errors(name, source):
    """What docutils has to say about a document."""
    try:
        tree = publish_doctree(source, source_path=name, settings_overrides={
            'report_level': 5, 'halt_level': 5, 'file_insertion_enabled': False})
    except SystemMessage as error:
        yield f'{name}: {error}'
        return
    for message in tree.parse_messages + tree.transform_messages:
        if message['level'] >= 2:
            yield f"{name}:{message.get('line', 1)}: {message.astext()}"


def unknown_tests(root, name, source):
    """What a document calls a test of a file, and is none."""
    for match in re.finditer(NAMED, source):
        file, tests = match.groups()
        if not (root / file).exists():
            continue
        for test in tests.split(','):
            test = ' '.join(test.split())
            # a sentence of a script may have a comma
            if test not in text(root, file) and \
                    ' '.join(tests.split()) not in text(root, file):
                line = source.count('\n', 0, match.start()) + 1
                yield f'{name}:{line}: {file} has no test "{test}"'


def check(root):
    names = files(root, r'\.rst$')
    if not names:
        raise Skip('no documents yet')
    if publish_doctree is None:
        raise Missing('python3-docutils is not installed')
    for name in names:
        source = text(root, name)
        yield from parse_errors(name, source)
        yield from unknown_tests(root, name, source)
        for match in re.finditer(PATH, source):
            here = root / PurePosixPath(name).parent / match.group(1)
            if not here.exists() and not (root / match.group(1)).exists():
                line = source.count('\n', 0, match.start()) + 1
                yield f'{name}:{line}: there is no {match.group(1)}'


if __name__ == '__main__':
    main(check, {'Documentation/a.rst': 'Title\n=====\n\nSee ``driver/a.c`` and '
                 '``../driver/a.c``,\n``tests/unit/test-NOUN.c``.\n',
                 'driver/a.c': '\n'},
         [({'Documentation/b.rst': 'Title\n===\n\n*open\n'}, 'b.rst:'),
          ({'Documentation/b.rst': 'See\n``driver/b.c``.\n'}, 'b.rst:2: there is no'),
          ({'Documentation/b.rst': 'See ``tests/unit/a.c``: one, two.\n',
            'tests/unit/a.c': 'TEST(one)\n'}, 'b.rst:1: tests/unit/a.c has no test "two"')])
