# SPDX-License-Identifier: GPL-2.0-or-later
# The unit tests, in the words of tools/rules.mk.

TESTS += test-qmux
test-qmux_SRCS := tests/unit/test-qmux.c tests/lib/harness.c driver/qmux.c

TESTS += test-qmux-fuzz
test-qmux-fuzz_SRCS := tests/unit/test-qmux-fuzz.c tests/lib/packet.c tests/lib/harness.c \
	driver/qmux.c

TESTS += test-qmap
test-qmap_SRCS := tests/unit/test-qmap.c tests/lib/harness.c driver/inet.c driver/qmap.c

TESTS += test-merge
test-merge_SRCS := tests/unit/test-merge.c tests/lib/arrivals.c tests/lib/streams.c \
	tests/lib/packet.c tests/lib/harness.c driver/inet.c driver/merge.c driver/qmap.c

TESTS += test-tso
test-tso_SRCS := tests/unit/test-tso.c tests/lib/packet.c tests/lib/harness.c \
	driver/inet.c driver/tso.c

TESTS += test-qmap-fuzz
test-qmap-fuzz_SRCS := tests/unit/test-qmap-fuzz.c tests/lib/packet.c tests/lib/harness.c \
	driver/inet.c driver/qmap.c

# The firmware half of m2msim, without USB
include $(top)/tools/sim/firmware.mk
simqmi_SRCS := tests/unit/simqmi.c tests/lib/harness.c $(sim_firmware)
simqmi_TESTS := simqmi-ctl simqmi-sim simqmi-apdu simqmi-net simqmi-call simqmi-lie sim-doc
TESTS += $(simqmi_TESTS)
$(foreach t,$(simqmi_TESTS),$(eval $(t)_SRCS := tests/unit/$(t).c $(simqmi_SRCS)))
$(foreach t,$(simqmi_TESTS),$(eval $(t)_PKGS := glib-2.0))
sim-doc_CPPFLAGS := -DM2M_TOP='"$(top)"'

# Its card alone
TESTS += sim-card-apdu
sim-card-apdu_SRCS := tests/unit/sim-card-apdu.c tests/lib/harness.c $(sim_firmware)
sim-card-apdu_PKGS := glib-2.0

# What it says, read by libqmi
TESTS += simqmi-nr
simqmi-nr_SRCS := tests/unit/simqmi-nr.c tests/unit/witness.c $(simqmi_SRCS) \
	tools/sim/identities.c
simqmi-nr_PKGS := glib-2.0 qmi-glib

# The USB half of m2msim: what is pure in it
TESTS += sim-qmap sim-scenario sim-usb sim-peer
sim-qmap_SRCS := tests/unit/sim-qmap.c tests/lib/harness.c \
	tools/sim/inet.c tools/sim/qmap-sim.c
sim-scenario_SRCS := tests/unit/sim-scenario.c tests/lib/harness.c \
	tools/sim/action.c tools/sim/scenario.c
sim-usb_SRCS := tests/unit/sim-usb.c tests/lib/harness.c tools/sim/descriptors.c \
	tools/sim/endpoint.c tools/sim/identities.c
sim-usb_PKGS := glib-2.0
sim-peer_SRCS := tests/unit/sim-peer.c tests/lib/harness.c tools/sim/dhcp.c \
	tools/sim/dns.c tools/sim/ether.c tools/sim/inet.c tools/sim/nd.c \
	tools/sim/peer.c

# The whole of m2msim on a bus of function calls, with time of its own
include $(top)/tools/sim/sim.mk
ARCHIVES += libsimusb.a
libsimusb.a_SRCS := tests/unit/simusb.c tests/unit/simclock.c tests/unit/simnet.c
libsimusb.a_SRCS += tests/unit/simqmi.c
libsimusb.a_SRCS += $(filter-out $(addprefix tools/sim/,control.c control-client.c \
	daemon.c main.c options.c usbredir.c vhci.c),$(m2msim_SRCS))
libsimusb.a_PKGS := glib-2.0
simusb_TESTS := sim-ctrlpipe sim-dataplane sim-engine sim-ethernet sim-serial \
	sim-shipped
TESTS += $(simusb_TESTS)
$(foreach t,$(simusb_TESTS),$(eval $(t)_SRCS := tests/unit/$(t).c tests/lib/harness.c))
$(foreach t,$(simusb_TESTS),$(eval $(t)_PKGS := glib-2.0))
$(foreach t,$(simusb_TESTS),$(eval $(t)_ARCHIVES := libsimusb.a))
sim-shipped_CPPFLAGS := -DM2M_TOP='"$(top)"'

# Its transports, with a device that sends back what it gets
TESTS += sim-vhci sim-usbredir
sim-vhci_SRCS := tests/unit/sim-vhci.c tests/unit/simhost.c tests/lib/harness.c \
	tools/sim/vhci.c
sim-vhci_PKGS := glib-2.0
sim-vhci_ARCHIVES := libsimusb.a
sim-vhci_CPPFLAGS := -DVHCI_SYSFS='"vhci"'
sim-usbredir_SRCS := tests/unit/sim-usbredir.c tests/unit/simhost.c \
	tests/lib/harness.c tools/sim/usbredir.c
sim-usbredir_PKGS := glib-2.0 libusbredirparser-0.5
sim-usbredir_ARCHIVES := libsimusb.a
