# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of m2mctl for bash. tests/unit/ctl-doc.c holds it against the
# program's own table of commands.
# shellcheck shell=bash disable=SC2207

_m2mctl_options='--device --json --pretty --wait --direct --force --pin-file
	--pin-fd --new-pin-file --new-pin-fd --puk-file --puk-fd --password-file
	--password-fd --qmi --since --lines --timeout --for --confirm --watch --full
	--match --schema --help --version'
_m2mctl_objects='overview list status signal sim apn net pdn sms monitor why health history
	wait-online modem config support raw'

declare -A _m2mctl_verbs=(
	[sim]='show unlock pin unblock slot power'
	[apn]='list show add set delete attach default suggest'
	[net]='show scan select modes bands roaming attach detach time'
	[pdn]='up down show'
	[modem]='list show mode reset format clients hold release'
	[sms]='list read send delete'
	[config]='apply confirm revert check keys'
)

# Words of which the first argument is one
declare -A _m2mctl_words=(
	[sim pin]='enable disable change'
	[sim power]='on off cycle'
	[net roaming]='home any'
	[modem mode]='online low-power persistent-low-power offline'
	[modem format]='auto 802-3 raw-ip qmap qmapv4 qmapv5'
	[net select]='auto'
	[net modes]='auto gsm umts lte 5gnr'
	[net bands]='all'
)

declare -A _m2mctl_keys=(
	[apn add]='name user auth family'
	[apn set]='apn name user auth family'
	[apn attach]='when'
	[modem clients]='release'
	[sms send]='encoding report'
	[pdn up]='apn user auth family metric mtu table vrf netns mux'
)

declare -A _m2mctl_values=(
	[auth]='none pap chap both'
	[family]='4 6 46'
	[when]='now next'
	[encoding]='auto gsm7 ucs2'
	[report]='yes no'
	[release]='parked'
)

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

_m2mctl()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local words=() word skip=

	case $prev in
	-d | --device)
		COMPREPLY=($(compgen -W "$(_m2mctl_devices)" -- "$cur"))
		return
		;;
	--pin-file | --new-pin-file | --puk-file | --password-file)
		COMPREPLY=($(compgen -f -- "$cur"))
		return
		;;
	--wait | --pin-fd | --new-pin-fd | --puk-fd | --password-fd | --since | -n | --lines | --timeout | --for | \
		--confirm)
		return
		;;
	esac
	if [[ $cur == -* ]]; then
		COMPREPLY=($(compgen -W "$_m2mctl_options" -- "$cur"))
		return
	fi

	# The words so far that are no options
	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		if [ -n "$skip" ]; then
			skip=
			continue
		fi
		case $word in
		-d | --device | --wait | --pin-file | --pin-fd | --new-pin-file | \
			--new-pin-fd | --puk-file | --puk-fd | --password-file | --password-fd | --since | -n | --lines | \
			--timeout | --for | --confirm) skip=yes ;;
		-*) ;;
		*) words+=("$word") ;;
		esac
	done

	case ${words[*]:0:2} in
	'config check' | 'config apply' | support)
		COMPREPLY=($(compgen -f -- "$cur"))
		return
		;;
	esac
	case ${#words[@]} in
	0) COMPREPLY=($(compgen -W "$_m2mctl_objects" -- "$cur")) ;;
	1)
		if [ "${words[0]}" = wait-online ]; then
			COMPREPLY=($(compgen -W "$(_m2mctl_pdns)" -- "$cur"))
			return
		fi
		COMPREPLY=($(compgen -W "${_m2mctl_verbs[${words[0]}]:-}" -- "$cur"))
		;;
	2)
		if [ "${words[*]}" = 'pdn down' ]; then
			COMPREPLY=($(compgen -W "$(_m2mctl_pdns)" -- "$cur"))
		elif [ "${words[*]}" = 'sms delete' ]; then
			COMPREPLY=($(compgen -W 'read all' -- "$cur"))
		elif [ "${words[*]}" = 'modem clients' ]; then
			COMPREPLY=($(compgen -W "${_m2mctl_keys[${words[*]}]}" -- "$cur"))
		else
			COMPREPLY=($(compgen -W "${_m2mctl_words[${words[*]}]:-}" -- "$cur"))
		fi
		;;
	*)
		if [ -n "${_m2mctl_values[$prev]:-}" ]; then
			COMPREPLY=($(compgen -W "${_m2mctl_values[$prev]}" -- "$cur"))
		elif [ $((${#words[@]} % 2)) -eq "$([ "${words[*]:0:2}" = 'sms send' ] &&
			echo 0 || echo 1)" ]; then
			COMPREPLY=($(compgen -W "${_m2mctl_keys[${words[*]:0:2}]:-}" -- "$cur"))
		fi
		;;
	esac
}

complete -F _m2mctl m2mctl
