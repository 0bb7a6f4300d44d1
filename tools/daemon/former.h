/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a modem's memory had before a configuration was tried on it. Pure. */
#ifndef M2MD_FORMER_H
#define M2MD_FORMER_H

#include <stdbool.h>
#include <stdint.h>

#include "../lib/nas-preference.h"

/*
 * DOC: What a trial leaves behind
 *
 * When a trial of ../lib/config-trial.h ends, the former files count again; but what
 * they say nothing of stays in the modem's memory as the trial has set it. So before the
 * first write of such a setting its former value is put on the disk, and once no trial
 * counts it is written back, unless the files that count then say what it shall be. It is
 * gone from the disk when the modem has it again. A value that cannot be read is none.
 */

enum former_setting {
	FORMER_SLOT,
	FORMER_OPERATOR,
	FORMER_MODES,
	FORMER_BANDS,
	FORMER_SETTINGS,
};

/* Begins as all zeros: has nothing */
struct former {
	uint8_t slot;			/* 0: it has none */
	struct nas_preference network;	/* by has_*; roaming is none of ours */
};

#define FORMER_TEXT_SIZE	384	/* of one setting, with the end */

/* What is to be done about a former value */
enum former_fate {
	FORMER_NONE,		/* there is none */
	FORMER_KEEP,		/* the trial counts */
	FORMER_RESTORE,
	FORMER_DROP,		/* the configuration has another will */
};

/**
 * former_judge() - what to do about one setting
 * @kept: its former value is on the disk
 * @stated: the configuration that counts says what it shall be
 * @tried: that configuration is one on trial
 */
enum former_fate former_judge(bool kept, bool stated, bool tried);

/* "slot", "operator", "modes", "bands" */
const char *former_name(enum former_setting which);

bool former_has(const struct former *former, enum former_setting which);
/* former_take() - one setting, if @from has it; what @to had of it goes */
void former_take(struct former *to, const struct former *from, enum former_setting which);

/* former_text() - a setting that it has, for the disk */
void former_text(const struct former *former, enum former_setting which,
		 char ret[static FORMER_TEXT_SIZE]);
/*
 * former_parse() - the same back into @former. Words behind those that are known are of
 * later versions. Return: false, and @former is as it was, for what is none
 */
bool former_parse(const char *text, enum former_setting which, struct former *former);

#endif /* M2MD_FORMER_H */
