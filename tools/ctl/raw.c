// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the request that is given as numbers. */
#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/frame.h"
#include "../lib/qmi-tlv.h"
#include "../lib/words.h"
#include "ctl.h"

#define VALUE_MAX	2048
#define ANSWER_MS_MIN	1000

static bool number(const char *s, unsigned long max, unsigned int *ret)
{
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(s, &end, 0);
	*ret = value;
	return g_ascii_isdigit(*s) && !*end && !errno && value <= max;
}

/* "0x14=696f74": type and value */
static int add_tlv(struct ctl *ctl, QmiMessage *request, const char *word)
{
	const char *hex = strchr(word, '=');
	uint8_t value[VALUE_MAX];
	char type[8] = "";
	unsigned int id;
	size_t len;

	if (hex && hex - word < (ptrdiff_t)sizeof(type))
		memcpy(type, word, hex - word);
	if (!number(type, 0xff, &id))
		return ctl_fail(ctl, -EINVAL, EXIT_USAGE, NULL,
				"a TLV is TYPE=HEX, not \"%s\"", word);
	if (frame_is_secret(qmi_message_get_service(request),
			    qmi_message_get_message_id(request), id))
		return ctl_fail(ctl, -EINVAL, EXIT_USAGE,
				"m2mctl sim unlock, m2mctl pdn up",
				"TLV 0x%02x holds a secret, which has no place on a command line",
				id);
	hex++;
	len = strlen(hex) / 2;
	if (strlen(hex) % 2 || len > VALUE_MAX)
		return ctl_fail(ctl, -EINVAL, EXIT_USAGE, NULL,
				"TLV 0x%02x: not a value of whole bytes, %d at most",
				id, VALUE_MAX);
	for (size_t i = 0; i < len; i++) {
		int high = g_ascii_xdigit_value(hex[2 * i]);
		int low = g_ascii_xdigit_value(hex[2 * i + 1]);

		if (high < 0 || low < 0)
			return ctl_fail(ctl, -EINVAL, EXIT_USAGE, NULL,
					"TLV 0x%02x: \"%s\" is not hexadecimal",
					id, hex);
		value[i] = high << 4 | low;
	}
	tlv_put(request, id, value, len);
	return 0;
}

/* The request, or NULL with ctl->error filled in */
static QmiMessage *build(struct ctl *ctl)
{
	const struct args *args = ctl->args;
	int service = word_value(WORD_SERVICE, args->arg[0]);
	unsigned int id, msgid;
	QmiMessage *request;

	if (service < 0 && number(args->arg[0], 0xff, &id))
		service = id;
	if (service < 0) {
		ctl_fail(ctl, -EINVAL, EXIT_USAGE, NULL,
			 "unknown service \"%s\"", args->arg[0]);
		return NULL;
	}
	if (!number(args->arg[1], 0xffff, &msgid)) {
		ctl_fail(ctl, -EINVAL, EXIT_USAGE, NULL,
			 "a message is a number to 0xffff, not \"%s\"",
			 args->arg[1]);
		return NULL;
	}
	request = qmi_request(service, msgid);
	for (unsigned int i = 2; i < args->n_args; i++) {
		if (add_tlv(ctl, request, args->arg[i])) {
			qmi_message_unref(request);
			return NULL;
		}
	}
	if (request->len > FRAME_MAX) {
		ctl_fail(ctl, -EINVAL, EXIT_USAGE, NULL,
			 "a QMI message has at most %d bytes, not %u", FRAME_MAX, request->len);
		qmi_message_unref(request);
		return NULL;
	}
	return request;
}

static void print_tlv(guint8 type, const guint8 *value, gsize len,
		      gpointer data)
{
	GString *hex = g_string_sized_new(2 * len);
	struct out *out = data;
	char name[8];

	for (size_t i = 0; i < len; i++)
		g_string_append_printf(hex, "%02x", value[i]);
	snprintf(name, sizeof(name), "0x%02x", type);
	out_row(out);
	out_string(out, "type", "TLV", name);
	out_int(out, "length_bytes", "LENGTH", len);
	out_string(out, "value", "VALUE", hex->str);
	out_row_end(out);
	g_string_free(hex, TRUE);
}

/* The answer without what a profile or a card keeps to itself */
static QmiMessage *redact(QmiMessage *answer, unsigned int *ret_hidden)
{
	uint8_t redacted[FRAME_MAX];
	size_t len;

	*ret_hidden = frame_redact(answer->data, answer->len, redacted, &len);
	return qmi_decode(redacted, len);
}

static int print_answer(struct ctl *ctl, QmiMessage *answer)
{
	uint16_t result = qmi_result(answer);
	struct out *out = ctl->out;
	unsigned int hidden;
	QmiMessage *open;
	char *text;

	open = redact(answer, &hidden);
	if (!open)
		return m2m_error_set(&ctl->error, -EBADMSG,
				     "the modem's answer is malformed");
	text = qmi_message_get_printable_full(open, NULL, "");
	out_string(out, "result", "Result", word(WORD_QMI_ERROR, result).s);
	out_int(out, "error", NULL, result);
	out_table(out, "tlvs", "Answer");
	qmi_message_foreach_raw_tlv(open, print_tlv, out);
	out_table_end(out);
	out_int(out, "hidden_tlvs", NULL, hidden);
	if (hidden)
		out_line(out, "%u TLVs with secrets are not shown", hidden);
	out_string(out, "decoded", NULL, text);
	out_line(out, "%s", g_strchomp(text));
	g_free(text);
	qmi_message_unref(open);
	return 0;
}

/* --wait is for all of it, but a question that is asked may be answered */
static unsigned int answer_ms(const struct ctl *ctl)
{
	int64_t left_ms;

	if (!ctl->args->given[OPTION_WAIT])
		return QMI_CALL_TIMEOUT_MS;
	left_ms = (ctl_deadline_us(ctl, 0) - g_get_monotonic_time()) / 1000;
	return CLAMP(left_ms, ANSWER_MS_MIN, QMI_CALL_TIMEOUT_MS);
}

int raw_run(struct ctl *ctl)
{
	QmiMessage *request = build(ctl);
	struct m2m_client *client;
	QmiMessage *answer;
	int err;

	if (!request)
		return ctl->error.err;
	err = ctl_open(ctl, qmi_message_get_service(request), &client);
	if (err) {
		qmi_message_unref(request);
		return err;
	}
	err = m2m_client_call(client, request, answer_ms(ctl), &answer,
			      &ctl->error);
	m2m_client_close(client, false);
	/* a QMI error is an answer too, but not a success */
	if (err == -ETIMEDOUT || err == -ECONNRESET)
		ctl->hint = "what it was to change: it may have been done";
	else if (err == -EREMOTEIO)
		ctl->hint = "the TLVs that this message takes";
	if (!err)
		err = print_answer(ctl, answer);
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}
