# SPDX-License-Identifier: GPL-2.0-or-later
# For guests whose clock is the processor's instructions (QEMU's -icount with
# sleep=off): idle time passes at once, so hours are minutes. Sourced after common.sh and
# before what is made of $build.
# shellcheck shell=bash disable=SC2034,SC2154

# What is waited for on the disk outside passes as time as well, and a busy machine may
# take its time: deadlines cost nothing here.
slow=60
# So that there is little of it: these are started again and again.
mkdir "$work/bin"
cp "$build"/m2m* "$work/bin/"
[ ! -e "$build/soak" ] || cp "$build/soak" "$build/stopwatch" "$work/bin/"
build=$work/bin
m2msim=$build/m2msim
m2mctl=$build/m2mctl
