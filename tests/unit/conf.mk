# SPDX-License-Identifier: GPL-2.0-or-later
# Configuration and state of tools/lib

conf_tests := lib-conf lib-conf-fuzz lib-config lib-config-match lib-config-load \
	lib-config-trial conf-doc \
	ctl-apply ctl-config lib-store lib-store-fuzz lib-store-cut
TESTS += $(conf_tests)

$(foreach t,$(conf_tests),$(eval $(t)_SRCS := tests/unit/$(t).c tests/lib/harness.c))
$(foreach t,$(conf_tests),$(eval $(t)_PKGS := glib-2.0))
$(foreach t,$(conf_tests),$(eval $(t)_ARCHIVES := libm2m.a))
$(foreach t,$(conf_tests),$(eval $(t)_CPPFLAGS := -DM2M_TOP='"$(top)"'))

lib-config-trial_SRCS += tests/unit/fakedisk.c
lib-store_SRCS += tests/unit/fakedisk.c
lib-store-cut_SRCS += tests/unit/fakedisk.c

include $(top)/tools/ctl/ctl.mk
ctl_conf_tests := ctl-apply ctl-config
$(foreach t,$(ctl_conf_tests),$(eval $(t)_SRCS += $(m2mctl_parts)))
$(foreach t,$(ctl_conf_tests),$(eval $(t)_PKGS += json-glib-1.0 libnl-3.0 qmi-glib))
$(foreach t,$(ctl_conf_tests),$(eval $(t)_CPPFLAGS += -I$(top)/driver/uapi))
