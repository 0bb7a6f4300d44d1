# SPDX-License-Identifier: GPL-2.0-or-later
# The firmware half of m2msim; sim.mk and the unit tests take it from here.

sim_firmware := tools/sim/modem.c
sim_firmware += tools/sim/nas-cell.c
sim_firmware += tools/sim/nas-preference.c
sim_firmware += tools/sim/nas-signal.c
sim_firmware += tools/sim/network.c
sim_firmware += tools/sim/pdn.c
sim_firmware += tools/sim/profile.c
sim_firmware += tools/sim/qmi.c
sim_firmware += tools/sim/settings.c
sim_firmware += tools/sim/sim-card.c
sim_firmware += tools/sim/sim-file.c
sim_firmware += tools/sim/sms.c
sim_firmware += tools/sim/states.c
sim_firmware += tools/sim/svc-ctl.c
sim_firmware += tools/sim/svc-dms.c
sim_firmware += tools/sim/svc-dpm.c
sim_firmware += tools/sim/svc-nas.c
sim_firmware += tools/sim/svc-uim.c
sim_firmware += tools/sim/svc-voice.c
sim_firmware += tools/sim/svc-wda.c
sim_firmware += tools/sim/svc-wds.c
sim_firmware += tools/sim/svc-wms.c
sim_firmware += tools/sim/uim-file.c
sim_firmware += tools/sim/wds-profile.c
sim_firmware += tools/sim/wds-settings.c
