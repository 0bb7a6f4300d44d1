# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of m2mctl for bash. What there is to complete the program says itself, out of
# its own table of commands; tests/unit/ctl-completion.sh holds the two together.
# shellcheck shell=bash disable=SC2207

# Of the table, by "OBJECT VERB" or option: see args_list() in tools/ctl/args.h
declare -gA _m2mctl_args=() _m2mctl_most=() _m2mctl_own=() _m2mctl_offers=() \
	_m2mctl_keys=() _m2mctl_values=() _m2mctl_metas=()
_m2mctl_common='' _m2mctl_every='' _m2mctl_read=''

# Once in a shell
_m2mctl_table()
{
	local kind a b c d e f

	[ -z "$_m2mctl_read" ] || return
	while IFS=$'\t' read -r kind a b c d e f; do
		case $kind in
		option)
			_m2mctl_every+=" $a"
			[ "$d" != all ] || _m2mctl_common+=" $a"
			[ "$c" = - ] || _m2mctl_metas[$a]=$c
			[ "$c" = - ] || [ "$b" = - ] || _m2mctl_metas[$b]=$c
			;;
		command)
			_m2mctl_args[$a]=$b
			_m2mctl_most[$a]=$d
			[ "$e" = - ] || _m2mctl_own[$a]=$e
			[ "$f" = - ] || _m2mctl_offers[$a]=$f
			;;
		key)
			_m2mctl_keys[$a]+=" $b"
			_m2mctl_values[$a $b]=$c
			;;
		esac
		_m2mctl_read=yes
	done < <(m2mctl --commands 2> /dev/null)
}

# Names by which -d knows a modem, and the PDNs there are
_m2mctl_devices()
{
	local list

	for list in overview list; do
		m2mctl --json $list 2> /dev/null |
			grep -oE '"(alias|usb_path|imei|ifname|chardev)":"[^"]*"' |
			cut -d'"' -f4
	done
}

_m2mctl_pdns()
{
	ip -o link show type m2m_mux 2> /dev/null | sed -E 's/^[0-9]+: ([^@:]+).*/\1/'
}

# What of "a|b|FILE" is to be written as it stands
_m2mctl_words()
{
	tr '|' '\n' <<< "$1" | grep -E '^[a-z0-9][a-z0-9-]*$'
}

# _m2mctl_offer CURRENT PLACEHOLDER: what may stand for it
_m2mctl_offer()
{
	local cur=$1 meta=$2

	case $meta in
	DEVICE) COMPREPLY=($(compgen -W "$(_m2mctl_devices)" -- "$cur")) ;;
	*FILE*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	*) COMPREPLY=($(compgen -W "$(_m2mctl_words "$meta")" -- "$cur")) ;;
	esac
}

# _m2mctl_argument CURRENT COMMAND
_m2mctl_argument()
{
	case $2 in
	'pdn down' | wait-online)
		COMPREPLY=($(compgen -W "$(_m2mctl_pdns)" -- "$1"))
		;;
	*) _m2mctl_offer "$1" "${_m2mctl_offers[$2]:-${_m2mctl_args[$2]}}" ;;
	esac
}

# Objects, or the verbs of the one that $1 is
_m2mctl_names()
{
	local name

	for name in "${!_m2mctl_args[@]}"; do
		if [ -z "${1:-}" ]; then
			echo "${name%% *}"
		elif [ "${name%% *}" = "$1" ] && [ "$name" != "$1" ]; then
			echo "${name#* }"
		fi
	done | sort -u
}

# The words before the one at hand that are no options, in the caller's words; its
# command, if it is known by then, and how many words come after its name
_m2mctl_so_far()
{
	local word skip=''

	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		if [ -n "$skip" ]; then
			[ "$word" = = ] || skip=
		elif [ "$word" = -- ]; then
			continue
		elif [[ $word == -* ]]; then
			[ -z "${_m2mctl_metas[$word]:-}" ] || skip=yes
		else
			words+=("$word")
		fi
	done
	if [ -n "${words[1]:-}" ] && [ -n "${_m2mctl_args[${words[*]:0:2}]:-}" ]; then
		name=${words[*]:0:2} n=$((${#words[@]} - 2))
	elif [ -n "${words[0]:-}" ] && [ -n "${_m2mctl_args[${words[0]}]:-}" ]; then
		name=${words[0]} n=$((${#words[@]} - 1))
	fi
}

_m2mctl()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local words=() name='' n=0

	COMPREPLY=()
	_m2mctl_table
	_m2mctl_so_far
	# --device=NAME is three words
	[ "$cur" != = ] || cur=
	[ "$prev" != = ] || prev=${COMP_WORDS[COMP_CWORD - 2]}
	if [ -n "${_m2mctl_metas[$prev]:-}" ]; then
		_m2mctl_offer "$cur" "${_m2mctl_metas[$prev]}"
	elif [[ $cur == -* ]]; then
		if [ -n "$name" ]; then
			COMPREPLY=($(compgen -W "$_m2mctl_common ${_m2mctl_own[$name]:-}" -- "$cur"))
		else
			COMPREPLY=($(compgen -W "$_m2mctl_every" -- "$cur"))
		fi
	elif [ -z "$name" ]; then
		[ ${#words[@]} -gt 1 ] ||
			COMPREPLY=($(compgen -W "$(_m2mctl_names "${words[@]}")" -- "$cur"))
	elif [ "$n" -lt "${_m2mctl_most[$name]}" ]; then
		_m2mctl_argument "$cur" "$name"
	elif [ $(((n - _m2mctl_most[$name]) % 2)) -eq 0 ]; then
		COMPREPLY=($(compgen -W "${_m2mctl_keys[$name]:-}" -- "$cur"))
	else
		_m2mctl_offer "$cur" "${_m2mctl_values[$name $prev]:-}"
	fi
}

complete -F _m2mctl m2mctl
