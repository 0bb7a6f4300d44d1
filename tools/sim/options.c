// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns option names, their defaults and --help. */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"

enum option_id {
	OPTION_MODEL = 1,
	OPTION_IMEI,
	OPTION_SCENARIO,
	OPTION_CONTROL,
	OPTION_TRANSPORT,
	OPTION_TAP,
	OPTION_SET,
	OPTION_SEED,
	OPTION_DAEMON,
	OPTION_HELP,
};

static const struct option long_options[] = {
	{ "model", required_argument, NULL, OPTION_MODEL },
	{ "imei", required_argument, NULL, OPTION_IMEI },
	{ "scenario", required_argument, NULL, OPTION_SCENARIO },
	{ "control", required_argument, NULL, OPTION_CONTROL },
	{ "transport", required_argument, NULL, OPTION_TRANSPORT },
	{ "tap", required_argument, NULL, OPTION_TAP },
	{ "set", required_argument, NULL, OPTION_SET },
	{ "seed", required_argument, NULL, OPTION_SEED },
	{ "daemon", no_argument, NULL, OPTION_DAEMON },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ 0 },
};

static void help(void)
{
	const struct identity *identity;
	unsigned int i;

	printf("usage: m2msim [OPTION]...\n"
	       "       m2msim ctl SOCKET COMMAND...\n"
	       "\n"
	       "  --model NAME         modem to be (default ec25), see below\n"
	       "  --imei N             15 digits, or nothing at all\n"
	       "  --scenario FILE      what happens to it, and when\n"
	       "  --control SOCKET     takes commands there\n"
	       "  --transport T        vhci, vhci:high, vhci:super, usbredir:SOCKET,\n"
	       "                       usbredir:high:SOCKET or usbredir:super:SOCKET\n"
	       "  --tap IFNAME         packets go to this interface, not to the peer\n"
	       "  --set KEY=VALUE      setting or fault from the start; repeatable\n"
	       "  --seed N             of the noise that garbage is made of\n"
	       "  --daemon             go into the background once plugged in\n"
	       "  --help               this text\n"
	       "\n"
	       "models:\n");
	for (i = 0; (identity = identity_at(i)); i++)
		printf("  %-8s %04x:%04x %s%s\n", identity->name, identity->vendor,
		       identity->product, identity->usb_product,
		       identity->bcd_usb_super ? ", SuperSpeed" : "");
}

static __attribute__((format(printf, 1, 2)))
int refuse(const char *format, ...)
{
	va_list args;

	fprintf(stderr, "m2msim: ");
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return -EINVAL;
}

/* Firmware and drivers both take an IMEI for 15 digits or for nothing. */
static int parse_imei(struct options *options, const char *text)
{
	if (*text && (strlen(text) != 15 || strspn(text, "0123456789") != 15))
		return refuse("--imei wants 15 digits or an empty string");
	options->firmware.imei = text;
	return 0;
}

static int parse_speed(const char **text, enum usb_speed *ret_speed)
{
	static const struct {
		const char *word;
		enum usb_speed speed;
	} speeds[] = {
		{ "high", USB_SPEED_HIGH },
		{ "super", USB_SPEED_SUPER },
	};
	size_t i, n;

	for (i = 0; i < 2; i++) {
		n = strlen(speeds[i].word);
		if (strncmp(*text, speeds[i].word, n) ||
		    ((*text)[n] && (*text)[n] != ':'))
			continue;
		*ret_speed = speeds[i].speed;
		*text += n + ((*text)[n] == ':');
		return 0;
	}
	return -EINVAL;
}

static int parse_transport(struct options *options, const char *text)
{
	const char *rest;

	if (!strcmp(text, "vhci"))
		return 0;
	if (g_str_has_prefix(text, "vhci:")) {
		rest = text + strlen("vhci:");
		if (!parse_speed(&rest, &options->speed) && !*rest)
			return 0;
	} else if (g_str_has_prefix(text, "usbredir:")) {
		rest = text + strlen("usbredir:");
		(void)parse_speed(&rest, &options->speed);
		options->usbredir = rest;
		if (*rest)
			return 0;
	}
	return refuse("there is no transport \"%s\"", text);
}

static int parse_set(struct options *options, const char *text)
{
	const char *equals = strchr(text, '=');
	struct setting *setting = &options->settings[options->n_settings];

	if (!equals || equals == text || (size_t)(equals - text) >= sizeof(setting->key))
		return refuse("--set wants KEY=VALUE, not \"%s\"", text);
	if (options->n_settings >= OPTIONS_SETTINGS_MAX)
		return refuse("more than %d settings", OPTIONS_SETTINGS_MAX);
	memcpy(setting->key, text, (size_t)(equals - text));
	setting->key[equals - text] = '\0';
	setting->value = equals + 1;
	options->n_settings++;
	return 0;
}

static int parse_seed(struct options *options, const char *text)
{
	char *end;

	errno = 0;
	options->seed = strtoull(text, &end, 0);
	if (errno || *end || !isdigit((unsigned char)*text))
		return refuse("--seed wants a number, not \"%s\"", text);
	return 0;
}

static int parse_model(struct options *options, const char *text)
{
	options->identity = identity_find(text);
	if (!options->identity)
		return refuse("there is no model \"%s\"; see --help", text);
	return 0;
}

static int parse_option(struct options *options, enum option_id id, const char *text)
{
	switch (id) {
	case OPTION_MODEL:
		return 0;	/* the first pass took it */
	case OPTION_IMEI:
		return parse_imei(options, text);
	case OPTION_SCENARIO:
		options->scenario_path = text;
		return 0;
	case OPTION_CONTROL:
		options->control = text;
		return 0;
	case OPTION_TRANSPORT:
		return parse_transport(options, text);
	case OPTION_TAP:
		options->tap = text;
		return 0;
	case OPTION_SET:
		return parse_set(options, text);
	case OPTION_SEED:
		return parse_seed(options, text);
	case OPTION_DAEMON:
		options->daemon = true;
		return 0;
	case OPTION_HELP:
		help();
		return 1;
	}
	return refuse("see m2msim --help");
}

static int load_scenario(struct options *options)
{
	struct scenario_error error = { 0 };
	GError *problem = NULL;
	char *text;
	int ret;

	if (!options->scenario_path)
		return 0;
	if (!g_file_get_contents(options->scenario_path, &text, NULL, &problem)) {
		ret = refuse("%s", problem->message);
		g_error_free(problem);
		return ret;
	}
	ret = scenario_parse(text, &options->scenario, &error);
	g_free(text);
	if (ret == -EINVAL)
		fprintf(stderr, "%s:%u: %s\n", options->scenario_path, error.line,
			error.text);
	return ret;
}

/* The model decides what other options start from, wherever it stands. */
static int parse_model_first(int argc, char **argv, struct options *options)
{
	int c;

	options->identity = identity_at(0);
	opterr = 0;
	while ((c = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		if (c == OPTION_MODEL && parse_model(options, optarg))
			return -EINVAL;
	options->firmware = options->identity->firmware;
	options->speed = options->identity->speed;
	opterr = 1;
	optind = 1;
	return 0;
}

int options_parse(int argc, char **argv, struct options *ret_options)
{
	struct options options = { .seed = 1 };
	int c, ret;

	ret = parse_model_first(argc, argv, &options);
	while (!ret && (c = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		ret = c == '?' ? -EINVAL :
		      parse_option(&options, (enum option_id)c, optarg);
	if (!ret && optind < argc)
		ret = refuse("\"%s\" is no option", argv[optind]);
	if (!ret && options.speed == USB_SPEED_SUPER &&
	    !options.identity->bcd_usb_super)
		ret = refuse("%s has no SuperSpeed", options.identity->name);
	if (!ret)
		ret = load_scenario(&options);
	*ret_options = options;
	return ret;
}

void options_exit(struct options *options)
{
	scenario_exit(&options->scenario);
}
