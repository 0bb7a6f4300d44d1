#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The netlink spec, the uapi header and the policies of genl.c agree.

Compared: names and values of constants, enums, attributes, commands and
groups, both ways; types and limits of what each operation accepts; admin-perm.
"""

import re

from lintlib import Missing, Skip, files, main, text, without_comments

try:
    import yaml
except ImportError:
    yaml = None

SPEC = 'Documentation/netlink/specs/m2m_wwan.yaml'
HEADER = 'driver/uapi/linux/m2m_wwan.h'
GENL = 'driver/genl.c'

# In the header, not of the generic netlink family: rtnl's link kind
NOT_GENL = r'IFLA_M2M_.*|__IFLA_M2M_.*|M2M_WWAN_LINK_KIND|_UAPI_.*'

NLA = {'flag': 'FLAG', 'string': 'NUL_STRING', 'binary': 'BINARY',
       'nest': 'NESTED', **{f'{s}{n}': f'{s.upper()}{n}'
                            for s in 'us' for n in (8, 16, 32, 64)}}


def c_name(name):
    return name.upper().replace('-', '_')


def evaluate(expression, known):
    """The value of a constant C expression, None if it is not one of ours."""
    words = re.sub(r'\b(\d+)[UL]+\b', r'\1', expression.strip())
    try:
        return eval(words, {'__builtins__': {}}, known)  # our own source
    except (NameError, SyntaxError, TypeError):
        return None


def constants(source):
    """Every #define and enumerator of a header, by name."""
    known = {}
    for name, value in re.findall(r'^#define\s+(\w+)[ \t]+(\S.*)$', source, re.M):
        known[name] = value.strip('"') if value[0] == '"' else evaluate(value, known)
    code = re.sub(r'/\*.*?\*/', '', source, flags=re.S)
    for block in re.findall(r'\benum\b[^{;]*\{(.*?)\}', code, re.S):
        value = -1
        for entry in filter(None, (e.strip() for e in block.split(','))):
            name, _, given = (p.strip() for p in entry.partition('='))
            value = evaluate(given, known) if given else value + 1
            known[name] = value
    return known


def spec_constants(spec):
    """What the header must hold according to the spec, by name."""
    family = spec['name']
    want = {'M2M_WWAN_FAMILY_NAME': family,
            'M2M_WWAN_FAMILY_VERSION': spec.get('version', 1)}
    for item in spec.get('definitions', []):
        if item['type'] == 'const':
            want[c_name(f"{family}-{item['name']}")] = item['value']
            continue
        prefix = item.get('name-prefix', f"{family}-{item['name']}-")
        value = item.get('value-start', 0) - 1
        for entry in item['entries']:
            entry = entry if isinstance(entry, dict) else {'name': entry}
            value = entry.get('value', value + 1)
            want[c_name(prefix + entry['name'])] = value

    def numbered(prefix, entries):
        want[c_name(prefix + 'unspec')] = value = 0
        for entry in entries:
            value = entry.get('value', value + 1)
            want[c_name(prefix + entry['name'])] = value
        want[c_name(prefix + 'max')] = value
        want['__' + c_name(prefix + 'max')] = value + 1

    for attributes in spec['attribute-sets']:
        numbered(attributes['name-prefix'], attributes['attributes'])
    numbered(spec['operations'].get('name-prefix', f'{family}-cmd-'),
             spec['operations']['list'])
    for group in spec.get('mcast-groups', {}).get('list', []):
        want[c_name(f"{family}-mcgrp-{group['name']}")] = group['name']
    return want


def compare(want, have):
    for name, value in want.items():
        if name not in have:
            yield f'{HEADER}: {name} is missing ({SPEC} has it)'
        elif have[name] != value:
            yield f'{HEADER}: {name} is {have[name]}, {SPEC} says {value}'
    for name in have:
        if name not in want and not re.fullmatch(NOT_GENL, name):
            yield f'{SPEC}: nothing there becomes {name} of {HEADER}'


def split(source):
    """The parts between the commas at the outermost level."""
    depth, parts = 0, ['']
    for char in source:
        depth += (char in '({[') - (char in ')}]')
        if char == ',' and not depth:
            parts.append('')
        else:
            parts[-1] += char
    return [p.strip() for p in parts if p.strip()]


def arrays(code, kind):
    """Name -> list of entries of every array of struct kind."""
    found = re.finditer(r'\bstruct ' + kind + r'\s+(\w+)\s*\[[^\]]*\]\s*(?:__\w+\s*)*'
                        r'=\s*\{(.*?)\n\};', code, re.S)
    return {m.group(1): split(m.group(2)) for m in found}


def expand(code):
    """The source with its function-like macros expanded where they are used."""
    code = code.replace('\\\n', ' ')
    macros = re.findall(r'^#define (\w+)\(([^)]*)\)\s+(.+)$', code, re.M)
    code = re.sub(r'^#define .*$', '', code, flags=re.M)
    for name, parameters, body in macros:
        names = split(parameters)

        def use(match):
            values = dict(zip(names, split(match.group(1))))
            return re.sub(r'\w+', lambda m: values.get(m.group(), m.group()), body)
        code = re.sub(rf'\b{name}\(([^()]*)\)', use, code)
    return code


def fields(entry):
    """The designated initialisers of { .a = b, ... }."""
    inner = re.sub(r'^(\[[^\]]*\]\s*=\s*)?\{(.*)\}$', r'\2', entry.strip(), flags=re.S)
    pairs = (re.match(r'\.(\w+)\s*=\s*\(?(.*?)\)?$', ' '.join(part.split()))
             for part in split(inner))
    return {m.group(1): m.group(2) for m in pairs if m}


def ranges(code, known):
    """Name -> (min, max) of every struct netlink_range_validation."""
    found = re.findall(r'\bstruct netlink_range_validation\s+(\w+)\s*=\s*(\{.*?\n\});',
                       code, re.S)
    return {name: tuple(evaluate(fields(body).get(k, '0'), known)
                        for k in ('min', 'max')) for name, body in found}


def policy_of(row, known):
    """(NLA type, min, max, longest) of one policy row."""
    row = row.partition('=')[2].strip()
    call = re.match(r'NLA_POLICY_(\w+)\((.*)\)$', row, re.S)
    if not call:
        row = fields(row)
        length = evaluate(row['len'], known) if 'len' in row else None
        return row.get('type', '?').removeprefix('NLA_'), None, None, length
    kind, args = call.group(1), split(call.group(2))
    if kind.startswith('NESTED'):
        return 'NESTED', None, None, None
    if kind == 'MAX_LEN':
        return 'BINARY', None, None, evaluate(args[0], known)
    if kind == 'FULL_RANGE':
        low, high = known.get(args[1].lstrip('&'), (None, None))
        return args[0].removeprefix('NLA_'), low or None, high, None
    values = [evaluate(a, known) for a in args]
    low = values[1] if kind in ('RANGE', 'MIN') else None
    high = values[-1] if kind in ('RANGE', 'MAX') else None
    return args[0].removeprefix('NLA_'), low, high, None


def wanted_policy(attribute, spec):
    checks = attribute.get('checks', {})
    consts = {d['name']: d for d in spec.get('definitions', [])}

    def limit(key):
        value = checks.get(key)
        return consts[value]['value'] if isinstance(value, str) else value
    low, high = limit('min'), limit('max')
    if 'enum' in attribute and high is None:
        entries = consts[attribute['enum']]['entries']
        value = -1
        for entry in entries:
            value = entry.get('value', value + 1) if isinstance(entry, dict) else value + 1
        high = value
    return NLA[attribute['type']], low or None, high, limit('max-len')


def check_operation(operation, spec, entry, policies, known):
    name = operation['name']
    sets = {s['name']: s for s in spec['attribute-sets']}
    attributes = {a['name']: a for a in sets[operation['attribute-set']]['attributes']}
    prefix = sets[operation['attribute-set']]['name-prefix']
    for mode in ('do', 'dump'):
        if (mode in operation) != (f'{mode}it' in entry):
            yield f'{GENL}: {name}: .{mode}it and the spec disagree'
    for flag in ('admin-perm', 'uns-admin-perm'):
        given = f'GENL_{c_name(flag)}' in re.findall(r'\w+', entry.get('flags', ''))
        if (flag in operation.get('flags', [])) != given:
            yield f'{GENL}: {name}: {flag} and the spec disagree'
    asked = {known[c_name(prefix + a)]: a for mode in ('do', 'dump')
             for a in operation.get(mode, {}).get('request', {}).get('attributes', [])}
    rows = {known.get(re.match(r'\[(\w+)\]', row).group(1)): policy_of(row, known)
            for row in policies.get(entry.get('policy'), [])}
    if asked and not rows:
        yield f'{GENL}: {name}: no policy'
        return
    for number, attribute in sorted(asked.items()):
        want = wanted_policy(attributes[attribute], spec)
        if number not in rows:
            yield f'{GENL}: {name} does not accept {attribute}'
        elif rows[number] != want:
            yield (f'{GENL}: {name}: {attribute} is (type, min, max, length) '
                   f'{rows[number]}, the spec says {want}')
    names = {known[c_name(prefix + a)]: a for a in attributes}
    for number in sorted(set(rows) - set(asked)):
        yield f'{GENL}: {name} accepts {names.get(number, number)}, the spec does not'
    size = re.match(r'ARRAY_SIZE\(\(?(\w+)\)?\) - 1$', entry.get('maxattr', ''))
    given = max(rows, default=0) if size and size.group(1) == entry.get('policy') \
        else evaluate(entry.get('maxattr', '0'), known)
    if rows and (given is None or given < max(rows)):
        yield f'{GENL}: {name}: .maxattr is below an attribute of its policy'


def check_genl(root, spec, known):
    raw = ''.join(text(root, n) for n in files(root, r'^driver/genl[^/]*\.c$'))
    code = expand(without_comments(raw))
    policies = arrays(code, 'nla_policy')
    known = {**known, **ranges(code, known)}
    family = re.search(r'struct genl_family\s+\w+[^=;]*=\s*\{(.*?)\n\};', code, re.S)
    common = fields('{' + family.group(1) + '}') if family else {}
    entries = {}
    for kind in ('genl_ops', 'genl_small_ops', 'genl_split_ops'):
        for rows in arrays(code, kind).values():
            for row in map(fields, rows):
                shared = {k: common[k] for k in ('policy', 'maxattr') if k in common}
                entries.setdefault(row['cmd'], {}).update({**shared, **row})
    prefix = spec['operations'].get('name-prefix', f"{spec['name']}-cmd-")
    for operation in spec['operations']['list']:
        command = c_name(prefix + operation['name'])
        entry = entries.pop(command, None)
        if {'do', 'dump'} & set(operation):
            if entry is None:
                yield f'{GENL}: no row for {command}'
            else:
                yield from check_operation(operation, spec, entry, policies, known)
        elif entry is not None:
            yield f'{GENL}: {command} takes requests, the spec has it as an event'
    for command in entries:
        yield f'{GENL}: {command} is no operation of the spec'
    groups = [fields(g) for rows in arrays(raw, 'genl_multicast_group').values()
              for g in rows]
    groups = {g['name'].strip('"'): g.get('flags', '') for g in groups}
    for group in spec.get('mcast-groups', {}).get('list', []):
        names = (group['name'], c_name(f"{spec['name']}-mcgrp-{group['name']}"))
        flags = next((groups[n] for n in names if n in groups), None)
        if flags is None:
            yield f"{GENL}: no multicast group {group['name']}"
        elif ('admin-perm' in group.get('flags', [])) != ('CAP_NET_ADMIN' in flags):
            yield f"{GENL}: group {group['name']}: admin-perm and the spec disagree"
    sources = ''.join(text(root, n) for n in files(root, r'^driver/[^/]*\.c$'))
    for attributes in spec['attribute-sets']:
        for attribute in attributes['attributes']:
            name = c_name(attributes['name-prefix'] + attribute['name'])
            if not re.search(rf'\b{name}\b', sources):
                yield f'{SPEC}: the driver never uses {name}'


def check(root):
    if yaml is None:
        raise Missing('python3-yaml is not installed')
    if not (root / SPEC).is_file() or not (root / HEADER).is_file():
        raise Skip('no spec or no uapi header yet')
    spec = yaml.safe_load(text(root, SPEC))
    known = constants(text(root, HEADER))
    yield from compare(spec_constants(spec), known)
    if (root / GENL).is_file():
        yield from check_genl(root, spec, known)
    else:
        yield f'note: {GENL} is not there yet: only the header was compared'


CLEAN_SPEC = '''
name: m2m_wwan
definitions:
  - {name: frame-max, type: const, value: 64}
  - {name: kind, type: enum, entries: [{name: a}, {name: b, value: 4}]}
attribute-sets:
  - name: port
    name-prefix: m2m-wwan-a-port-
    attributes:
      - {name: id, type: u32, checks: {min: 1, max: 70000}}
      - {name: kind, type: u32, enum: kind}
      - {name: frame, type: binary, checks: {max-len: frame-max}}
operations:
  list:
    - name: get
      attribute-set: port
      flags: [admin-perm]
      do: {request: {attributes: [id, kind, frame]}, reply: {attributes: [id]}}
mcast-groups: {list: [{name: tap, flags: [admin-perm]}]}
'''
CLEAN_HEADER = '''
#define M2M_WWAN_FAMILY_NAME "m2m_wwan"
#define M2M_WWAN_FAMILY_VERSION 1
#define M2M_WWAN_MCGRP_TAP "tap"
#define M2M_WWAN_FRAME_MAX 64
enum m2m_wwan_kind { M2M_WWAN_KIND_A, M2M_WWAN_KIND_B = 4, };
enum { M2M_WWAN_A_PORT_UNSPEC, M2M_WWAN_A_PORT_ID, /* why */ M2M_WWAN_A_PORT_KIND,
       M2M_WWAN_A_PORT_FRAME,
       __M2M_WWAN_A_PORT_MAX, M2M_WWAN_A_PORT_MAX = __M2M_WWAN_A_PORT_MAX - 1 };
enum { M2M_WWAN_CMD_UNSPEC, M2M_WWAN_CMD_GET,
       __M2M_WWAN_CMD_MAX, M2M_WWAN_CMD_MAX = __M2M_WWAN_CMD_MAX - 1 };
'''
CLEAN_GENL = '''
static const struct netlink_range_validation id_range = {
	.min = 1,
	.max = 70000,
};
static const struct nla_policy get_policy[M2M_WWAN_A_PORT_MAX + 1] = {
	[M2M_WWAN_A_PORT_ID] = NLA_POLICY_FULL_RANGE(NLA_U32, &id_range),
	[M2M_WWAN_A_PORT_KIND] = NLA_POLICY_MAX(NLA_U32, M2M_WWAN_KIND_B),
	[M2M_WWAN_A_PORT_FRAME] = { .type = NLA_BINARY,
				    .len = M2M_WWAN_FRAME_MAX },
};
#define OP(_cmd, _flags, _policy) \\
	.cmd = (_cmd), .flags = (_flags), .policy = (_policy), \\
	.maxattr = ARRAY_SIZE(_policy) - 1
static const struct genl_ops genl_ops[] = {
	{
		OP(M2M_WWAN_CMD_GET, GENL_ADMIN_PERM, get_policy),
		.doit = get,
	},
};
static const struct genl_multicast_group groups[] = {
	[0] = { .name = M2M_WWAN_MCGRP_TAP, .flags = GENL_MCAST_CAP_NET_ADMIN },
};
'''
CLEAN = {SPEC: CLEAN_SPEC, HEADER: CLEAN_HEADER, GENL: CLEAN_GENL}

if __name__ == '__main__':
    def planted(name, old, new, finding):
        assert old in CLEAN[name]
        return {name: CLEAN[name].replace(old, new)}, finding

    main(check, CLEAN, [
        planted(SPEC, 'value: 64', 'value: 65', 'FRAME_MAX is 64'),
        planted(SPEC, 'value: 4', 'value: 3', 'KIND_B is 4'),
        planted(SPEC, '{name: b, value: 4}', '{name: c, value: 4}', 'KIND_C is missing'),
        planted(HEADER, 'M2M_WWAN_CMD_GET,', 'M2M_WWAN_CMD_GET, M2M_WWAN_CMD_PUT,',
                'becomes M2M_WWAN_CMD_PUT'),
        planted(HEADER, 'A_PORT_ID, /*', 'A_PORT_OLD, M2M_WWAN_A_PORT_ID, /*',
                'A_PORT_ID is 2'),
        planted(SPEC, 'min: 1', 'min: 2', "('U32', 1, 70000, None)"),
        planted(SPEC, 'type: binary', 'type: string', "'NUL_STRING'"),
        planted(GENL, '.len = M2M_WWAN_FRAME_MAX', '.len = 128', '128'),
        planted(GENL, 'NLA_POLICY_MAX(NLA_U32, M2M_WWAN_KIND_B)', '{ .type = NLA_U32 }',
                "('U32', None, 4, None)"),
        planted(GENL, 'GET, GENL_ADMIN_PERM', 'GET, 0', 'get: admin-perm'),
        planted(GENL, '.doit', '.dumpit', '.doit and the spec'),
        planted(GENL, '70000', '70001', '70001'),
        planted(GENL, 'ADMIN_PERM, get_policy', 'ADMIN_PERM, none', 'get: no policy'),
        planted(GENL, '= ARRAY_SIZE(_policy) - 1', '= 2', '.maxattr'),
        planted(SPEC, '[id, kind, frame]', '[id, kind]', 'accepts frame'),
        planted(GENL, ', .flags = GENL_MCAST_CAP_NET_ADMIN', '', 'group tap'),
    ])
