/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Weights and virtual time.
 *
 * A task's weight (p->scx.weight) is on the scale of cgroups: 100 for nice 0,
 * 1 to 10000.  Virtual time is run time divided by weight, so of two tasks
 * whose virtual times advance together the heavier runs longer.  It wraps like
 * clocks do: compare with time_before().
 */
#ifndef __SCX_VTIME_BPF_H
#define __SCX_VTIME_BPF_H

#include "math.bpf.h"

#define SCX_WEIGHT_NICE0	100

/* What @value is to a task of @weight where a nice 0 task has @value. */
static inline u64 scale_by_task_weight(const struct task_struct *p, u64 value)
{
	return value * p->scx.weight / SCX_WEIGHT_NICE0;
}

static inline u64 scale_by_task_weight_inverse(const struct task_struct *p,
					       u64 value)
{
	return value * SCX_WEIGHT_NICE0 / p->scx.weight;
}

/*
 * The virtual time to queue a task with: its own, but no more than @budget
 * behind @now, so that a long sleep does not buy a monopoly.
 */
static inline u64 scx_vtime_limited(const struct task_struct *p, u64 now,
				    u64 budget)
{
	u64 vtime = p->scx.dsq_vtime;

	return time_before(vtime, now - budget) ? now - budget : vtime;
}

#endif /* __SCX_VTIME_BPF_H */
