// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns what may be asked of m2m-helper, and the asking. */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "helper.h"

#define USB_PATH_MAX	31
#define USB_NUMBER_MAX	255
#define USB_DEPTH_MAX	7	/* hubs behind hubs, and the device */
#define NAME_MAX_LEN	64
#define SECONDS_MAX_LEN	10	/* until 2286 */

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#endif

/* --- words ------------------------------------------------------------------ */

/* Digits of a number of the bus or of a port, no zero in front */
static const char *skip_number(const char *c)
{
	char *end;

	if (*c < '1' || *c > '9' || strtoul(c, &end, 10) > USB_NUMBER_MAX)
		return NULL;
	return end;
}

static bool is_usb_path(const char *word)
{
	const char *c = strlen(word) <= USB_PATH_MAX ? skip_number(word) : NULL;
	int depth = 0;

	if (!c || *c != '-')
		return false;
	do {
		c = skip_number(c + 1);
		if (!c || ++depth > USB_DEPTH_MAX)
			return false;
	} while (*c == '.');
	return !*c;
}

static bool is_of(const char *word, size_t max, const char *besides)
{
	size_t len = strlen(word);

	for (const char *c = word; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr(besides, *c))
			return false;
	return len && len <= max;
}

static bool is_netns(const char *word)
{
	return is_of(word, NAME_MAX_LEN, "._-") && *word != '.';
}

static bool is_event(const char *word)
{
	return is_of(word, NAME_MAX_LEN, "-") && *word != '-';
}

static bool is_seconds(const char *word)
{
	size_t len = strspn(word, "0123456789");

	return len && len <= SECONDS_MAX_LEN && !word[len] && *word != '0';
}

/* What hooks are told; a name that is not here would be another program's */
static bool is_variable(const char *word)
{
	static const char * const keys[] = {
		"CAUSE", "IMEI", "INTERFACE", "PDN", "STATE", "USB_PATH",
	};
	const char *equals = strchr(word, '=');

	for (size_t i = 0; equals && i < ARRAY_SIZE(keys); i++)
		if (strlen(keys[i]) == (size_t)(equals - word) &&
		    !strncmp(keys[i], word, equals - word))
			return is_of(equals + 1, HELPER_VALUE_MAX, "._:@-");
	return false;
}

/* --- requests --------------------------------------------------------------- */

static const struct {
	const char *word, *key;
	bool (*first)(const char *word);	/* NULL: no words */
	bool (*others)(const char *word);	/* NULL: one word */
} verbs[HELPER_VERBS] = {
	[HELPER_PORT_POWER] = { "port-power", "PortPower", is_usb_path },
	[HELPER_NETNS] = { "netns", "NetNS", is_netns },
	[HELPER_RESOLV_FILE] = { "resolv-file", "ResolvFile" },
	[HELPER_HOOK] = { "hook", "Hook", is_event, is_variable },
	[HELPER_SET_CLOCK] = { "set-clock", "SetClock", is_seconds },
	[HELPER_REBOOT] = { "reboot", "Reboot" },
};

const char *helper_verb_word(enum helper_verb verb)
{
	return verbs[verb].word;
}

const char *helper_verb_key(enum helper_verb verb)
{
	return verbs[verb].key;
}

/* Words with one blank between them, and none elsewhere */
static int split(struct helper_request *request, char **ret_verb)
{
	char *rest = request->text;

	*ret_verb = strsep(&rest, " ");
	while (rest) {
		if (request->n_words == HELPER_WORDS_MAX)
			return -EINVAL;
		request->words[request->n_words++] = strsep(&rest, " ");
	}
	return 0;
}

static bool are_fit(const struct helper_request *request)
{
	unsigned int verb = request->verb;

	if (!verbs[verb].first)
		return !request->n_words;
	if (!request->n_words || !verbs[verb].first(request->words[0]))
		return false;
	for (unsigned int i = 1; i < request->n_words; i++)
		if (!verbs[verb].others || !verbs[verb].others(request->words[i]))
			return false;
	return true;
}

int helper_parse(const void *packet, size_t len, struct helper_request *ret,
		 struct m2m_error *error)
{
	const unsigned char *bytes = packet;
	char *verb;

	if (len > HELPER_PACKET_MAX)
		return m2m_error_set(error, -EMSGSIZE, "a request has %d bytes at most",
				     HELPER_PACKET_MAX);
	for (size_t i = 0; i < len; i++)
		if (bytes[i] < ' ' || bytes[i] > '~')
			return m2m_error_set(error, -EINVAL,
					     "a request is printable ASCII");
	memset(ret, 0, sizeof(*ret));
	memcpy(ret->text, packet, len);
	if (split(ret, &verb))
		return m2m_error_set(error, -EINVAL, "a request has %d words at most",
				     HELPER_WORDS_MAX + 1);
	while (ret->verb < HELPER_VERBS && strcmp(verb, verbs[ret->verb].word))
		ret->verb++;
	if (ret->verb == HELPER_VERBS)
		return m2m_error_set(error, -EINVAL, "there is no such verb");
	if (!are_fit(ret))
		return m2m_error_set(error, -EINVAL, "%s does not take these words",
				     verbs[ret->verb].word);
	return 0;
}

bool helper_resolv_is_fit(const char *text, size_t len)
{
	static const char key[] = "nameserver ";
	struct in6_addr addr;
	char line[64];

	if (memchr(text, '\0', len))
		return false;
	for (const char *end; len; len -= end + 1 - text, text = end + 1) {
		end = memchr(text, '\n', len);
		if (end && *text == '#')
			continue;
		if (!end || (size_t)(end - text) >= sizeof(line))
			return false;
		memcpy(line, text, end - text);
		line[end - text] = '\0';
		if (strncmp(line, key, strlen(key)) ||
		    (inet_pton(AF_INET, line + strlen(key), &addr) != 1 &&
		     inet_pton(AF_INET6, line + strlen(key), &addr) != 1))
			return false;
	}
	return true;
}

int helper_port_path(const char *root, const char *usb_path, char *ret, size_t size)
{
	const char *dash = strchr(usb_path, '-'), *dot = strrchr(usb_path, '.');
	int n;

	/* the hub is a device itself, or the root of its bus */
	if (dot)
		n = snprintf(ret, size, "%s/sys/bus/usb/devices/%.*s:1.0/%.*s-port%s", root,
			     (int)(dot - usb_path), usb_path, (int)(dot - usb_path),
			     usb_path, dot + 1);
	else
		n = snprintf(ret, size, "%s/sys/bus/usb/devices/%.*s-0:1.0/usb%.*s-port%s",
			     root, (int)(dash - usb_path), usb_path,
			     (int)(dash - usb_path), usb_path, dash + 1);
	return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}

/* --- asking ----------------------------------------------------------------- */

int helper_send(const char *socket_path, const char *request, struct m2m_error *error)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd, err;

	if (strlen(socket_path) >= sizeof(addr.sun_path))
		return m2m_error_set(error, -ENAMETOOLONG, "%s is too long a name",
				     socket_path);
	memcpy(addr.sun_path, socket_path, strlen(socket_path));
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && !connect(fd, (struct sockaddr *)&addr, sizeof(addr)) &&
	    send(fd, request, strlen(request), MSG_NOSIGNAL) >= 0)
		return fd;
	err = -errno;
	if (fd >= 0)
		close(fd);
	return m2m_error_set(error, err, "m2m-helper cannot be asked at %s: %s",
			     socket_path, strerror(-err));
}

/* Descriptors of a message to @fds; what there is no place for is closed */
static void take_fds(struct msghdr *msg, int *fds)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		int fd;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < n; i++) {
			memcpy(&fd, CMSG_DATA(c) + i * sizeof(fd), sizeof(fd));
			if (fds && i < HELPER_FDS)
				fds[i] = fd;
			else
				close(fd);
		}
	}
}

int helper_receive(int fd, int *fds, struct m2m_error *error)
{
	char text[HELPER_PACKET_MAX + 1], control[CMSG_SPACE(HELPER_FDS * sizeof(int))];
	struct iovec iov = { text, HELPER_PACKET_MAX };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	ssize_t n = recvmsg(fd, &msg, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	const char *sentence;

	for (int i = 0; fds && i < HELPER_FDS; i++)
		fds[i] = -1;
	if (n <= 0)
		return m2m_error_set(error, -ECONNRESET, "m2m-helper does not answer");
	take_fds(&msg, fds);
	text[n] = '\0';
	if (!strcmp(text, "ok"))
		return 0;
	sentence = strchr(text, ' ');
	return m2m_error_set(error, strncmp(text, "refused ", 8) ? -EIO : -EPERM,
			     "m2m-helper: %s", sentence ? sentence + 1 : text);
}
