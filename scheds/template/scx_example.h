/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by both halves of scx_example. */
#ifndef __SCX_EXAMPLE_H
#define __SCX_EXAMPLE_H

/* Counters of the statistics line. */
enum scx_example_stat {
	EXAMPLE_STAT_IDLE,	/* went straight to an idle CPU */
	EXAMPLE_STAT_QUEUED,	/* went through the queue */
	EXAMPLE_STAT_NR,
};

#endif /* __SCX_EXAMPLE_H */
