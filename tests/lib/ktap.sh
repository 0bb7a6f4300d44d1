# SPDX-License-Identifier: GPL-2.0-or-later
# KTAP for shell tests: the verbs have the names and the meaning that kselftest
# gives them, so that a test can move into a kernel tree. Sourced by bash.
# shellcheck shell=bash disable=SC2034

KSFT_PASS=0
KSFT_FAIL=1
KSFT_SKIP=4

ktap_number=0
ktap_plan=
ktap_passed=0
ktap_failed=0
ktap_skipped=0
ktap_xfailed=0
# Why the script is not finished yet; empty once it may end without complaint.
ktap_open=

# Everything goes to where standard output went at the start, so that a verb may
# be used where the output is redirected.
exec {ktap_out}>&1

ktap_say()
{
	printf '%s\n' "$*" >&"$ktap_out"
}

ktap_print_header()
{
	ktap_open='ended before its time'
	ktap_say "KTAP version 1"
}

# ktap_set_plan N: how many results will follow. May be left out where that is
# not known; then the plan comes at the end.
ktap_set_plan()
{
	ktap_plan=$1
	ktap_say "1..$1"
}

ktap_print_msg()
{
	local line

	while IFS= read -r line; do
		ktap_say "# $line"
	done <<< "$*"
}

# ktap_skip_all REASON: nothing of this script, or nothing more, can be run here.
ktap_skip_all()
{
	ktap_open=
	if [ "$ktap_number" -gt 0 ]; then
		ktap_test_skip "the rest" "$*"
		ktap_finished
	fi
	ktap_say "1..0 # SKIP $*"
	exit "$KSFT_SKIP"
}

ktap_result()
{
	ktap_number=$((ktap_number + 1))
	ktap_say "$1 $ktap_number - ${2//#/}${3:+ # $3}"
}

ktap_test_pass()
{
	ktap_passed=$((ktap_passed + 1))
	ktap_result ok "$1"
}

ktap_test_fail()
{
	ktap_failed=$((ktap_failed + 1))
	ktap_result 'not ok' "$1"
}

# ktap_test_skip NAME REASON
ktap_test_skip()
{
	ktap_skipped=$((ktap_skipped + 1))
	ktap_result ok "$1" "SKIP ${2:?a skip needs a reason}"
}

# ktap_test_xfail NAME REASON: known not to work, and why.
ktap_test_xfail()
{
	ktap_xfailed=$((ktap_xfailed + 1))
	ktap_result 'not ok' "$1" "XFAIL ${2:?an expected failure needs a reason}"
}

# ktap_test_result NAME COMMAND...: one result, passed if the command succeeds.
# The command runs in this shell, so it may set variables. What it prints is
# shown, as diagnostics, if it fails.
ktap_test_result()
{
	local name=$1 out status
	shift

	out=$(mktemp)
	"$@" > "$out" 2>&1
	status=$?
	if [ "$status" -eq 0 ]; then
		ktap_test_pass "$name"
	else
		ktap_print_msg "$(cat "$out")
($*: status $status)"
		ktap_test_fail "$name"
	fi
	rm -f "$out"
	return "$status"
}

# ktap_exit_fail_msg TEXT: the rest makes no sense.
ktap_exit_fail_msg()
{
	ktap_open=
	ktap_say "Bail out! $*"
	exit "$KSFT_FAIL"
}

ktap_print_totals()
{
	ktap_say "# Totals: pass:$ktap_passed fail:$ktap_failed" \
		"xfail:$ktap_xfailed xpass:0 skip:$ktap_skipped error:0"
}

# ktap_finished: the last line of a script.
ktap_finished()
{
	ktap_open=
	[ -n "$ktap_plan" ] || ktap_set_plan "$ktap_number"
	ktap_print_totals
	if [ "$ktap_failed" -gt 0 ]; then
		exit "$KSFT_FAIL"
	elif [ "$ktap_plan" -ne "$ktap_number" ]; then
		ktap_say "# $ktap_plan results planned, $ktap_number printed"
		exit "$KSFT_FAIL"
	elif [ "$ktap_number" -gt 0 ] && [ "$ktap_passed" -eq 0 ] &&
		[ "$ktap_xfailed" -eq 0 ]; then
		exit "$KSFT_SKIP"
	fi
	exit "$KSFT_PASS"
}
