/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by both halves of scx_qmap. */
#ifndef __SCX_QMAP_H
#define __SCX_QMAP_H

#define QMAP_LEVELS	5

/* Counters of the statistics line. */
enum qmap_stat {
	QMAP_LEVEL0,			/* queued at level 0; level 1 is next ... */
	QMAP_LOCAL = QMAP_LEVELS,	/* went straight to an idle CPU */
	QMAP_DISPATCHED,		/* taken out of a level */
	QMAP_OVERFLOW,			/* level was full, went to the shared queue */
	QMAP_GONE,			/* ended while it waited at a level */
	QMAP_DEQUEUED,			/* left the scheduler while it waited */
	QMAP_REENQ,			/* came back from a CPU that others took */
	QMAP_NO_CTX,			/* scheduled without its context */
	QMAP_STALLED,			/* thrown away by -t or -T */
	QMAP_NR_STATS,
};

#endif /* __SCX_QMAP_H */
