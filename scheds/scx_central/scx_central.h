/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by both halves of scx_central. */
#ifndef __SCX_CENTRAL_H
#define __SCX_CENTRAL_H

/* What there is room for. */
#define CENTRAL_MAX_CPUS	8192

/* Counters of the statistics line. */
enum central_stat {
	CENTRAL_PLACED,		/* sent to an idle CPU */
	CENTRAL_OWN,		/* taken by the central CPU for itself */
	CENTRAL_TURNS,		/* replaced a task whose turn was over */
	CENTRAL_DIRECT,		/* kernel threads and pinned tasks */
	CENTRAL_TIMER,		/* the timer went off */
	CENTRAL_ELSEWHERE,	/* ... on another than the central CPU */
	CENTRAL_TICKS,		/* ticks that interrupted tasks on the other CPUs */
	CENTRAL_BUSY,		/* ticks that they would have had */
	CENTRAL_NR_STATS,
};

#endif /* __SCX_CENTRAL_H */
