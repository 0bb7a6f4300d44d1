// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What becomes of a call that was made before m2md, where the modem does not say whether it
 * is up, and of one that ends: session-find.c and session-call.c, with a modem of one kept
 * client and one link.
 */
#include <errno.h>
#include <glib.h>
#include <kselftest_harness.h>
#include <linux/m2m_wwan.h>
#include <stdlib.h>
#include <string.h>

#include "../../tools/daemon/clock.h"
#include "../../tools/daemon/dns.h"
#include "../../tools/daemon/plan.h"
#include "../../tools/daemon/policy.h"
#include "../../tools/daemon/session-call.h"
#include "../../tools/daemon/session.h"
#include "../../tools/daemon/tell.h"
#include "../../tools/daemon/unit.h"
#include "../lib/harness.h"

#define CLIENT	((struct m2m_client *)1)

static struct {
	bool kept;		/* the driver has the client */
	bool mute;		/* the modem does not answer it; a new one it does */
	bool up;		/* its call */
	bool link;
	unsigned int released, dialled;
} modem;

static struct plan_pdn pdn = { .name = "wan", .apn = (char *)"internet", .v4 = true };
static struct plan plan = { .refs = 1, .managed = true, .n_pdns = 1 };
static struct session session;
static int64_t now = 1000 * SECOND;
static struct event told[8];
static unsigned int n_told;

/* --- what a session has around it ------------------------------------------------ */

int64_t clock_ms(void)
{
	return now;
}

int64_t clock_wait_ns(int64_t ms)
{
	return ms * 1000000;
}

void say(enum say_level level, const char *format, ...)
{
}

void tell_complaint(struct tell *tell, enum say_level level, const char *format, ...)
{
}

void dns_unset(struct dns *dns, unsigned int ifindex)
{
}

struct plan *plan_ref(struct plan *p)
{
	return p;
}

void plan_unref(struct plan *p)
{
}

int plan_secret(const char *path, char *ret, size_t size, struct m2m_error *error)
{
	return -ENOENT;
}

struct dns *unit_dns(const struct unit *unit)
{
	return NULL;
}

const char *unit_name(const struct unit *unit)
{
	return "";
}

struct tell *unit_tell(struct unit *unit)
{
	return NULL;
}

struct plan *unit_plan(const struct unit *unit)
{
	return &plan;
}

const struct plan_pdn *unit_plan_pdn(const struct unit *unit, unsigned int index)
{
	return index ? NULL : &pdn;
}

const char *unit_apn(const struct unit *unit, unsigned int index, unsigned int apn)
{
	return pdn.apn;
}

const struct apn_found *unit_login(const struct unit *unit, const char *apn)
{
	return NULL;
}

bool session_lock(struct session *s, unsigned int lane)
{
	return true;
}

void session_unlock(struct session *s, unsigned int lane)
{
}

/* The job that is to be run, and how often one was asked for */
static session_fn job;
static unsigned int n_jobs;

void session_run(struct session *s, unsigned int lane, session_fn fn,
		 const struct action *action)
{
	job = fn;
	n_jobs++;
}

int session_netns(struct call *call, const struct plan_pdn *p, struct m2m_error *error)
{
	return 0;
}

void session_tell_dns(struct call *call)
{
}

void session_tell(struct session *s, const struct event *event)
{
	ASSERT_LT(n_told, ARRAY_SIZE(told));
	told[n_told++] = *event;
}

/* --- the driver, the host and the modem ------------------------------------------ */

int __wrap_port_refresh(struct m2m_nl *nl, struct port *port, struct m2m_error *error);
int __wrap_port_refresh(struct m2m_nl *nl, struct port *port, struct m2m_error *error)
{
	port->n_links = modem.link;
	port->links[0].ifindex = 9;
	port->links[0].mux_id = 1;
	return 0;
}

int __wrap_port_clients(struct m2m_nl *nl, uint32_t id, struct port_client **ret, size_t *ret_n,
			struct m2m_error *error);
int __wrap_port_clients(struct m2m_nl *nl, uint32_t id, struct port_client **ret, size_t *ret_n,
			struct m2m_error *error)
{
	*ret = calloc(1, sizeof(**ret));
	*ret_n = modem.kept;
	(*ret)->owner = M2M_WWAN_OWNER_KEPT;
	pdn_keep_name("wan", PDN_V4, (*ret)->name);
	return 0;
}

int __wrap_rt_link_get(struct m2m_nl *rt, const char *name, unsigned int ifindex,
		       struct rt_link *ret, struct m2m_error *error);
int __wrap_rt_link_get(struct m2m_nl *rt, const char *name, unsigned int ifindex,
		       struct rt_link *ret, struct m2m_error *error)
{
	if (!modem.link || !name)
		return m2m_error_set(error, -ENODEV, "no such link");
	*ret = (struct rt_link) { .ifindex = 9, .mux_id = 1, .flags = IFF_UP };
	g_strlcpy(ret->alias, "m2m pdn=wan v4=0x00000001 by=m2md", sizeof(ret->alias));
	return 0;
}

int __wrap_rt_link_del(struct m2m_nl *rt, unsigned int ifindex, struct m2m_error *error);
int __wrap_rt_link_del(struct m2m_nl *rt, unsigned int ifindex, struct m2m_error *error)
{
	modem.link = false;
	return 0;
}

int __wrap_rt_addr_list(struct m2m_nl *rt, unsigned int ifindex, struct rt_addr *ret,
			size_t *ret_n, struct m2m_error *error);
int __wrap_rt_addr_list(struct m2m_nl *rt, unsigned int ifindex, struct rt_addr *ret,
			size_t *ret_n, struct m2m_error *error)
{
	*ret_n = 0;
	return 0;
}

int __wrap_rt_rule_flush_from(struct m2m_nl *rt, const struct rt_addr *addrs, size_t n,
			      struct m2m_error *error);
int __wrap_rt_rule_flush_from(struct m2m_nl *rt, const struct rt_addr *addrs, size_t n,
			      struct m2m_error *error)
{
	return 0;
}

int __wrap_rt_rule_flush(struct m2m_nl *rt, uint32_t table, struct m2m_error *error);
int __wrap_rt_rule_flush(struct m2m_nl *rt, uint32_t table, struct m2m_error *error)
{
	return 0;
}

int __wrap_m2m_client_open(struct m2m_qmi *qmi, uint8_t service, const char *keep,
			   struct m2m_client **ret, struct m2m_error *error);
int __wrap_m2m_client_open(struct m2m_qmi *qmi, uint8_t service, const char *keep,
			   struct m2m_client **ret, struct m2m_error *error)
{
	/* an id that was given back is given out anew, and answers */
	if (!modem.kept)
		modem.mute = false;
	modem.kept = true;
	*ret = CLIENT;
	return 0;
}

void __wrap_m2m_client_close(struct m2m_client *wds, bool release);
void __wrap_m2m_client_close(struct m2m_client *wds, bool release)
{
	if (!wds || !release)
		return;
	modem.kept = false;
	modem.up = false;
	modem.released++;
}

/* Who hears of a family's end, and when that of IPv6 comes, or 0 */
static void (*heard[PDN_FAMILIES])(QmiMessage *indication, void *data);
static int64_t v6_ends_at;

void __wrap_m2m_client_watch(struct m2m_client *wds,
			     void (*fn)(QmiMessage *indication, void *data), void *data);
void __wrap_m2m_client_watch(struct m2m_client *wds,
			     void (*fn)(QmiMessage *indication, void *data), void *data)
{
	heard[((struct half *)data)->family] = fn;
}

/* The network ends a call, regularly: 3GPP cause 36 */
static void ends(enum pdn_family family)
{
	/* QMUX, WDS, an indication 0x0022: no longer connected, and why */
	static const uint8_t frame[] = {
		0x01, 0x18, 0x00, 0x80, 0x01, 0x01,  0x04, 0x00, 0x00, 0x22, 0x00, 0x0c, 0x00,
		0x01, 0x02, 0x00, WDS_DISCONNECTED, 0x00,
		0x11, 0x04, 0x00, 0x06, 0x00, 0x24, 0x00,
	};
	GByteArray *bytes = g_byte_array_new();
	QmiMessage *indication;

	g_byte_array_append(bytes, frame, sizeof(frame));
	indication = qmi_message_new_from_raw(bytes, NULL);
	g_byte_array_unref(bytes);
	ASSERT_TRUE(indication);
	heard[family](indication, &session.calls[0].half[family]);
	qmi_message_unref(indication);
}

int __wrap_m2m_qmi_wait(struct m2m_qmi *qmi, unsigned int timeout_ms,
			bool (*is_done)(void *data), void *data);
int __wrap_m2m_qmi_wait(struct m2m_qmi *qmi, unsigned int timeout_ms,
			bool (*is_done)(void *data), void *data)
{
	for (; timeout_ms && !is_done(data); timeout_ms--)
		if (++now == v6_ends_at)
			ends(PDN_V6);
	return is_done(data) ? 0 : -ETIMEDOUT;
}

int __wrap_wds_packet_status_get(struct m2m_client *wds, struct wds_packet_status *ret,
				 struct m2m_error *error);
int __wrap_wds_packet_status_get(struct m2m_client *wds, struct wds_packet_status *ret,
				 struct m2m_error *error)
{
	now += modem.mute ? QMI_TIMEOUT_MS : 0;
	if (modem.mute)
		return m2m_error_set(error, -ETIMEDOUT, "no answer");
	*ret = (struct wds_packet_status) {
		.status = modem.up ? WDS_CONNECTED : WDS_DISCONNECTED,
	};
	return 0;
}

int __wrap_wds_settings_get(struct m2m_client *wds, struct wds_settings *ret,
			    struct m2m_error *error);
int __wrap_wds_settings_get(struct m2m_client *wds, struct wds_settings *ret,
			    struct m2m_error *error)
{
	*ret = (struct wds_settings) { .apn = "internet" };
	return 0;
}

int __wrap_connection_place(struct connector *c, const struct connection_want *want,
			    const struct connection *connection, struct connection_place *ret);
int __wrap_connection_place(struct connector *c, const struct connection_want *want,
			    const struct connection *connection, struct connection_place *ret)
{
	return 0;
}

int __wrap_connection_link(struct connector *c, const struct connection_want *want,
			   struct connection *connection);
int __wrap_connection_link(struct connector *c, const struct connection_want *want,
			   struct connection *connection)
{
	/* the one before is away by now */
	EXPECT_FALSE(modem.link);
	modem.link = true;
	connection->has_link = true;
	connection->link.ifindex = 9;
	connection->mux_id = 1;
	return 0;
}

int __wrap_connection_call(struct connector *c, const struct connection_want *want,
			   struct connection *connection, enum pdn_family family);
int __wrap_connection_call(struct connector *c, const struct connection_want *want,
			   struct connection *connection, enum pdn_family family)
{
	struct pdn_call *call = &connection->call[family];

	modem.dialled++;
	__wrap_m2m_client_open(NULL, QMI_WDS, "", &call->wds, &call->error);
	if (modem.mute)
		return m2m_error_set(&call->error, -ETIMEDOUT, "no answer");
	modem.up = true;
	call->up = true;
	call->handle = 2;
	return 0;
}

int __wrap_connection_apply(struct connector *c, const struct connection_want *want,
			    struct connection *connection);
int __wrap_connection_apply(struct connector *c, const struct connection_want *want,
			    struct connection *connection)
{
	return 0;
}

int __wrap_connection_remember(struct connector *c, struct connection *connection);
int __wrap_connection_remember(struct connector *c, struct connection *connection)
{
	return 0;
}

/* --- tests ----------------------------------------------------------------------- */

/* A modem with a call that somebody made, and that its client is not answered about */
static void start(void)
{
	session.unit = (struct unit *)1;
	session.calls[0].session = &session;
	modem.kept = true;
	modem.mute = true;
	modem.up = true;
	modem.link = true;
}

/* Does it, and returns what was told last */
static const struct event *tells(session_fn fn)
{
	const struct action action = { .families = FAMILY_V4 };

	n_told = 0;
	fn(&session, &action);
	ASSERT_LT(0, n_told);
	return &told[n_told - 1];
}

static void expect_untouched(void)
{
	EXPECT_TRUE(modem.kept && modem.up && modem.link);
	EXPECT_EQ(0, modem.released);
	EXPECT_EQ(0, modem.dialled);
}

TEST(a_client_that_never_answers_is_given_up)
{
	const struct event *event;

	start();
	event = tells(session_adopt);
	EXPECT_EQ(EVENT_QMI_TIMEOUT, told[0].type);
	EXPECT_EQ(EVENT_PDN_UP, event->type);
	EXPECT_EQ(0, event->families);
	expect_untouched();
	/* it may be busy */
	event = tells(session_dial);
	EXPECT_EQ(EVENT_QMI_TIMEOUT, told[0].type);
	EXPECT_EQ(EVENT_PDN_END, event->type);
	EXPECT_EQ(CAUSE_UNPREPARED, event->cause.kind);
	expect_untouched();
	now += 5 * SECOND;
	event = tells(session_dial);
	EXPECT_EQ(1, n_told);
	EXPECT_EQ(EVENT_PDN_UP, event->type);
	EXPECT_EQ(FAMILY_V4, event->families);
	EXPECT_EQ(1, modem.released);
	EXPECT_EQ(1, modem.dialled);
	EXPECT_TRUE(modem.kept && modem.up && modem.link);
}

TEST(a_client_that_answers_late_keeps_its_call)
{
	start();
	EXPECT_EQ(0, tells(session_adopt)->families);
	modem.mute = false;
	EXPECT_EQ(FAMILY_V4, tells(session_adopt)->families);
	/* what was then is forgotten */
	now += HOUR;
	modem.mute = true;
	EXPECT_EQ(0, tells(session_adopt)->families);
	expect_untouched();
}

/* Nor does a PDN inherit the silence of the one that had its place */
TEST(another_name_begins_anew)
{
	start();
	EXPECT_EQ(0, tells(session_adopt)->families);
	g_strlcpy(session.calls[0].connection.name, "iot", IF_NAMESIZE);
	now += HOUR;
	EXPECT_EQ(EVENT_PDN_END, tells(session_dial)->type);
	expect_untouched();
}

/* --- one that ends --------------------------------------------------------------- */

/* A call of @families, of which IPv4 ends, and IPv6 @v6_ms later; 0: it does not */
static void drop(uint8_t families, int64_t v6_ms)
{
	struct call *call = &session.calls[0];

	start();
	for (int f = 0; f < PDN_FAMILIES; f++) {
		call->half[f] = (struct half){ call, f };
		if (!(families & call_mask_of(f)))
			continue;
		call->connection.call[f].wds = CLIENT;
		call->connection.call[f].up = true;
	}
	call_watch(call);
	v6_ends_at = v6_ms ? now + v6_ms : 0;
	ends(PDN_V4);
}

TEST(nothing_waits_for_a_family_that_is_not_up)
{
	int64_t began = now;
	const struct event *end;

	drop(FAMILY_V4, 0);
	end = tells(job);
	EXPECT_EQ(EVENT_PDN_END, end->type);
	EXPECT_EQ(FAMILY_V4, end->families);
	EXPECT_EQ(36, end->cause.number);
	EXPECT_EQ(began, now);
}

TEST(both_families_end_as_one)
{
	int64_t began = now;

	drop(FAMILY_V4 | FAMILY_V6, 5);
	EXPECT_EQ(FAMILY_V4 | FAMILY_V6, tells(job)->families);
	EXPECT_EQ(began + 5, now);
	EXPECT_EQ(1, n_told);
	EXPECT_EQ(1, n_jobs);
}

TEST(a_family_that_stays_is_waited_for_a_moment)
{
	int64_t began = now;

	drop(FAMILY_V4 | FAMILY_V6, 0);
	EXPECT_EQ(FAMILY_V4, tells(job)->families);
	EXPECT_EQ(began + 300, now);
	EXPECT_EQ(FAMILY_V6, call_families_up(&session.calls[0].connection));
}

TEST_HARNESS_MAIN
