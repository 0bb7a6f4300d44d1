/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Showing what is new, until somebody ends it. */
#ifndef M2MCTL_WATCH_H
#define M2MCTL_WATCH_H

#include "ctl.h"

struct watch {
	struct ctl *ctl;
	bool news;		/* set by who hears of some, cleared by who looks */
	bool gone, restarted;	/* the modem; what was asked of it is forgotten */
	unsigned int source;
};

/* watch_format() - one document a line, so --pretty is --json */
enum out_format watch_format(const struct args *args);

/**
 * watch_begin() - hear of the modem's end; ctl_qmi() is done
 * @ctl: the command; its output is not used any more
 * @ret: for watch_end()
 */
int watch_begin(struct ctl *ctl, struct watch *ret);
void watch_end(struct watch *watch);

/**
 * watch_wait() - wait for news
 * @watch: the watch
 * @most_ms: or so long
 * @ret_over: a signal came, or --wait is over
 *
 * Return: 0; -ENODEV if the modem is gone, -ECONNRESET if it restarted.
 */
int watch_wait(struct watch *watch, unsigned int most_ms, bool *ret_over);

#endif /* M2MCTL_WATCH_H */
