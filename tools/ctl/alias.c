// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the aliases of modems, which are the names of their .modem files. */
#include <glib.h>
#include <string.h>

#include "../lib/card.h"
#include "../lib/config-trial.h"
#include "../lib/config.h"
#include "../lib/dms.h"
#include "alias.h"

struct aliases {
	struct config *config;
	bool by_imei, by_card, by_model;	/* what some [Match] is about */
};

struct aliases *alias_load(void)
{
	g_autofree char *path = NULL;
	struct aliases *aliases = g_new0(struct aliases, 1);
	struct config_trial *trial = g_new0(struct config_trial, 1);
	const char *directory = g_getenv("M2MD_CONFIG");
	struct conf_notes notes = { 0 };

	path = config_tree_where(directory ? directory : CONFIG_DIRECTORY, trial);
	g_free(trial);
	/* what is wrong with it is for config check to say */
	aliases->config = config_load(path, &notes);
	conf_notes_clear(&notes);
	for (size_t i = 0; i < aliases->config->n_modems; i++) {
		const struct config_match *match = &aliases->config->modems[i].match;

		aliases->by_imei |= match->imei.n > 0;
		aliases->by_card |= match->iccid.n > 0;
		aliases->by_model |= match->model.n > 0;
	}
	return aliases;
}

void alias_free(struct aliases *aliases)
{
	if (!aliases)
		return;
	config_free(aliases->config);
	g_free(aliases);
}

bool alias_is_known(const struct aliases *aliases, const char *name)
{
	for (size_t i = 0; i < aliases->config->n_modems; i++)
		if (!strcmp(aliases->config->modems[i].name, name))
			return true;
	return false;
}

struct identity {
	struct dms_identity dms;
	char iccid[24];
};

static void ask_card(struct m2m_qmi *qmi, struct m2m_client *dms, struct identity *ret)
{
	struct card card = { .dms = dms };
	struct m2m_error ignored;

	/* old firmware has no such service */
	if (m2m_client_open(qmi, QMI_UIM, NULL, &card.uim, &ignored))
		card.uim = NULL;
	if (card_iccid_get(&card, ret->iccid, sizeof(ret->iccid), &ignored))
		ret->iccid[0] = '\0';
	m2m_client_close(card.uim, false);
}

/* What it does not tell stays "", which only * fits */
static void ask(const struct aliases *aliases, struct m2m_qmi *qmi, struct identity *ret)
{
	struct m2m_error ignored;
	struct m2m_client *dms;

	if ((!aliases->by_imei && !aliases->by_card && !aliases->by_model) ||
	    m2m_client_open(qmi, QMI_DMS, NULL, &dms, &ignored))
		return;
	if (aliases->by_model)
		dms_identity_get(dms, &ret->dms, &ignored);
	else if (aliases->by_imei && dms_imei_get(dms, ret->dms.imei,
						  sizeof(ret->dms.imei), &ignored))
		ret->dms.imei[0] = '\0';
	if (aliases->by_card)
		ask_card(qmi, dms, ret);
	m2m_client_close(dms, false);
}

const char *alias_of(const struct aliases *aliases, struct m2m_qmi *qmi,
		     const char *usb_path)
{
	const struct config_modem *modem, *other;
	struct identity identity = { 0 };
	const struct config_identity id = {
		.imei = identity.dms.imei,
		.iccid = identity.iccid,
		.path = usb_path,
		.model = identity.dms.model,
	};

	if (qmi)
		ask(aliases, qmi, &identity);
	/* a file with errors names its modem all the same */
	config_match(aliases->config, &id, &modem, &other);
	return modem && !other ? modem->name : NULL;
}

char *alias_goes_by(const struct aliases *aliases, const char *name)
{
	GString *keys = g_string_new(NULL);

	for (size_t i = 0; i < aliases->config->n_modems; i++) {
		const struct config_modem *modem = &aliases->config->modems[i];
		const struct {
			const char *key;
			const struct config_list *list;
		} all[] = {
			{ "IMEI", &modem->match.imei }, { "ICCID", &modem->match.iccid },
			{ "Path", &modem->match.path }, { "Model", &modem->match.model },
		};

		for (size_t k = 0; k < G_N_ELEMENTS(all) && !strcmp(modem->name, name); k++)
			if (all[k].list->n)
				g_string_append_printf(keys, "%s%s=", keys->len ? ", " : "",
						       all[k].key);
	}
	return g_string_free(keys, FALSE);
}

const char *alias_by(const struct aliases *aliases, const char *imei, const char *usb_path)
{
	const struct config_modem *modem, *other;
	const struct config_identity id = {
		.imei = imei ? imei : "",
		.iccid = "",
		.path = usb_path,
		.model = "",
	};

	config_match(aliases->config, &id, &modem, &other);
	return modem && !other ? modem->name : NULL;
}
