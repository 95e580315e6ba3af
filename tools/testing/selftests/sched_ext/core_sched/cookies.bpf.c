// SPDX-License-Identifier: GPL-2.0
/*
 * Tasks of two cookies on two cores of two siblings each; the tasks wait in a queue of
 * BPF's own, so that core scheduling finds them where it cannot pick them from.
 *
 * A tick looks at the sibling. Who picks does so for both CPUs and tells the other one,
 * which is in its own tick at that moment more often than not: a task that is about to
 * leave its CPU does not count.
 */
#include "../case.bpf.h"

#include "../kept.bpf.h"

#define TIF_NEED_RESCHED	(1 << 3)	/* on x86 */

/* from outside: order by cookie, now one way and now the other, or as the kernel does */
u64 own_order;
u64 together, apart, asked, execed;

void BPF_STRUCT_OPS(cookies_enqueue, struct task_struct *p, u64 enq_flags)
{
	/* what has no cookie is no matter here */
	if (!p->core_cookie || !keep(p))
		scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, 5000000, enq_flags);
}

void BPF_STRUCT_OPS(cookies_dequeue, struct task_struct *p, u64 deq_flags)
{
	if (deq_flags & SCX_DEQ_CORE_SCHED_EXEC)
		__sync_fetch_and_add(&execed, 1);
}

void BPF_STRUCT_OPS(cookies_dispatch, s32 cpu, struct task_struct *prev)
{
	struct task_struct *p;
	s32 i;

	bpf_for(i, 0, 8) {
		p = kept_first();
		if (!p)
			continue;
		scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, 5000000, 0);
		bpf_task_release(p);
		return;
	}
}

bool BPF_STRUCT_OPS(cookies_core_sched_before, struct task_struct *a, struct task_struct *b)
{
	bool turn = bpf_ktime_get_ns() >> 28 & 1;	/* a quarter of a second */

	__sync_fetch_and_add(&asked, 1);
	if (own_order)
		return turn ? a->core_cookie < b->core_cookie : a->core_cookie > b->core_cookie;
	return a->scx.core_sched_at < b->scx.core_sched_at;
}

void BPF_STRUCT_OPS(cookies_tick, struct task_struct *p)
{
	struct task_struct *other;

	if (!p->core_cookie || (p->thread_info.flags & TIF_NEED_RESCHED))
		return;
	bpf_rcu_read_lock();
	/* siblings are numbered side by side on this machine */
	other = scx_bpf_cpu_curr(scx_bpf_task_cpu(p) ^ 1);
	if (other && other->pid && !(other->thread_info.flags & TIF_NEED_RESCHED)) {
		if (other->core_cookie == p->core_cookie)
			__sync_fetch_and_add(&together, 1);
		else
			__sync_fetch_and_add(&apart, 1);
	}
	bpf_rcu_read_unlock();
}

SCX_TEST_OPS(cookies,
	     .enqueue		= (void *)cookies_enqueue,
	     .dequeue		= (void *)cookies_dequeue,
	     .dispatch		= (void *)cookies_dispatch,
	     .tick		= (void *)cookies_tick,
	     .core_sched_before	= (void *)cookies_core_sched_before);
