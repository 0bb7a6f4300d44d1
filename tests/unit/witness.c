// SPDX-License-Identifier: GPL-2.0-or-later
/* libqmi as a witness; apart, as its names and m2msim's are not to meet. */
#include <libqmi-glib.h>

#include "../lib/harness.h"
#include "witness.h"

char *witness_text(const uint8_t *frame, size_t len)
{
	GByteArray *bytes = g_byte_array_new();
	QmiMessage *message;
	char *text;

	g_byte_array_append(bytes, frame, len);
	message = qmi_message_new_from_raw(bytes, NULL);
	g_byte_array_unref(bytes);
	ASSERT_TRUE(message);
	text = qmi_message_get_printable_full(message, NULL, "");
	qmi_message_unref(message);
	return text;
}
