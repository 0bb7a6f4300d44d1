# SPDX-License-Identifier: GPL-2.0-or-later
# tools/lib and m2mctl

tools_tests := lib-chosen lib-frame lib-mainline lib-port lib-qmi lib-sms lib-sms-fuzz \
	lib-task lib-wms lib-words lib-client lib-wdm-lag ctl-args ctl-doc
TESTS += $(tools_tests)

include $(top)/tools/ctl/ctl.mk

$(foreach t,$(tools_tests),$(eval $(t)_SRCS := tests/unit/$(t).c tests/lib/harness.c))
$(foreach t,$(tools_tests),$(eval $(t)_PKGS := glib-2.0 json-glib-1.0 libnl-3.0 qmi-glib))
$(foreach t,$(tools_tests),$(eval $(t)_ARCHIVES := libm2m.a))
$(foreach t,$(tools_tests),$(eval $(t)_CPPFLAGS := -I$(top)/driver/uapi))
ctl-args_SRCS += $(m2mctl_parts)
ctl-doc_SRCS += $(m2mctl_parts)
ctl-doc_CPPFLAGS += -DM2M_TOP='"$(top)"'
lib-words_CPPFLAGS += -DM2M_TOP='"$(top)"'

# What is pure in m2mctl, alone
TESTS += ctl-support
ctl-support_SRCS := tests/unit/ctl-support.c tests/lib/harness.c \
	tools/ctl/scrub.c tools/ctl/tar.c
ctl-support_PKGS := glib-2.0
