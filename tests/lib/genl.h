/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Raw generic netlink: tests must be able to send what a library refuses. */
#ifndef TESTS_GENL_H
#define TESTS_GENL_H

#include <linux/m2m_wwan.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"

#define GENL_MESSAGE_MAX	(64 * 1024)
#define GENL_QUEUE_MAX		64

/* A message; also a request under construction. */
struct genl_msg {
	size_t len;
	union {
		struct nlmsghdr header;
		uint8_t data[GENL_MESSAGE_MAX];
	};
};

/**
 * struct genl - a socket
 * @fd: descriptor
 * @family: number of the family
 * @error: sentence of the last refusal, "" if there was none
 * @attr: type of the attribute that it blames or misses, 0 if none
 * @queue: unicast messages and events that came between
 */
struct genl {
	int fd;
	uint16_t family;
	uint32_t seq;
	char error[256];
	unsigned int attr;
	struct genl_msg *queue[GENL_QUEUE_MAX];
	unsigned int n_queue;
};

/* False if the family is not there. */
bool genl_try_open(struct genl *genl);
/* Ends the test if it is not. */
void genl_open(struct genl *genl);
void genl_close(struct genl *genl);
uint32_t genl_portid(const struct genl *genl);
/* Joins a group; returns 0 or a negative errno. */
int genl_join(struct genl *genl, const char *group);

void genl_new(struct genl *genl, struct genl_msg *msg, uint8_t cmd);
void genl_add(struct genl_msg *msg, unsigned int type, const void *value, size_t len);
void genl_add_u8(struct genl_msg *msg, unsigned int type, uint8_t value);
void genl_add_u32(struct genl_msg *msg, unsigned int type, uint32_t value);
void genl_add_string(struct genl_msg *msg, unsigned int type, const char *value);

/*
 * Sends @msg and waits for its end. Returns 0 or the kernel's negative errno,
 * then @genl->error and @genl->attr say why. @ret_reply may be NULL.
 */
int genl_do(struct genl *genl, struct genl_msg *msg, struct genl_msg *ret_reply);
/* As a dump; @each is called for each message. */
int genl_dump(struct genl *genl, struct genl_msg *msg,
	      void (*each)(const struct genl_msg *msg, void *arg), void *arg);
/* The next message that nobody asked for; false: none within @ms. */
bool genl_receive(struct genl *genl, struct genl_msg *ret_msg, int ms);
/* None comes within @ms, which are not stretched: who is slow proves less. */
bool genl_is_quiet(struct genl *genl, int ms);

uint8_t genl_cmd(const struct genl_msg *msg);
/* Value of the first attribute of @type, or NULL. */
const void *genl_find(const struct genl_msg *msg, unsigned int type,
		      size_t *ret_len);
bool genl_has(const struct genl_msg *msg, unsigned int type);
/* Ends the test if it is missing or of another size. */
uint32_t genl_u32(const struct genl_msg *msg, unsigned int type);
uint16_t genl_u16(const struct genl_msg *msg, unsigned int type);
uint8_t genl_u8(const struct genl_msg *msg, unsigned int type);
const char *genl_string(const struct genl_msg *msg, unsigned int type);
void genl_frame(const struct genl_msg *msg, struct frame *ret_frame);

#endif /* TESTS_GENL_H */
