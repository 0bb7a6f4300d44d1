# SPDX-License-Identifier: GPL-2.0-or-later
# m2md's decisions, without a daemon: no GLib, no clock, no file

include $(top)/tools/daemon/daemon.mk

ARCHIVES += libm2md-pure.a
libm2md-pure.a_SRCS := $(m2md_pure) tools/lib/words.c tools/lib/words-tables.c
libm2md-pure.a_CPPFLAGS := -I$(top)/driver/uapi

daemon_site := $(addprefix tests/unit/, daemon-site.c daemon-cards.c daemon-judge.c \
	daemon-network.c)
daemon_tests := daemon-beside daemon-calls daemon-doc daemon-history daemon-keys \
	daemon-model daemon-news daemon-pains daemon-pdns daemon-policy daemon-radio \
	daemon-random daemon-rules daemon-slots daemon-update daemon-verdict
TESTS += $(daemon_tests)
$(foreach t,$(daemon_tests),$(eval $(t)_SRCS := tests/unit/$(t).c tests/lib/harness.c))
$(foreach t,$(daemon_tests),$(eval $(t)_ARCHIVES := libm2md-pure.a))
daemon-beside_SRCS += $(daemon_site)
daemon-calls_SRCS += $(daemon_site)
daemon-doc_CPPFLAGS := -DM2M_TOP='"$(top)"'
daemon-keys_SRCS += $(daemon_site)
daemon-model_SRCS += $(daemon_site) \
	$(addprefix tests/unit/, daemon-search.c daemon-view.c daemon-ways.c)
daemon-news_SRCS += $(daemon_site)
daemon-pains_SRCS += $(daemon_site)
daemon-pdns_SRCS += $(daemon_site) \
	$(addprefix tests/unit/, daemon-search.c daemon-world.c daemon-world-view.c)
daemon-policy_SRCS += $(daemon_site)
daemon-radio_SRCS += $(daemon_site)
daemon-random_SRCS += $(daemon_site)
daemon-slots_SRCS += $(daemon_site)
daemon-update_SRCS += $(daemon_site)
daemon-verdict_SRCS += $(daemon_site)

TESTS += daemon-clock
daemon-clock_SRCS := tests/unit/daemon-clock.c tests/lib/harness.c \
	tools/daemon/clock.c

TESTS += daemon-notify
daemon-notify_SRCS := tests/unit/daemon-notify.c tests/lib/harness.c \
	tools/daemon/notify.c

# what needs files
TESTS += daemon-former
daemon-former_SRCS := tests/unit/daemon-former.c tests/lib/harness.c
daemon-former_PKGS := glib-2.0
daemon-former_ARCHIVES := libm2md-pure.a libm2m.a
TESTS += daemon-trial
daemon-trial_SRCS := tests/unit/daemon-trial.c tests/lib/harness.c \
	$(addprefix tools/daemon/, clock.c say.c session-former.c state.c)
daemon-trial_PKGS := glib-2.0 qmi-glib
daemon-trial_CPPFLAGS := -I$(top)/driver/uapi
daemon-trial_ARCHIVES := libm2md-pure.a libm2m.a
TESTS += daemon-plan
daemon-plan_SRCS := tests/unit/daemon-plan.c tests/lib/harness.c \
	tools/daemon/plan.c tools/daemon/say.c
daemon-plan_PKGS := glib-2.0 qmi-glib
daemon-plan_ARCHIVES := libm2md-pure.a libm2m.a
TESTS += daemon-reboot
daemon-reboot_SRCS := tests/unit/daemon-reboot.c $(daemon_site) \
	tests/lib/harness.c $(addprefix tools/daemon/, clock.c say.c state.c)
daemon-reboot_PKGS := glib-2.0
daemon-reboot_ARCHIVES := libm2md-pure.a libm2m.a
TESTS += daemon-hand
daemon-hand_SRCS := tests/unit/daemon-hand.c tests/lib/harness.c \
	$(addprefix tools/daemon/, clock.c hand.c say.c)
daemon-hand_PKGS := glib-2.0
daemon-hand_ARCHIVES := libm2m.a
TESTS += daemon-inbox
daemon-inbox_SRCS := tests/unit/daemon-inbox.c tests/lib/harness.c \
	$(addprefix tools/daemon/, clock.c inbox.c)
daemon-inbox_PKGS := glib-2.0
TESTS += daemon-guess
daemon-guess_SRCS := tests/unit/daemon-guess.c tests/lib/harness.c \
	$(addprefix tools/daemon/, clock.c guess.c say.c state.c)
daemon-guess_PKGS := glib-2.0 qmi-glib
daemon-guess_ARCHIVES := libm2md-pure.a libm2m.a
TESTS += daemon-state daemon-dns daemon-door daemon-history-file daemon-managed \
	daemon-probe daemon-usage
daemon-usage_SRCS := tests/unit/daemon-usage.c tests/lib/harness.c \
	$(addprefix tools/daemon/, budget.c cause.c clock.c history.c history-file.c quota.c say.c \
	state.c usage.c)
daemon-usage_PKGS := glib-2.0
daemon-usage_ARCHIVES := libm2m.a
daemon-managed_SRCS := tests/unit/daemon-managed.c tests/lib/harness.c \
	tools/daemon/managed.c tools/daemon/say.c
daemon-managed_PKGS := glib-2.0
daemon-state_SRCS := tests/unit/daemon-state.c tests/lib/harness.c \
	tools/daemon/clock.c tools/daemon/say.c tools/daemon/state.c
daemon-dns_SRCS := tests/unit/daemon-dns.c tests/lib/harness.c tests/lib/resolved.c \
	tools/daemon/dns.c tools/daemon/say.c
daemon-dns_PKGS := gio-2.0 glib-2.0
daemon-dns_ARCHIVES := libm2m.a
daemon-probe_SRCS := tests/unit/daemon-probe.c tests/lib/harness.c \
	$(addprefix tools/daemon/, probe.c probing.c)
daemon-probe_PKGS := glib-2.0
daemon-probe_ARCHIVES := libm2m.a
daemon-door_SRCS := tests/unit/daemon-door.c tests/lib/harness.c \
	$(addprefix tools/daemon/, answer.c clock.c door.c request.c role.c)
daemon-door_PKGS := glib-2.0 json-glib-1.0
daemon-door_ARCHIVES := libm2m.a
daemon-state_PKGS := glib-2.0
daemon-state_ARCHIVES := libm2md-pure.a libm2m.a
daemon-history-file_SRCS := tests/unit/daemon-history-file.c tests/lib/harness.c \
	$(addprefix tools/daemon/, cause.c clock.c history.c history-file.c say.c)
daemon-history-file_PKGS := glib-2.0
daemon-history-file_ARCHIVES := libm2m.a

comma := ,
# calls of a session: the rest of m2md, the driver and the modem are the test's
TESTS += daemon-find
daemon-find_SRCS := tests/unit/daemon-find.c tests/lib/harness.c \
	$(addprefix tools/daemon/, session-call.c session-find.c)
daemon-find_PKGS := glib-2.0 libnl-3.0 qmi-glib
daemon-find_ARCHIVES := libm2md-pure.a libm2m.a
daemon-find_CPPFLAGS := -I$(top)/driver/uapi
daemon-find_LDLIBS := $(addprefix -Wl$(comma)--wrap=, port_refresh port_clients rt_link_get \
	rt_link_del rt_addr_list rt_rule_flush rt_rule_flush_from m2m_client_open \
	m2m_client_close m2m_client_watch m2m_qmi_wait wds_packet_status_get wds_settings_get \
	connection_place connection_link connection_call connection_apply connection_remember)
