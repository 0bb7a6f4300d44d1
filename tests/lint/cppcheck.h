/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The loops of <sys/queue.h>, for cppcheck, which reads no system header. */
#define TAILQ_FOREACH(v, h, f) for (v = (h)->tqh_first; v; v = v->f.tqe_next)
#define STAILQ_FOREACH(v, h, f) for (v = (h)->stqh_first; v; v = v->f.stqe_next)
#define LIST_FOREACH(v, h, f) for (v = (h)->lh_first; v; v = v->f.le_next)
#define SLIST_FOREACH(v, h, f) for (v = (h)->slh_first; v; v = v->f.sle_next)
