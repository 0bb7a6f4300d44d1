/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What m2md and m2m-helper say to each other: a packet each way, of words. */
#ifndef M2M_HELPER_H
#define M2M_HELPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

/*
 * DOC: The protocol
 *
 * A connection (AF_UNIX, SOCK_SEQPACKET) carries one request and one answer, a packet of
 * printable ASCII each:
 *
 *   port-power 1-1.4                     off, a while, on again
 *   netns NAME                           the answer brings two descriptors: the
 *                                        namespace, and a route netlink socket in it
 *   resolv-file                          /run/m2m/resolv.conf becomes the host's
 *   hook EVENT [KEY=VALUE]...            KEY becomes M2M_KEY in the environment
 *   set-clock SECONDS                    since 1970, UTC
 *   reboot
 *
 *   ok
 *   refused SENTENCE                     nothing was done
 *   failed SENTENCE                      it was tried
 */

#define HELPER_SOCKET		"/run/m2m/helper.sock"
#define HELPER_PACKET_MAX	1024
#define HELPER_WORDS_MAX	12
#define HELPER_FDS		2	/* of netns: the namespace, its socket */
#define HELPER_VALUE_MAX	64

enum helper_verb {
	HELPER_PORT_POWER,
	HELPER_NETNS,
	HELPER_RESOLV_FILE,
	HELPER_HOOK,
	HELPER_SET_CLOCK,
	HELPER_REBOOT,
	HELPER_VERBS,
};

/* A request that may be carried out as far as its words go */
struct helper_request {
	enum helper_verb verb;
	unsigned int n_words;			/* after the verb */
	const char *words[HELPER_WORDS_MAX];	/* in text */
	char text[HELPER_PACKET_MAX + 1];
};

/**
 * helper_parse() - judge a request
 * @packet: as it came; not trusted
 * @len: of @packet
 * @ret: written on success only
 * @error: why not; quotes nothing of @packet
 *
 * Return: 0, -EMSGSIZE, or -EINVAL.
 */
int helper_parse(const void *packet, size_t len, struct helper_request *ret,
		 struct m2m_error *error);

/* helper_verb_word() - "port-power"; helper_verb_key() - "PortPower", in [Helper] */
const char *helper_verb_word(enum helper_verb verb);
const char *helper_verb_key(enum helper_verb verb);

/* helper_resolv_is_fit() - nothing but lines "nameserver ADDRESS" and comments */
bool helper_resolv_is_fit(const char *text, size_t len);

/**
 * helper_port_path() - where sysfs has the hub's port a USB device is in
 * @root: of the host, ""
 * @usb_path: "1-1.4", checked by helper_parse()
 * @ret: ".../1-1:1.0/1-1-port4"
 * @size: of @ret
 *
 * Return: 0, or -ENAMETOOLONG.
 */
int helper_port_path(const char *root, const char *usb_path, char *ret, size_t size);

/**
 * helper_send() - put a request to the helper
 * @socket: its path
 * @request: the words
 * @error: filled on failure
 *
 * Does not wait. Return: a descriptor to poll for reading and to give to
 * helper_receive(), which the caller closes; or a negative errno.
 */
int helper_send(const char *socket, const char *request, struct m2m_error *error);

/**
 * helper_receive() - take the answer
 * @fd: of helper_send(), readable
 * @fds: HELPER_FDS descriptors that came with it, the caller's, or -1; may be NULL
 * @error: the helper's sentence
 *
 * Return: 0, -EPERM if it was refused, -EIO if it failed, -ECONNRESET without an answer.
 */
int helper_receive(int fd, int *fds, struct m2m_error *error);

#endif /* M2M_HELPER_H */
