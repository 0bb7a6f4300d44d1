// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the sending of PINs and PUKs, by whichever service. */
#include <errno.h>
#include <string.h>

#include "pin-value.h"
#include "qmi-tlv.h"

#define TRIES_MAX	15

int pin_sane_tries(uint8_t tries)
{
	return tries <= TRIES_MAX ? tries : UIM_TRIES_UNKNOWN;
}

void pin_value_add(struct pin_value *value, const char *secret)
{
	size_t len = strlen(secret);

	/* cut, it would be another one and cost a try */
	value->bad |= len > PIN_MAX;
	if (value->bad)
		return;
	value->bytes[value->len++] = len;
	memcpy(value->bytes + value->len, secret, len);
	value->len += len;
}

int pin_value_call(struct m2m_client *client, QmiMessage *request, uint8_t tlv,
		   struct pin_value *value, struct uim_tries *ret_tries,
		   struct m2m_error *error)
{
	struct tlv tries;
	QmiMessage *answer;
	int err;

	*ret_tries = (struct uim_tries) { UIM_TRIES_UNKNOWN, UIM_TRIES_UNKNOWN };
	if (value->bad) {
		explicit_bzero(value, sizeof(*value));
		qmi_message_unref(request);
		return m2m_error_set(error, -EINVAL, "a PIN has at most %d digits", PIN_MAX);
	}
	/* last, so that no reallocation leaves a secret behind */
	tlv_put(request, tlv, value->bytes, value->len);
	explicit_bzero(value, sizeof(*value));
	err = m2m_client_call(client, request, QMI_TIMEOUT_MS, &answer, error);
	if (answer && tlv_find(answer, 0x10, &tries) && tlv_left(&tries) >= 2) {
		ret_tries->pin = pin_sane_tries(tlv_u8(&tries));
		ret_tries->puk = pin_sane_tries(tlv_u8(&tries));
	}
	g_clear_pointer(&answer, qmi_message_unref);
	return err;
}
