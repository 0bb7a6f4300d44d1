# SPDX-License-Identifier: GPL-2.0-or-later
# What of a document its schema does not allow, a line each; nothing where it fits. The
# part of JSON schema that m2mctl --schema uses, and no key that it does not say, which
# JSON schema would let pass. $schema is the schema, as one argument.

# Beyond 2^53 a number is not what JSON readers make of it.
def is($want):
	if $want == "integer" then
		type == "number" and floor == . and fabs < 9007199254740992
	else type == $want end;

def check($schema; $path):
	. as $value |
	([$schema.type] | flatten) as $types |
	if any($types[]; . as $type | $value | is($type)) | not then
		"\($path) is \($value | tojson), not \($types | join(" or "))"
	elif ($value | type) == "object" and $schema.properties then
		($schema.required // [] | .[] | . as $key | select($value | has($key) | not) |
			"\($path).\($key) is missing"),
		($value | keys[] | . as $key | select($schema.properties | has($key) | not) |
			"\($path).\($key) is not said"),
		($schema.properties | keys[] | . as $key | select($value | has($key)) |
			$value[$key] as $member | $member |
			check($schema.properties[$key]; "\($path).\($key)"))
	elif ($value | type) == "array" and $schema.items then
		range($value | length) as $i | $value[$i] |
		check($schema.items; "\($path)[\($i)]")
	else empty end;

check($schema; "")
