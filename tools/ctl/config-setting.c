// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the drop-in that has one key of a modem's file tried. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "client.h"
#include "config-job.h"
#include "config-setting.h"

/* Late among the drop-ins: what this says is what somebody asked for last */
#define DROPIN		"90-m2mctl.conf"
#define HINT_FILE	"m2mctl config apply FILE --confirm TIME"
#define NOBODY		"nobody would return to the former setting"

struct setting {
	enum config_section_id section;
	const char *key, *value;
	char *alias;		/* of the modem: its file without .modem */
};

/* --- whose it is ------------------------------------------------------------- */

static int not_running(struct ctl *ctl)
{
	return ctl_fail(ctl, -EHOSTDOWN, EXIT_NO_DRIVER,
			"systemctl start m2md, or without --confirm",
			"m2md does not run: " NOBODY);
}

static int find_row(const struct client_answer *answer, const char *usb_path)
{
	for (unsigned int i = 0; i < client_rows(answer, "modems"); i++)
		if (!g_strcmp0(client_text(answer, "modems", i, "usb_path"), usb_path))
			return i;
	return -1;
}

static int read_alias(struct ctl *ctl, const struct client_answer *answer, char **ret)
{
	int row = find_row(answer, ctl->port->usb_path);

	if (row < 0 || !client_is(answer, "modems", row, "managed"))
		return ctl_fail(ctl, -ENOENT, EXIT_FAILED, "m2mctl why, or without --confirm",
				"m2md does not manage this modem: " NOBODY);
	if (!g_strcmp0(client_text(answer, "modems", row, "state"), "held"))
		return ctl_fail(ctl, -EBUSY, EXIT_BUSY, "m2mctl modem release",
				"m2md is held from this modem: " NOBODY);
	*ret = g_strdup(client_text(answer, "modems", row, "alias"));
	return *ret ? 0 : ctl_fail(ctl, -ENOENT, EXIT_FAILED, HINT_FILE,
				   "m2md manages this modem without a " CONFIG_SUFFIX
				   " file that could say it");
}

/* Who manages the modem, and by which file */
static int ask_alias(struct ctl *ctl, char **ret)
{
	struct client_answer *answer = NULL;
	int err;

	if (ctl->args->given[OPTION_DIRECT])
		return ctl_fail(ctl, -EINVAL, EXIT_USAGE, NULL,
				"--direct goes past m2md, and --confirm needs it: " NOBODY);
	err = client_ask(ctl, "why", NULL, &answer);
	if (err == -EHOSTDOWN)
		return not_running(ctl);
	if (!err)
		err = read_alias(ctl, answer, ret);
	client_free(answer);
	return err;
}

/* --- the file ------------------------------------------------------------------ */

static int put_dropin(struct config_job *job, const struct setting *setting)
{
	g_autofree char *file = g_strconcat(CONFIG_MODEMS "/", setting->alias, CONFIG_SUFFIX,
					    NULL);
	g_autofree char *name = g_strconcat(file, ".d/" DROPIN, NULL);
	const struct config_trial_file *old = config_job_find(job, name);
	char *text;

	/* what m2md calls it is believed only where there is such a file */
	if (!config_job_find(job, file))
		return ctl_fail(job->ctl, -ENOENT, EXIT_FAILED, HINT_FILE,
				"m2md goes by another configuration: there is no %s in %s",
				file, job->directory);
	if (old && memchr(old->bytes, '\0', old->len))
		return ctl_fail(job->ctl, -EBADMSG, EXIT_FAILED, NULL, "%s/%s is no text",
				job->directory, name);
	text = conf_set(old ? old->bytes : "", old ? old->len : 0,
			config_section_name(setting->section), setting->key, setting->value);
	config_job_put(job, name, text, strlen(text), true);
	return 0;
}

static const struct config_modem *modem_of(const struct config *config, const char *alias)
{
	for (size_t i = 0; i < config->n_modems; i++)
		if (!strcmp(config->modems[i].name, alias))
			return &config->modems[i];
	return NULL;
}

/* It is the one that counts, and goes on to count */
static int check(struct config_job *job, const struct config *config,
		 struct conf_notes *notes, void *data)
{
	const struct setting *setting = data;
	const struct config_modem *modem = modem_of(config, setting->alias);
	const struct conf_entry *entry;

	if (modem && modem->sim.slot && modem->sim.order)
		return ctl_fail(job->ctl, -EINVAL, EXIT_FAILED, HINT_FILE,
				"%s" CONFIG_SUFFIX " has Order=, with which there is no Slot=",
				setting->alias);
	if (notes->n_errors || !modem)
		return ctl_fail(job->ctl, -EBADMSG, EXIT_FAILED, "m2mctl config check",
				"the configuration has %zu errors: nothing was changed",
				notes->n_errors);
	entry = conf_find(&modem->source, config_section_name(setting->section), "",
			  setting->key);
	if (!entry || strcmp(entry->value, setting->value))
		return ctl_fail(job->ctl, -EEXIST, EXIT_FAILED, NULL,
				"%s says %s=%s, which comes after " DROPIN,
				entry ? entry->file : setting->alias, setting->key,
				entry ? entry->value : "");
	if (setting->section == CONFIG_SIM && modem->match.iccid.n)
		return ctl_fail(job->ctl, -EINVAL, EXIT_FAILED, HINT_FILE,
				"%s" CONFIG_SUFFIX " goes by ICCID=: another card is not its own",
				setting->alias);
	return 0;
}

static int reload(struct config_job *job)
{
	bool there = false;
	int err = client_reload(job->ctl, &there);

	if (!err && there)
		return 0;
	/* its end is what is to be told, whatever becomes of this */
	config_job_take_back(job);
	return err ? err : not_running(job->ctl);
}

static int run(struct ctl *ctl, struct setting *setting)
{
	struct config_job job;
	int err;

	err = config_job_init(&job, ctl);
	if (!err)
		err = config_job_take(&job);
	if (!err)
		err = put_dropin(&job, setting);
	if (!err)
		err = config_job_try(&job, ctl->args->number[OPTION_CONFIRM] * 1000, check,
				     setting);
	if (!err)
		err = reload(&job);
	config_job_clear(&job);
	return err;
}

int config_setting_try(struct ctl *ctl, enum config_section_id section, const char *key,
		       const char *value)
{
	struct setting setting = { section, key, value, NULL };
	int err = ask_alias(ctl, &setting.alias);

	if (!err)
		err = run(ctl, &setting);
	g_free(setting.alias);
	return err;
}
