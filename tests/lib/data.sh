# SPDX-License-Identifier: GPL-2.0-or-later
# What the tests of the data path share: a modem that is ready at once, and calls
# set up by qmicli, which knows nothing of this driver. Sourced after common.sh.
# shellcheck shell=bash disable=SC2034,SC2154

# data_start ARGUMENT...: our driver, and a modem with nothing to wait for.
# Leaves its names in $net, $wdm and the QMI interface's number in $ifnum.
data_start()
{
	require qmicli ip ping
	module_loaded m2m_wwan || load_driver ours
	sim_start --set boot.ms=0 --set sim.ready-ms=0 \
		--set nas.register-ms=0 --set wds.connect-ms=0 "$@"
	data_wait
}

# data_outside: the same with the modem outside of the guest, whose settings are
# in the line "# vm: modem=...".
data_outside()
{
	require qmicli ip ping
	load_driver ours
	sim_outside
	data_wait
}

data_wait()
{
	wait_until 10 sim_wdm > "$work/wdm" ||
		ktap_exit_fail_msg "there is no character device"
	data_names
}

data_names()
{
	local path

	wdm=$(sim_wdm)
	net=$(sim_net)
	path=$(readlink -f "/sys/class/net/$net/device")
	ifnum=${path##*.}
	wait_until 20 qmi --dms-get-ids > "$work/ids" ||
		ktap_exit_fail_msg "the modem does not answer: $(cat "$work/ids")"
}

qmi()
{
	timeout $((20 * slow)) qmicli -d "$wdm" "$@"
}

# data_format LINK [AGGREGATION [BYTES]]: raw-ip or 802-3, qmap or disabled; what is to be
# the longest transfer from the modem.
data_format()
{
	local agg=${2:-disabled} more=

	[ "$agg" = disabled ] ||
		more=,dl-max-datagrams=32,dl-datagram-max-size=${3:-16384}
	qmi --wda-set-data-format="link-layer-protocol=$1,ul-protocol=$agg,dl-protocol=$agg,ep-type=hsusb,ep-iface-number=$ifnum$more"
}

# data_call FAMILY [MUX_ID]: a call on a client id that stays, so that the call
# does. Leaves $call_address with its prefix and $call_gateway; they are also in
# the array calls[MUX_ID.FAMILY], with a blank between.
declare -A calls=()
call_cids=()
data_call()
{
	local family=$1 mux_id=${2:-0} cid settings

	settings=$(qmi --wds-bind-mux-data-port="mux-id=$mux_id,ep-type=hsusb,ep-iface-number=$ifnum" \
		--client-no-release-cid) || { echo "$settings"; return 1; }
	cid=$(sed -n "s/.*CID: '\([0-9]*\)'.*/\1/p" <<< "$settings")
	call_cids+=("$cid")
	# qmicli 1.32 forgets a family given to start-network alone.
	qmi --wds-set-ip-family="$family" --client-cid="$cid" \
		--client-no-release-cid || return
	qmi --wds-start-network="apn=internet,ip-type=$family" \
		--client-cid="$cid" --client-no-release-cid || return
	settings=$(qmi --wds-get-current-settings --client-cid="$cid" \
		--client-no-release-cid) || { echo "$settings"; return 1; }
	call_address=$(sed -n "s/.*IPv$family address: //p" <<< "$settings")
	call_gateway=$(sed -n "s/.*IPv$family gateway address: //p" \
		<<< "$settings")
	call_gateway=${call_gateway%/*}
	[ "$family" = 6 ] || call_address=$call_address/32
	if [ -z "$call_address" ] || [ -z "$call_gateway" ]; then
		echo "no address in: $settings"
		return 1
	fi
	calls[$mux_id.$family]="$call_address $call_gateway"
}

# data_hangup: end all calls; a modem changes its format only without any.
data_hangup()
{
	local cid

	# Who lets an id go ends what it started.
	for cid in "${call_cids[@]}"; do
		qmi --wds-noop --client-cid="$cid" || return
	done
	call_cids=()
	calls=()
}

# data_address DEVICE FAMILY [MUX_ID] [IP_OPTION...]: give the call's address to
# a device and route its gateway there.
data_address()
{
	local device=$1 family=$2 mux_id=${3:-0} address gateway
	shift $(($# < 3 ? $# : 3))

	read -r address gateway <<< "${calls[$mux_id.$family]}"
	[ "$family" = 4 ] || address="$address nodad"
	# shellcheck disable=SC2086 # address may be two words
	ip "$@" address add dev "$device" $address &&
		ip "$@" "-$family" route replace "$gateway" dev "$device"
}

# call_ping DEVICE FAMILY [MUX_ID] [PING_OPTION...]
call_ping()
{
	local device=$1 family=$2 mux_id=${3:-0} gateway
	shift $(($# < 3 ? $# : 3))

	read -r _ gateway <<< "${calls[$mux_id.$family]}"
	ping "-$family" -I "$device" -c 3 -i 0.2 -W $((2 * slow)) "$@" "$gateway"
}

# answered: what a ping said, on standard input, tells of no loss but maybe of the
# last answer, for which ping stays no longer than two round trips took.
answered()
{
	local said sent received

	said=$(cat)
	echo "$said"
	read -r sent received <<< "$(sed -nE \
		's/^([0-9]+) packets transmitted, ([0-9]+) received.*/\1 \2/p' \
		<<< "$said")"
	[ "${received:-0}" -gt 0 ] && [ "$received" -ge $((sent - 1)) ]
}

# data_ping DEVICE FAMILY [MUX_ID] [PING_OPTION...]: the call's gateway answers
# each time; ping itself is content with one answer.
data_ping()
{
	call_ping "$@" | answered
}

# data_mute DEVICE FAMILY [MUX_ID] [PING_OPTION...]: nothing comes back.
data_mute()
{
	loses 100 call_ping "$@"
}

# loses PERCENT COMMAND...: the ping says so.
loses()
{
	local percent=$1 said
	shift

	said=$("$@")
	echo "$said"
	grep -q " $percent% packet loss" <<< "$said"
}

# limits_kept: no transfer was larger than the modem allows.
limits_kept()
{
	stat_is drop_ul_size -eq 0 && stat_is drop_ul_datagrams -eq 0
}

# data_flood DEVICE FAMILY MUX_ID [PING_OPTION...]: packets as fast as they come
# back, until somebody ends it.
data_flood()
{
	local device=$1 family=$2 gateway

	read -r _ gateway <<< "${calls[$3.$family]}"
	shift 3
	exec ping "-$family" -I "$device" -q -f "$@" "$gateway"
}

# data_link AGGREGATION: the format, a call on mux id 1 and pdn1, a link for it
data_link()
{
	data_format raw-ip "$1" && ip link set "$net" up && data_call 4 1 &&
		ip link add link "$net" name pdn1 type m2m_mux &&
		ip link set pdn1 up && data_address pdn1 4 1
}

# recovers: packets pass by pdn1 after a while.
recovers()
{
	wait_until 15 data_ping pdn1 4 1
}

# under_load COMMAND...: while packets flow by pdn1 as fast as they can.
under_load()
{
	local pid status

	data_flood pdn1 4 1 > "$work/load" 2>&1 &
	pid=$!
	"$@"
	status=$?
	kill "$pid" 2> /dev/null
	wait "$pid"
	return "$status"
}

# in_flood: some hundred packets of it come.
in_flood()
{
	local from

	from=$(cat "/sys/class/net/pdn1/statistics/rx_packets")
	wait_until 20 flooded $((from + 200))
}

flooded()
{
	[ "$(cat /sys/class/net/pdn1/statistics/rx_packets)" -ge "$1" ]
}

# mirror_begin: TCP goes by pdn1 as fast as the modem takes it, in large packets, and the
# modem's peer sends each segment back, in the background, $mirror_pid, also while the
# device is down or gone.
mirror_begin()
{
	"$build/tests/flood" pdn1 "${calls[1.4]%%/*}" 198.51.100.1 7 {ktap_out}>&- &
	mirror_pid=$!
}

# mirror_flows: segments are made of what goes, and what comes is merged.
mirror_flows()
{
	local merged segments

	merged=$(counter pdn1 rx_merged)
	segments=$(counter pdn1 tx_segments)
	wait_until 10 counts pdn1 tx_segments $((segments + 200)) &&
		wait_until 10 counts pdn1 rx_merged $((merged + 200))
}

# mirror_end: no more of it.
mirror_end()
{
	kill "$mirror_pid"
	wait "$mirror_pid"
}

# counter DEVICE NAME: one of ethtool -S
counter()
{
	ethtool -S "$1" | sed -n "s/^ *$2: //p"
}

# counts DEVICE NAME MINIMUM: the counter has come that far.
counts()
{
	local value

	value=$(counter "$1" "$2")
	echo "$2 is $value"
	[ "${value:-0}" -ge "$3" ]
}

# merges NUMBER COMMAND...: as many segments are merged meanwhile, or none.
merges()
{
	local least=$1 before now
	shift

	before=$(counter pdn1 rx_merged)
	"$@" || return
	now=$(counter pdn1 rx_merged)
	echo "rx_merged: $before, $now"
	if [ "$least" -gt 0 ]; then
		[ "$now" -ge $((before + least)) ]
	else
		[ "$now" = "$before" ]
	fi
}

# stat_of NAME: a counter of the modem
stat_of()
{
	sim_ctl stat "$1" | sed -n 's/^ok //p'
}

# stat_is NAME OPERATOR NUMBER: compares a counter of the modem, as test does.
stat_is()
{
	local value

	value=$(stat_of "$1")
	echo "$1 is $value"
	test "${value:-x}" "$2" "$3"
}

has_link()
{
	[ -d "/sys/class/net/$1" ]
}

lacks_link()
{
	! has_link "$1"
}

# reads FILE TEXT: a sysfs file says this.
reads()
{
	local text

	text=$(cat "$1")
	echo "$1 says $text"
	[ "$text" = "$2" ]
}

# store TEXT FILE: write to sysfs; bash says why it failed.
store()
{
	printf '%s' "$1" > "$2"
}

# store_fails TEXT FILE ERROR: it is refused, and with this error.
store_fails()
{
	local said

	said=$({ printf '%s' "$1" > "$2"; } 2>&1) &&
		{ echo "$2 took $1"; return 1; }
	echo "$said"
	grep -qF "$3" <<< "$said"
}
