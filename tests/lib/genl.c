// SPDX-License-Identifier: GPL-2.0-or-later
/* Raw generic netlink for tests. */
#include <errno.h>
#include <linux/genetlink.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "genl.h"
#include "harness.h"
#include "waiting.h"

#define ANSWER_MS	5000
#define HEAD_LEN	(NLMSG_HDRLEN + GENL_HDRLEN)

/* --- attributes ------------------------------------------------------------ */

static void start(struct genl_msg *msg, uint16_t family, uint8_t cmd)
{
	struct genlmsghdr *genl = NLMSG_DATA(&msg->header);

	memset(msg, 0, offsetof(struct genl_msg, data) + HEAD_LEN);
	msg->len = HEAD_LEN;
	msg->header.nlmsg_type = family;
	msg->header.nlmsg_flags = NLM_F_REQUEST;
	genl->cmd = cmd;
	genl->version = 1;
}

void genl_new(struct genl *genl, struct genl_msg *msg, uint8_t cmd)
{
	start(msg, genl->family, cmd);
}

void genl_add(struct genl_msg *msg, unsigned int type, const void *value, size_t len)
{
	struct nlattr *attr = (struct nlattr *)(msg->data + msg->len);

	ASSERT_LE(msg->len + NLA_HDRLEN + NLA_ALIGN(len), sizeof(msg->data));
	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + len;
	memset((uint8_t *)attr + NLA_HDRLEN, 0, NLA_ALIGN(len));
	if (len)
		memcpy((uint8_t *)attr + NLA_HDRLEN, value, len);
	msg->len += NLA_HDRLEN + NLA_ALIGN(len);
}

void genl_add_u8(struct genl_msg *msg, unsigned int type, uint8_t value)
{
	genl_add(msg, type, &value, sizeof(value));
}

void genl_add_u32(struct genl_msg *msg, unsigned int type, uint32_t value)
{
	genl_add(msg, type, &value, sizeof(value));
}

void genl_add_string(struct genl_msg *msg, unsigned int type, const char *value)
{
	genl_add(msg, type, value, strlen(value) + 1);
}

static const struct nlattr *find_in(const uint8_t *data, size_t len,
				    unsigned int type)
{
	while (len >= NLA_HDRLEN) {
		const struct nlattr *attr = (const struct nlattr *)data;
		size_t size = NLA_ALIGN(attr->nla_len);

		ASSERT_LE(NLA_HDRLEN, attr->nla_len);
		ASSERT_LE(attr->nla_len, len);
		if ((attr->nla_type & NLA_TYPE_MASK) == type)
			return attr;
		data += size < len ? size : len;
		len -= size < len ? size : len;
	}
	return NULL;
}

const void *genl_find(const struct genl_msg *msg, unsigned int type,
		      size_t *ret_len)
{
	const struct nlattr *attr = find_in(msg->data + HEAD_LEN,
					    msg->len - HEAD_LEN, type);

	if (!attr)
		return NULL;
	if (ret_len)
		*ret_len = attr->nla_len - NLA_HDRLEN;
	return (const uint8_t *)attr + NLA_HDRLEN;
}

bool genl_has(const struct genl_msg *msg, unsigned int type)
{
	return genl_find(msg, type, NULL);
}

static void get(const struct genl_msg *msg, unsigned int type, void *value,
		size_t size)
{
	size_t len = 0;
	const void *data = genl_find(msg, type, &len);

	if (!data || len != size)
		harness_fail(__FILE__, __LINE__, true,
			     "attribute %u of command %u has %zu bytes, not %zu",
			     type, genl_cmd(msg), len, size);
	memcpy(value, data, size);
}

uint32_t genl_u32(const struct genl_msg *msg, unsigned int type)
{
	uint32_t value;

	get(msg, type, &value, sizeof(value));
	return value;
}

uint16_t genl_u16(const struct genl_msg *msg, unsigned int type)
{
	uint16_t value;

	get(msg, type, &value, sizeof(value));
	return value;
}

uint8_t genl_u8(const struct genl_msg *msg, unsigned int type)
{
	uint8_t value;

	get(msg, type, &value, sizeof(value));
	return value;
}

const char *genl_string(const struct genl_msg *msg, unsigned int type)
{
	size_t len = 0;
	const char *text = genl_find(msg, type, &len);

	return text && len && !text[len - 1] ? text : NULL;
}

void genl_frame(const struct genl_msg *msg, struct frame *ret_frame)
{
	size_t len = 0;
	const void *data = genl_find(msg, M2M_WWAN_A_MESSAGE_FRAME, &len);

	ASSERT_TRUE(data);
	ASSERT_LE(len, sizeof(ret_frame->data));
	memcpy(ret_frame->data, data, len);
	ret_frame->len = len;
	ASSERT_TRUE(frame_is_whole(ret_frame));
}

uint8_t genl_cmd(const struct genl_msg *msg)
{
	return ((const struct genlmsghdr *)NLMSG_DATA(&msg->header))->cmd;
}

/* --- the socket -------------------------------------------------------------- */

static void copy(struct genl_msg *to, const struct nlmsghdr *from)
{
	to->len = from->nlmsg_len;
	memcpy(to->data, from, from->nlmsg_len);
}

static void keep(struct genl *genl, const struct nlmsghdr *header)
{
	struct genl_msg *msg;

	ASSERT_LT(genl->n_queue, GENL_QUEUE_MAX);
	msg = malloc(offsetof(struct genl_msg, data) + header->nlmsg_len);
	ASSERT_TRUE(msg);
	copy(msg, header);
	genl->queue[genl->n_queue++] = msg;
}

/*
 * The sentence, and which attribute of @request it is about or misses; they follow @head
 * bytes of payload.
 */
static void read_refusal(struct genl *genl, const struct nlmsghdr *header,
			 size_t head, const struct genl_msg *request)
{
	const uint8_t *tlvs = (const uint8_t *)header + NLMSG_HDRLEN + head;
	const struct nlattr *attr;
	uint32_t offset;

	if (!(header->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	head += NLMSG_HDRLEN;
	attr = find_in(tlvs, header->nlmsg_len - head, NLMSGERR_ATTR_MSG);
	if (attr)
		snprintf(genl->error, sizeof(genl->error), "%s",
			 (const char *)attr + NLA_HDRLEN);
	attr = find_in(tlvs, header->nlmsg_len - head, NLMSGERR_ATTR_MISS_TYPE);
	if (attr) {
		memcpy(&genl->attr, (const uint8_t *)attr + NLA_HDRLEN,
		       sizeof(uint32_t));
		return;
	}
	attr = find_in(tlvs, header->nlmsg_len - head, NLMSGERR_ATTR_OFFS);
	if (!attr)
		return;
	memcpy(&offset, (const uint8_t *)attr + NLA_HDRLEN, sizeof(offset));
	ASSERT_LE(offset + NLA_HDRLEN, request->len);
	attr = (const struct nlattr *)(request->data + offset);
	genl->attr = attr->nla_type & NLA_TYPE_MASK;
}

struct exchange {
	const struct genl_msg *request;
	struct genl_msg *reply;
	void (*each)(const struct genl_msg *msg, void *arg);
	void *arg;
	bool over;
	int ret;
};

static void take_part(struct exchange *exchange, const struct nlmsghdr *header)
{
	struct genl_msg *msg;

	if (exchange->reply)
		copy(exchange->reply, header);
	if (!exchange->each)
		return;
	msg = malloc(sizeof(*msg));
	ASSERT_TRUE(msg);
	copy(msg, header);
	exchange->each(msg, exchange->arg);
	free(msg);
}

static void take(struct genl *genl, struct exchange *exchange,
		 const struct nlmsghdr *header)
{
	const struct nlmsgerr *error = NLMSG_DATA(header);

	if (!exchange || header->nlmsg_seq != genl->seq) {
		if (header->nlmsg_type == genl->family)
			keep(genl, header);
	} else if (header->nlmsg_type == NLMSG_ERROR) {
		exchange->over = true;
		exchange->ret = error->error;
		if (error->error)
			read_refusal(genl, header, sizeof(*error),
				     exchange->request);
	} else if (header->nlmsg_type == NLMSG_DONE) {
		exchange->over = true;
		memcpy(&exchange->ret, NLMSG_DATA(header), sizeof(int));
		if (exchange->ret)
			read_refusal(genl, header, sizeof(int),
				     exchange->request);
	} else {
		take_part(exchange, header);
	}
}

/* One datagram; false: none within @ms. */
static bool pump(struct genl *genl, struct exchange *exchange, int ms)
{
	static uint8_t buf[GENL_MESSAGE_MAX] __attribute__((aligned(4)));
	struct pollfd pollfd = { .fd = genl->fd, .events = POLLIN };
	const struct nlmsghdr *header = (const struct nlmsghdr *)buf;
	ssize_t n;

	if (poll(&pollfd, 1, ms) != 1)
		return false;
	n = recv(genl->fd, buf, sizeof(buf), 0);
	if (n < 0 && errno == ENOBUFS)
		return true;
	ASSERT_LT(0, n);
	for (; NLMSG_OK(header, (size_t)n); header = NLMSG_NEXT(header, n))
		take(genl, exchange, header);
	return true;
}

static int exchange_run(struct genl *genl, struct genl_msg *msg, int flags,
			struct exchange *exchange)
{
	struct deadline deadline = deadline_in(ANSWER_MS);

	msg->header.nlmsg_len = msg->len;
	msg->header.nlmsg_seq = ++genl->seq;
	msg->header.nlmsg_flags = NLM_F_REQUEST | flags;
	genl->error[0] = '\0';
	genl->attr = 0;
	exchange->request = msg;
	if (send(genl->fd, msg->data, msg->len, 0) < 0)
		return -errno;
	while (!exchange->over)
		if (!pump(genl, exchange, deadline_left(&deadline)))
			harness_fail(__FILE__, __LINE__, true,
				     "no answer to command %u", genl_cmd(msg));
	return exchange->ret;
}

int genl_do(struct genl *genl, struct genl_msg *msg, struct genl_msg *ret_reply)
{
	struct exchange exchange = { .reply = ret_reply };

	return exchange_run(genl, msg, NLM_F_ACK, &exchange);
}

int genl_dump(struct genl *genl, struct genl_msg *msg,
	      void (*each)(const struct genl_msg *msg, void *arg), void *arg)
{
	struct exchange exchange = { .each = each, .arg = arg };

	return exchange_run(genl, msg, NLM_F_DUMP, &exchange);
}

bool genl_receive(struct genl *genl, struct genl_msg *ret_msg, int ms)
{
	struct deadline deadline = deadline_in(ms);
	struct genl_msg *msg;

	while (!genl->n_queue)
		if (!pump(genl, NULL, deadline_left(&deadline)))
			return false;
	msg = genl->queue[0];
	genl->n_queue--;
	memmove(genl->queue, genl->queue + 1,
		genl->n_queue * sizeof(genl->queue[0]));
	memcpy(ret_msg, msg, offsetof(struct genl_msg, data) + msg->len);
	free(msg);
	return true;
}

bool genl_is_quiet(struct genl *genl, int ms)
{
	while (!genl->n_queue)
		if (!pump(genl, NULL, ms))
			return true;
	return false;
}

static int ask_controller(struct genl *genl, struct genl_msg *ret_reply)
{
	struct genl_msg *msg = malloc(sizeof(*msg));
	int ret;

	ASSERT_TRUE(msg);
	start(msg, GENL_ID_CTRL, CTRL_CMD_GETFAMILY);
	genl_add_string(msg, CTRL_ATTR_FAMILY_NAME, M2M_WWAN_FAMILY_NAME);
	ret = genl_do(genl, msg, ret_reply);
	free(msg);
	return ret;
}

void genl_close(struct genl *genl)
{
	while (genl->n_queue)
		free(genl->queue[--genl->n_queue]);
	close(genl->fd);
	genl->fd = -1;
}

bool genl_try_open(struct genl *genl)
{
	struct genl_msg *reply = malloc(sizeof(*reply));
	struct sockaddr_nl address = { .nl_family = AF_NETLINK };
	int one = 1;
	bool there;

	ASSERT_TRUE(reply);
	memset(genl, 0, sizeof(*genl));
	genl->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	ASSERT_LE(0, genl->fd);
	ASSERT_EQ(0, bind(genl->fd, (struct sockaddr *)&address, sizeof(address)));
	setsockopt(genl->fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	setsockopt(genl->fd, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));
	setsockopt(genl->fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &one, sizeof(one));
	there = !ask_controller(genl, reply);
	if (there)
		genl->family = genl_u16(reply, CTRL_ATTR_FAMILY_ID);
	else
		genl_close(genl);
	free(reply);
	return there;
}

void genl_open(struct genl *genl)
{
	ASSERT_TRUE(genl_try_open(genl));
}

uint32_t genl_portid(const struct genl *genl)
{
	struct sockaddr_nl address;
	socklen_t len = sizeof(address);

	ASSERT_EQ(0, getsockname(genl->fd, (struct sockaddr *)&address, &len));
	return address.nl_pid;
}

/* The number of a group in the controller's answer, or 0. */
static uint32_t group_number(const struct genl_msg *reply, const char *name)
{
	size_t len = 0;
	const uint8_t *groups = genl_find(reply, CTRL_ATTR_MCAST_GROUPS, &len);
	const struct nlattr *group, *attr;
	uint32_t number;

	for (; groups && len >= NLA_HDRLEN;) {
		const uint8_t *inner = groups + NLA_HDRLEN;
		size_t size, inner_len;

		group = (const struct nlattr *)groups;
		inner_len = group->nla_len - NLA_HDRLEN;
		attr = find_in(inner, inner_len, CTRL_ATTR_MCAST_GRP_NAME);
		if (attr && !strcmp((const char *)attr + NLA_HDRLEN, name)) {
			attr = find_in(inner, inner_len, CTRL_ATTR_MCAST_GRP_ID);
			ASSERT_TRUE(attr);
			memcpy(&number, (const uint8_t *)attr + NLA_HDRLEN, 4);
			return number;
		}
		size = NLA_ALIGN(group->nla_len);
		groups += size;
		len -= size < len ? size : len;
	}
	return 0;
}

int genl_join(struct genl *genl, const char *group)
{
	struct genl_msg *reply = malloc(sizeof(*reply));
	uint32_t number;
	int ret;

	ASSERT_TRUE(reply);
	ASSERT_EQ(0, ask_controller(genl, reply));
	number = group_number(reply, group);
	free(reply);
	ASSERT_NE(0, number);
	ret = setsockopt(genl->fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &number,
			 sizeof(number));
	return ret ? -errno : 0;
}
