# SPDX-License-Identifier: GPL-2.0-or-later
PROGS += m2mctl

# all but main.c, which the tests of the grammar link as well
m2mctl_parts := $(addprefix tools/ctl/, \
	advice.c alias.c apn.c apn-suggest.c args.c args-help.c client.c clients.c commands.c config-apply.c \
	config-job.c config-setting.c config.c ctl.c device.c format.c history.c hold.c inbound.c meant.c modem-list.c modem.c \
	monitor.c nat64.c net-select.c net.c netns.c network.c online.c overview.c \
	pdn-dns.c pdn-same.c pdn-show.c pdn-up.c raw.c report.c resolver.c schema.c scrub.c secret.c signal.c \
	sim-pin.c sim-slot.c sim.c sms-send.c sms-store.c sms-watch.c sms.c status.c \
	support-parts.c support.c tar.c usb-module.c usb-scan.c watch.c when.c why.c)
m2mctl_SRCS := tools/ctl/main.c $(m2mctl_parts)
m2mctl_PKGS := gio-2.0 glib-2.0 json-glib-1.0 libnl-3.0 qmi-glib
m2mctl_ARCHIVES := libm2m.a
m2mctl_CPPFLAGS := -I$(top)/driver/uapi
