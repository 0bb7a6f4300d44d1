// SPDX-License-Identifier: GPL-2.0-or-later
/* What users of the netlink family do, in a call each. */
#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <unistd.h>

#include "client.h"
#include "harness.h"
#include "waiting.h"

#define ANSWER_MS	15000
#define NOBODY		65534

/* --- ports -------------------------------------------------------------------- */

struct search {
	const char *name;
	uint32_t id;
};

static void compare(const struct genl_msg *msg, void *arg)
{
	struct search *search = arg;
	const char *name = genl_string(msg, M2M_WWAN_A_PORT_CHARDEV);

	if (name && !strcmp(name, search->name))
		search->id = genl_u32(msg, M2M_WWAN_A_PORT_ID);
}

uint32_t port_find(struct genl *genl)
{
	const char *path = getenv("M2M_WDM");
	struct search search = { 0 };
	struct genl_msg msg;

	if (!path || !strrchr(path, '/'))
		SKIP("M2M_WDM names no device");
	search.name = strrchr(path, '/') + 1;
	genl_new(genl, &msg, M2M_WWAN_CMD_PORT_GET);
	ASSERT_EQ(0, genl_dump(genl, &msg, compare, &search));
	ASSERT_NE(0, search.id);
	return search.id;
}

int port_get(struct genl *genl, uint32_t port, struct genl_msg *ret_msg)
{
	struct genl_msg msg;

	genl_new(genl, &msg, M2M_WWAN_CMD_PORT_GET);
	genl_add_u32(&msg, M2M_WWAN_A_PORT_ID, port);
	return genl_do(genl, &msg, ret_msg);
}

static const struct nlattr *next_attr(const struct nlattr *attr)
{
	return (const struct nlattr *)((const uint8_t *)attr +
				       NLA_ALIGN(attr->nla_len));
}

/* A counter's value if the nest has this name, else false. */
static bool is_counter(const struct nlattr *nest, const char *name,
		       uint64_t *ret_value)
{
	const uint8_t *end = (const uint8_t *)nest + nest->nla_len;
	const struct nlattr *attr = nest + 1;
	bool found = false;

	for (; (const uint8_t *)attr < end; attr = next_attr(attr)) {
		if (attr->nla_type == M2M_WWAN_A_COUNTER_NAME)
			found = !strcmp((const char *)(attr + 1), name);
		if (attr->nla_type == M2M_WWAN_A_COUNTER_VALUE)
			memcpy(ret_value, attr + 1, sizeof(*ret_value));
	}
	return found;
}

uint64_t port_counter(struct genl *genl, uint32_t port, const char *name)
{
	const struct nlattr *attr;
	struct genl_msg msg;
	const uint8_t *end;
	uint64_t value = 0;

	ASSERT_EQ(0, port_get(genl, port, &msg));
	attr = (const struct nlattr *)(msg.data + NLMSG_HDRLEN + 4);
	end = msg.data + msg.len;
	for (; (const uint8_t *)attr < end; attr = next_attr(attr))
		if ((attr->nla_type & NLA_TYPE_MASK) == M2M_WWAN_A_PORT_COUNTER &&
		    is_counter(attr, name, &value))
			return value;
	harness_fail(__FILE__, __LINE__, true, "no counter %s", name);
	return 0;
}

int port_lease(struct genl *genl, uint32_t port, bool take)
{
	struct genl_msg msg;

	genl_new(genl, &msg, M2M_WWAN_CMD_LEASE);
	genl_add_u32(&msg, M2M_WWAN_A_CONTROL_PORT_ID, port);
	genl_add_u8(&msg, M2M_WWAN_A_CONTROL_LEASE, take);
	return genl_do(genl, &msg, NULL);
}

/* --- clients ------------------------------------------------------------------ */

int client_open(struct genl *genl, uint32_t port, uint8_t service,
		const char *name, uint32_t *ret_handle)
{
	struct genl_msg msg, reply;
	int ret;

	genl_new(genl, &msg, M2M_WWAN_CMD_CLIENT_OPEN);
	genl_add_u32(&msg, M2M_WWAN_A_CLIENT_PORT_ID, port);
	genl_add_u8(&msg, M2M_WWAN_A_CLIENT_SERVICE, service);
	if (name) {
		genl_add(&msg, M2M_WWAN_A_CLIENT_KEEP, NULL, 0);
		genl_add_string(&msg, M2M_WWAN_A_CLIENT_NAME, name);
	}
	ret = genl_do(genl, &msg, &reply);
	if (ret)
		return ret;
	EXPECT_EQ(M2M_WWAN_CMD_CLIENT_OPEN, genl_cmd(&reply));
	EXPECT_EQ(port, genl_u32(&reply, M2M_WWAN_A_CLIENT_PORT_ID));
	*ret_handle = genl_u32(&reply, M2M_WWAN_A_CLIENT_HANDLE);
	return 0;
}

static void wait_cmd(struct genl *genl, uint8_t cmd, struct genl_msg *ret_msg)
{
	struct deadline deadline = deadline_in(ANSWER_MS);

	do {
		if (!genl_receive(genl, ret_msg, deadline_left(&deadline)))
			harness_fail(__FILE__, __LINE__, true,
				     "no message of command %u came", cmd);
	} while (genl_cmd(ret_msg) != cmd);
}

void client_opened(struct genl *genl, uint32_t handle, struct genl_msg *ret_msg)
{
	do {
		wait_cmd(genl, M2M_WWAN_CMD_CLIENT_OPEN, ret_msg);
	} while (genl_u32(ret_msg, M2M_WWAN_A_CLIENT_HANDLE) != handle);
}

uint32_t client_new(struct genl *genl, uint32_t port, uint8_t service,
		    const char *name, uint8_t *ret_cid)
{
	struct genl_msg msg;
	uint32_t handle;

	ASSERT_EQ(0, client_open(genl, port, service, name, &handle));
	client_opened(genl, handle, &msg);
	ASSERT_FALSE(genl_has(&msg, M2M_WWAN_A_CLIENT_FAILURE));
	ASSERT_EQ(service, genl_u8(&msg, M2M_WWAN_A_CLIENT_SERVICE));
	if (ret_cid)
		*ret_cid = genl_u8(&msg, M2M_WWAN_A_CLIENT_CID);
	return handle;
}

int client_close(struct genl *genl, uint32_t port, uint32_t handle, bool release)
{
	struct genl_msg msg;

	genl_new(genl, &msg, M2M_WWAN_CMD_CLIENT_CLOSE);
	genl_add_u32(&msg, M2M_WWAN_A_CLIENT_PORT_ID, port);
	genl_add_u32(&msg, M2M_WWAN_A_CLIENT_HANDLE, handle);
	if (release)
		genl_add(&msg, M2M_WWAN_A_CLIENT_RELEASE, NULL, 0);
	return genl_do(genl, &msg, NULL);
}

int client_send(struct genl *genl, uint32_t port, uint32_t handle,
		const struct frame *frame, uint32_t timeout_ms, uint16_t *ret_tid)
{
	struct genl_msg msg, reply;
	int ret;

	genl_new(genl, &msg, M2M_WWAN_CMD_SEND);
	genl_add_u32(&msg, M2M_WWAN_A_MESSAGE_PORT_ID, port);
	genl_add_u32(&msg, M2M_WWAN_A_MESSAGE_HANDLE, handle);
	genl_add(&msg, M2M_WWAN_A_MESSAGE_FRAME, frame->data, frame->len);
	if (timeout_ms)
		genl_add_u32(&msg, M2M_WWAN_A_MESSAGE_TIMEOUT_MS, timeout_ms);
	ret = genl_do(genl, &msg, &reply);
	if (ret)
		return ret;
	EXPECT_EQ(M2M_WWAN_CMD_SEND, genl_cmd(&reply));
	EXPECT_EQ(handle, genl_u32(&reply, M2M_WWAN_A_MESSAGE_HANDLE));
	*ret_tid = genl_u16(&reply, M2M_WWAN_A_MESSAGE_TRANSACTION);
	return 0;
}

void client_receive(struct genl *genl, struct genl_msg *ret_msg)
{
	wait_cmd(genl, M2M_WWAN_CMD_RECEIVE, ret_msg);
}

int client_call(struct genl *genl, uint32_t port, uint32_t handle,
		uint8_t service, uint16_t msgid)
{
	struct frame request, answer;
	struct genl_msg msg;
	uint16_t tid;

	frame_request(&request, service, 0, 0, msgid);
	ASSERT_EQ(0, client_send(genl, port, handle, &request, 0, &tid));
	do {
		client_receive(genl, &msg);
	} while (!genl_has(&msg, M2M_WWAN_A_MESSAGE_TRANSACTION) ||
		 genl_u32(&msg, M2M_WWAN_A_MESSAGE_HANDLE) != handle ||
		 genl_u16(&msg, M2M_WWAN_A_MESSAGE_TRANSACTION) != tid);
	ASSERT_FALSE(genl_has(&msg, M2M_WWAN_A_MESSAGE_FAILURE));
	genl_frame(&msg, &answer);
	EXPECT_EQ(service, frame_service(&answer));
	EXPECT_EQ(msgid, frame_msgid(&answer));
	return frame_error(&answer);
}

void event_wait(struct genl *genl, uint32_t port, uint32_t kind,
		struct genl_msg *ret_msg)
{
	struct deadline deadline = deadline_in(ANSWER_MS);

	do {
		if (!genl_receive(genl, ret_msg, deadline_left(&deadline)))
			harness_fail(__FILE__, __LINE__, true,
				     "no event %u of port %u came", kind, port);
	} while (genl_cmd(ret_msg) != M2M_WWAN_CMD_EVENT ||
		 genl_u32(ret_msg, M2M_WWAN_A_EVENT_KIND) != kind ||
		 (port && genl_u32(ret_msg, M2M_WWAN_A_EVENT_PORT_ID) != port));
}

void become_nobody(void)
{
	ASSERT_EQ(0, setgroups(0, NULL));
	ASSERT_EQ(0, setresgid(NOBODY, NOBODY, NOBODY));
	ASSERT_EQ(0, setresuid(NOBODY, NOBODY, NOBODY));
}
