/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A modem that is open: its clients, what is asked of it, and its calls. */
#ifndef M2MD_SESSION_H
#define M2MD_SESSION_H

#include "../lib/connection.h"
#include "../lib/dms.h"
#include "../lib/nas.h"
#include "../lib/uim.h"
#include "former.h"
#include "machine.h"
#include "probing.h"

/*
 * DOC: Sessions and jobs
 *
 * A session begins at ACTION_OPEN and ends when the modem restarts, goes or is let go;
 * the next one is another. What is asked of the modem is a job: a function that runs as
 * a task (../lib/task.h) and tells its outcome as events. Jobs of one lane follow each
 * other, those of different lanes run at the same time. session_end() makes what jobs
 * wait for end; the last of them frees the session. Events of a session that is no
 * longer its unit's are dropped.
 */

struct card;
struct plan;
struct plan_pdn;
struct resolv_link;
struct unit;

enum lane {
	LANE_MODEM,		/* open, poll, PIN, radio */
	LANE_LINK,		/* data format and links: one PDN at a time */
	LANE_PDN,		/* and up, one a PDN */
	LANE_PROBE = LANE_PDN + PDN_MAX,	/* and up, the same: a target is asked */
	LANES = LANE_PROBE + PDN_MAX,
};

/* Whose indications a WDS client brings */
struct half {
	struct call *call;
	unsigned int family;		/* enum pdn_family */
};

/* One connection as the session holds it */
struct call {
	struct session *session;
	unsigned int index;		/* of the PDN */
	struct connection connection;	/* with a link, or all zeros */
	struct connection_netns *netns;	/* of NetNS=, as it was opened last, or NULL */
	struct half half[PDN_FAMILIES];
	int64_t mute_since;		/* nothing says whether it is up, or 0 */
	uint8_t lost;			/* FAMILY_ mask that ended by itself, not told yet */
	struct cause lost_cause;
	/* bytes of a link that are counted: unit_used() */
	unsigned int counted_link;
	uint64_t counted;
	/* the passive test */
	uint64_t rx, tx;
	int64_t sent_ms;		/* first change of tx since rx had one, or 0 */
	int64_t received_ms;		/* last change of rx, or 0 */
	struct probing probing;
	int probe_failure;		/* -errno that was said, or 0 */
};

struct session {
	struct unit *unit;		/* NULL once it has ended */
	struct m2m_qmi *qmi;
	struct m2m_nl *nl, *rt;		/* for lists; for links */
	struct m2m_client *dms, *nas, *uim;
	struct port port;
	bool leased;
	bool busy[LANES];
	unsigned int jobs;		/* that have not returned */
	bool sim_asked, net_asked;	/* a job that will ask is on its way */
	char iccid[ICCID_SIZE];		/* of the card that is in, or ICCID_UNKNOWN */
	unsigned int nameless;		/* how often it did not say */
	uint16_t mcc;
	struct uim_sim last_sim;	/* to see whether it settles */
	uint8_t slot;			/* of the card, or 0 */
	bool settings_told;		/* EVENT_SETTINGS was */
	uint8_t slot_in_use, slots;	/* for it: which of how many, or 0 */
	bool order_said;		/* which slots of Order= it has not */
	/* for a guess: the card was asked; what it knows, and the network, told the unit */
	bool card_learned, sim_learned, network_learned;
	bool registered;
	uint32_t settings_failed;	/* mask of SETTING_ that cannot be read, said so */
	uint32_t settings_mute;		/* of those the ones not asked for any more */
	struct m2m_error lack;		/* of what [Network] wants, as it was said */
	struct former restore;		/* of a trial that is over; session_look_back() */
	int64_t clock_at;		/* the network was asked for the time, or 0 */
	unsigned int again;		/* source that asks the card once more */
	unsigned int watch;		/* source of the passive test */
	struct dms_identity identity;
	struct call calls[PDN_MAX];
};

typedef void (*session_fn)(struct session *session, const struct action *action);

/* session_new() - one that is not open yet: session_open() is its first job */
struct session *session_new(struct unit *unit, const struct port *port);
/* session_end() - NULL is fine; frees it, now or when the last job has returned */
void session_end(struct session *session);

/**
 * session_run() - start a job
 * @session: of the modem
 * @lane: whose jobs follow each other
 * @fn: the job
 * @action: copied, for @fn; may be NULL
 */
void session_run(struct session *session, unsigned int lane, session_fn fn,
		 const struct action *action);

/* session_lock() - for a job that needs a second lane; false if the session ended */
bool session_lock(struct session *session, unsigned int lane);
void session_unlock(struct session *session, unsigned int lane);

/* session_tell() - an event of this session's modem, unless it has ended */
void session_tell(struct session *session, const struct event *event);
/* session_failed() - a request failed: EVENT_QMI_TIMEOUT if that is what it was */
void session_failed(struct session *session, const char *what,
		    const struct m2m_error *error);

/* session_say_lack() - the modem has not all that is wanted of it: said once, until it changes */
void session_say_lack(struct session *session, const struct m2m_error *lack);

/* Whether it can be asked: it is no more in its first job's beginning */
bool session_is_open(const struct session *session);
/* session_card() - the way to its card */
struct card session_card(const struct session *session);
/* session_lease() - manage the modem; 0, -EBUSY if somebody else does */
int session_lease(struct session *session, struct m2m_error *error);
/* session_give_up() - others may manage it from now on; NULL is fine */
void session_give_up(struct session *session);

/* Jobs; session-facts.c */
void session_open(struct session *session, const struct action *action);
void session_poll(struct session *session, const struct action *action);
void session_radio(struct session *session, const struct action *action);
void session_card_power(struct session *session, const struct action *action);
void session_pin(struct session *session, const struct action *action);
void session_reset(struct session *session, const struct action *action);

/*
 * What an access point may be guessed by, once a card: of the card that is ready, and of
 * the network when the modem has registered; session-guess.c
 */
void session_learn_card(struct session *session);
void session_learn_network(struct session *session, bool registered);

/* Jobs; session-settings.c */
void session_settings(struct session *session, const struct action *action);
void session_write(struct session *session, const struct action *action);
/* session_poll_settings() - tell which are not as configured; of LANE_MODEM */
int session_poll_settings(struct session *session, struct m2m_error *error);

/*
 * What was before a trial; session-former.c, of LANE_MODEM
 *
 * session_look_back() - find out what of it is to be restored, forget what is not any more
 * session_keep() - that the modem has @is is on the disk when this returns 0, unless
 * something is there already or @plan is not on trial: before the modem is written to
 * session_restored() - the modem has it again, or (@is_so: not) never can
 */
void session_look_back(struct session *session, const struct plan *plan);
int session_keep(struct session *session, const struct plan *plan, const struct former *is,
		 struct m2m_error *error);
void session_restored(struct session *session, enum former_setting which, bool is_so);

/* Jobs in the lane of action->pdn; session-find.c */
void session_adopt(struct session *session, const struct action *action);
/* ... and session-call.c */
void session_dial(struct session *session, const struct action *action);
void session_hang_up(struct session *session, const struct action *action);
/* session_hang_up_all() - and whatever call is in its way */
void session_hang_up_all(struct session *session, const struct action *action);
/* session_tidy() - the plan is another: away with links that it has not */
void session_tidy(struct session *session);
/* session_relink() - the call stays, the link is made as the plan has it now */
void session_relink(struct session *session, const struct action *action);
/* session_netns() - open call->netns as the plan has it; session-netns.c */
int session_netns(struct call *call, const struct plan_pdn *pdn, struct m2m_error *error);
/* session_watch_calls() - begin to look whether calls carry anything; session-probe.c */
void session_watch_calls(struct session *session);
/* session_tell_dns() - the name servers of a call, as it stands now; session-dns.c */
void session_tell_dns(struct call *call);
/* session_name_servers() - add those of a call that is up */
void session_name_servers(const struct call *call, const struct plan_pdn *pdn,
			  struct resolv_link *link);
/* session_check_calls() - ask whether what is up is still up; of LANE_MODEM */
void session_check_calls(struct session *session);
/* session_unlink() - take from the host what has its calls' addresses; calls stay */
void session_unlink(struct session *session);

#endif /* M2MD_SESSION_H */
