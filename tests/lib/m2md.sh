# SPDX-License-Identifier: GPL-2.0-or-later
# m2md as a process under test. Sourced after common.sh and m2mctl.sh. Where its files
# are may be said before, in the same variables.
# shellcheck shell=bash disable=SC2154,SC2034

m2md=$build/m2md
config=${config:-$work/config}
state=${state:-$work/state}
log=$work/m2md.log
export M2MD_SOCKET=${M2MD_SOCKET:-$work/socket}
mkdir -p "$config/modem.d" "$state"
: > "$log"
log_lines=0
# More for its command line
m2md_options=()
printf '[Manager]\nBootSpread=0s\n' > "$config/m2md.conf"

# daemon_start: its log goes on where the last one's ended.
daemon_start()
{
	"$m2md" --config-dir "$config" --state-dir "$state" \
		--socket "$M2MD_SOCKET" "${m2md_options[@]}" \
		>> "$log" 2>&1 < /dev/null {ktap_out}>&- &
	daemon_pid=$!
}

# daemon_end [SIGNAL]: it is gone then.
daemon_end()
{
	local pid=${daemon_pid:-}

	[ -n "$pid" ] || return 0
	daemon_pid=
	kill "${1:--TERM}" "$pid"
	wait_until 10 process_gone "$pid" || kill -9 "$pid"
	wait "$pid" 2> /dev/null
}
at_exit daemon_end -KILL

daemon_runs()
{
	[ -n "${daemon_pid:-}" ] && ! process_gone "$daemon_pid"
}

# site NAME LINE...: modem.d/NAME.modem has these lines.
site()
{
	local name=$1
	shift
	printf '%s\n' "$@" > "$config/modem.d/$name.modem"
}

# From here on is what said() looks at.
mark()
{
	log_lines=$(wc -l < "$log")
}

# said PATTERN: a line since mark().
said()
{
	tail -n +$((log_lines + 1)) "$log" | grep -qE -- "$1"
}

# says SECONDS PATTERN
says()
{
	wait_until "$1" said "$2" || { tail -n 15 "$log"; return 1; }
}

# said_times PATTERN: how many lines since mark().
said_times()
{
	tail -n +$((log_lines + 1)) "$log" | grep -cE -- "$1"
}

# starts_are N: so many calls were dialled.
starts_are()
{
	local n
	n=$(sim_number event.wds.start-network)
	[ "$n" -eq "$1" ] || { echo "$n calls were dialled, not $1"; return 1; }
}

# carries: both families, through the PDN's own interface.
carries()
{
	wait_until 30 pings wan "$peer4" && wait_until 30 pings wan "$peer6"
}

# sim_at_most NAME KEY MOST, sim_is NAME KEY VALUE: what the virtual modem NAME knows.
sim_at_most()
{
	local n
	n=$(sim_ctl -n "$1" get "$2")
	n=${n#ok }
	[ "$n" -le "$3" ] || { echo "$1: $2 is $n, at most $3"; return 1; }
}

sim_is()
{
	output_has "^ok $3\$" sim_ctl -n "$1" get "$2"
}
