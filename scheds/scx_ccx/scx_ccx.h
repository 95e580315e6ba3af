/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by both halves of scx_ccx. */
#ifndef __SCX_CCX_H
#define __SCX_CCX_H

/* What there is room for. */
#define CCX_MAX_CPUS	8192
#define CCX_MAX_DOMAINS	256

#define CCX_MAX_MARKS	16	/* cgroups, or processes given by options */

#define CCX_NO_DOMAIN	0xffff

/* Counters, one set for each domain: of the domain that gets to run the task. */
enum ccx_stat {
	CCX_IDLE,	/* went straight to an idle CPU of its domain */
	CCX_LOCAL,	/* taken from the domain's own queue */
	CCX_STOLEN,	/* taken from another domain's queue */
	CCX_WOKEN,	/* woken on an idle CPU of another domain than before */
	CCX_PLACED,	/* new, or had to leave its domain, and was put here */
	CCX_NR_STATS,
};

#endif /* __SCX_CCX_H */
