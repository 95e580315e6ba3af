/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by both halves of scx_pair. */
#ifndef __SCX_PAIR_H
#define __SCX_PAIR_H

/* What there is room for. */
#define PAIR_MAX_CPUS	8192
#define PAIR_MAX_PAIRS	PAIR_MAX_CPUS
#define PAIR_MAX_GROUPS	4096

/* Counters of the statistics line. */
enum pair_stat {
	PAIR_TURNS,		/* a group got a pair */
	PAIR_JOINED,		/* ... and its second CPU */
	PAIR_FORCED,		/* a CPU went idle though another group's tasks waited */
	PAIR_DRAINED,		/* the sibling was made to stop for the next group */
	PAIR_OFFERED,		/* left to the sibling, since the task may only run there */
	PAIR_EXEMPT,		/* kernel threads */
	PAIR_CAUGHT,		/* a running task was moved to a group whose turn it is not */
	PAIR_NR_STATS,
};

#endif /* __SCX_PAIR_H */
