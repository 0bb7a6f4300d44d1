// SPDX-License-Identifier: GPL-2.0-or-later
/* A cause that the network or the modem gives is told with what to do about it. */
#include <kselftest_harness.h>
#include <stdio.h>
#include <string.h>

#include "../../tools/ctl/advice.h"
#include "../../tools/lib/words.h"
#include "../lib/harness.h"

static const struct row {
	uint16_t type;
	int16_t cause;
	const char *word;	/* so that the number is what it is taken for */
	const char *part;	/* of the advice, NULL: there is none */
} rows[] = {
	{ WDS_END_3GPP, 8, "operator-determined-barring", "ask the operator" },
	{ WDS_END_3GPP, 26, "insufficient-resources", "again later" },
	{ WDS_END_3GPP, 27, "unknown-apn", "m2mctl apn suggest" },
	{ WDS_END_3GPP, 28, "unknown-pdp", "family 4, or family 6" },
	{ WDS_END_3GPP, 29, "authentication-failed", "user, auth and --password-file" },
	{ WDS_END_3GPP, 33, "option-unsubscribed", "the contract lacks" },
	{ WDS_END_3GPP, 35, "nsapi-already-used", "m2mctl modem reset" },
	{ WDS_END_3GPP, 36, "regular-deactivation", "pdn up again" },
	{ WDS_END_3GPP, 39, "reattach-required", "net detach" },
	{ WDS_END_3GPP, 50, "ipv4-only-allowed", "family 4" },
	{ WDS_END_3GPP, 51, "ipv6-only-allowed", "family 6" },
	{ WDS_END_3GPP, 55, "multiple-connection-to-same-pdn-not-allowed", "m2mctl pdn show" },
	{ WDS_END_3GPP, 112, "apn-type-conflict", "another apn" },
	{ WDS_END_3GPP, 45, "filter-syntax-error", NULL },
	{ WDS_END_INTERNAL, 218, "mmgdsi-card-event", "m2mctl sim show" },
	{ WDS_END_INTERNAL, 219, "lpm-or-power-down", "m2mctl modem mode online" },
	{ WDS_END_INTERNAL, 231, "ip-version-mismatch", "one family alone" },
	{ WDS_END_INTERNAL, 237, "interface-in-use", "pdn down" },
	{ WDS_END_INTERNAL, 239, "apn-disallowed-on-roaming", "no data in this network" },
	{ WDS_END_INTERNAL, 242, "null-apn-disallowed", "give it an apn" },
	{ WDS_END_INTERNAL, 243, "thermal-mitigation", "cool down" },
	{ WDS_END_INTERNAL, 246, "data-roaming-settings-disabled", "net roaming any" },
	{ WDS_END_CM, 518, "uim-not-present", "m2mctl sim show" },
	{ WDS_END_CM, 523, "thermal-emergency", "cool down" },
	{ WDS_END_CM, 1005, "illegal-me", "refuses this SIM or this module" },
	{ WDS_END_CM, 1022, "roaming-not-allowed-in-tracking-area", "ask the operator" },
	{ WDS_END_CM, 2500, "offline", "m2mctl modem mode online" },
	{ WDS_END_CM, 504, "incoming-call", NULL },
	{ 4, 27, NULL, NULL },
};

TEST(each_cause_has_its_advice)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct wds_reason reason = {
			.known = true, .verbose = true,
			.type = rows[i].type, .cause = rows[i].cause,
		};
		const char *got = advice(&reason);

		if (rows[i].word)
			EXPECT_STREQ(rows[i].word,
				     word_end_reason(rows[i].type, rows[i].cause).s);
		if (!got)
			got = "";
		if (rows[i].part ? !strstr(got, rows[i].part) : *got)
			harness_fail(__FILE__, __LINE__, false, "type %u cause %d: %s",
				     rows[i].type, rows[i].cause, got);
	}
}

/* What the network refuses for good as it is asked leaves nobody without a word */
TEST(whatever_is_to_be_changed_has_one)
{
	for (int type = 0; type < 16; type++) {
		for (int cause = 0; cause < 3000; cause++) {
			const struct wds_reason reason = {
				.known = true, .verbose = true, .type = type, .cause = cause,
			};

			if ((wds_reason_is_config(&reason) || wds_reason_is_family(&reason)) &&
			    !advice(&reason))
				harness_fail(__FILE__, __LINE__, false, "type %d cause %d",
					     type, cause);
		}
	}
}

/* A number that nobody said is a verbose one means nothing */
TEST(without_a_verbose_reason_there_is_none)
{
	const struct wds_reason reason = { .known = true, .type = WDS_END_3GPP, .cause = 27 };

	EXPECT_TRUE(!advice(&reason));
}

TEST_HARNESS_MAIN
