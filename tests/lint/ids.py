#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""driver/ids.h is sorted, without doubles, and has all that mainline binds to."""

import csv
import re

from lintlib import Skip, main, text

IDS = 'driver/ids.h'
FACTS = 'tests/vectors/qmi_wwan-ids.csv'


def row_key(vendor, product, kind, numbers):
    """What a row matches, in the order the table is sorted by."""
    return (vendor, -1 if product is None else product, kind, numbers)


def name(key):
    vendor, product, kind, numbers = key
    product = '*' if product < 0 else f'{product:04x}'
    return f'{vendor:04x}:{product} {kind} ' + '/'.join(f'{n:02x}' for n in numbers)


def rows(source):
    """(line, key, quirks) of every row; key None where it cannot be read."""
    table = source.index('m2m_usb_ids[]')
    first = source.count('\n', 0, table) + 2
    for number, line in enumerate(source[table:].splitlines()[1:], first):
        match = re.match(r'\tM2M_(INTF|CLASS|VENDOR)\(([^()]*)\),', line)
        if match:
            *numbers, quirks = (a.strip() for a in match.group(2).split(','))
            numbers = [int(n, 0) for n in numbers]
            product = None if match.group(1) == 'VENDOR' else numbers.pop(1)
            kind = 'intf' if match.group(1) == 'INTF' else 'class'
            yield (number, row_key(numbers[0], product, kind, tuple(numbers[1:])),
                   {q.strip() for q in quirks.split('|')} - {'0'})
        elif line.strip() and not re.match(r'\t/\*.*\*/$|\t\{ \}$|\};|#endif', line):
            yield number, None, set()


def facts(source):
    """(key, quirks) of every row of the list of facts."""
    lines = [line for line in source.splitlines() if not line.startswith('#')]
    for fact in csv.DictReader(lines):
        product = None if fact['product'] == '*' else int(fact['product'], 16)
        kind, _, value = fact['match'].partition(':')
        numbers = (int(value),) if kind == 'intf' else \
            tuple(int(v, 16) for v in value.split('/'))
        yield (row_key(int(fact['vendor'], 16), product, kind, numbers),
               {'M2M_QUIRK_DTR'} if fact['quirk'] == 'dtr' else set())


def check(root):
    if not (root / IDS).is_file():
        raise Skip(f'no {IDS} yet')
    source, seen, last = text(root, IDS), {}, None
    defined = set(re.findall(r'^#define\s+(M2M_QUIRK_\w+)', source, re.M))
    for line, key, quirks in rows(source):
        if key is None:
            yield f'{IDS}:{line}: no row of the known forms'
            continue
        if key in seen:
            yield f'{IDS}:{line}: {name(key)} is there already'
        elif last and key < last:
            yield f'{IDS}:{line}: {name(key)} belongs before {name(last)}'
        for quirk in quirks - defined:
            yield f'{IDS}:{line}: {quirk} is not defined there'
        seen[key], last = quirks, key
    for key, quirks in facts(text(root, FACTS)):
        if key not in seen:
            yield f'{IDS}: {name(key)} is missing, {FACTS} has it'
        elif quirks != seen[key] & {'M2M_QUIRK_DTR'}:
            yield f'{IDS}: {name(key)}: DTR is not as in {FACTS}'


ROWS = ['\tM2M_VENDOR(0x12d1, 0xff, 0x01, 0x09, 0),\n',
        '\tM2M_INTF(0x12d1, 0x140c, 1, 0),\t/* E173 */\n',
        '\tM2M_CLASS(0x2c7c, 0x0125, 0xff, 0xff, 0xff, M2M_QUIRK_DTR),\n',
        '\tM2M_INTF(0x2c7c, 0x9999, 4, 0),\t/* ours alone */\n']


def table(some):
    return ('#define M2M_QUIRK_DTR BIT(0)\nstatic m2m_usb_ids[] = {\n\t/* Huawei */\n'
            + ''.join(some) + '\n\t{ }\n};\n')


CLEAN = {IDS: table(ROWS), FACTS: '''# facts
vendor,product,match,quirk,kernels
12d1,*,class:ff/01/09,,6.1
12d1,140c,intf:1,,6.1 6.12
2c7c,0125,class:ff/ff/ff,dtr,6.12
'''}

if __name__ == '__main__':
    main(check, CLEAN, [
        ({IDS: table(ROWS[:1] + ROWS[2:])}, '12d1:140c intf 01 is missing'),
        ({IDS: table(ROWS[:2] + ROWS[1:])}, '12d1:140c intf 01 is there already'),
        ({IDS: table(ROWS[::-1])}, '2c7c:0125 class ff/ff/ff belongs before'),
        ({IDS: table([r.replace('M2M_QUIRK_DTR', '0') for r in ROWS])}, 'DTR is not'),
        ({IDS: table([r.replace('_DTR', '_ODD') for r in ROWS])}, 'ODD is not defined'),
        ({IDS: table(ROWS + ['\t{ USB_DEVICE(1, 2) },\n'])}, 'no row of the known'),
    ])
