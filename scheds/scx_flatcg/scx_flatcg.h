/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by both halves of scx_flatcg. */
#ifndef __SCX_FLATCG_H
#define __SCX_FLATCG_H

/* What there is room for. */
#define FLATCG_MAX_GROUPS	4096
#define FLATCG_MAX_DEPTH	32	/* below the root */

/* Counters of the statistics line. */
enum flatcg_stat {
	FLATCG_IDLE,		/* went straight to an idle CPU */
	FLATCG_QUEUED,		/* went into the queue of its group */
	FLATCG_KTHREAD,		/* pinned kernel threads */
	FLATCG_PICKED,		/* a CPU took the first of a group's queue */
	FLATCG_KEPT,		/* ... or went on with the task it had */
	FLATCG_SHARES,		/* a group's share was computed anew */
	FLATCG_FORGOT,		/* a group had left too much of its share unused */
	FLATCG_FORGAVE,		/* a group had used too much that others left */
	FLATCG_NR_STATS,
};

#endif /* __SCX_FLATCG_H */
