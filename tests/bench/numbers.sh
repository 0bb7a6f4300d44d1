# SPDX-License-Identifier: GPL-2.0-or-later
# Series of numbers that the guests' halves of benchmarks measure, and what is said of
# them. Sourced after common.sh, or where $work is a directory.
# shellcheck shell=bash disable=SC2154

results=$work/results
# Where errors go, also those of functions whose output is kept in a file
exec {bench_err}>&2
: > "$results"

# record NAME: append the numbers on standard input, one a line, to a series.
record()
{
	sed "s/^/$1 /" >> "$results"
}

# spread NAME: "median min max" of a series.
spread()
{
	sed -n "s/^$1 //p" "$results" | sort -n | awk '
		{ v[NR] = $1 }
		END {
			if (!NR)
				exit 1
			m = int((NR + 1) / 2)
			print (v[m] + v[NR + 1 - m]) / 2, v[1], v[NR]
		}'
}

# ratio A B: how many times B's median is of A's.
ratio()
{
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", b / a }'
}

# give_up TEXT: what cannot be measured is an error, with what the programs said last.
give_up()
{
	echo "bench: $*" >&"$bench_err"
	for log in "$work"/*.log; do
		[ ! -s "$log" ] ||
			tail -n 15 "$log" | sed "s,^,${log##*/}: ," >&"$bench_err"
	done
	exit 1
}
