/* SPDX-License-Identifier: GPL-2.0 */
/* Looking into queues. */
#ifndef __SCX_DSQ_BPF_H
#define __SCX_DSQ_BPF_H

#include "cpumask.bpf.h"
#include "vtime.bpf.h"

/* Is there a task for @cpu among the first @most of queue @dsq_id? */
static __always_inline bool scx_dsq_has_for(u64 dsq_id, s32 cpu, u32 most)
{
	struct task_struct *p;
	bool found = false;
	u32 n = 0;

	bpf_for_each(scx_dsq, p, dsq_id, 0) {
		found = scx_may_use(p, cpu);
		if (found || ++n >= most)
			break;
	}
	return found;
}

/*
 * @prev has had @slice and would go on: after that, is it still behind the first task of
 * @dsq_id, which is ordered by virtual time?  If it is so heavy its turn is not over:
 * otherwise two tasks would simply alternate, whatever their weights.  But it is not
 * taken to be further behind than the lightest task gets ahead in a slice: it was not
 * queued, and so not limited, while others ran far ahead on CPUs of their own.
 * @empty if the queue is.  Needs scx_bpf_dsq_peek().
 */
static __always_inline bool scx_vtime_still_first(struct task_struct *prev, u64 dsq_id,
						  u64 slice, bool empty)
{
	struct task_struct *first;
	bool still = empty;

	bpf_rcu_read_lock();
	first = scx_bpf_dsq_peek(dsq_id);
	if (first) {
		u64 vtime = first->scx.dsq_vtime;

		prev->scx.dsq_vtime = scx_vtime_limited(prev, vtime, slice * SCX_WEIGHT_NICE0);
		still = time_before(prev->scx.dsq_vtime +
				    scale_by_task_weight_inverse(prev, slice), vtime);
	}
	bpf_rcu_read_unlock();
	return still;
}

/*
 * For cpu_release(): what waits on the CPU's local queue is enqueued once more, so that
 * others can have it.  A moment later where that can be: the task that has just been
 * preempted is still the current one, and with a BPF program at work cannot migrate.
 */
static inline void scx_give_back_local(void)
{
	if (bpf_ksym_exists(scx_bpf_reenqueue_local___v2___compat))
		scx_bpf_reenqueue_local___v2();
	else
		scx_bpf_reenqueue_local();
}

#endif /* __SCX_DSQ_BPF_H */
