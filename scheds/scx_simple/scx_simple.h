/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by both halves of scx_simple. */
#ifndef __SCX_SIMPLE_H
#define __SCX_SIMPLE_H

/* Counters of the statistics line. */
enum simple_stat {
	SIMPLE_LOCAL,	/* went straight to an idle CPU */
	SIMPLE_GLOBAL,	/* went through the shared queue */
	SIMPLE_NR_STATS,
};

#endif /* __SCX_SIMPLE_H */
