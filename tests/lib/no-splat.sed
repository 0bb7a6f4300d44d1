# SPDX-License-Identifier: GPL-2.0-or-later
# What the kernel says with a stack, and is no splat: a directory of sysctl for which
# there was no memory, as 28-memory wants it. Taken out before tests/lib/splats is looked
# for.
/sysctl could not get directory: .* -12\r*$/,/<\/TASK>/d
