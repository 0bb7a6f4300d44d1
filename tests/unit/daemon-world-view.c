// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns what stands for a state of the world: what the machine's rows tell apart. */
#include <string.h>

#include "daemon-judge.h"
#include "daemon-world.h"

#define SINCE_MAX	2	/* six hours: nothing comes later */
#define LEFT_MAX	5	/* activations that are counted one by one */

int64_t world_wait_left(const struct machine *m, unsigned int pdn)
{
	return m->pdn[pdn].line[0].backoff.until - m->clock;
}

static void look_at_pdn(struct world_pdn_view *view, const struct world *world,
			unsigned int i)
{
	const struct machine *m = &world->m;
	const struct pdn *pdn = &m->pdn[i];

	view->state = pdn->state;
	view->owes = world->owes[i];
	/* where the host may be rebooted */
	if (m->rung == RUNG_HOST_REBOOT || (m->ladder.group && world_since(m) == SINCE_MAX))
		view->refused = world->refused[i];
	switch (pdn->state) {
	case PDN_ONLINE:
		view->settled = pdn->settled;
		view->silent = pdn->silent;
		return;
	case PDN_IDLE:
		view->adopt = pdn->adopt;
		view->up = world->up[i];
		break;
	case PDN_ADOPTING:
		view->up = world->up[i];
		break;
	case PDN_WAITING:
		view->reattach = pdn->reattach;
		view->long_wait = world_wait_left(m, i) > 2 * HOUR;
		break;
	default:
		break;
	}
	if (m->state == MODEM_REGISTERED)
		view->cause = judge_class_of(&pdn->cause);
}

uint8_t world_since(const struct machine *m)
{
	int64_t since = m->clock - m->ladder.since;

	return since < HOUR ? 0 : since < 6 * HOUR ? 1 : SINCE_MAX;
}

uint8_t world_deaf_group(void)
{
	struct ladder ladder = { 0 };

	ladder_fault(&ladder, FAULT_DEAF, 0);
	return ladder.group;
}

static void look_at_ladder(struct world_view *view, const struct machine *m)
{
	view->rung = m->rung;
	view->fault = m->ladder.group;
	if (!m->ladder.group)
		return;
	/* one that does not answer is daemon-model.c's */
	if (m->ladder.group != world_deaf_group())
		view->since = world_since(m);
	for (int i = 0; i < BUDGET_MODEM_WRITE; i++)
		if (budget_next(&m->saved.strikes[i], i, m->clock) > m->clock)
			view->exhausted |= i == BUDGET_MODEM_RESET ? 1 : 2;
}

unsigned int world_made(const struct world *world)
{
	unsigned int n = 0, kept = world->made < WORLD_LOG ? world->made : WORLD_LOG;

	for (unsigned int i = 0; i < kept; i++)
		n += world->made_at[i] > world->now - HOUR;
	return n;
}

static uint8_t left(const struct world_rules *rules, unsigned int n)
{
	unsigned int max = activations_max(rules->watched);

	return n >= max ? 0 : max - n < LEFT_MAX ? max - n : LEFT_MAX;
}

static void look_at_caps(struct world_view *view, const struct world_rules *rules,
			 const struct world *world)
{
	const struct machine *m = &world->m;
	uint64_t key = rules->both.pdn[0].apn[0].key;

	view->left = LEFT_MAX;
	for (int i = 0; i < KEPT_MAX; i++) {
		const struct tally *tally = &m->saved.kept[i].activations.of[rules->watched];

		if (m->saved.kept[i].key == key)
			view->left = left(rules, tally_count(tally, HOUR, m->clock));
	}
	view->truly_left = left(rules, world_made(world));
}

void world_look(const struct world_rules *rules, struct world *world)
{
	const struct machine *m = &world->m;
	struct world_view *view = &world->view;
	struct world_pdn_view first;

	/* padding counts as well when views are compared */
	memset(view, 0, sizeof(*view));
	view->modem = m->state;
	view->registration = m->registration < REG_HOME ? REG_UNKNOWN : m->registration;
	look_at_ladder(view, m);
	look_at_caps(view, rules, world);
	view->pdn_count = m->pdn_count;
	view->ready = m->ready;
	view->opened = m->opened;
	view->deaf = m->timeouts >= POLICY_DEAF;
	view->recording = m->state == MODEM_RESET_RECORDING && m->record > m->recorded;
	for (unsigned int i = 0; i < m->pdn_count; i++)
		look_at_pdn(&view->pdn[i], world, i);
	if (!rules->same || memcmp(&view->pdn[0], &view->pdn[1], sizeof(first)) <= 0)
		return;
	first = view->pdn[1];
	view->pdn[1] = view->pdn[0];
	view->pdn[0] = first;
}
