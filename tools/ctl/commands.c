// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the table of commands. Help, completion and manual follow it (tests/unit/ctl-doc.c). */
#include <stddef.h>

#include "args.h"
#include "ctl.h"

static const struct args_key pdn_up_keys[] = {
	{ "apn", "APN", "access point; without it the network's own choice",
	  ARGS_TEXT },
	{ "user", "NAME", "user name", ARGS_TEXT },
	{ "auth", "none|pap|chap|both", "how to send user name and password",
	  ARGS_WORD, .words = "none|pap|chap|both" },
	{ "family", "4|6|46", "IP families; 46 takes what the network grants",
	  ARGS_WORD, .words = "4|6|46" },
	{ "metric", "N", "of the default routes, 2048 and up by mux id",
	  ARGS_NUMBER, 1, 2147483647 },
	{ "mtu", "BYTES", "of the link, instead of the network's",
	  ARGS_NUMBER, 576, 65535 },
	{ "mux", "ID", "mux id of the link, the lowest free one without",
	  ARGS_NUMBER, 1, 254 },
	{ NULL }
};

const struct command commands[] = {
	{ "list", NULL, "", 0, 0, NULL, 0, 0,
	  "modems, one a line (also without any word)", list_run },
	{ "status", NULL, "", 0, 0, NULL, COMMAND_MODEM, 0,
	  "all about a modem: identity, SIM, network, signal, PDNs",
	  status_run },
	{ "signal", NULL, "", 0, 0, NULL, COMMAND_MODEM, 0,
	  "signal by radio technology", signal_run },
	{ "sim", "show", "", 0, 0, NULL, COMMAND_MODEM, 0,
	  "cards, slots, PIN state and tries left", sim_show_run },
	{ "sim", "unlock", "", 0, 0, NULL,
	  COMMAND_MODEM | COMMAND_CHANGES | COMMAND_WAITS,
	  1u << OPTION_PIN_FILE | 1u << OPTION_PIN_FD | 1u << OPTION_FORCE,
	  "give the SIM its PIN, from a file, a descriptor or a prompt",
	  sim_unlock_run },
	{ "pdn", "up", "NAME", 1, 1, pdn_up_keys,
	  COMMAND_MODEM | COMMAND_CHANGES | COMMAND_WAITS,
	  1u << OPTION_PASSWORD_FILE | 1u << OPTION_PASSWORD_FD,
	  "connect; NAME is also the network interface", pdn_up_run },
	{ "pdn", "down", "NAME", 1, 1, NULL, COMMAND_MODEM | COMMAND_CHANGES, 0,
	  "disconnect what pdn up NAME connected", pdn_down_run },
	{ "pdn", "show", "", 0, 0, NULL, COMMAND_MODEM, 0,
	  "connections with addresses, DNS and counters", pdn_show_run },
	{ "monitor", NULL, "", 0, 0, NULL, 0, 1u << OPTION_QMI,
	  "events as they happen, one a line, until interrupted or --wait ends",
	  monitor_run },
	{ "why", NULL, "", 0, 0, NULL, COMMAND_LOCAL, 0,
	  "what m2md is doing about each modem and PDN, why, and what is next",
	  why_run },
	{ "config", "check", "[DIRECTORY|FILE...]", 0, ARGS_MAX - 2, NULL,
	  COMMAND_LOCAL, 0,
	  "what is wrong with the configuration, with file and line",
	  config_check_run },
	{ "config", "keys", "", 0, 0, NULL, COMMAND_LOCAL, 0,
	  "what the configuration may say", config_keys_run },
	{ "raw", NULL, "SERVICE MESSAGE [TLV=HEX]...", 2, ARGS_MAX - 1, NULL,
	  COMMAND_MODEM | COMMAND_CHANGES | COMMAND_WAITS, 0,
	  "one QMI request, e.g. raw dms 0x0025", raw_run },
	{ NULL }
};
