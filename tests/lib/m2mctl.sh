# SPDX-License-Identifier: GPL-2.0-or-later
# What the tests of m2mctl share. Sourced after common.sh.
# shellcheck shell=bash disable=SC2154,SC2034

peer4=198.51.100.1
peer6=2001:db8:5f::1
# A modem that is registered as soon as it is there.
quick=(--set boot.ms=0 --set sim.ready-ms=0 --set nas.register-ms=0)

ctl()
{
	timeout $((120 * slow)) "$m2mctl" "$@"
}

# status_is STATUS PATTERN ARGUMENT...: m2mctl ends so and says so.
status_is()
{
	local want=$1 pattern=$2 out status=0
	shift 2
	out=$(ctl "$@" 2>&1 < /dev/null) || status=$?
	if [ "$status" -ne "$want" ] || ! grep -qE -- "$pattern" <<< "$out"; then
		printf '%s\n' "$out" "status $status, wanted $want and /$pattern/"
		return 1
	fi
}

# json_is FILTER ARGUMENT...: jq's filter is true of what m2mctl --json prints.
json_is()
{
	local filter=$1 out status=0
	shift
	out=$(ctl --json "$@" 2> "$work/stderr" < /dev/null) || status=$?
	[ "$status" -eq 0 ] && jq -e "$filter" <<< "$out" > /dev/null && return
	printf '%s\n' "$out" "$(cat "$work/stderr")" "status $status, /$filter/"
	return 1
}

# fits SCHEMA ARGUMENT...: the documents that m2mctl --json prints are as --schema says,
# in the language $locale.
fits()
{
	local words=$1 schema out status=0
	shift
	# shellcheck disable=SC2086 # an object and its verb
	schema=$(ctl --schema $words) || return
	out=$(LC_ALL=${locale:-C} ctl --json "$@" 2> "$work/stderr") || status=$?
	[ -n "$out" ] || { cat "$work/stderr"; return 1; }
	out=$(jq -r --argjson schema "$schema" -f tests/lib/schema.jq <<< "$out") || return
	[ -z "$out" ] || { printf '%s\n' "$out"; return 1; }
}

# up_is FILTER ARGUMENT...: the same of pdn up.
up_is()
{
	json_is "$1" pdn up "${@:2}"
}

sim_says()
{
	output_has "^ok $2\$" sim_ctl get "$1"
}

# sim_number KEY: a number the virtual modem knows, for comparing.
sim_number()
{
	sim_ctl get "$1" | sed 's/^ok //'
}

# replies: echoes that this host got so far, by any interface. Packets that come in by
# the PDN's may be others: a router says that it is there.
replies()
{
	awk '$1 == "Icmp:" && n { print $n }
		$1 == "Icmp:" && !n { for (n = NF; $n != "InEchoReps"; n--); }' \
		/proc/net/snmp
}

replies_more_than()
{
	[ "$(replies)" -gt "$1" ]
}

no_link()
{
	fails ip link show dev "$1"
}

rules_are()
{
	local n
	n=$(($(ip rule | grep -c '^2048:') + $(ip -6 rule | grep -c '^2048:')))
	[ "$n" -eq "$1" ] || { ip rule; ip -6 rule; return 1; }
}

as_nobody()
{
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

# nobody_may ARGUMENT...: refused by the kernel, said in words
nobody_may()
{
	local out status=0
	out=$(as_nobody "$m2mctl" "$@" 2>&1 < /dev/null) || status=$?
	[ "$status" -eq 6 ] && grep -q CAP_NET_ADMIN <<< "$out" && return
	printf '%s\n' "$out" "status $status"
	return 1
}

# pings INTERFACE ADDRESS
pings()
{
	ping -c 3 -i 0.2 -W $((5 * slow)) -I "$1" "$2"
}

# A member of a group shows in /proc/net/netlink with a mask that is not 0; libnl
# makes the port of a socket from the process id, in the low 22 bits.
is_listening()
{
	awk -v pid="$1" \
		'$2 == 16 && $3 % 4194304 == pid && $4 != "00000000" { found = 1 }
			END { exit !found }' \
		/proc/net/netlink
}

# watch_begin FILE ARGUMENT...: m2mctl monitor into a file from now on.
watch_begin()
{
	"$m2mctl" "${@:2}" monitor > "$1" 2> "$work/monitor.stderr" < /dev/null &
	watch_pid=$!
	wait_until 5 is_listening "$watch_pid"
}

watch_end()
{
	kill "$watch_pid"
	wait "$watch_pid"
}

# interrupt SIGNAL MESSAGE ARGUMENT...: the signal arrives while m2mctl waits for
# the answer to MESSAGE; then it ends with an error that says so. The virtual modem
# holds the next $held answers back, each for $hold seconds.
interrupt()
{
	local signal=$1 message=$2 before pid status=0
	shift 2

	before=$(sim_number "event.$message")
	sim_ctl ctl late "${hold}s" "$held" > "$work/answer"
	"$m2mctl" "$@" > "$work/interrupted" 2>&1 < /dev/null &
	pid=$!
	sim_ctl wait "$message" $((30 * slow)) $((before + 1)) &&
		kill "-$signal" "$pid"
	wait_until 30 process_gone "$pid" || kill -9 "$pid"
	wait "$pid" || status=$?
	sim_ctl ctl late 0 0 > "$work/answer"
	[ "$status" -eq 1 ] && grep -q interrupted "$work/interrupted" && return
	cat "$work/interrupted"
	echo "status $status"
	return 1
}
