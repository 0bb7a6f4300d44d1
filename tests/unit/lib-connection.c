// SPDX-License-Identifier: GPL-2.0-or-later
/* What tools/lib finds of a connection, whatever its modem says, or does not. */
#include <errno.h>
#include <glib.h>
#include <kselftest_harness.h>
#include <linux/m2m_wwan.h>
#include <stdlib.h>

#include "../../tools/lib/connection.h"
#include "../lib/harness.h"

/* What the modem says of the calls of IPv4 and IPv6: an errno, or a status */
static struct {
	int err;
	uint8_t status;
} says[PDN_FAMILIES];
static int login_err;
static uint16_t login_refusal;
static int settings_err, settings_then;	/* then: after a wait */
static struct wds_settings settings;
static unsigned int waits;

/* Stands for a client: that of a family */
static struct m2m_client *client(enum pdn_family f)
{
	return (struct m2m_client *)(uintptr_t)(f + 1);
}

static enum pdn_family family_of(struct m2m_client *wds)
{
	return (uintptr_t)wds - 1;
}

int __wrap_port_refresh(struct m2m_nl *nl, struct port *port, struct m2m_error *error);
int __wrap_port_refresh(struct m2m_nl *nl, struct port *port, struct m2m_error *error)
{
	return 0;
}

int __wrap_port_clients(struct m2m_nl *nl, uint32_t id, struct port_client **ret, size_t *ret_n,
			struct m2m_error *error);
int __wrap_port_clients(struct m2m_nl *nl, uint32_t id, struct port_client **ret, size_t *ret_n,
			struct m2m_error *error)
{
	*ret = calloc(PDN_FAMILIES, sizeof(**ret));
	*ret_n = PDN_FAMILIES;
	for (int f = 0; f < PDN_FAMILIES; f++) {
		(*ret)[f].owner = M2M_WWAN_OWNER_KEPT;
		pdn_keep_name("wan", f, (*ret)[f].name);
	}
	return 0;
}

int __wrap_rt_link_get(struct m2m_nl *rt, const char *name, unsigned int ifindex,
		       struct rt_link *ret, struct m2m_error *error);
int __wrap_rt_link_get(struct m2m_nl *rt, const char *name, unsigned int ifindex,
		       struct rt_link *ret, struct m2m_error *error)
{
	*ret = (struct rt_link) { .ifindex = 9, .mux_id = 1, .flags = IFF_UP };
	g_strlcpy(ret->alias, "m2m pdn=wan v4=0x00000001 v6=0x00000002", sizeof(ret->alias));
	return 0;
}

int __wrap_m2m_client_open(struct m2m_qmi *qmi, uint8_t service, const char *keep,
			   struct m2m_client **ret, struct m2m_error *error);
int __wrap_m2m_client_open(struct m2m_qmi *qmi, uint8_t service, const char *keep,
			   struct m2m_client **ret, struct m2m_error *error)
{
	*ret = client(g_str_has_suffix(keep, "/4") ? PDN_V4 : PDN_V6);
	return 0;
}

void __wrap_m2m_client_close(struct m2m_client *wds, bool release);
void __wrap_m2m_client_close(struct m2m_client *wds, bool release)
{
	EXPECT_FALSE(release);
}

int __wrap_wds_packet_status_get(struct m2m_client *wds, struct wds_packet_status *ret,
				 struct m2m_error *error);
int __wrap_wds_packet_status_get(struct m2m_client *wds, struct wds_packet_status *ret,
				 struct m2m_error *error)
{
	enum pdn_family f = family_of(wds);

	*ret = (struct wds_packet_status) { .status = says[f].status };
	return says[f].err ? m2m_error_set(error, says[f].err, "so it says") : 0;
}

int __wrap_wds_settings_get(struct m2m_client *wds, struct wds_settings *ret,
			    struct m2m_error *error);
int __wrap_wds_settings_get(struct m2m_client *wds, struct wds_settings *ret,
			    struct m2m_error *error)
{
	if (settings_then && waits)
		return m2m_error_set(error, settings_then, "no answer");
	*ret = settings;
	/* such an answer tells nothing else either */
	if (settings_err == -ENODATA)
		*ret = (struct wds_settings) { 0 };
	return settings_err ? m2m_error_set(error, settings_err, "no settings") : 0;
}

int __wrap_wds_login_get(struct m2m_client *wds, struct wds_login *ret, struct m2m_error *error);
int __wrap_wds_login_get(struct m2m_client *wds, struct wds_login *ret, struct m2m_error *error)
{
	if (login_err) {
		m2m_error_set(error, login_err, "no login");
		error->qmi = login_refusal;
		return login_err;
	}
	*ret = (struct wds_login) { .has_user = true, .user = "bob" };
	return 0;
}

struct m2m_qmi *__wrap_m2m_client_qmi(const struct m2m_client *wds);
struct m2m_qmi *__wrap_m2m_client_qmi(const struct m2m_client *wds)
{
	return NULL;
}

/* Nobody is asked whether it is done: the time is over */
int __wrap_m2m_qmi_wait(struct m2m_qmi *qmi, unsigned int ms, void *is_done, void *data);
int __wrap_m2m_qmi_wait(struct m2m_qmi *qmi, unsigned int ms, void *is_done, void *data)
{
	waits++;
	return -ETIMEDOUT;
}

static int find(struct connection *ret)
{
	struct port port = { .n_links = 1, .links = { { .ifindex = 9, .mux_id = 1 } } };
	struct connector c = { .port = &port };

	return connection_find(&c, "wan", ret);
}

TEST(a_call_is_up_or_down_or_not_known)
{
	static const struct {
		int err;
		uint8_t status;
		bool up, unknown;
	} rows[] = {
		{ 0, WDS_CONNECTED, true },
		{ 0, WDS_DISCONNECTED },
		{ 0, WDS_AUTHENTICATING },
		/* it has none, or knows nothing of who asks any more */
		{ -ENOTCONN }, { -ESTALE }, { -ECONNRESET },
		/* lost, refused, not ready, without sense */
		{ -ETIMEDOUT, .unknown = true }, { -EREMOTEIO, .unknown = true },
		{ -EAGAIN, .unknown = true }, { -EOPNOTSUPP, .unknown = true },
		{ -EBADMSG, .unknown = true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct connection pdn;

		says[PDN_V4].err = rows[i].err;
		says[PDN_V4].status = rows[i].status;
		says[PDN_V6].status = WDS_CONNECTED;
		ASSERT_EQ(0, find(&pdn));
		EXPECT_EQ(rows[i].up, pdn.call[PDN_V4].up);
		EXPECT_EQ(rows[i].unknown, pdn.call[PDN_V4].unknown);
		EXPECT_EQ(rows[i].err, pdn.call[PDN_V4].error.err);
		/* of the other one nothing else is believed for that */
		EXPECT_TRUE(pdn.call[PDN_V6].up);
		EXPECT_FALSE(pdn.call[PDN_V6].unknown);
		connection_close(&pdn);
	}
}

TEST(a_call_without_settings_is_up)
{
	struct connection pdn;

	says[PDN_V4].status = WDS_CONNECTED;
	says[PDN_V6].status = WDS_CONNECTED;
	settings_err = -ETIMEDOUT;
	ASSERT_EQ(0, find(&pdn));
	EXPECT_TRUE(pdn.call[PDN_V4].up && pdn.call[PDN_V6].up);
	EXPECT_STREQ("", pdn.call[PDN_V4].settings.apn);
	connection_close(&pdn);
}

TEST(a_signal_ends_it)
{
	struct connection pdn;

	says[PDN_V4].err = -EINTR;
	EXPECT_EQ(-EINTR, find(&pdn));
	connection_close(&pdn);
}

/* Who refuses to tell does not tell; who does not answer has told nothing yet */
TEST(a_login_that_is_not_told)
{
	struct connector c = { 0 };
	struct connection pdn;

	says[PDN_V4].status = WDS_CONNECTED;
	ASSERT_EQ(0, find(&pdn));
	login_err = -EOPNOTSUPP;
	login_refusal = 94;
	EXPECT_EQ(0, connection_logins(&c, &pdn));
	EXPECT_FALSE(pdn.call[PDN_V4].login.has_user);
	login_err = -ETIMEDOUT;
	login_refusal = 0;
	EXPECT_EQ(-ETIMEDOUT, connection_logins(&c, &pdn));
	login_err = 0;
	EXPECT_EQ(0, connection_logins(&c, &pdn));
	EXPECT_STREQ("bob", pdn.call[PDN_V4].login.user);
	connection_close(&pdn);
}

/* What was an address is none any more when the modem says so, and not when it is mute */
TEST(a_call_that_gets_another_address)
{
	struct connection pdn;

	says[PDN_V4].status = WDS_CONNECTED;
	says[PDN_V6].status = WDS_CONNECTED;
	settings.has_v4 = true;
	settings.addr4.s_addr = g_htonl(0x0a000002);
	ASSERT_EQ(0, find(&pdn));
	settings.addr4.s_addr = g_htonl(0x0a000003);
	EXPECT_EQ(0, connection_settings(&pdn, PDN_V4));
	EXPECT_EQ(g_htonl(0x0a000003), pdn.call[PDN_V4].settings.addr4.s_addr);
	settings_err = -ETIMEDOUT;
	EXPECT_EQ(-ETIMEDOUT, connection_settings(&pdn, PDN_V4));
	EXPECT_EQ(g_htonl(0x0a000003), pdn.call[PDN_V4].settings.addr4.s_addr);
	EXPECT_EQ(0, waits);
	/* it may come a little later */
	settings_err = -ENODATA;
	EXPECT_EQ(-ENODATA, connection_settings(&pdn, PDN_V4));
	EXPECT_LE(1, waits);
	EXPECT_EQ(g_htonl(0x0a000003), pdn.call[PDN_V4].settings.addr4.s_addr);
	/* nor is it emptied by a modem that stops to answer meanwhile */
	waits = 0;
	settings_then = -ETIMEDOUT;
	EXPECT_EQ(-ETIMEDOUT, connection_settings(&pdn, PDN_V4));
	EXPECT_EQ(1, waits);
	EXPECT_EQ(g_htonl(0x0a000003), pdn.call[PDN_V4].settings.addr4.s_addr);
	settings_then = 0;
	/* one of the other family is none */
	settings_err = 0;
	EXPECT_EQ(-ENODATA, connection_settings(&pdn, PDN_V6));
	/* nor is nonsense */
	settings.addr4.s_addr = 0;
	EXPECT_EQ(-ENODATA, connection_settings(&pdn, PDN_V4));
	connection_close(&pdn);
}

TEST_HARNESS_MAIN
