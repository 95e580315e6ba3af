// SPDX-License-Identifier: GPL-2.0
/*
 * Direct dispatch: select_cpu() or enqueue() name a DSQ for the task they are called
 * for, and the enqueue puts it there without the BPF scheduler taking it over.
 *
 * The choice is a mark on the task (scx_direct_mark()), consumed by the enqueue that
 * follows and erased by whatever else happens to the task first. Marks are written by
 * who holds p->pi_lock (select_cpu()) or the task's rq lock.
 *
 * Another CPU's local DSQ needs that CPU's rq lock, which cannot be taken in an
 * enqueue. The task waits on its rq's list of deferred tasks until an irq_work moves
 * it, a moment later.
 */
#include "state.h"

static void scx_direct_defer(struct rq *rq, struct task_struct *p)
{
	list_add_tail(&p->scx.dsq_list.node, &rq->scx.deferred);
	irq_work_queue(&rq->scx.deferred_work);
}

static void scx_direct_local_on(struct rq *rq, struct task_struct *p, u64 enq_flags)
{
	s32 cpu = p->scx.ddsp_dsq_id & SCX_DSQ_LOCAL_CPU_MASK;

	if (!scx_cpu_valid(cpu)) {
		scx_error("invalid CPU %d in DSQ id 0x%llx for %s[%d]", cpu,
			  p->scx.ddsp_dsq_id, p->comm, p->pid);
		cpu = cpu_of(rq);
	}

	if (cpu == cpu_of(rq)) {
		scx_dsq_insert(rq, &rq->scx.local_dsq, p, enq_flags);
	} else {
		p->scx.ddsp_enq_flags = enq_flags;
		scx_direct_defer(rq, p);
	}
}

/**
 * scx_direct_insert - put a marked task where the mark says
 * @rq: its rq, locked
 * @p: the task
 * @enq_flags: of this enqueue, added to those of the mark
 */
void scx_direct_insert(struct rq *rq, struct task_struct *p, u64 enq_flags)
{
	u64 dsq_id = p->scx.ddsp_dsq_id;
	struct scx_dispatch_q *dsq;

	enq_flags |= p->scx.ddsp_enq_flags;

	if (dsq_id == SCX_DSQ_LOCAL) {
		scx_dsq_insert(rq, &rq->scx.local_dsq, p, enq_flags);
		return;
	}
	if ((dsq_id & SCX_DSQ_LOCAL_ON) == SCX_DSQ_LOCAL_ON) {
		scx_direct_local_on(rq, p, enq_flags);
		return;
	}

	dsq = scx_dsq_find(dsq_id);
	if (unlikely(!dsq)) {
		scx_error("%s[%d] was inserted into DSQ 0x%llx, which does not exist",
			  p->comm, p->pid, dsq_id);
		enq_flags &= ~SCX_ENQ_DSQ_PRIQ;
		dsq = &scx_global_dsq;
	}
	scx_dsq_insert(rq, dsq, p, enq_flags);
}

/* @p, whose rq is locked, is dequeued: it does not wait to be moved any more. */
void scx_direct_cancel(struct task_struct *p)
{
	if (!p->scx.dsq && !list_empty(&p->scx.dsq_list.node) && scx_direct_pending(p))
		list_del_init(&p->scx.dsq_list.node);
	scx_direct_clear(p);
}

/* Hard interrupt on the CPU that did the enqueue. */
static void scx_direct_workfn(struct irq_work *work)
{
	struct rq *rq = container_of(work, struct rq, scx.deferred_work);
	struct task_struct *p;

	raw_spin_rq_lock(rq);
	while ((p = list_first_entry_or_null(&rq->scx.deferred, struct task_struct,
					     scx.dsq_list.node))) {
		struct rq *dst = cpu_rq(p->scx.ddsp_dsq_id & SCX_DSQ_LOCAL_CPU_MASK);
		u64 enq_flags = p->scx.ddsp_enq_flags;

		list_del_init(&p->scx.dsq_list.node);
		scx_direct_clear(p);
		p->scx.holding_cpu = raw_smp_processor_id();
		scx_move_held(rq, p, rq, dst, enq_flags);
	}
	raw_spin_rq_unlock(rq);
}

void scx_direct_rq_init(struct rq *rq)
{
	INIT_LIST_HEAD(&rq->scx.deferred);
	rq->scx.deferred_work = IRQ_WORK_INIT_HARD(scx_direct_workfn);
}
