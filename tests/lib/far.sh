# SPDX-License-Identifier: GPL-2.0-or-later
# Hosts of namespaces, for tests of TCP through the data path: one beyond the modem,
# which has m2msim's TUN device, and one behind this host. Sourced after data.sh.
# shellcheck shell=bash disable=SC2034,SC2154

peer4=198.51.100.1
peer6=2001:db8:5f::1
busybox=.vm/busybox

# far_make [ADDRESS...]: namespace far, with $peer4, $peer6 and these IPv4 addresses.
far_make()
{
	local address

	ip netns add far && at_exit ip netns del far &&
		ip link set simtun0 netns far &&
		ip -n far link set lo up && ip -n far link set simtun0 up &&
		ip -n far addr add "$peer6/128" dev simtun0 nodad &&
		ip -n far route add default dev simtun0 &&
		ip -n far -6 route add default dev simtun0 || return
	for address in "$peer4" "$@"; do
		ip -n far addr add "$address/32" dev simtun0 || return
	done
}

# far_listens PORT
far_listens()
{
	ip netns exec far ss -ltn | grep -q ":$1 "
}

# far_iperf: iperf3 waits there.
far_iperf()
{
	local server

	ip netns exec far iperf3 -s > "$work/server.log" 2>&1 {ktap_out}>&- &
	server=$!
	at_exit kill "$server"
	wait_until 20 far_listens 5201
}

# transfer_begin INTERFACE: iperf3 there sends through it, over one connection, until
# transfer_went_on.
transfer_begin()
{
	iperf3 --json -R -b 1M -l 4K -i 2 -t 3600 --bind-dev "$1" -c "$peer4" \
		> "$work/transfer" 2>&1 {ktap_out}>&- &
	transfer=$!
	at_exit kill "$transfer"
	wait_until 10 output_has ':5201' ip netns exec far ss -Htn state established
}

# transfer_went_on SECONDS: it took so long, and something came all the time. The last
# piece of it may be too short to tell.
transfer_went_on()
{
	kill "$transfer"
	wait "$transfer"
	jq -e "(.error | startswith(\"interrupt\")) and
		([.intervals[].sum.seconds] | add) >= $1 and
		[.intervals[].sum | select(.seconds > 1 and .bytes == 0)] == []" \
		"$work/transfer" > "$work/answer" && return
	jq -c '.error, [.intervals[].sum | [.seconds, .bytes]]' "$work/transfer" ||
		cat "$work/transfer"
	return 1
}

# comes ADDRESS [COMMAND...]: $work/file comes down from there as it is.
comes()
{
	local address=$1 status
	shift

	ip netns exec far "$busybox" nc -l -p 5002 < "$work/file" &
	wait_until 10 far_listens 5002 || return
	# shellcheck disable=SC2016 # the inner shell expands it
	timeout $((60 * slow)) "$@" bash -c 'exec cat < "/dev/tcp/$1/5002"' \
		cat "$address" > "$work/came"
	status=$?
	wait $!
	ls -l "$work/came"
	[ "$status" = 0 ] && cmp "$work/file" "$work/came"
}

# goes ADDRESS PORT [COMMAND...]: $work/file goes up as it is.
goes()
{
	local address=$1 port=$2 came status
	shift 2

	came=$work/came.$port
	ip netns exec far "$busybox" nc -l -p "$port" > "$came" &
	wait_until 10 far_listens "$port" || return
	# shellcheck disable=SC2016 # the inner shell expands it
	timeout $((60 * slow)) "$@" bash -c 'exec cat > "/dev/tcp/$1/$2"' \
		cat "$address" "$port" < "$work/file"
	status=$?
	wait $!
	ls -l "$came"
	[ "$status" = 0 ] && cmp "$work/file" "$came"
}

# stream_begin ADDRESS: $work/file comes down from there over and over, for as long as
# somebody looks on.
stream_begin()
{
	ip netns exec far "$busybox" nc -l -p 5003 \
		< <(while cat "$work/file"; do :; done 2> /dev/null) {ktap_out}>&- &
	stream_source=$!
	wait_until 10 far_listens 5003 || return
	# shellcheck disable=SC2016 # the inner shell expands it
	timeout $((60 * slow)) bash -c 'exec cat < "/dev/tcp/$1/5003"' cat "$1" \
		2> /dev/null {ktap_out}>&- |
		cmp - <(while cat "$work/file"; do :; done 2> /dev/null) \
			> "$work/streamed" 2>&1 {ktap_out}>&- &
	stream_sink=$!
}

# stream_end: no more of it; what came was as it was sent.
stream_end()
{
	kill "$stream_source" 2> /dev/null
	wait "$stream_source" "$stream_sink"
	cat "$work/streamed"
	grep -q 'EOF on -' "$work/streamed"
}

# inside_make: namespace inside, with $inside6, an address of the call's prefix; its
# veth takes what a good network card takes.
inside_make()
{
	local address=${calls[1.6]%% *}

	inside6=${address%/*}
	inside6=${inside6%:*}:99
	ip netns add inside && at_exit ip netns del inside &&
		ip link add veth0 type veth peer name veth1 netns inside &&
		ip link set veth0 up && ip -n inside link set veth1 up &&
		ip addr add fd00::1/64 dev veth0 nodad &&
		ip -n inside addr add fd00::2/64 dev veth1 nodad &&
		ip -n inside addr add "$inside6/128" dev veth1 nodad &&
		ip -6 route add "$inside6/128" via fd00::2 dev veth0 &&
		ip -n inside -6 route add default via fd00::1 src "$inside6" &&
		sysctl -qw net.ipv6.conf.all.forwarding=1
}
