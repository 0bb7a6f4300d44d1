#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# m2md's socket: who may ask what, what it remembers over its own death, that it lets go
# of a modem without a call ending, and a configuration that takes itself back.
#
#   m2mctl ── socket ── m2md ── m2m_wwan ── vhci ── m2msim
#   as root, m2m-admin, m2m and nobody
#
# vm: either kernels=6.12 timeout=300

# shellcheck source=tests/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=tests/lib/m2mctl.sh
. tests/lib/m2mctl.sh
require_guest
require ip ping jq setpriv

m2md=$build/m2md
imei=860000000000011
config=$work/config
state=$work/state
run=$work/run
log=$work/m2md.log
admins=4711
readers=4712
export M2MD_SOCKET=$run/m2md.sock M2MD_CONFIG=$config
mkdir -p "$config/modem.d" "$state" "$run"
# so that others may knock
chmod 711 "$work"
printf 'm2m-admin:x:%s:\nm2m:x:%s:\n' $admins $readers >> /etc/group

daemon_start()
{
	"$m2md" --config-dir "$config" --state-dir "$state" \
		--socket "$M2MD_SOCKET" >> "$log" 2>&1 < /dev/null {ktap_out}>&- &
	daemon_pid=$!
}

daemon_end()
{
	[ -n "${daemon_pid:-}" ] || return 0
	kill "${1:--TERM}" "$daemon_pid"
	wait_until 10 process_gone "$daemon_pid"
	wait "$daemon_pid"
	daemon_pid=
}
at_exit daemon_end -KILL

starts_are()
{
	[ "$(sim_number event.wds.start-network)" -eq "$1" ]
}

# as GID COMMAND...: nobody's user, in one group besides.
as()
{
	local gid=$1
	shift
	setpriv --reuid=65534 --regid=65534 --groups "$gid" "$@"
}

# as_is STATUS PATTERN GID ARGUMENT...: m2mctl ends so and says so to a member.
as_is()
{
	local want=$1 pattern=$2 gid=$3 out status=0
	shift 3
	out=$(as "$gid" "$m2mctl" "$@" 2>&1 < /dev/null) || status=$?
	[ "$status" -eq "$want" ] && grep -qE -- "$pattern" <<< "$out" && return
	printf '%s\n' "$out" "status $status, wanted $want and /$pattern/"
	return 1
}

# --- before there is anybody to ask -----------------------------------------------------

printf '[Manager]\nBootSpread=0s\n' > "$config/m2md.conf"
printf '[PDN wan]\nAPN=internet\n' > "$config/modem.d/site.modem"
load_driver ours
sim_start --model rm520n --imei $imei "${quick[@]}"
: > "$log"
ktap_test_result "without m2md there is no health" status_is 4 'm2md does not run' health
ktap_test_result "nor anything to wait for" status_is 4 'does not run' \
	wait-online wan --timeout 1s
"$m2mctl" wait-online wan --timeout 60s > "$work/waited" 2>&1 < /dev/null &
waiter=$!
daemon_start
ktap_test_result "who waited before it ran learns of it" wait "$waiter"
ktap_test_result "by the name" grep -q '^wan is online$' "$work/waited"
ktap_test_result "any PDN will do" status_is 0 'wan is online' wait-online
ktap_test_result "of this modem" status_is 0 online wait-online -d $imei --timeout 5s
ktap_test_result "not of another" status_is 3 'no PDN is online' \
	wait-online -d 9-9 --timeout 1s
ktap_test_result "nor one that nobody configured" status_is 3 'lan is not online' \
	wait-online lan --timeout 1s
ktap_test_result "all is well" json_is '.healthy and .wanted
	and .modems[0].health == "online" and .modems[0].healthy' health

ktap_test_result "m2mctl alone says since when" json_is '.modems[0] | .alias == "site"
	and .managed and .state == "online" and .since_s >= 0 and
	(.addresses | length == 2)'

# --- who may ask -------------------------------------------------------------------------

ktap_test_result "a stranger may ask nothing" as_is 6 not-permitted 65534 history
ktap_test_result "a member of m2m may read" as_is 0 '"state":"online"' $readers --json why
ktap_test_result "without the IMEI" fails as_is 0 $imei $readers --json why
ktap_test_result "nor in the history" as_is 0 '"imei":null,"pdn":"wan"' \
	$readers --json history
ktap_test_result "and may change nothing" as_is 6 'hold is for root' \
	$readers modem hold --for 1h
ktap_test_result "a member of m2m-admin sees it" as_is 0 $imei $admins --json why
ktap_test_result "and may have it let go" as_is 0 held $admins \
	modem hold --for 3s --json
ktap_test_result "which ends by itself" status_is 0 online wait-online --timeout 30s

# --- what it remembers -------------------------------------------------------------------

remembers()
{
	json_is '[.events[] | select(.what == "online" and .pdn == "wan")] | length >= 1' \
		history
}

# in_order: numbers and times only rise.
in_order()
{
	json_is '(.events | length > 3) and ([.events[].number] | . == (sort | unique))
		and ([.events[].boot_ms] | . == sort)' history
}

ktap_test_result "that it started" json_is '.events[0].kind == "daemon"
	and .events[0].what == "started"' history
ktap_test_result "that it dialled" json_is 'any(.events[]; .kind == "dial")' history
ktap_test_result "that it came online" remembers
ktap_test_result "all of it in order" in_order
ktap_test_result "the last one alone" json_is '.events | length == 1' history -n 1
ktap_test_result "all that is not too old" json_is '.events | length > 3' \
	history --since 1d -n 2000
ktap_test_result "of a quiet second nothing" wait_until 30 json_is '.events == []' \
	history --since 1s
sim_ctl drop > "$work/answer"
ktap_test_result "a call that ends" wait_until 30 json_is \
	'any(.events[]; .kind == "end" and .cause != null)' history
ktap_test_result "it is online again" status_is 0 online wait-online --timeout 60s
daemon_end -KILL
daemon_start
ktap_test_result "kill -9 and back" status_is 0 online wait-online --timeout 60s
ktap_test_result "it remembers what was before" json_is \
	'[.events[] | select(.what == "started")] | length == 2' history
ktap_test_result "still in order" in_order
ktap_test_result "for itself alone" test "$(stat -c %a "$run/history")" = 600

# --- as the schemas say -------------------------------------------------------------------

for verb in overview why health history; do
	ktap_test_result "$verb fits its schema" fits $verb $verb
done
ktap_test_result "so does wait-online" fits wait-online wait-online wan

# --- it lets go ----------------------------------------------------------------------------

before=$(sim_number event.wds.start-network)
ktap_test_result "who changes its modem is told whose it is" status_is 12 \
	'm2md manages this modem' raw dms 0x25
ktap_test_result "and does so all the same with --direct" status_is 0 '' \
	--direct raw dms 0x25
ktap_test_result "what it has no opinion about it lets others do" status_is 0 'sent to 4711' \
	sms send 4711 hello
ktap_test_result "and takes the modem up again" wait_until 30 json_is '.modem.managed' status
ktap_test_result "which is what it is told through its socket" json_is \
	'any(.events[]; .what == "held")' history
ktap_test_result "also if what it was let go for fails" status_is 1 'has no profile 99' \
	apn set 99 family 4
ktap_test_result "it takes it up again" wait_until 30 json_is '.modem.managed' status
ktap_test_result "and is online" status_is 0 online wait-online --timeout 60s
ktap_test_result "all that without a new call" starts_are "$before"
ktap_test_result "modem hold fits its schema" fits "modem hold" modem hold --for 1h
ktap_test_result "held" json_is '.held and .hold_s == 3600' modem hold --for 1h
ktap_test_result "nobody manages it" json_is '.modem.managed == false' status
ktap_test_result "so others may" status_is 0 '' raw dms 0x25
ktap_test_result "why says so" json_is '.modems[0].state == "held"
	and .modems[0].next_s > 3000' why
ktap_test_result "that is well" json_is '.modems[0].health == "held"' health
ktap_test_result "both calls are up" sim_says calls 2
ktap_test_result "and carry" wait_until 30 pings wan "$peer4"
ktap_test_result "modem release fits its schema" fits "modem release" modem release
ktap_test_result "released" json_is '.held == false' modem release
ktap_test_result "it looks after it again" status_is 0 online wait-online --timeout 60s
ktap_test_result "without a new call" starts_are "$before"
ktap_test_result "one that nobody has is unknown" status_is 5 '' modem hold -d 9-9

# --- a configuration on trial ----------------------------------------------------------------

managed_is()
{
	json_is ".modems[0].managed == $1" why
}

mkdir "$work/new"
printf '[Match]\nIMEI=99*\n[PDN wan]\nAPN=internet\n' > "$work/new/site.modem"
printf '[PDN wan]\nMTU=100\n' > "$work/new/bad.modem"
ktap_test_result "what is wrong is not applied" status_is 1 'MTU takes' \
	config apply "$work/new/bad.modem" --confirm 10m
ktap_test_result "one that cuts us off is" json_is '.trial and .reloaded' \
	config apply "$work/new/site.modem" --confirm 15s
ktap_test_result "it counts" wait_until 5 managed_is false
ktap_test_result "others may manage the modem" wait_until 5 \
	json_is '.modem.managed == false' status
ktap_test_result "nobody confirms: the former one counts again" \
	wait_until 30 managed_is true
ktap_test_result "online by it" status_is 0 online wait-online --timeout 60s
ktap_test_result "it is written down" json_is 'any(.events[]; .what == "trial-over")' \
	history
ktap_test_result "too late to confirm" status_is 1 'time is over' config confirm
ktap_test_result "tried again" json_is '.trial' \
	config apply "$work/new/site.modem" --confirm 10m
ktap_test_result "it counts again" wait_until 5 managed_is false
daemon_end -KILL
daemon_start
ktap_test_result "also for the next daemon" wait_until 20 managed_is false
ktap_test_result "taken back" status_is 0 'former' config revert
ktap_test_result "at once" wait_until 20 managed_is true
printf '[PDN wan]\nAPN=internet\nRouteMetric=3000\n' > "$work/new/site.modem"
ktap_test_result "config apply fits its schema" fits "config apply" \
	config apply "$work/new/site.modem" --confirm 10m
ktap_test_result "and config revert" fits "config revert" config revert
ktap_test_result "tried" json_is '.trial' config apply "$work/new/site.modem" --confirm 10m
ktap_test_result "kept" fits "config confirm" config confirm
ktap_test_result "it is in place" cmp "$work/new/site.modem" "$config/modem.d/site.modem"
ktap_test_result "and nothing is left of the trial" test ! -e "$config/trial"
ktap_test_result "online in the end" status_is 0 online wait-online --timeout 60s

# --- a person has to act -----------------------------------------------------------------------

sim_ctl sim: remove > "$work/answer"
ktap_test_result "without a card somebody has to act" wait_until 30 status_is 1 \
	'somebody has to act.*no SIM' health
ktap_test_result "the daemon ends" daemon_end
test_end
