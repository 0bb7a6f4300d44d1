# SPDX-License-Identifier: GPL-2.0-or-later
# m2mctl's verbs against m2msim's firmware

include $(top)/tools/ctl/ctl.mk
include $(top)/tools/sim/firmware.mk

ARCHIVES += libctlsim.a libctlsim-modem.a
libctlsim.a_SRCS := $(addprefix tests/unit/, ctlsim.c ctlsim-config.c ctlsim-device.c \
	ctlsim-schema.c ctlsim-text.c) \
	$(filter-out tools/ctl/device.c, $(m2mctl_parts))
libctlsim.a_PKGS := glib-2.0 json-glib-1.0 libnl-3.0 qmi-glib
# lists of APNs and USB devices are those that a test puts where it runs
libctlsim.a_CPPFLAGS := -I$(top)/driver/uapi \
	-DAPN_PROVIDERS='"providers.xml"' -DAPN_DIRECTORY='"apn.d"' \
	-DUSB_SYSFS='"usb"' -DMODULES_DIR='"modules"' -DM2M_TOP='"$(top)"'

# both halves have clients
libctlsim-modem.a_SRCS := tests/unit/ctlsim-modem.c $(sim_firmware)
libctlsim-modem.a_PKGS := glib-2.0
libctlsim-modem.a_CPPFLAGS := -Dclient_free=modem_client_free

ctlsim_TESTS := ctl-again ctl-apn ctl-confirm ctl-limits ctl-m2md ctl-modem ctl-net ctl-schemas ctl-sim \
	ctl-sms ctl-text
TESTS += $(ctlsim_TESTS)
$(foreach t,$(ctlsim_TESTS),$(eval $(t)_SRCS := tests/unit/$(t).c tests/lib/harness.c))
$(foreach t,$(ctlsim_TESTS),$(eval $(t)_PKGS := glib-2.0 json-glib-1.0 libnl-3.0 qmi-glib))
$(foreach t,$(ctlsim_TESTS),$(eval $(t)_ARCHIVES := libctlsim.a libctlsim-modem.a libm2m.a))
ctl-schemas_CPPFLAGS := -DM2M_TOP='"$(top)"'
ctl-text_CPPFLAGS := -DM2M_TOP='"$(top)"'
comma := ,
$(foreach t,$(ctlsim_TESTS),$(eval $(t)_LDLIBS := $(addprefix -Wl$(comma)--wrap=, \
	m2m_nl_watch m2m_nl_join m2m_nl_fd m2m_qmi_wait port_clients)))
# a driver that nobody has
ctl-m2md_LDLIBS += -Wl,--wrap=m2m_nl_open
# the parts of an archive are the test's, and its time
ctl-limits_LDLIBS += $(addprefix -Wl$(comma)--wrap=, g_get_monotonic_time pipe2 poll)

# Which modem a command is about, without any
TESTS += ctl-device
ctl-device_SRCS := tests/unit/ctl-device.c tests/lib/harness.c tools/ctl/device.c
ctl-device_PKGS := glib-2.0 json-glib-1.0 libnl-3.0 qmi-glib
ctl-device_ARCHIVES := libctlsim.a libm2m.a
ctl-device_CPPFLAGS := -I$(top)/driver/uapi
ctl-device_LDLIBS := $(addprefix -Wl$(comma)--wrap=, port_list m2m_nl_join m2m_nl_fd m2m_nl_watch \
	m2m_nl_dispatch m2m_qmi_open m2m_qmi_free m2m_client_open m2m_client_close dms_imei_get)
