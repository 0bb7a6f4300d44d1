// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the advice for each cause that a call may end with. */
#include <stddef.h>

#include "advice.h"

#define ASK_APN		"another apn (m2mctl apn suggest), or ask the issuer of the SIM"
#define ASK_OPERATOR	"ask the operator: the contract does not include it"
#define FAMILY		"one family alone: family 4, or family 6"
#define STALE		"m2mctl pdn show and pdn down; if it is none of those, m2mctl modem reset"
#define REATTACH	"m2mctl net detach and net attach, then again"
#define RADIO		"m2mctl modem mode online"
#define ROAMING		"ask the operator: no data in this network; m2mctl net show"
#define LATER		"again later: the network is full or at fault"
#define MODULE		"wait: the module itself holds calls back; m2mctl modem show"
#define PROFILE		"m2mctl apn show, apn set: the modem's profile does not fit"

/* By type and number, in the order of Documentation/words.rst */
static const struct row {
	uint16_t type;
	int16_t first, last;
	const char *advice;
} rows[] = {
	{ WDS_END_INTERNAL, 208, 208, FAMILY },
	{ WDS_END_INTERNAL, 209, 209, MODULE },
	{ WDS_END_INTERNAL, 210, 210, FAMILY },
	{ WDS_END_INTERNAL, 211, 211, MODULE },
	{ WDS_END_INTERNAL, 217, 217, PROFILE },
	{ WDS_END_INTERNAL, 218, 218, "m2mctl sim show" },
	{ WDS_END_INTERNAL, 219, 219, RADIO },
	{ WDS_END_INTERNAL, 220, 220, ASK_APN },
	{ WDS_END_INTERNAL, 225, 225, ASK_APN },
	{ WDS_END_INTERNAL, 228, 229, STALE },
	{ WDS_END_INTERNAL, 230, 230, ASK_APN },
	{ WDS_END_INTERNAL, 231, 231, FAMILY },
	{ WDS_END_INTERNAL, 233, 233, PROFILE },
	{ WDS_END_INTERNAL, 235, 235, PROFILE },
	{ WDS_END_INTERNAL, 236, 237, STALE },
	{ WDS_END_INTERNAL, 238, 238, FAMILY },
	{ WDS_END_INTERNAL, 239, 239, ROAMING },
	{ WDS_END_INTERNAL, 241, 241, STALE },
	{ WDS_END_INTERNAL, 242, 242, "give it an apn: this modem dials none without" },
	{ WDS_END_INTERNAL, 243, 243, "let the module cool down, and look what heats it" },
	{ WDS_END_INTERNAL, 245, 245, MODULE },
	{ WDS_END_INTERNAL, 246, 246, "m2mctl net roaming any, if the contract allows it" },
	{ WDS_END_INTERNAL, 247, 247, "another apn: it is not written as one" },
	{ WDS_END_INTERNAL, 255, 255, ROAMING },
	{ WDS_END_CM, 518, 518, "m2mctl sim show" },
	{ WDS_END_CM, 523, 523, "let the module cool down, and look what heats it" },
	{ WDS_END_CM, 524, 524, MODULE },
	{ WDS_END_CM, 1004, 1007, "ask the operator: it refuses this SIM or this module" },
	{ WDS_END_CM, 1009, 1009, REATTACH },
	{ WDS_END_CM, 1013, 1013, STALE },
	{ WDS_END_CM, 1022, 1022, ROAMING },
	{ WDS_END_CM, 1028, 1029, REATTACH },
	{ WDS_END_CM, 1067, 1068, REATTACH },
	{ WDS_END_CM, 2500, 2500, RADIO },
	{ WDS_END_CM, 2504, 2504, "m2mctl sim show" },
	{ WDS_END_3GPP, 8, 8,
	  "ask the operator: data is barred, or what the contract allows is used up" },
	{ WDS_END_3GPP, 25, 26, LATER },
	{ WDS_END_3GPP, 27, 27, ASK_APN },
	{ WDS_END_3GPP, 28, 28, FAMILY },
	{ WDS_END_3GPP, 29, 29, "user, auth and --password-file, as the contract has them" },
	{ WDS_END_3GPP, 30, 31,
	  "apn, user and auth as the contract has them; then ask the operator" },
	{ WDS_END_3GPP, 32, 32, ASK_OPERATOR },
	{ WDS_END_3GPP, 33, 33, "another apn, or ask the operator: the contract lacks this one" },
	{ WDS_END_3GPP, 34, 34, LATER },
	{ WDS_END_3GPP, 35, 35, STALE },
	{ WDS_END_3GPP, 36, 36, "m2mctl pdn up again: the network ended it in good order" },
	{ WDS_END_3GPP, 37, 37, ASK_OPERATOR },
	{ WDS_END_3GPP, 38, 38, LATER },
	{ WDS_END_3GPP, 39, 39, REATTACH },
	{ WDS_END_3GPP, 40, 40, ASK_OPERATOR },
	{ WDS_END_3GPP, 43, 43, REATTACH },
	{ WDS_END_3GPP, 50, 50, "family 4" },
	{ WDS_END_3GPP, 51, 51, "family 6" },
	{ WDS_END_3GPP, 52, 52, FAMILY },
	{ WDS_END_3GPP, 53, 53, LATER },
	{ WDS_END_3GPP, 54, 54, REATTACH },
	{ WDS_END_3GPP, 55, 55, "m2mctl pdn show: one PDN with this apn is all there may be" },
	{ WDS_END_3GPP, 111, 111, LATER },
	{ WDS_END_3GPP, 112, 112, ASK_APN },
};

const char *advice(const struct wds_reason *reason)
{
	for (const struct row *row = rows; row < rows + sizeof(rows) / sizeof(*rows); row++)
		if (reason->verbose && row->type == reason->type &&
		    reason->cause >= row->first && reason->cause <= row->last)
			return row->advice;
	return NULL;
}
