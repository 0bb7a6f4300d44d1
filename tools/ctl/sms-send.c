// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns `m2mctl sms send`. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../lib/words.h"
#include "network.h"
#include "sms.h"

/* No text is longer: UTF-8 of all the parts there may be, and a newline */
#define INPUT_MAX	(SMS_PARTS_MAX * SMS_UNITS_MAX * 3 + 2)

static int usage(struct ctl *ctl, const char *sentence)
{
	return ctl_fail(ctl, -EINVAL, EXIT_USAGE, NULL, "%s", sentence);
}

/* The text of a pipe or a terminal, without its last newline; for g_free() */
static int read_input(struct ctl *ctl, char **ret_text)
{
	char *text = g_malloc0(INPUT_MAX + 1);
	size_t len = fread(text, 1, INPUT_MAX, stdin);
	const char *wrong = NULL;

	if (ferror(stdin))
		wrong = "the text cannot be read";
	else if (len == INPUT_MAX)
		wrong = "the text is too long";
	else if (strlen(text) != len)
		wrong = "the text has a byte of zero";
	if (wrong) {
		g_free(text);
		return usage(ctl, wrong);
	}
	if (len && text[len - 1] == '\n')
		text[len - 1] = '\0';
	*ret_text = text;
	return 0;
}

/* What is to be sent, before the modem is asked anything */
static int plan(struct ctl *ctl, struct sms_plan *ret)
{
	const struct args *args = ctl->args;
	const char *encoding = args_key(args, "encoding");
	char *input = NULL;
	int want = -1;
	int err = 0;

	if (!sms_number_is_valid(args->arg[0]))
		return ctl_fail(ctl, -EINVAL, EXIT_USAGE, NULL,
				"\"%s\" is no telephone number: 1 to 20 digits, with + before an international one",
				args->arg[0]);
	if (encoding && strcmp(encoding, "auto"))
		want = strcmp(encoding, "ucs2") ? SMS_GSM7 : SMS_UCS2;
	if (!strcmp(args->arg[1], "-"))
		err = read_input(ctl, &input);
	if (!err)
		err = sms_plan(input ? input : args->arg[1], want, ret, &ctl->error);
	g_free(input);
	return err;
}

static int refused(struct ctl *ctl, int err, unsigned int part, unsigned int parts,
		   const struct wms_cause *cause)
{
	char which[40] = "";

	if (parts > 1)
		snprintf(which, sizeof(which), "part %u of %u: ", part + 1, parts);
	if (err != -ECONNREFUSED) {
		/* done twice it is sent twice */
		if (err == -ETIMEDOUT || err == -ECONNRESET)
			ctl->hint = "ask whom it was for first: it may have been sent";
		else if (part)
			ctl->hint = "not all of it: the parts before this one have been sent";
		if (*which)
			m2m_error_prefix(&ctl->error, "part %u of %u", part + 1, parts);
		return err;
	}
	return ctl_fail(ctl, err, EXIT_CALL_FAILED,
			"m2mctl status; the number, the tariff or the service centre may be why",
			"%sthe network did not take it: %s (RP cause %u, TP cause %u)", which,
			word(WORD_RP_CAUSE, cause->rp).s, cause->rp, cause->tp);
}

static void report_part(struct out *out, unsigned int part, int reference)
{
	out_row(out);
	out_int(out, "part", NULL, part + 1);
	if (reference < 0)
		out_unknown(out, "reference", NULL);
	else
		out_int(out, "reference", NULL, reference);
	out_row_end(out);
}

static int send_parts(struct ctl *ctl, struct m2m_client *wms, const struct sms_plan *plan)
{
	const char *report = args_key(ctl->args, "report");
	const struct sms_submit how = {
		.number = ctl->args->arg[0],
		.group = g_random_int(),
		.report = report && !strcmp(report, "yes"),
	};

	out_table(ctl->out, "parts", NULL);
	for (unsigned int i = 0; i < plan->n; i++) {
		uint8_t pdu[SMS_PDU_MAX];
		struct wms_cause cause;
		int reference;
		int err;

		err = wms_send(wms, pdu, sms_submit(plan, i, &how, pdu), &reference, &cause,
			       &ctl->error);
		if (err)
			return refused(ctl, err, i, plan->n, &cause);
		report_part(ctl->out, i, reference);
	}
	out_table_end(ctl->out);
	return 0;
}

int sms_send_run(struct ctl *ctl)
{
	static struct sms_plan text;
	struct m2m_client *wms;
	int err;

	err = plan(ctl, &text);
	if (!err)
		err = sms_open(ctl, &wms);
	if (err)
		return err;
	err = network_settle(ctl);
	if (!err)
		err = send_parts(ctl, wms, &text);
	m2m_client_close(wms, false);
	if (err)
		return err;
	out_string(ctl->out, "number", NULL, ctl->args->arg[0]);
	out_string(ctl->out, "encoding", NULL, text.encoding == SMS_UCS2 ? "ucs2" : "gsm7");
	out_line(ctl->out, text.n == 1 ? "sent to %s" : "sent to %s in %u parts",
		 ctl->args->arg[0], text.n);
	return 0;
}
