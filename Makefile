# SPDX-License-Identifier: GPL-2.0-or-later
# `make help` says what can be made.

top := $(CURDIR)
O ?= $(top)/build
override O := $(abspath $(O))

# The kernel to build the module for: the running one if its headers are here,
# else the newest one that has headers.
KVER_RUNNING := $(shell uname -r)
KDIR_NEWEST := $(lastword $(shell ls -d /lib/modules/*/build 2>/dev/null | sort -V))
KDIR ?= $(or $(wildcard /lib/modules/$(KVER_RUNNING)/build),$(KDIR_NEWEST))
# Our O= is none of the kernel's business, which would take it for its own.
KERNEL_FLAGS = --no-print-directory -C $(KDIR) O=
# What uname -r will say: Debian's kernelrelease is another number.
KREL = $(shell sed -n 's/^.define UTS_RELEASE "\(.*\)"/\1/p' \
	$(KDIR)/include/generated/utsrelease.h)

PREFIX ?= /usr/local
UDEVDIR ?= /lib/udev
UNITDIR ?= /lib/systemd/system
SYSCONFDIR ?= /etc
DESTDIR ?=
KERNEL ?= 6.1

.PHONY: all module tools unit e2e stopwatch bench-module rmnet
all: module tools stopwatch
# Tests in C need kselftest's harness, which tests/vm/setup --host unpacks.
ifneq ($(shell tests/lib/kselftest-dir),)
all: unit e2e
endif

ifeq ($(wildcard driver/Kbuild),)
module:
	@echo "driver/Kbuild is missing: no module"
else ifeq ($(KDIR),)
module:
	@echo "no kernel headers below /lib/modules: run tests/vm/setup --host" >&2
	@false
else
module:
	@echo "  MODULE  for $(KREL) ($(KDIR))"
	@$(MAKE) $(KERNEL_FLAGS) M=$(top) modules
endif

tools:
	@$(MAKE) --no-print-directory -C tools O=$(O)

# After the tools: both makes write $(O)/lib/libm2m.a.
unit: | tools
	@$(MAKE) --no-print-directory -C tests/unit O=$(O)

e2e:
	@$(MAKE) --no-print-directory -C tests/e2e O=$(O)

stopwatch:
	@$(MAKE) --no-print-directory -C tests/bench O=$(O)

# Host controller, source and sinks of tests/bench/run data
bench-module:
	@$(MAKE) $(KERNEL_FLAGS) M=$(top)/tests/bench/datapath modules

# What it compares with; tests/vm/build puts the sources there.
rmnet:
	@$(MAKE) $(KERNEL_FLAGS) M=$(top)/.vm-rmnet CONFIG_RMNET=m modules

# --- trying and testing -----------------------------------------------------

.PHONY: check check-debug lint demo bench soak vm setup
check:
	@tests/run $(TESTFLAGS)

check-debug:
	@tests/run --debug

lint:
	@tests/lint/run

demo:
	@tests/demo/run

bench:
	@tests/bench/run

soak:
	@tests/bench/run $(SOAKFLAGS) soak

vm:
	@tests/vm/run $(KERNEL) --shell

setup:
	@tests/vm/setup

# --- installing -------------------------------------------------------------

.PHONY: install install-module install-modprobe install-tools install-daemon install-dev \
	install-doc install-known
install: install-module install-modprobe install-tools install-daemon install-dev \
	install-doc install-known

install-module: module
	$(MAKE) $(KERNEL_FLAGS) M=$(top) INSTALL_MOD_PATH=$(DESTDIR) INSTALL_MOD_DIR=updates \
		modules_install
	depmod $(if $(DESTDIR),-b $(DESTDIR)) $(KREL)

# Whoever asks for qmi_wwan gets m2m_wwan, and mainline's where that fails.
install-modprobe:
	install -D -t $(DESTDIR)$(PREFIX)/lib/m2m tools/modprobe/load-qmi-wwan
	install -d $(DESTDIR)$(PREFIX)/lib/modprobe.d
	sed 's,/usr/lib/m2m/,$(PREFIX)/lib/m2m/,g' tools/modprobe/m2m-wwan.conf \
		> $(DESTDIR)$(PREFIX)/lib/modprobe.d/m2m-wwan.conf
	chmod 644 $(DESTDIR)$(PREFIX)/lib/modprobe.d/m2m-wwan.conf

install-tools: tools
	install -D -t $(DESTDIR)$(PREFIX)/sbin $(O)/m2mctl
	install -D -t $(DESTDIR)$(PREFIX)/bin $(O)/m2msim
	install -D -m 644 tools/ctl/completion/m2mctl.bash \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/m2mctl
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/m2m/scenarios \
		tools/sim/scenarios/*.scenario
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/m2m/apn.d tools/apn.d/*.conf
	install -D -m 644 -t $(DESTDIR)$(UDEVDIR)/rules.d udev/70-m2m-wwan.rules

# m2md with what its host has to know of it: users, directories, sandbox, udev, and
# those who look after network devices, names and devices. A configuration that is there
# stays.
system := tools/daemon/system
install-daemon: tools
	install -D -t $(DESTDIR)$(PREFIX)/sbin $(O)/m2md $(O)/m2m-at $(O)/m2m-helper
	install -D -t $(DESTDIR)$(PREFIX)/lib/m2m $(system)/allow-icmp
	install -d $(DESTDIR)$(UNITDIR) $(DESTDIR)$(SYSCONFDIR)/m2m/modem.d
	for unit in m2md.service m2md-udev.path m2md-udev.service; do \
		sed -e 's,/usr/sbin/m2md,$(PREFIX)/sbin/m2md,g' \
			-e 's,/usr/lib/m2m/,$(PREFIX)/lib/m2m/,g' $(system)/$$unit \
			> $(DESTDIR)$(UNITDIR)/$$unit && \
		chmod 644 $(DESTDIR)$(UNITDIR)/$$unit || exit; \
	done
	for unit in m2m-helper.service m2m-helper.socket; do \
		sed 's,/usr/sbin/m2m-helper,$(PREFIX)/sbin/m2m-helper,g' \
			tools/helper/$$unit > $(DESTDIR)$(UNITDIR)/$$unit && \
		chmod 644 $(DESTDIR)$(UNITDIR)/$$unit || exit; \
	done
	sed 's,/usr/sbin/m2m-at,$(PREFIX)/sbin/m2m-at,g' tools/at/m2m-at@.service \
		> $(DESTDIR)$(UNITDIR)/m2m-at@.service
	chmod 644 $(DESTDIR)$(UNITDIR)/m2m-at@.service
	install -D -m 644 $(system)/m2md.sysusers $(DESTDIR)/usr/lib/sysusers.d/m2md.conf
	install -D -m 644 $(system)/m2md.tmpfiles $(DESTDIR)/usr/lib/tmpfiles.d/m2md.conf
	install -d $(DESTDIR)$(SYSCONFDIR)/apparmor.d
	sed 's,/usr/sbin/m2md,$(PREFIX)/sbin/m2md,g' $(system)/m2md.apparmor \
		> $(DESTDIR)$(SYSCONFDIR)/apparmor.d/m2md
	chmod 644 $(DESTDIR)$(SYSCONFDIR)/apparmor.d/m2md
	install -D -m 644 $(system)/m2md.polkit \
		$(DESTDIR)/usr/share/polkit-1/rules.d/m2md.rules
	install -D -m 644 $(system)/networkmanager.conf \
		$(DESTDIR)/usr/lib/NetworkManager/conf.d/m2md.conf
	install -D -m 644 $(system)/networkd.network \
		$(DESTDIR)/usr/lib/systemd/network/05-m2md.network
	install -D -m 644 $(system)/networkd.conf \
		$(DESTDIR)/usr/lib/systemd/networkd.conf.d/m2md.conf
	install -D -m 644 -t $(DESTDIR)$(UDEVDIR)/rules.d udev/81-m2md.rules
	[ -e $(DESTDIR)$(SYSCONFDIR)/m2m/m2md.conf ] || \
		install -m 644 -t $(DESTDIR)$(SYSCONFDIR)/m2m $(system)/m2md.conf

# What the scripts of a package do on the machine itself: accounts and directories, and
# that systemd and udev read what is new. None of them has to be there.
install-known: install-daemon install-tools
ifeq ($(DESTDIR),)
	! command -v systemd-sysusers > /dev/null || \
		systemd-sysusers /usr/lib/sysusers.d/m2md.conf
	! command -v systemd-tmpfiles > /dev/null || \
		systemd-tmpfiles --create /usr/lib/tmpfiles.d/m2md.conf
	[ ! -d /run/systemd/system ] || systemctl daemon-reload
	[ ! -e /run/udev/control ] || udevadm control --reload
endif

# For other people's programs: in C, and by the kernel's ynl.
install-dev:
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/include/linux \
		driver/uapi/linux/m2m_wwan.h
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/ynl/specs \
		Documentation/netlink/specs/m2m_wwan.yaml

# The manual wants python3-docutils; a machine without it does without.
install-doc: pages := $(wildcard Documentation/man/*.rst)
install-doc:
	@if ! command -v rst2man > /dev/null; then \
		echo "rst2man (python3-docutils) is missing: no manual pages"; \
	else for page in $(pages); do \
		name=$$(basename $$page .rst) && \
		dir=$(DESTDIR)$(PREFIX)/share/man/man$${name##*.} && \
		install -d $$dir && rst2man $$page $$dir/$$name || exit; \
	done; fi

# --- packages ---------------------------------------------------------------

# Built from a copy, so that neither side sees what the other made.
.PHONY: deb check-deb
deb:
	@debian/build $(O)/deb

check-deb:
	@tests/deb/run

.PHONY: clean help
clean:
	rm -rf $(O)
	find driver tests/bench/datapath -name '*.o' -o -name '*.ko' -o -name '*.mod' \
		-o -name '*.mod.c' -o -name '.*.cmd' | xargs -r rm -f
	rm -f Module.symvers modules.order .*.cmd driver/modules.order \
		tests/bench/datapath/Module.symvers tests/bench/datapath/modules.order

help:
	@echo 'make               module (driver/m2m_wwan.ko), tools and unit tests (build/)'
	@echo 'make module        the module alone; KDIR= names other kernel headers'
	@echo 'make tools         the programs alone'
	@echo 'make unit          the unit tests alone, not run'
	@echo 'make e2e           the programs of the end-to-end tests alone, not run'
	@echo
	@echo 'make check         lints, unit tests, and all tests in guests of the kernels they name'
	@echo 'make check-debug   the tests of the driver on a kernel with KASAN, lockdep, kmemleak'
	@echo 'make lint          the lints alone'
	@echo 'make demo          a modem appears, connects and answers a ping, in a guest'
	@echo 'make bench         the measurements, as ratios against the stock programs'
	@echo 'make soak          m2md keeps eight modems online through 24 h of faults'
	@echo 'make vm            a shell in a guest; KERNEL=6.1, 6.12 or debug'
	@echo 'make setup         what the tests need on this machine (they call it themselves)'
	@echo
	@echo 'make install       module, programs, m2md with its unit, udev rules, manual;'
	@echo '                   PREFIX=, DESTDIR='
	@echo 'make deb           Debian packages of all that (build/deb)'
	@echo 'make check-deb     builds the packages and looks into them'
	@echo 'make clean         removes what was made here (roots and kernels stay in the cache)'
