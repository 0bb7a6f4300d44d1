// SPDX-License-Identifier: GPL-2.0-or-later
/* Netlink: every wrong, missing, oversized or unknown attribute is refused. */
#include <errno.h>
#include <kselftest_harness.h>
#include <stdio.h>

#include "../lib/client.h"
#include "../lib/harness.h"
#include "../lib/modem.h"
#include "../lib/wdm.h"

static struct genl genl;
static uint32_t port, handle;

void harness_before(void)
{
	modem_fresh();
	genl_open(&genl);
	port = port_find(&genl);
	handle = client_new(&genl, port, DMS, NULL, NULL);
}

/* What a value is; @number says more. */
enum kind {
	END, PORT, HANDLE, U8, U16, U32, FLAG, TEXT, BARE_TEXT, LONG_TEXT, FRAME,
	LONG_FRAME, GARBAGE, EMPTY, NESTED_PORT,
};

struct value {
	enum kind kind;
	unsigned int type;
	uint32_t number;
};

/**
 * struct row - a request that is refused
 * @what: is wrong with it
 * @cmd: of the request
 * @dump: it is one
 * @error: errno; 0: EINVAL or ERANGE, as the core's checks have it
 * @attr: that is to blame, or missing, 0: none
 * @values: of the request, in order
 */
struct row {
	const char *what;
	uint8_t cmd;
	bool dump;
	int error;
	unsigned int attr;
	struct value values[5];
};

static void add_frame(struct genl_msg *msg, const struct value *value)
{
	struct frame frame;

	frame_request(&frame, value->number ? value->number : DMS, 1, 1,
		      DMS_GET_IDS);
	if (value->kind == LONG_FRAME)
		frame_pad(&frame, FRAME_MAX + 1);
	genl_add(msg, value->type, frame.data, frame.len);
}

static void add(struct genl_msg *msg, const struct value *value)
{
	uint16_t u16 = value->number;
	char text[64] = "";

	switch (value->kind) {
	case END:
		break;
	case PORT:
		genl_add_u32(msg, value->type, port);
		break;
	case NESTED_PORT:
		genl_add_u32(msg, value->type | NLA_F_NESTED, port);
		break;
	case HANDLE:
		genl_add_u32(msg, value->type, handle);
		break;
	case U8:
		genl_add_u8(msg, value->type, value->number);
		break;
	case U16:
		genl_add(msg, value->type, &u16, sizeof(u16));
		break;
	case U32:
		genl_add_u32(msg, value->type, value->number);
		break;
	case FLAG:
	case EMPTY:
		genl_add(msg, value->type, NULL, 0);
		break;
	case TEXT:
		genl_add_string(msg, value->type, "name");
		break;
	case BARE_TEXT:
		genl_add(msg, value->type, "name", 4);
		break;
	case LONG_TEXT:
		memset(text, 'x', M2M_WWAN_NAME_MAX + 1);
		genl_add_string(msg, value->type, text);
		break;
	case FRAME:
	case LONG_FRAME:
		add_frame(msg, value);
		break;
	case GARBAGE:
		genl_add(msg, value->type, "\x01garbage garbage", 16);
		break;
	}
}

static void ignore(const struct genl_msg *msg, void *arg)
{
}

static void expect_refusal(const struct row *row)
{
	const struct value *value;
	struct genl_msg msg;
	int ret;

	genl_new(&genl, &msg, row->cmd);
	for (value = row->values; value->kind; value++)
		add(&msg, value);
	if (row->dump)
		ret = genl_dump(&genl, &msg, ignore, NULL);
	else
		ret = genl_do(&genl, &msg, NULL);
	printf("# %s: %d \"%s\" (%u)\n", row->what, ret, genl.error, genl.attr);
	if (row->error)
		EXPECT_EQ(-row->error, ret);
	else
		EXPECT_TRUE(ret == -EINVAL || ret == -ERANGE);
	EXPECT_TRUE(genl.error[0]);
	/* What a dump finds out itself ends in a message that, in 6.1, lacks it. */
	if (!row->dump || genl.attr || !row->error || row->attr != 1)
		EXPECT_EQ(row->attr, genl.attr);
}

static void expect_refusals(const struct row *rows, size_t n)
{
	long commands = modem_commands();
	size_t i;

	for (i = 0; i < n; i++)
		expect_refusal(&rows[i]);
	/* None of it reached the modem, or did harm. */
	EXPECT_EQ(commands, modem_commands());
	EXPECT_EQ(0, client_call(&genl, port, handle, DMS, DMS_GET_IDS));
}

/* Above every attribute set */
#define UNKNOWN	200

/* What is the same for all commands; their port's number is attribute 1. */
static void expect_common_refusals(uint8_t cmd, bool dump)
{
	const struct row rows[] = {
		{ "a port that is not there", cmd, dump, ENODEV, 1,
		  { { U32, 1, 0xfffffff0 } } },
		{ "port 0", cmd, dump, ENODEV, 1, { { U32, 1, 0 } } },
		{ "a port of 1 byte", cmd, dump, 0, 1, { { U8, 1, 1 } } },
		{ "a port of 2 bytes", cmd, dump, 0, 1, { { U16, 1, 1 } } },
		{ "an empty port", cmd, dump, 0, 1, { { EMPTY, 1 } } },
		{ "a port of 16 bytes", cmd, dump, 0, 1, { { GARBAGE, 1 } } },
		{ "a port that says nested", cmd, dump, 0, 1,
		  { { NESTED_PORT, 1 } } },
		{ "an unknown attribute", cmd, dump, EINVAL, UNKNOWN,
		  { { PORT, 1 }, { U32, UNKNOWN, 1 } } },
		{ "attribute 0", cmd, dump, EINVAL, 0,
		  { { PORT, 1 }, { U32, 0, 1 } } },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct row row = rows[i];
		struct value *value = row.values;

		/* Behind what the command wants first */
		while (value->kind)
			value++;
		if (cmd == M2M_WWAN_CMD_CLIENT_OPEN)
			*value = (struct value){ U8, M2M_WWAN_A_CLIENT_SERVICE, DMS };
		else if (cmd == M2M_WWAN_CMD_CLIENT_CLOSE)
			*value = (struct value){ HANDLE, M2M_WWAN_A_CLIENT_HANDLE };
		else if (cmd == M2M_WWAN_CMD_LEASE)
			*value = (struct value){ U8, M2M_WWAN_A_CONTROL_LEASE, 1 };
		else if (cmd == M2M_WWAN_CMD_RESET)
			*value = (struct value){ U32, M2M_WWAN_A_CONTROL_RESET, 0 };
		else if (cmd == M2M_WWAN_CMD_TX_AGGR)
			*value = (struct value){ U32,
				M2M_WWAN_A_CONTROL_TX_MAX_SIZE, 4096 };
		if (cmd == M2M_WWAN_CMD_SEND) {
			*value++ = (struct value){ HANDLE,
				M2M_WWAN_A_MESSAGE_HANDLE };
			*value = (struct value){ FRAME, M2M_WWAN_A_MESSAGE_FRAME };
		}
		expect_refusal(&row);
	}
}

TEST(ports_that_are_none)
{
	expect_common_refusals(M2M_WWAN_CMD_PORT_GET, false);
	expect_common_refusals(M2M_WWAN_CMD_CLIENT_GET, true);
	expect_common_refusals(M2M_WWAN_CMD_CLIENT_OPEN, false);
	expect_common_refusals(M2M_WWAN_CMD_CLIENT_CLOSE, false);
	expect_common_refusals(M2M_WWAN_CMD_SEND, false);
	expect_common_refusals(M2M_WWAN_CMD_LEASE, false);
	expect_common_refusals(M2M_WWAN_CMD_RESET, false);
	expect_common_refusals(M2M_WWAN_CMD_TX_AGGR, false);
	expect_common_refusals(M2M_WWAN_CMD_RING_GET, true);
	EXPECT_EQ(0, client_call(&genl, port, handle, DMS, DMS_GET_IDS));
}

/* A dump of ports is of all of them. */
TEST(a_dump_of_one_port)
{
	static const struct row rows[] = {
		{ "a dump of a port", M2M_WWAN_CMD_PORT_GET, true, EINVAL, 1,
		  { { PORT, 1 } } },
		{ "of a port that is not there", M2M_WWAN_CMD_PORT_GET, true,
		  EINVAL, 1, { { U32, 1, 0xfffffff0 } } },
		{ "with an unknown attribute", M2M_WWAN_CMD_PORT_GET, true,
		  EINVAL, UNKNOWN, { { U32, UNKNOWN, 1 } } },
	};

	expect_refusals(rows, ARRAY_SIZE(rows));
}

TEST(no_port_at_all)
{
	static const struct row rows[] = {
		{ "port-get", M2M_WWAN_CMD_PORT_GET, false, EINVAL, 1 },
		{ "client-get", M2M_WWAN_CMD_CLIENT_GET, true, EINVAL, 1 },
		{ "client-open", M2M_WWAN_CMD_CLIENT_OPEN, false, EINVAL, 1,
		  { { U8, M2M_WWAN_A_CLIENT_SERVICE, DMS } } },
		{ "client-close", M2M_WWAN_CMD_CLIENT_CLOSE, false, EINVAL, 1,
		  { { HANDLE, M2M_WWAN_A_CLIENT_HANDLE } } },
		{ "send", M2M_WWAN_CMD_SEND, false, EINVAL, 1,
		  { { HANDLE, M2M_WWAN_A_MESSAGE_HANDLE },
		    { FRAME, M2M_WWAN_A_MESSAGE_FRAME } } },
		{ "lease", M2M_WWAN_CMD_LEASE, false, EINVAL, 1,
		  { { U8, M2M_WWAN_A_CONTROL_LEASE, 1 } } },
		{ "reset", M2M_WWAN_CMD_RESET, false, EINVAL, 1,
		  { { U32, M2M_WWAN_A_CONTROL_RESET, 0 } } },
		{ "tx-aggr", M2M_WWAN_CMD_TX_AGGR, false, EINVAL, 1,
		  { { U32, M2M_WWAN_A_CONTROL_TX_MAX_SIZE, 4096 } } },
		{ "ring-get", M2M_WWAN_CMD_RING_GET, true, EINVAL, 1 },
	};

	expect_refusals(rows, ARRAY_SIZE(rows));
}

#define OPEN_ROW(what, error, attr, ...) \
	{ what, M2M_WWAN_CMD_CLIENT_OPEN, false, error, attr, \
	  { { PORT, 1 }, __VA_ARGS__ } }

TEST(the_opening_of_clients)
{
	static const struct row rows[] = {
		OPEN_ROW("no service", EINVAL, M2M_WWAN_A_CLIENT_SERVICE, { END }),
		OPEN_ROW("a service of 2 bytes", 0, M2M_WWAN_A_CLIENT_SERVICE,
			 { U16, M2M_WWAN_A_CLIENT_SERVICE, DMS }),
		OPEN_ROW("keep without a name", EINVAL, M2M_WWAN_A_CLIENT_KEEP,
			 { U8, M2M_WWAN_A_CLIENT_SERVICE, DMS },
			 { FLAG, M2M_WWAN_A_CLIENT_KEEP }),
		OPEN_ROW("a name without keep", EINVAL, M2M_WWAN_A_CLIENT_NAME,
			 { U8, M2M_WWAN_A_CLIENT_SERVICE, DMS },
			 { TEXT, M2M_WWAN_A_CLIENT_NAME }),
		OPEN_ROW("an empty name", EINVAL, M2M_WWAN_A_CLIENT_NAME,
			 { U8, M2M_WWAN_A_CLIENT_SERVICE, DMS },
			 { FLAG, M2M_WWAN_A_CLIENT_KEEP },
			 { U8, M2M_WWAN_A_CLIENT_NAME, 0 }),
		OPEN_ROW("a name without its end", 0, M2M_WWAN_A_CLIENT_NAME,
			 { U8, M2M_WWAN_A_CLIENT_SERVICE, DMS },
			 { FLAG, M2M_WWAN_A_CLIENT_KEEP },
			 { BARE_TEXT, M2M_WWAN_A_CLIENT_NAME }),
		OPEN_ROW("a name of 32 characters", 0, M2M_WWAN_A_CLIENT_NAME,
			 { U8, M2M_WWAN_A_CLIENT_SERVICE, DMS },
			 { FLAG, M2M_WWAN_A_CLIENT_KEEP },
			 { LONG_TEXT, M2M_WWAN_A_CLIENT_NAME }),
		OPEN_ROW("a name of no bytes", 0, M2M_WWAN_A_CLIENT_NAME,
			 { U8, M2M_WWAN_A_CLIENT_SERVICE, DMS },
			 { FLAG, M2M_WWAN_A_CLIENT_KEEP },
			 { EMPTY, M2M_WWAN_A_CLIENT_NAME }),
		OPEN_ROW("a keep with a value", 0, M2M_WWAN_A_CLIENT_KEEP,
			 { U8, M2M_WWAN_A_CLIENT_SERVICE, DMS },
			 { U8, M2M_WWAN_A_CLIENT_KEEP, 1 },
			 { TEXT, M2M_WWAN_A_CLIENT_NAME }),
		/* What only the kernel says */
		OPEN_ROW("a client id", EINVAL, M2M_WWAN_A_CLIENT_CID,
			 { U8, M2M_WWAN_A_CLIENT_SERVICE, DMS },
			 { U8, M2M_WWAN_A_CLIENT_CID, 1 }),
		OPEN_ROW("a handle", EINVAL, M2M_WWAN_A_CLIENT_HANDLE,
			 { U8, M2M_WWAN_A_CLIENT_SERVICE, DMS },
			 { U32, M2M_WWAN_A_CLIENT_HANDLE, 1 }),
		OPEN_ROW("an owner", EINVAL, M2M_WWAN_A_CLIENT_OWNER,
			 { U8, M2M_WWAN_A_CLIENT_SERVICE, DMS },
			 { U32, M2M_WWAN_A_CLIENT_OWNER, 1 }),
	};

	expect_refusals(rows, ARRAY_SIZE(rows));
}

#define CLOSE_ROW(what, error, attr, ...) \
	{ what, M2M_WWAN_CMD_CLIENT_CLOSE, false, error, attr, \
	  { { PORT, 1 }, __VA_ARGS__ } }

TEST(the_closing_of_clients)
{
	static const struct row rows[] = {
		CLOSE_ROW("no handle", EINVAL, M2M_WWAN_A_CLIENT_HANDLE, { END }),
		CLOSE_ROW("a handle that nobody has", ENOENT,
			  M2M_WWAN_A_CLIENT_HANDLE,
			  { U32, M2M_WWAN_A_CLIENT_HANDLE, 0xffffff }),
		CLOSE_ROW("handle 0", ENOENT, M2M_WWAN_A_CLIENT_HANDLE,
			  { U32, M2M_WWAN_A_CLIENT_HANDLE, 0 }),
		CLOSE_ROW("a handle of 1 byte", 0, M2M_WWAN_A_CLIENT_HANDLE,
			  { U8, M2M_WWAN_A_CLIENT_HANDLE, 1 }),
		CLOSE_ROW("a release with a value", 0, M2M_WWAN_A_CLIENT_RELEASE,
			  { HANDLE, M2M_WWAN_A_CLIENT_HANDLE },
			  { U32, M2M_WWAN_A_CLIENT_RELEASE, 1 }),
		CLOSE_ROW("a name", EINVAL, M2M_WWAN_A_CLIENT_NAME,
			  { HANDLE, M2M_WWAN_A_CLIENT_HANDLE },
			  { TEXT, M2M_WWAN_A_CLIENT_NAME }),
	};

	expect_refusals(rows, ARRAY_SIZE(rows));
}

#define SEND_ROW(what, error, attr, ...) \
	{ what, M2M_WWAN_CMD_SEND, false, error, attr, \
	  { { PORT, 1 }, __VA_ARGS__ } }

TEST(the_sending_of_frames)
{
	static const struct row rows[] = {
		SEND_ROW("no handle", EINVAL, M2M_WWAN_A_MESSAGE_HANDLE,
			 { FRAME, M2M_WWAN_A_MESSAGE_FRAME }),
		SEND_ROW("no frame", EINVAL, M2M_WWAN_A_MESSAGE_FRAME,
			 { HANDLE, M2M_WWAN_A_MESSAGE_HANDLE }),
		SEND_ROW("a handle that nobody has", ENOENT,
			 M2M_WWAN_A_MESSAGE_HANDLE,
			 { U32, M2M_WWAN_A_MESSAGE_HANDLE, 0xffffff },
			 { FRAME, M2M_WWAN_A_MESSAGE_FRAME }),
		SEND_ROW("a frame of another service", EINVAL,
			 M2M_WWAN_A_MESSAGE_FRAME,
			 { HANDLE, M2M_WWAN_A_MESSAGE_HANDLE },
			 { FRAME, M2M_WWAN_A_MESSAGE_FRAME, NAS }),
		SEND_ROW("garbage", EINVAL, M2M_WWAN_A_MESSAGE_FRAME,
			 { HANDLE, M2M_WWAN_A_MESSAGE_HANDLE },
			 { GARBAGE, M2M_WWAN_A_MESSAGE_FRAME }),
		SEND_ROW("an empty frame", EINVAL, M2M_WWAN_A_MESSAGE_FRAME,
			 { HANDLE, M2M_WWAN_A_MESSAGE_HANDLE },
			 { EMPTY, M2M_WWAN_A_MESSAGE_FRAME }),
		SEND_ROW("a frame of 4097 bytes", 0, M2M_WWAN_A_MESSAGE_FRAME,
			 { HANDLE, M2M_WWAN_A_MESSAGE_HANDLE },
			 { LONG_FRAME, M2M_WWAN_A_MESSAGE_FRAME }),
		SEND_ROW("no time at all", 0, M2M_WWAN_A_MESSAGE_TIMEOUT_MS,
			 { HANDLE, M2M_WWAN_A_MESSAGE_HANDLE },
			 { FRAME, M2M_WWAN_A_MESSAGE_FRAME },
			 { U32, M2M_WWAN_A_MESSAGE_TIMEOUT_MS, 0 }),
		SEND_ROW("more than ten minutes", 0,
			 M2M_WWAN_A_MESSAGE_TIMEOUT_MS,
			 { HANDLE, M2M_WWAN_A_MESSAGE_HANDLE },
			 { FRAME, M2M_WWAN_A_MESSAGE_FRAME },
			 { U32, M2M_WWAN_A_MESSAGE_TIMEOUT_MS, 600001 }),
		SEND_ROW("a time of 1 byte", 0, M2M_WWAN_A_MESSAGE_TIMEOUT_MS,
			 { HANDLE, M2M_WWAN_A_MESSAGE_HANDLE },
			 { FRAME, M2M_WWAN_A_MESSAGE_FRAME },
			 { U8, M2M_WWAN_A_MESSAGE_TIMEOUT_MS, 1 }),
		SEND_ROW("a transaction", EINVAL, M2M_WWAN_A_MESSAGE_TRANSACTION,
			 { HANDLE, M2M_WWAN_A_MESSAGE_HANDLE },
			 { FRAME, M2M_WWAN_A_MESSAGE_FRAME },
			 { U16, M2M_WWAN_A_MESSAGE_TRANSACTION, 1 }),
	};

	expect_refusals(rows, ARRAY_SIZE(rows));
}

#define CONTROL_ROW(what, cmd, error, attr, ...) \
	{ what, M2M_WWAN_CMD_##cmd, false, error, attr, \
	  { { PORT, 1 }, __VA_ARGS__ } }

TEST(lease_reset_and_limits)
{
	static const struct row rows[] = {
		CONTROL_ROW("no lease", LEASE, EINVAL, M2M_WWAN_A_CONTROL_LEASE,
			    { END }),
		CONTROL_ROW("lease 2", LEASE, 0, M2M_WWAN_A_CONTROL_LEASE,
			    { U8, M2M_WWAN_A_CONTROL_LEASE, 2 }),
		CONTROL_ROW("a lease of 4 bytes", LEASE, 0,
			    M2M_WWAN_A_CONTROL_LEASE,
			    { U32, M2M_WWAN_A_CONTROL_LEASE, 1 }),
		CONTROL_ROW("a lease and a reset", LEASE, EINVAL,
			    M2M_WWAN_A_CONTROL_RESET,
			    { U8, M2M_WWAN_A_CONTROL_LEASE, 1 },
			    { U32, M2M_WWAN_A_CONTROL_RESET, 0 }),
		CONTROL_ROW("no reset", RESET, EINVAL, M2M_WWAN_A_CONTROL_RESET,
			    { END }),
		CONTROL_ROW("reset 1", RESET, 0, M2M_WWAN_A_CONTROL_RESET,
			    { U32, M2M_WWAN_A_CONTROL_RESET, 1 }),
		CONTROL_ROW("no limit", TX_AGGR, EINVAL,
			    M2M_WWAN_A_CONTROL_TX_MAX_SIZE, { END }),
		CONTROL_ROW("1023 bytes", TX_AGGR, 0,
			    M2M_WWAN_A_CONTROL_TX_MAX_SIZE,
			    { U32, M2M_WWAN_A_CONTROL_TX_MAX_SIZE, 1023 }),
		CONTROL_ROW("65537 bytes", TX_AGGR, 0,
			    M2M_WWAN_A_CONTROL_TX_MAX_SIZE,
			    { U32, M2M_WWAN_A_CONTROL_TX_MAX_SIZE, 65537 }),
		CONTROL_ROW("no datagram", TX_AGGR, 0,
			    M2M_WWAN_A_CONTROL_TX_MAX_DATAGRAMS,
			    { U32, M2M_WWAN_A_CONTROL_TX_MAX_DATAGRAMS, 0 }),
		CONTROL_ROW("65 datagrams", TX_AGGR, 0,
			    M2M_WWAN_A_CONTROL_TX_MAX_DATAGRAMS,
			    { U32, M2M_WWAN_A_CONTROL_TX_MAX_SIZE, 4096 },
			    { U32, M2M_WWAN_A_CONTROL_TX_MAX_DATAGRAMS, 65 }),
	};

	expect_refusals(rows, ARRAY_SIZE(rows));
}

TEST(bytes_after_the_last_attribute)
{
	struct genl_msg msg;

	genl_new(&genl, &msg, M2M_WWAN_CMD_PORT_GET);
	genl_add_u32(&msg, M2M_WWAN_A_PORT_ID, port);
	memset(msg.data + msg.len, 0, 4);
	msg.len += 2;
	EXPECT_EQ(-EINVAL, genl_do(&genl, &msg, NULL));
	EXPECT_TRUE(genl.error[0]);
}

TEST(commands_that_are_none)
{
	static const uint8_t cmds[] = {
		0, M2M_WWAN_CMD_EVENT, M2M_WWAN_CMD_RECEIVE, M2M_WWAN_CMD_TAP,
		M2M_WWAN_CMD_CLIENT_GET, M2M_WWAN_CMD_RING_GET, 99,
	};
	struct genl_msg msg;
	size_t i;

	/* As a do; there is no such thing, or only a dump. */
	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		genl_new(&genl, &msg, cmds[i]);
		genl_add_u32(&msg, 1, port);
		EXPECT_EQ(-EOPNOTSUPP, genl_do(&genl, &msg, NULL));
	}
}

/* The limits themselves are fine. */
TEST(limits_are_accepted)
{
	static const uint32_t sizes[] = { 1024, 65536 }, counts[] = { 1, 64 };
	char name[M2M_WWAN_NAME_MAX + 1] = "";
	struct frame request;
	struct genl_msg msg;
	uint32_t longest;
	uint16_t tid;
	int i;

	for (i = 0; i < 2; i++) {
		genl_new(&genl, &msg, M2M_WWAN_CMD_TX_AGGR);
		genl_add_u32(&msg, M2M_WWAN_A_CONTROL_PORT_ID, port);
		genl_add_u32(&msg, M2M_WWAN_A_CONTROL_TX_MAX_SIZE, sizes[i]);
		genl_add_u32(&msg, M2M_WWAN_A_CONTROL_TX_MAX_DATAGRAMS, counts[i]);
		EXPECT_EQ(0, genl_do(&genl, &msg, NULL));
	}
	memset(name, 'n', M2M_WWAN_NAME_MAX);
	longest = client_new(&genl, port, NAS, name, NULL);
	EXPECT_EQ(0, client_close(&genl, port, longest, true));
	frame_request(&request, DMS, 0, 0, DMS_GET_IDS);
	frame_pad(&request, FRAME_MAX);
	EXPECT_EQ(0, client_send(&genl, port, handle, &request,
				 M2M_WWAN_TIMEOUT_MS_MAX, &tid));
	client_receive(&genl, &msg);
	EXPECT_EQ(tid, genl_u16(&msg, M2M_WWAN_A_MESSAGE_TRANSACTION));
}

TEST_HARNESS_MAIN
