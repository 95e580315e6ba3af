/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by both halves of scx_example. */
#ifndef __SCX_EXAMPLE_H
#define __SCX_EXAMPLE_H

/* Counters of the statistics line. */
enum example_stat {
	EXAMPLE_IDLE,	/* went straight to an idle CPU */
	EXAMPLE_QUEUED,	/* went through the queue */
	EXAMPLE_NR_STATS,
};

#endif /* __SCX_EXAMPLE_H */
