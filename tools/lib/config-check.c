// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns what has to agree between keys, sections and files. Pure. */
#include <glib.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"

/* A section of a modem, for messages that name the line of one of its keys */
struct place {
	struct config_modem *modem;
	struct conf_notes *notes;
	const char *section, *argument;
};

static void say(const struct place *place, enum conf_severity severity, const char *key,
		const char *format, ...) __attribute__((format(printf, 4, 5)));

static void say(const struct place *place, enum conf_severity severity, const char *key,
		const char *format, ...)
{
	const struct conf_entry *entry = conf_find(&place->modem->source, place->section,
						   place->argument, key);
	va_list ap;
	char *text;

	place->modem->broken |= severity == CONF_ERROR;
	va_start(ap, format);
	text = g_strdup_vprintf(format, ap);
	va_end(ap);
	conf_note(place->notes, severity, entry ? entry->file : place->modem->file,
		  entry ? entry->line : 0, "%s", text);
	g_free(text);
}

static bool is_set(const struct place *place, const char *key)
{
	const struct conf_entry *entry = conf_find(&place->modem->source, place->section,
						   place->argument, key);

	return entry && *entry->value;
}

static void check_auth(const struct place *place, const char *user,
		       const char *password_file, int64_t auth)
{
	if (password_file && !user)
		say(place, CONF_ERROR, "PasswordFile", "PasswordFile needs User=");
	if (auth != CONFIG_AUTH_NONE && !user)
		say(place, CONF_ERROR, "Auth", "Auth needs User=");
	if (auth == CONFIG_AUTH_NONE && user)
		say(place, CONF_WARNING, "Auth", "Auth=none: User= is not sent");
	else if (user && !password_file)
		say(place, CONF_WARNING, "User",
		    "User without PasswordFile=: the password is empty");
}

static void check_pdn(const struct config *config, struct place *place,
		      const struct config_pdn *pdn)
{
	place->section = "PDN";
	place->argument = pdn->name;
	check_auth(place, pdn->user, pdn->password_file, pdn->auth);
	if (pdn->vrf && pdn->netns)
		say(place, CONF_ERROR, "VRF",
		    "VRF and NetNS exclude each other in [PDN %s]", pdn->name);
	if (pdn->vrf && pdn->route_table)
		say(place, CONF_ERROR, "RouteTable",
		    "RouteTable and VRF exclude each other in [PDN %s]: a VRF has its own",
		    pdn->name);
	if (pdn->vrf && !strcmp(pdn->vrf, pdn->name))
		say(place, CONF_ERROR, "VRF", "VRF=%s is the name of the PDN", pdn->vrf);
	if (pdn->netns && config->has_main && !config->helper.netns)
		say(place, CONF_ERROR, "NetNS", "NetNS needs NetNS=yes in [Helper] of %s",
		    CONFIG_MAIN);
	if (pdn->mtu && pdn->mtu < 1280 && pdn->ip_family != CONFIG_IPV4)
		say(place, CONF_ERROR, "MTU",
		    "MTU=%d is less than the 1280 of IPv6; see IPFamily=", (int)pdn->mtu);
}

static void check_mux_ids(struct place *place, const struct config_modem *modem)
{
	place->section = "PDN";
	for (size_t i = 0; i < modem->n_pdns; i++) {
		for (size_t j = 0; j < i; j++) {
			if (!modem->pdns[i].mux_id ||
			    modem->pdns[i].mux_id != modem->pdns[j].mux_id)
				continue;
			place->argument = modem->pdns[i].name;
			say(place, CONF_ERROR, "MuxId",
			    "MuxId=%d is that of [PDN %s] as well",
			    (int)modem->pdns[i].mux_id, modem->pdns[j].name);
		}
	}
}

/* "host:port", "[address]:port" */
static bool has_port(const char *target)
{
	const char *colon = strrchr(target, ':');
	char *end;
	long port;

	if (!colon || !colon[1] || colon == target || strlen(colon + 1) > 5)
		return false;
	port = strtol(colon + 1, &end, 10);
	if (*end || port < 1 || port > 65535)
		return false;
	return *target == '[' ? colon[-1] == ']' :
		!memchr(target, ':', colon - target);
}

/* m2md is not in a namespace, and nothing it sends goes through an interface there */
static void check_target(const struct place *place, const struct config_modem *modem)
{
	for (size_t i = 0; i < modem->n_pdns; i++)
		if (modem->pdns[i].netns)
			say(place, CONF_WARNING, "Target",
			    "Target is not asked through [PDN %s], which has NetNS=",
			    modem->pdns[i].name);
}

static void check_supervise(const struct config *config, struct place *place)
{
	const struct config_supervise *supervise = &place->modem->supervise;

	place->section = "Supervise";
	place->argument = "";
	if (!supervise->target && is_set(place, "Probe"))
		say(place, CONF_WARNING, "Probe", "Probe does nothing without Target=");
	if (supervise->target)
		check_target(place, place->modem);
	if (supervise->target && supervise->probe == CONFIG_PROBE_TCP &&
	    !has_port(supervise->target))
		say(place, CONF_ERROR, "Target",
		    "Target takes HOST:PORT or [ADDRESS]:PORT with Probe=tcp");
	if (supervise->target && supervise->probe != CONFIG_PROBE_TCP &&
	    strpbrk(supervise->target, "[]"))
		say(place, CONF_ERROR, "Target",
		    "Target takes a port with Probe=tcp only");
	if (!config->has_main || !is_set(place, "Ladder"))
		return;
	if (supervise->ladder == CONFIG_LADDER_PORT_POWER && !config->helper.port_power)
		say(place, CONF_WARNING, "Ladder",
		    "Ladder=port-power needs PortPower=yes in [Helper] of %s",
		    CONFIG_MAIN);
	if (supervise->ladder == CONFIG_LADDER_HOST_REBOOT && !config->helper.reboot)
		say(place, CONF_WARNING, "Ladder",
		    "Ladder=host-reboot needs Reboot=yes in [Helper] of %s", CONFIG_MAIN);
}

/* What was meant for one must not become one for all */
static void check_match(const struct place *place, const struct config_modem *modem)
{
	const struct config_match *match = &modem->match;

	if (match->imei.n || match->iccid.n || match->path.n || match->model.n ||
	    modem->fits_none)
		return;
	for (size_t i = 0; i < modem->source.n_sections; i++) {
		const struct conf_section *section = &modem->source.sections[i];

		if (!strcmp(section->name, "Match"))
			conf_note(place->notes, CONF_WARNING, section->file, section->line,
				  "[Match] is empty: the file is for every modem");
	}
}

/* What it attaches with is left alone unless an access point is named */
static void check_attach(struct place *place, const struct config_attach *attach)
{
	static const char * const keys[] = { "User", "PasswordFile", "Auth", "IPFamily" };

	place->section = "Attach";
	check_auth(place, attach->user, attach->password_file, attach->auth);
	for (size_t i = 0; i < G_N_ELEMENTS(keys) && !attach->apn; i++)
		if (is_set(place, keys[i]))
			say(place, CONF_WARNING, keys[i],
			    "%s does nothing without APN= in [Attach]", keys[i]);
}

/* Also for a modem of whose card nothing is known */
static bool is_for_any_card(const struct config_match *match)
{
	for (size_t i = 0; i < match->iccid.n; i++)
		if (!strcmp(match->iccid.s[i], "*"))
			return true;
	return !match->iccid.n;
}

static bool has_order_for_any_card(const struct config *config)
{
	for (size_t i = 0; i < config->n_modems; i++)
		if (config->modems[i].sim.order &&
		    is_for_any_card(&config->modems[i].match))
			return true;
	return false;
}

static void check_sim(const struct config *config, struct place *place,
		      const struct config_modem *modem)
{
	place->section = "SIM";
	if (modem->sim.slot && modem->sim.order)
		say(place, CONF_ERROR, "Order", "Slot and Order exclude each other in [SIM]");
	if (modem->sim.order && !has_order_for_any_card(config))
		say(place, CONF_WARNING, "Order",
		    "Order with ICCID= in [Match]: it does not count while there is no such card");
	if (modem->sim.pin_file && !modem->match.iccid.n)
		say(place, CONF_WARNING, "PINFile",
		    "PINFile without ICCID= in [Match] is for any card; ICCID=* says so on purpose");
	if (modem->sim.slot && modem->match.iccid.n)
		say(place, CONF_WARNING, "Slot",
		    "Slot with ICCID= in [Match]: the file counts only while that card is in use");
}

static void check_at(struct place *place, const struct config_init *init)
{
	place->section = "Modem";
	if (init->at_port && !init->at_init.n)
		say(place, CONF_WARNING, "AtPort", "AtPort does nothing without AtInit=");
}

static void check_modem(const struct config *config, struct place *place)
{
	const struct config_modem *modem = place->modem;

	check_match(place, modem);
	for (size_t i = 0; i < modem->n_pdns; i++)
		check_pdn(config, place, &modem->pdns[i]);
	check_mux_ids(place, modem);
	check_supervise(config, place);
	place->argument = "";
	check_attach(place, &modem->attach);
	check_sim(config, place, modem);
	place->section = "Quota";
	if (!modem->quota.limit_bytes && is_set(place, "Action"))
		say(place, CONF_WARNING, "Action", "Action does nothing without Limit=");
	check_at(place, &modem->init);
}

void config_check(struct config *config, struct conf_notes *notes)
{
	for (size_t i = 0; i < config->n_modems; i++) {
		struct place place = { &config->modems[i], notes, "", "" };

		check_modem(config, &place);
	}
	for (size_t i = 0; i < config->n_modems; i++)
		for (size_t j = 0; j < i; j++)
			if (!strcmp(config->modems[i].name, config->modems[j].name))
				conf_note(notes, CONF_ERROR, config->modems[i].file, 0,
					  "%s has the same name",
					  config->modems[j].file);
	config_ties(config, notes);
}
