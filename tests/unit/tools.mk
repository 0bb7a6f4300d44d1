# SPDX-License-Identifier: GPL-2.0-or-later
# tools/lib and m2mctl

comma := ,
tools_tests := lib-chosen lib-frame lib-mainline lib-port lib-rt lib-preference lib-qmi lib-qmi-data lib-sms \
	lib-sms-fuzz lib-task lib-usb-loader lib-wms lib-words lib-client lib-wdm-lag ctl-args ctl-doc ctl-names
TESTS += $(tools_tests)

include $(top)/tools/ctl/ctl.mk

$(foreach t,$(tools_tests),$(eval $(t)_SRCS := tests/unit/$(t).c tests/lib/harness.c))
$(foreach t,$(tools_tests),$(eval $(t)_PKGS := glib-2.0 json-glib-1.0 libnl-3.0 qmi-glib))
$(foreach t,$(tools_tests),$(eval $(t)_ARCHIVES := libm2m.a))
$(foreach t,$(tools_tests),$(eval $(t)_CPPFLAGS := -I$(top)/driver/uapi))
ctl-args_SRCS += $(m2mctl_parts)
ctl-doc_SRCS += $(m2mctl_parts)
ctl-names_SRCS += $(m2mctl_parts)
ctl-doc_CPPFLAGS += -DM2M_TOP='"$(top)"'
lib-rt_LDLIBS := -Wl,--wrap=m2m_nl_do
lib-words_CPPFLAGS += -DM2M_TOP='"$(top)"'

# What the library asks driver, kernel and modem the test answers
TESTS += lib-connection
lib-connection_SRCS := tests/unit/lib-connection.c tests/lib/harness.c
lib-connection_PKGS := glib-2.0 libnl-3.0 qmi-glib
lib-connection_ARCHIVES := libm2m.a
lib-connection_CPPFLAGS := -I$(top)/driver/uapi
lib-connection_LDLIBS := $(addprefix -Wl$(comma)--wrap=, port_refresh port_clients rt_link_get \
	m2m_client_open m2m_client_close m2m_client_qmi m2m_qmi_wait wds_packet_status_get \
	wds_settings_get wds_login_get)

lib-preference_LDLIBS := $(addprefix -Wl$(comma)--wrap=, m2m_client_open dms_capabilities_get \
	dms_bands_get)

# What is pure in tools/lib and m2mctl, alone
TESTS += lib-apn lib-apn-fuzz
lib_apn := tests/lib/harness.c tools/lib/apn-conf.c tools/lib/apn-db.c \
	tools/lib/apn-providers.c tools/lib/conf.c tools/lib/error.c
lib-apn_SRCS := tests/unit/lib-apn.c $(lib_apn)
lib-apn_PKGS := glib-2.0 qmi-glib
lib-apn_CPPFLAGS := -DM2M_TOP='"$(top)"'
lib-apn-fuzz_SRCS := tests/unit/lib-apn-fuzz.c $(lib_apn)
lib-apn-fuzz_PKGS := glib-2.0 qmi-glib
TESTS += ctl-inbound
ctl-inbound_SRCS := tests/unit/ctl-inbound.c tests/lib/harness.c tools/ctl/inbound.c \
	tools/ctl/netns.c
ctl-inbound_PKGS := glib-2.0 json-glib-1.0 libnl-3.0 qmi-glib
ctl-inbound_ARCHIVES := libm2m.a
ctl-inbound_CPPFLAGS := -I$(top)/driver/uapi
TESTS += lib-address
lib-address_SRCS := tests/unit/lib-address.c tests/lib/harness.c tools/lib/address.c
TESTS += ctl-support
ctl-support_SRCS := tests/unit/ctl-support.c tests/lib/harness.c \
	tools/ctl/scrub.c tools/ctl/tar.c
ctl-support_PKGS := glib-2.0
TESTS += ctl-modules
ctl-modules_SRCS := tests/unit/ctl-modules.c tests/lib/harness.c \
	tools/ctl/usb-module.c tools/lib/usb-loader.c
ctl-modules_PKGS := glib-2.0
TESTS += ctl-resolver
ctl-resolver_SRCS := tests/unit/ctl-resolver.c tests/lib/harness.c tests/lib/resolved.c \
	tools/ctl/resolver.c
ctl-resolver_PKGS := gio-2.0 glib-2.0 qmi-glib
ctl-resolver_ARCHIVES := libm2m.a
TESTS += ctl-advice
ctl-advice_SRCS := tests/unit/ctl-advice.c tests/lib/harness.c tools/ctl/advice.c
ctl-advice_PKGS := glib-2.0 qmi-glib
ctl-advice_ARCHIVES := libm2m.a
