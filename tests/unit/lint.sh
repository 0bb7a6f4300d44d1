#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A lint that cannot run is no lint that found nothing: it is skipped, by name and with
# what it lacks, and where all tools should be it fails.

set -u
cd -- "$(dirname -- "$0")/../.." || exit 1
# shellcheck source=tests/lib/ktap.sh
. tests/lib/ktap.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# without_tools: a $PATH without codespell, and a Python without docutils.
without_tools()
{
	local dir

	mkdir -p "$work/bin" "$work/python/docutils"
	for dir in /bin /usr/bin /usr/local/bin; do
		cp -rsf "$dir/." "$work/bin" || return
	done
	rm -f "$work/bin/codespell"
	: > "$work/python/docutils/__init__.py"
}

# lints STATUS ARGUMENT...: so tests/lint/run ends there; what it says stays in $work.
lints()
{
	local want=$1 status=0
	shift

	PATH=$work/bin PYTHONPATH=$work/python tests/lint/run "$@" > "$work/said" 2>&1 ||
		status=$?
	cat "$work/said"
	[ "$status" -eq "$want" ]
}

# says LINE...: these lines are all there.
says()
{
	local line

	cat "$work/said"
	for line; do
		grep -qxF -- "$line" "$work/said" || { echo "no: $line"; return 1; }
	done
}

# summary_says STATUS LINE...: the same of the summary, which made of it what a whole run
# would.
summary_says()
{
	local want=$1 status=0
	shift

	{
		echo "# Subtest: lint"
		sed 's/^/  /' "$work/said"
		echo "ok 1 - lint"
	} > "$work/stream"
	tests/lib/summary "$work/stream" > "$work/said" || status=$?
	says "$@" && [ "$status" -eq "$want" ]
}

ktap_print_header
[ ! -L tests/lint/run ] || ktap_skip_all "this is a tree of links to the files to check"
ktap_set_plan 8
ktap_test_result "there are no tools" without_tools

ktap_test_result "two lints are skipped" lints 0 -f codespell docs length
ktap_test_result "with what they lack" says \
	"ok 1 lint.codespell # SKIP codespell is not installed" \
	"ok 2 lint.docs # SKIP python3-docutils is not installed"
ktap_test_result "the summary lists them" summary_says 0 "Skipped:" \
	"  lint: lint.codespell (codespell is not installed)" \
	"  lint: lint.docs (python3-docutils is not installed)" "1 passed, 0 failed"

ktap_test_result "where all tools should be they fail" lints 1 -t -f codespell docs
ktap_test_result "and say what they lack" says "# codespell is not installed" \
	"not ok 1 lint.codespell" "# python3-docutils is not installed" \
	"not ok 2 lint.docs"
ktap_test_result "their self-tests, too" lints 1 -t codespell
ktap_test_result "which are named in the summary" summary_says 1 "Failed:" \
	"  lint: lint.codespell.self-test" "  lint: lint.codespell" "0 passed, 2 failed"
ktap_finished
