# SPDX-License-Identifier: GPL-2.0-or-later
# What m2msim is made of; one source a line.

PROGS += m2msim
m2msim_PKGS := glib-2.0 libusbredirparser-0.5

# --- USB half: device, transports, data plane, control
m2msim_SRCS :=
m2msim_SRCS += tools/sim/action.c
m2msim_SRCS += tools/sim/agenda.c
m2msim_SRCS += tools/sim/control-client.c
m2msim_SRCS += tools/sim/control.c
m2msim_SRCS += tools/sim/ctrlpipe.c
m2msim_SRCS += tools/sim/daemon.c
m2msim_SRCS += tools/sim/dataplane.c
m2msim_SRCS += tools/sim/descriptors.c
m2msim_SRCS += tools/sim/dhcp.c
m2msim_SRCS += tools/sim/dns.c
m2msim_SRCS += tools/sim/downlink.c
m2msim_SRCS += tools/sim/endpoint.c
m2msim_SRCS += tools/sim/ether.c
m2msim_SRCS += tools/sim/identities.c
m2msim_SRCS += tools/sim/inet.c
m2msim_SRCS += tools/sim/late.c
m2msim_SRCS += tools/sim/main.c
m2msim_SRCS += tools/sim/nd.c
m2msim_SRCS += tools/sim/noise.c
m2msim_SRCS += tools/sim/options.c
m2msim_SRCS += tools/sim/peer.c
m2msim_SRCS += tools/sim/pipe-fault.c
m2msim_SRCS += tools/sim/qmap-sim.c
m2msim_SRCS += tools/sim/rehearsal.c
m2msim_SRCS += tools/sim/scenario.c
m2msim_SRCS += tools/sim/serial.c
m2msim_SRCS += tools/sim/vmodem.c
m2msim_SRCS += tools/sim/stats.c
m2msim_SRCS += tools/sim/tap.c
m2msim_SRCS += tools/sim/usbdev.c
m2msim_SRCS += tools/sim/usbredir.c
m2msim_SRCS += tools/sim/vhci.c

# --- firmware half: QMI, SIM, network, calls
m2msim_SRCS += $(sim_firmware)
