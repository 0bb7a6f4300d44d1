/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line that goes out at the socket. */
#ifndef M2MD_ANSWER_H
#define M2MD_ANSWER_H

struct answer;
struct out;

/* answer_begin() - NULL without memory */
struct answer *answer_begin(void);
/* Where its fields go; ../lib/out.h */
struct out *answer_out(struct answer *answer);
/* answer_end() - the line without its end, for free(); NULL without memory */
char *answer_end(struct answer *answer);

/* answer_done() - that it was done, and nothing besides; as answer_end() */
char *answer_done(void);
/* answer_refusal() - a stable word and a sentence; as answer_end() */
char *answer_refusal(const char *token, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* M2MD_ANSWER_H */
