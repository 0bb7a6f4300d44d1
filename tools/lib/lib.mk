# SPDX-License-Identifier: GPL-2.0-or-later
ARCHIVES += libm2m.a

libm2m.a_SRCS := $(addprefix tools/lib/, \
	address.c apn-conf.c apn-db.c apn-facts.c apn-providers.c boot.c card.c \
	conf.c conf-set.c config.c config-check.c config-diff.c config-keys.c config-load.c \
	config-match.c config-secret.c config-trial.c config-trial-files.c config-value.c \
	connection.c connection-format.c connection-ip.c connection-netns.c connection-place.c \
	connection-up.c \
	dms.c error.c frame.c helper.c mainline.c nas.c nas-preference.c nas-select.c nl.c out.c \
	pin-value.c port.c \
	qmi.c qmi-nl.c qmi-tlv.c qmi-wdm.c question.c resolv.c resolved.c rt.c sms-pdu.c sms-text.c store.c \
	store-budget.c store-directory.c store-format.c task.c uim.c usb-loader.c wda.c wds.c \
	wds-profile.c wdm-lag.c wms.c words.c words-tables.c)
libm2m.a_PKGS := gio-2.0 glib-2.0 json-glib-1.0 libnl-3.0 libnl-genl-3.0 \
	libnl-route-3.0 qmi-glib
libm2m.a_CPPFLAGS := -I$(top)/driver/uapi
