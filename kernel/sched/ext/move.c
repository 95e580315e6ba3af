// SPDX-License-Identifier: GPL-2.0
/*
 * A waiting task goes to the local DSQ of a CPU, which may not be the one whose rq
 * it is on: the lock dance.
 *
 * Changing a task's rq takes both rqs' locks. The callers hold that of the CPU they
 * work for, so it is dropped and taken again; interrupts stay off, which keeps the
 * task's memory, but everything else may change meanwhile. What holds the task in
 * between is p->scx.holding_cpu: the mover writes its CPU there while it owns the
 * task; who dequeues the task under its rq lock erases it; the mover looks again
 * once it has that lock. A CPU moves one task at a time, so its number says enough.
 */
#include "state.h"

/*
 * @rq's lock, which was dropped, is held again. Who looked for work before must look
 * once more, since wake-ups in between counted on it.
 */
static void scx_move_relocked(struct rq *rq)
{
	rq->scx.flags |= SCX_RQ_LOCK_DROPPED;
	update_rq_clock(rq);
}

static bool scx_move_allowed(struct task_struct *p, struct rq *dst)
{
	return !is_migration_disabled(p) && scx_task_can_run_on(p, dst);
}

/* @p, on no queue, changes its rq; both locked */
static void scx_move_rq(struct task_struct *p, struct rq *src, struct rq *dst, u64 enq_flags)
{
	deactivate_task(src, p, 0);
	set_task_cpu(p, cpu_of(dst));
	scx_direct_mark(p, SCX_DSQ_LOCAL, enq_flags);
	activate_task(dst, p, 0);
}

/* Both rqs are locked; is @p still the task that was left with us? */
static bool scx_move_still_held(struct task_struct *p, struct rq *src)
{
	if (p->scx.holding_cpu != raw_smp_processor_id())
		return false;
	p->scx.holding_cpu = -1;
	return !WARN_ON_ONCE(task_rq(p) != src);
}

/**
 * scx_move_held - put a held task on a CPU's local DSQ
 * @locked: the rq that is locked now and on return
 * @p: the task, on no queue, holding_cpu is this CPU
 * @src: its rq
 * @dst: where it is to run
 * @enq_flags: enum scx_enq_flags
 *
 * If @dst is not allowed, the scheduler is ended with an error; if it just is not
 * there any more, not. Either way the task stays on its rq.
 */
void scx_move_held(struct rq *locked, struct task_struct *p, struct rq *src, struct rq *dst,
		   u64 enq_flags)
{
	bool dance = locked != src || locked != dst;

	lockdep_assert_irqs_disabled();

	if (dance) {
		raw_spin_rq_unlock(locked);
		double_rq_lock(src, dst);
	}

	if (scx_move_still_held(p, src)) {
		if (src == dst) {
			scx_dsq_insert(src, &src->scx.local_dsq, p, enq_flags);
		} else if (scx_move_allowed(p, dst)) {
			scx_move_rq(p, src, dst, enq_flags);
		} else {
			if (is_migration_disabled(p))
				scx_error("cannot move %s[%d] from CPU %d to CPU %d: it has disabled migration",
					  p->comm, p->pid, cpu_of(src), cpu_of(dst));
			else if (!cpumask_test_cpu(cpu_of(dst), p->cpus_ptr))
				scx_error("cannot move %s[%d] from CPU %d to CPU %d: not in its affinity mask",
					  p->comm, p->pid, cpu_of(src), cpu_of(dst));
			scx_dsq_insert(src, &src->scx.local_dsq, p,
				       enq_flags & ~SCX_ENQ_PREEMPT);
		}
	}

	if (dance) {
		double_rq_unlock(src, dst);
		raw_spin_rq_lock(locked);
		scx_move_relocked(locked);
	}
}

/**
 * scx_move_claimed - put a claimed task on a CPU's local DSQ
 * @rq: the rq that is locked now and on return
 * @p: the task, which this CPU has claimed (SCX_OPSS_DISPATCHING), so that it stays
 *	where it is
 * @dst: where it is to run
 * @enq_flags: enum scx_enq_flags
 */
void scx_move_claimed(struct rq *rq, struct task_struct *p, struct rq *dst, u64 enq_flags)
{
	struct rq *src = task_rq(p);

	p->scx.holding_cpu = raw_smp_processor_id();
	/*
	 * The claim has to end before we wait for @src's lock: who holds that may
	 * be waiting for the end of the claim.
	 */
	scx_opss_clear(p);
	scx_move_held(rq, p, src, dst, enq_flags);
}

/* The first task of @dsq that may run on @rq's CPU, off the queue; it is ours now. */
static struct task_struct *scx_move_take(struct rq *rq, struct scx_dispatch_q *dsq)
{
	struct task_struct *p;

	raw_spin_lock(&dsq->lock);
	list_for_each_entry(p, &dsq->list, scx.dsq_list.node) {
		/* the queue's lock keeps the task, and with it its rq, in place */
		if (task_rq(p) != rq && !scx_move_allowed(p, rq))
			continue;
		p->scx.holding_cpu = raw_smp_processor_id();
		scx_dsq_unlink(dsq, p);
		/* after holding_cpu: see scx_dsq_remove() */
		smp_store_release(&p->scx.dsq, NULL);
		raw_spin_unlock(&dsq->lock);
		return p;
	}
	raw_spin_unlock(&dsq->lock);
	return NULL;
}

/**
 * scx_move_to_local - get a task from a queue to the own local DSQ
 * @rq: this CPU's rq, locked; may be dropped and taken again
 * @dsq: the queue, not a local one; the caller is in an RCU section
 *
 * Return: whether the local DSQ has a task.
 */
bool scx_move_to_local(struct rq *rq, struct scx_dispatch_q *dsq)
{
	struct task_struct *p;

	while (READ_ONCE(dsq->nr)) {
		p = scx_move_take(rq, dsq);
		if (!p)
			return false;
		scx_move_held(rq, p, task_rq(p), rq, 0);
		/* if somebody was faster we have nothing: try again */
		if (rq->scx.local_dsq.nr)
			return true;
	}
	return false;
}
