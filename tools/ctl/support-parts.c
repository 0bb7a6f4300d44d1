// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns what goes into an archive for those who are to help. */
#include <errno.h>
#include <glib.h>
#include <glob.h>
#include <libqmi-glib.h>
#include <linux/m2m_wwan.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../lib/config.h"
#include "../lib/frame.h"
#include "../lib/nl.h"
#include "../lib/port.h"
#include "../lib/words.h"
#include "support.h"
#include "version.h"

#define FILE_MAX	(64 * 1024)
#define LOG_MAX		(1024 * 1024)
#define LOG_KEPT_MAX	(256 * 1024)	/* a part of the archive has 512 KiB */
#define NS_PER_S	1000000000.0

/* --- what many are made of ---------------------------------------------------- */

static bool say_file(const char *path)
{
	char *text = g_malloc(FILE_MAX + 1);
	FILE *file = fopen(path, "r");
	bool good = file;
	size_t n = 0;

	if (file) {
		n = fread(text, 1, FILE_MAX, file);
		fclose(file);
	}
	text[n] = '\0';
	printf("%s: %s%s", path, good ? text : g_strerror(errno),
	       n && text[n - 1] == '\n' ? "" : "\n");
	g_free(text);
	return good;
}

static bool say_files(const char *pattern)
{
	glob_t found;

	if (glob(pattern, 0, NULL, &found))
		return false;
	for (size_t i = 0; i < found.gl_pathc; i++)
		say_file(found.gl_pathv[i]);
	globfree(&found);
	return true;
}

/* One command; m2mctl is this very program */
static bool say_command(const char *line)
{
	char **argv = g_strsplit(line, " ", -1);
	bool ours = !strcmp(argv[0], "m2mctl");
	int status = 0;
	pid_t pid;
	int err;

	fflush(stdout);
	err = ours ? posix_spawn(&pid, "/proc/self/exe", NULL, NULL, argv, environ) :
		     posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ);
	if (err)
		printf("%s: %s\n", argv[0], g_strerror(err));
	g_strfreev(argv);
	return !err && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
	       !WEXITSTATUS(status);
}

/* Commands, with ";" between them; one says itself what it is */
static int say_commands(const char *lines, bool full)
{
	g_autofree char *copy = g_strdup(lines);
	bool several = strchr(lines, ';');
	char *line, *rest = copy;
	bool good = true;

	while ((line = strsep(&rest, ";"))) {
		if (several)
			printf("$ %s\n", line);
		good &= say_command(line);
	}
	return !good;
}

/* --- the host ----------------------------------------------------------------- */

static int say_versions(const char *arg, bool full)
{
	struct utsname name;

	printf("m2mctl %s\nlibqmi %d.%d.%d\n", M2MCTL_VERSION, QMI_MAJOR_VERSION,
	       QMI_MINOR_VERSION, QMI_MICRO_VERSION);
	/* not the name of the host */
	if (!uname(&name))
		printf("%s %s %s %s\n", name.sysname, name.release, name.version,
		       name.machine);
	return !say_file("/etc/os-release");
}

static int say_module(const char *arg, bool full)
{
	bool loaded = say_files("/sys/module/m2m_wwan/version");

	loaded |= say_files("/sys/module/m2m_wwan/srcversion");
	say_files("/sys/module/m2m_wwan/taint");
	say_files("/sys/module/m2m_wwan/parameters/*");
	printf("m2m_wwan is %sloaded, qmi_wwan is %sloaded\n", loaded ? "" : "not ",
	       access("/sys/module/qmi_wwan", F_OK) ? "not " : "");
	say_files("/sys/kernel/security/lockdown");
	say_files("/proc/sys/kernel/tainted");
	/* its signer, if it is signed */
	return !say_command("modinfo m2m_wwan");
}

static bool is_about_usb(const char *line)
{
	static const char * const words[] = {
		"usb", "m2m", "qmi", "wwan", "cdc", "xhci", "ehci", "vhci", "option",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (strcasestr(line, words[i]))
			return true;
	return false;
}

/* keep_newest - the end of a text, from the begin of a line, in @max bytes at most */
static const char *keep_newest(const char *text, size_t len, size_t max)
{
	const char *line;

	if (len <= max)
		return text;
	line = memchr(text + len - max, '\n', max);
	return line ? line + 1 : text + len;
}

static int say_kernel_log(const char *arg, bool full)
{
	char *text = g_malloc0(LOG_MAX + 1);
	int n = klogctl(3, text, LOG_MAX);	/* SYSLOG_ACTION_READ_ALL */
	GString *kept = g_string_new(NULL);
	char *line, *rest = text;

	if (n < 0)
		printf("the kernel log: %s\n", g_strerror(errno));
	while (n > 0 && (line = strsep(&rest, "\n")))
		if (is_about_usb(line))
			g_string_append_printf(kept, "%s\n", line);
	/* What happened last explains most */
	fputs(keep_newest(kept->str, kept->len, LOG_KEPT_MAX), stdout);
	g_string_free(kept, TRUE);
	g_free(text);
	return n < 0;
}

static void say_octets(const char *directory)
{
	g_autofree char *path = g_build_filename(directory, "descriptors", NULL);
	FILE *file = fopen(path, "r");
	uint8_t octets[4096];
	size_t n = file ? fread(octets, 1, sizeof(octets), file) : 0;

	printf("descriptors:");
	for (size_t i = 0; i < n; i++)
		printf(" %02x", octets[i]);
	putchar('\n');
	if (file)
		fclose(file);
}

static int say_usb(const char *arg, bool full)
{
	static const char * const attributes[] = {
		"idVendor", "idProduct", "bcdDevice", "manufacturer", "product", "serial",
		"speed", "version", "bConfigurationValue", "bInterfaceClass",
		"bInterfaceSubClass", "bInterfaceProtocol", "power/control",
		"power/runtime_status", "modalias",
	};
	glob_t found;

	if (glob("/sys/bus/usb/devices/*", 0, NULL, &found)) {
		puts("there is no USB device");
		return 1;
	}
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *directory = found.gl_pathv[i];
		g_autofree char *link = g_build_filename(directory, "driver", NULL);
		g_autofree char *driver = g_file_read_link(link, NULL);

		printf("\n%s, driver %s\n", directory, driver ? driver : "none");
		for (size_t j = 0; j < G_N_ELEMENTS(attributes); j++) {
			g_autofree char *path =
				g_build_filename(directory, attributes[j], NULL);

			if (!access(path, R_OK))
				say_file(path);
		}
		if (!strchr(directory, ':'))
			say_octets(directory);
	}
	globfree(&found);
	return 0;
}

/* --- who else there is -------------------------------------------------------- */

static char *name_of(const char *process)
{
	g_autofree char *path = g_build_filename(process, "comm", NULL);
	char *name = NULL;

	if (g_file_get_contents(path, &name, NULL, NULL))
		g_strchomp(name);
	return name;
}

static bool is_manager(const char *name)
{
	static const char * const names[] = {
		"ModemManager", "NetworkManager", "systemd-network", "qmi-proxy",
		"mbim-proxy", "uqmi", "qmicli", "mmcli", "netifd", "ofonod", "connmand",
		"pppd", "wvdial", "quectel-CM", "dhclient", "udhcpc", "dhcpcd", "gpsd",
		"m2md", "m2m-at", "m2m-helper", "m2m-mqtt",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

/* The modem's devices that a process has open */
static void say_devices(const char *process, const char *name)
{
	g_autofree char *pattern = g_build_filename(process, "fd", "*", NULL);
	glob_t found;

	if (glob(pattern, 0, NULL, &found))
		return;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		g_autofree char *device = g_file_read_link(found.gl_pathv[i], NULL);

		if (device && (g_str_has_prefix(device, "/dev/cdc-wdm") ||
			       g_str_has_prefix(device, "/dev/ttyUSB") ||
			       g_str_has_prefix(device, "/dev/wwan")))
			printf("%s %s has %s open\n", process, name, device);
	}
	globfree(&found);
}

static int say_managers(const char *arg, bool full)
{
	glob_t found;

	if (glob("/proc/[0-9]*", 0, NULL, &found))
		return 1;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		g_autofree char *name = name_of(found.gl_pathv[i]);

		if (!name)
			continue;
		if (is_manager(name))
			printf("%s %s\n", found.gl_pathv[i], name);
		say_devices(found.gl_pathv[i], name);
	}
	globfree(&found);
	return 0;
}

static int say_clock(const char *arg, bool full)
{
	struct timespec wall, boot;
	struct timex timex = { 0 };
	int state = adjtimex(&timex);

	clock_gettime(CLOCK_REALTIME, &wall);
	clock_gettime(CLOCK_BOOTTIME, &boot);
	printf("wall clock: %lld s since 1970\nsince boot: %lld s\n", (long long)wall.tv_sec,
	       (long long)boot.tv_sec);
	printf("set by something: %s\nestimated error: %ld us\n",
	       state < 0 ? "unknown" : timex.status & STA_UNSYNC ? "no" : "yes",
	       timex.esterror);
	say_files("/sys/class/rtc/rtc0/since_epoch");
	return state < 0;
}

/* --- the configuration -------------------------------------------------------- */

/* Whether there is such a key, and whether what it says may be shown */
static bool is_key(const char *name, bool full, bool *ret_shown)
{
	bool known = false;

	*ret_shown = full || strcmp(name, "User");
	for (const struct config_key *key = config_keys; key->name; key++) {
		if (strcmp(key->name, name))
			continue;
		*ret_shown &= !key->hide;
		known = true;
	}
	return known;
}

/*
 * Only what has a meaning that we know: a slip may have put a PIN anywhere, a comment
 * above all. Files that hold secrets are named, not read.
 */
static void say_line(const char *line, bool full)
{
	const char *equals = strchr(line, '=');
	g_autofree char *key = equals ? g_strndup(line, equals - line) : NULL;
	bool known, shown;

	known = key && is_key(g_strchomp(key), full, &shown);
	if (!*line || (*line == '[' && !key) || (known && shown))
		puts(line);
	else
		printf("%s%s(not shown)\n", known ? key : "", known ? "=" : "");
}

static int say_configuration(const char *arg, bool full)
{
	static const char * const patterns[] = {
		"/etc/m2m/*.conf", "/etc/m2m/*.conf.d/*.conf", "/etc/m2m/modem.d/*.modem",
		"/etc/m2m/modem.d/*.modem.d/*.conf", "/etc/m2m/trial/*",
		"/etc/m2m/trial/*/*",
	};
	glob_t found = { 0 };

	for (size_t i = 0; i < G_N_ELEMENTS(patterns); i++)
		glob(patterns[i], i ? GLOB_APPEND : 0, NULL, &found);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		g_autofree char *text = NULL;
		char *line, *rest;
		struct stat st;

		if (stat(found.gl_pathv[i], &st) || !S_ISREG(st.st_mode) ||
		    st.st_size > FILE_MAX ||
		    !g_file_get_contents(found.gl_pathv[i], &text, NULL, NULL))
			continue;
		printf("\n%s\n", found.gl_pathv[i]);
		rest = text;
		while ((line = strsep(&rest, "\n")))
			say_line(g_strstrip(line), full);
	}
	if (!found.gl_pathc)
		puts("there is none");
	globfree(&found);
	return 0;
}

/* --- a modem ------------------------------------------------------------------ */

/* "m2mctl -p -d PATH VERB" */
static int say_verb(const char *arg, bool full)
{
	g_autofree char *line = NULL;
	const char *space = strchr(arg, ' ');

	line = g_strdup_printf("m2mctl -p -d %.*s%s", (int)(space - arg), arg, space);
	return say_commands(line, full);
}

static void say_frame(const struct port_tap *tap, void *data)
{
	const uint8_t *tlv, *end;
	struct frame frame;

	printf("%.3f %s ", tap->time_ns / NS_PER_S, tap->from_modem ? "<" : ">");
	if (frame_check(tap->frame, tap->len, &frame)) {
		printf("malformed, %zu bytes\n", tap->len);
		return;
	}
	printf("%s 0x%04x type %u client %u transaction %u:",
	       word(WORD_SERVICE, frame.service).s, frame.msgid, frame.type, frame.cid,
	       frame.tid);
	/* of each TLV the kernel kept type and length, and no value */
	end = frame.tlvs + frame.tlvs_len;
	for (tlv = frame.tlvs; tlv < end; tlv += 3 + (tlv[1] | tlv[2] << 8))
		printf(" %02x/%u", tlv[0], tlv[1] | tlv[2] << 8);
	putchar('\n');
}

static int list_ports(struct m2m_nl **ret_nl, struct port **ret_ports, size_t *ret_n,
		      struct m2m_error *error)
{
	int err = m2m_nl_open(M2M_WWAN_FAMILY_NAME, ret_nl, error);

	return err ? err : port_list(*ret_nl, ret_ports, ret_n, error);
}

static int say_ring(const char *arg, bool full)
{
	g_autofree char *path = g_strndup(arg, strcspn(arg, " "));
	struct m2m_nl *nl = NULL;
	struct port *ports = NULL;
	struct m2m_error error;
	size_t n = 0;
	int err;

	err = list_ports(&nl, &ports, &n, &error);
	for (size_t i = 0; i < n && !err; i++)
		if (!strcmp(ports[i].usb_path, path))
			err = port_ring(nl, ports[i].id, say_frame, NULL, &error);
	if (err)
		printf("%s\n", error.msg);
	free(ports);
	m2m_nl_free(nl);
	return !!err;
}

static int say_modems(const char *arg, bool full)
{
	struct m2m_nl *nl = NULL;
	struct port *ports = NULL;
	struct m2m_error ignored;
	size_t n = 0;
	int err;

	err = list_ports(&nl, &ports, &n, &ignored);
	for (size_t i = 0; i < n; i++)
		/* the ports of one modem stand side by side */
		if (!i || strcmp(ports[i].usb_path, ports[i - 1].usb_path))
			puts(ports[i].usb_path);
	free(ports);
	m2m_nl_free(nl);
	return !!err;
}

const struct support_part support_host_parts[] = {
	{ "versions", say_versions },
	{ "module", say_module },
	{ "kernel.log", say_kernel_log },
	{ "usb", say_usb },
	{ "configuration", say_configuration },
	{ "configuration.check", say_commands, "m2mctl config check" },
	{ "list.json", say_commands, "m2mctl -p list" },
	{ "why.json", say_commands, "m2mctl -p why" },
	{ "health.json", say_commands, "m2mctl -p health" },
	{ "history.json", say_commands, "m2mctl -p history" },
	{ "m2md.log", say_commands, "journalctl -b -n 1000 --no-pager --no-hostname -q -u m2md" },
	{ "state", say_commands, "ls -lAR /run/m2m;ls -lAR /var/lib/m2m" },
	{ "interfaces", say_commands, "ip -s -d link;ip addr" },
	{ "rules", say_commands, "ip rule;ip -6 rule" },
	{ "routes", say_commands, "ip route show table all;ip -6 route show table all" },
	{ "resolver", say_commands, "cat /etc/resolv.conf;resolvectl --no-pager status" },
	{ "managers", say_managers },
	{ "clock", say_clock },
	{ NULL }
};

const struct support_part support_modem_parts[] = {
	{ "status.json", say_verb, "status" },
	{ "sim.json", say_verb, "sim show" },
	{ "signal.json", say_verb, "signal" },
	{ "pdn.json", say_verb, "pdn show" },
	{ "frames", say_ring, "" },
	{ NULL }
};

const struct support_part support_modems = { "modems", say_modems };
