// SPDX-License-Identifier: GPL-2.0-or-later
/* Owns the writing of answers: JSON on one line. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/out.h"
#include "answer.h"

struct answer {
	FILE *to;
	struct out *out;
	char *text;
	size_t size;
};

struct answer *answer_begin(void)
{
	struct answer *answer = calloc(1, sizeof(*answer));

	if (!answer)
		return NULL;
	answer->to = open_memstream(&answer->text, &answer->size);
	if (!answer->to) {
		free(answer);
		return NULL;
	}
	answer->out = out_new(answer->to, OUT_JSON);
	return answer;
}

struct out *answer_out(struct answer *answer)
{
	return answer->out;
}

char *answer_end(struct answer *answer)
{
	int err = out_finish(answer->out);
	char *text;

	err |= fclose(answer->to);
	text = answer->text;
	free(answer);
	if (err) {
		free(text);
		return NULL;
	}
	text[strcspn(text, "\n")] = '\0';
	return text;
}

char *answer_done(void)
{
	struct answer *answer = answer_begin();

	return answer ? answer_end(answer) : NULL;
}

char *answer_refusal(const char *token, const char *format, ...)
{
	struct answer *answer = answer_begin();
	char sentence[256];
	va_list ap;

	if (!answer)
		return NULL;
	va_start(ap, format);
	vsnprintf(sentence, sizeof(sentence), format, ap);
	va_end(ap);
	out_string(answer->out, "error", NULL, token);
	out_string(answer->out, "error_text", NULL, sentence);
	return answer_end(answer);
}
