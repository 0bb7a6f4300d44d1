# SPDX-License-Identifier: GPL-2.0-or-later
# Programs built against the libraries of Debian's next suite, libqmi 1.38 and later, which
# tests/vm/next-libraries has. Sourced by bash at the top of the tree.
# shellcheck shell=bash disable=SC2034

# next_begin: whether there are such libraries; if not, $next_missing says why.
next_begin()
{
	build=$PWD/build/next
	next_missing="no libraries of sid: tests/vm/next-libraries --make"
	root=$(tests/vm/next-libraries) || return
	libraries=$(echo "$root"/usr/lib/*-linux-gnu*)
	loader=$(echo "$root"/usr/lib64/ld-linux*)
	next_missing="those of sid are not for this machine"
	[ -e "$libraries/libqmi-glib.so" ] && [ -e "$loader" ] || return
	export PKG_CONFIG_SYSROOT_DIR=$root
	export PKG_CONFIG_LIBDIR=$libraries/pkgconfig:$root/usr/share/pkgconfig
	mkdir -p "$build"
}

# next_build DIRECTORY PROGRAM...: there, one after the other, as all of it is in $build.
next_build()
{
	local said

	said=$(flock "$build/lock" make --no-print-directory -C "$1" -j"$(nproc)" \
		O="$build" CC="${CC:-gcc} --sysroot=$root" CFLAGS=-O1 \
		LDFLAGS="-Wl,--dynamic-linker=$loader -Wl,-rpath,$libraries -Wl,--disable-new-dtags" \
		"${@:2}" 2>&1) || { grep -E 'error|undefined' <<< "$said"; return 1; }
}
