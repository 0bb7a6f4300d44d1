/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the machine share; nobody else includes this. */
#ifndef M2MD_TABLE_H
#define M2MD_TABLE_H

#include "machine.h"
#include "policy.h"

/* One step while it runs */
struct step {
	struct machine *m;
	struct pdn *pdn;		/* in rows of the PDN table */
	const struct event *event;
	struct actions *actions;
};

/*
 * The first row that fits counts: its state (or a group with it), its event, its guard.
 * It says what is done and where that leads. An event without a row is a fact that was
 * noted and changes nothing here.
 */
struct row {
	uint8_t state, event, next;
	bool (*guard)(const struct step *step);	/* NULL: always */
	void (*effect)(struct step *step);	/* NULL: nothing */
	const char *guard_name, *effect_name;
};

/* How many of an hour's activations of an access point were made */
enum calls {
	CALLS_NONE,
	CALLS_FEW,
	CALLS_MANY,		/* for a host that comes up again */
};

#define ROW(_state, _event, _guard, _effect, _next) {		\
	.state = (_state), .event = EVENT_##_event, .next = (_next),	\
	.guard = is_##_guard, .effect = do_##_effect,		\
	.guard_name = #_guard, .effect_name = #_effect,		\
}

/* MODEM_RESTING in a row: the states that facts alone decide */
#define MODEM_RESTING	(MODEM_ANY + 1)

extern const struct row modem_rows[];
extern const unsigned int modem_row_count;
extern const struct row pdn_rows[];
extern const unsigned int pdn_row_count;

/* modem_rests() - is it one of the states that facts alone decide */
bool modem_rests(unsigned int state);
/* modem_wait_due() - the longest a state may last; modem_poll_due() - when to ask */
int64_t modem_wait_due(const struct machine *m);
int64_t modem_poll_due(const struct machine *m);
/* modem_due() - when the modem's own timer is due */
int64_t modem_due(const struct machine *m);
/* modem_fault() - what the ladder should see */
enum fault modem_fault(const struct machine *m);
/* modem_rung() - the rung that comes next, and when */
enum rung modem_rung(const struct machine *m, int64_t *ret_at);
/* modem_needs_no_reset() - by what came true while one was being recorded */
bool modem_needs_no_reset(const struct machine *m);
/*
 * modem_wants_reattach() - the network told a PDN so that waits: no rung, and neither too
 * often nor at the cost of a call
 */
bool modem_wants_reattach(const struct machine *m);
/* modem_slot_fault() - what Order= should see; modem_slot_due() - when it goes on */
enum slots_fault modem_slot_fault(const struct machine *m);
int64_t modem_slot_due(const struct machine *m);
/* modem_slot_cause() - why a card is left now */
struct cause modem_slot_cause(const struct machine *m);
/* modem_may_have_call() - a PDN of it may: pdn_may_have_call() */
bool modem_may_have_call(const struct machine *m);
/* modem_look_at_slot() - with Order= the machine knows whether the slot is as it should be */
void modem_look_at_slot(struct machine *m);
/* modem_next() - what modem_due() waits for: a stable token */
const char *modem_next(const struct machine *m);
/* modem_is_open() - will the modem answer a request */
bool modem_is_open(const struct machine *m);
/* modem_card_is_unseen() - nothing of the card that a radio which is off may not hide */
bool modem_card_is_unseen(const struct machine *m);
/*
 * modem_to_write() - mask of the settings that differ and are worth a write;
 * modem_give_up() - not these, for a day: a write left them as they were
 */
uint32_t modem_to_write(const struct machine *m);
void modem_give_up(struct machine *m, uint32_t settings);
/* modem_cause() - the cause a state has by itself */
struct cause modem_cause(const struct machine *m);
/* modem_is_recorded() - what a row waits for is on disk */
static inline bool modem_is_recorded(const struct machine *m)
{
	return m->recorded >= m->need;
}

/*
 * Guards of rows about a PIN: it may be sent; may be once it is on disk; is there, and the
 * card still asks for that very one; and that card is ready
 */
bool modem_pin_is_known_good(const struct step *step);
bool modem_pin_is_to_be_tried(const struct step *step);
bool modem_pin_is_recorded(const struct step *step);
bool modem_pin_is_taken(const struct step *step);
/* ... and effects: put it on disk, send it, wait for a disk, what became of it */
void modem_note_pin(struct step *step);
void modem_send_pin(struct step *step);
void modem_postpone_pin(struct step *step);
void modem_note_accepted(struct step *step);
void modem_note_rejected(struct step *step);
void modem_doubt_pin(struct step *step);
void modem_say_why_no_pin(struct step *step);
/* modem_poll() - ask the modem for all that is to be known of it */
void modem_poll(struct step *step);
/* modem_left() - a row leads from one state to another */
void modem_left(struct machine *m, unsigned int from, unsigned int to);
/* modem_absorb() - facts first: notes what an event tells, whatever the state */
void modem_absorb(struct step *step);

/* pdn_line() - the access point in use; pdn_line_now() - to be read only */
struct line *pdn_line(struct pdn *pdn);
const struct line *pdn_line_now(const struct pdn *pdn);
/*
 * line_free_at() - when one of a PDN's access points may be dialled: its back-off, and GSMA's
 * caps, which all PDNs that use it share; pdn_free_at() - the one in use
 */
int64_t line_free_at(const struct machine *m, const struct pdn *pdn, unsigned int apn);
int64_t pdn_free_at(const struct machine *m, const struct pdn *pdn);
/* pdn_families_wanted() - to be dialled; pdn_families_missing() - of a call that is up */
uint8_t pdn_families_wanted(const struct machine *m, const struct pdn *pdn);
uint8_t pdn_families_missing(const struct machine *m, const struct pdn *pdn);
/* pdn_choose_apn() - give way to the next candidate when waiting is no use */
void pdn_choose_apn(const struct machine *m, struct pdn *pdn);
/* pdn_keep_line() - remember the back-off of step->pdn over a reboot */
void pdn_keep_line(struct step *step);
/*
 * pdn_keep_call() - step->pdn is about to dial: what the next boot has to know of it is put
 * on disk; pdn_save_pending() - calls that are under way, as what counts most
 */
void pdn_keep_call(struct step *step);
/* pdn_calls() - those that have not left the hour, or are under way */
enum calls pdn_calls(const struct machine *m);
void pdn_save_pending(const struct machine *m, struct saved *ret);
/* pdn_count_outcome() - one activation more */
void pdn_count_outcome(struct machine *m, const struct pdn *pdn, enum outcome outcome);
/* pdn_silence_due() - when the silence of a call is worth a new one */
int64_t pdn_silence_due(const struct machine *m, const struct pdn *pdn);
/* pdn_pending() - families that were asked for and have not answered */
uint8_t pdn_pending(const struct pdn *pdn);
/* pdn_may_have_call() - it is up, or coming up, or nobody has said yet that it is not */
bool pdn_may_have_call(const struct pdn *pdn);
int64_t pdn_due(const struct machine *m, const struct pdn *pdn);
const char *pdn_next(const struct machine *m, const struct pdn *pdn);
/* pdn_void() - the modem lost the call, if there was one */
void pdn_void(struct machine *m, struct pdn *pdn);
/* pdn_park() - leave the call alone, and look for it later */
void pdn_park(struct machine *m, struct pdn *pdn);
/* pdn_is_hopeless() - it is refused for good: no want of this host, whatever ails others */
bool pdn_is_hopeless(const struct pdn *pdn);
/* pdn_absorb() - as modem_absorb() */
void pdn_absorb(struct step *step);
/* pdn_survives() - may the call stay up with another configuration */
bool pdn_survives(const struct pdn *pdn, const struct pdn_config *config);
/* pdn_load() - take a configuration over */
void pdn_load(struct machine *m, struct pdn *pdn, const struct pdn_config *config);

/* step_act() - one more action, without details */
void step_act(struct step *step, enum action_type type);
/* step_act_pdn() - one of step->pdn's */
void step_act_pdn(struct step *step, enum action_type type, uint8_t families);
/* step_record() - write the state; false if the day has no writes left */
bool step_record(struct step *step, unsigned int max);
/* step_may_record() - has the day a write left */
bool step_may_record(const struct machine *m);

#endif /* M2MD_TABLE_H */
