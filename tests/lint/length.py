#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""No function above 80 lines, no file above 900; near that, a note.

Lines of a table (an initialiser) and of a flat switch (no case longer than
five lines) do not count: they are long without being deep.
"""

import re

from lintlib import Skip, files, main, text, without_comments

FUNCTION_MAX, FUNCTION_NOTE = 80, 60
FILE_MAX, FILE_NOTE = 900, 700
CASE_MAX = 5
ARGUMENTS_NOTE = 5
TABLES = {'driver/ids.h'}       # one row an id


def block_end(lines, start, limit):
    """The line that closes the block begun at start, by indentation."""
    indent = re.match(r'\s*', lines[start]).group()
    for end in range(start + 1, limit):
        if lines[end].startswith(indent + '}'):
            return end
    return limit


def flat(lines):
    """Whether no case of the switch with these lines is long."""
    marks = [i for i, line in enumerate(lines)
             if re.match(r'\s*(case\b.*|default\s*):', line)]
    ends = marks[1:] + [len(lines)]
    return bool(marks) and all(end - mark - 1 <= CASE_MAX
                               for mark, end in zip(marks, ends))


def weight(lines, start, end):
    """Lines of a body that count."""
    total, at = 0, start
    while at < end:
        total += 1
        if re.search(r'=\s*\{\s*$', lines[at]):
            at = block_end(lines, at, end)
        elif re.match(r'\s*switch\s*\(', lines[at]):
            close = block_end(lines, at, end)
            if flat(lines[at + 1:close]):
                at = close
        at += 1
    return total


def functions(lines):
    """(name, line, arguments, first and last line of the body) of each."""
    for start, line in enumerate(lines):
        if line.rstrip() != '{':
            continue
        head, first = '', start
        while first > 0 and re.search(r'[^;}/\s]', lines[first - 1]) \
                and not re.search(r'[;}]\s*$|^#', lines[first - 1]):
            first -= 1
            head = lines[first] + ' ' + head
        name = re.search(r'(\w+)\s*\((.*)\)[^()]*$', head.strip())
        if name:
            yield (name.group(1), first + 1, name.group(2).count(',') + 1,
                   start + 1, block_end(lines, start, len(lines)))


def check(root):
    names = files(root, r'^(driver|tools|tests|udev)/.*\.(c|h|sh|py)$')
    if not names:
        raise Skip('no files yet')
    for name in names:
        source = text(root, name)
        size = source.count('\n')
        if name not in TABLES and size > FILE_NOTE:
            note = 'note: ' if size <= FILE_MAX else ''
            yield f'{note}{name}: {size} lines'
        if not name.endswith(('.c', '.h')):
            continue
        lines = without_comments(source).splitlines()
        for function, at, arguments, first, last in functions(lines):
            count = weight(lines, first, last)
            if count > FUNCTION_NOTE:
                note = 'note: ' if count <= FUNCTION_MAX else ''
                yield f'{note}{name}:{at}: {function}() has {count} lines'
            if arguments > ARGUMENTS_NOTE:
                yield f'note: {name}:{at}: {function}() has {arguments} arguments'


def body(head, line, count, tail=''):
    return f'static int a(int b,\n\t\tint c)\n{{\n{head}' + line * count + f'{tail}}}\n'


CLEAN = {
    'tools/a.c': body('', '\tb++;\n', 80),
    'tools/switch.c': body('\tswitch (b) {\n', '\tcase 1:\n\t\tb++;\n', 60, '\t}\n'),
    'tools/table.c': body('\tint v[] = {\n', '\t\t1,\n', 90, '\t};\n'),
    'driver/ids.h': '\n' * 1000,
}

if __name__ == '__main__':
    main(check, CLEAN, [
        ({'tools/b.c': body('', '\tb++;\n', 81)}, 'tools/b.c:1: a() has 81'),
        ({'tools/b.c': 'int x;\n\n' + body('\tswitch (b) {\n', '\tcase 1:\n' +
          '\t\tb++;\n' * 6, 12, '\t}\n')}, 'tools/b.c:3: a() has 86'),
        ({'tools/b.c': '\n' * 901}, 'tools/b.c: 901 lines'),
    ])
