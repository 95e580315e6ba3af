// SPDX-License-Identifier: GPL-2.0
/*
 * A task becomes runnable: who gets it?
 *
 * The answer is a DSQ, or the BPF scheduler, which keeps it in its own memory until
 * it inserts it from dispatch(). In the second case p->scx.ops_state says whose turn
 * it is, together with a number that changes with every enqueue():
 *
 *   NONE ------> QUEUEING ------> QUEUED ------> DISPATCHING ------> NONE
 *        enqueue          enqueue        a CPU               it is on a DSQ
 *        begins           returns        claims it           or held for one
 *                                   '--> NONE: dequeued
 *
 * The steps but the claim are made under the task's rq lock. The claim is made by the
 * dispatching CPU, which holds another rq's lock, with a compare-and-exchange that
 * fails if the number has changed. It is short, and ends before that CPU waits for
 * any rq lock; so who holds the task's rq lock may wait for its end.
 *
 * Custody is what dequeue() is about: it begins when the BPF scheduler keeps a task or
 * puts it on a queue of its own, and goes on while it does the one or the other. It ends
 * when the task arrives on one of the kernel's queues or is taken back. That is a bit of
 * p->scx.dsq_flags (SCX_TASK_DSQ_CUSTODY), which belongs to whoever the task does: the
 * lock of its queue, the CPU that has claimed it, and otherwise its rq lock. So of a CPU
 * that moves the task and one that dequeues it only one finds the bit.
 */
#include "state.h"

/* Not for BPF to decide: a kernel FIFO on the task's own CPU. */
static void scx_enqueue_local(struct rq *rq, struct task_struct *p, u64 enq_flags)
{
	scx_direct_clear(p);
	scx_dsq_insert(rq, &rq->scx.local_dsq, p, enq_flags & ~SCX_ENQ_DSQ_PRIQ);
}

/* The default of enqueue() */
static void scx_enqueue_global(struct rq *rq, struct task_struct *p, u64 enq_flags)
{
	s32 cpu;

	scx_task_refill_slice(p);
	scx_dsq_insert(rq, &scx_global_dsq, p, enq_flags);

	/*
	 * A CPU may have gone idle, and have found the queue empty, after
	 * select_cpu() found none that is.
	 */
	if (scx_root->builtin_idle) {
		/* the queue before the masks; pairs with scx_class_look_again() */
		smp_mb();
		cpu = scx_idle_pick(p->cpus_ptr, cpu_to_node(cpu_of(rq)), 0);
		if (cpu >= 0)
			scx_kick_cpu(cpu, SCX_KICK_IDLE);
	}
}

static void scx_enqueue_bpf(struct rq *rq, struct task_struct *p, u64 enq_flags)
{
	unsigned long seq = atomic_long_read(&p->scx.ops_state) & ~SCX_OPSS_STATE_MASK;

	seq += 1UL << SCX_OPSS_SEQ_SHIFT;

	WARN_ON_ONCE((atomic_long_read(&p->scx.ops_state) & SCX_OPSS_STATE_MASK) != SCX_OPSS_NONE);
	atomic_long_set(&p->scx.ops_state, seq | SCX_OPSS_QUEUEING);
	SCX_CALL_OP(SCX_CALL_ENQUEUE, rq, p, enqueue, p, enq_flags);

	if (scx_direct_pending(p)) {
		/* nobody could claim it: it was QUEUEING all the time */
		scx_opss_clear(p);
		scx_direct_insert(rq, p, enq_flags);
		return;
	}
	p->scx.dsq_flags |= SCX_TASK_DSQ_CUSTODY;
	/* what enqueue() and we wrote before is seen by who claims the task */
	atomic_long_set_release(&p->scx.ops_state, seq | SCX_OPSS_QUEUED);
}

/* Is @p one that enqueue() does not want to see? */
static bool scx_enqueue_skips(struct task_struct *p)
{
	if (unlikely(p->flags & PF_EXITING) && !scx_ops_flag(SCX_OPS_ENQ_EXITING)) {
		scx_event(ENQ_SKIP_EXITING, 1);
		return true;
	}
	if (scx_call_migration_disabled(p) && !scx_ops_flag(SCX_OPS_ENQ_MIGRATION_DISABLED)) {
		scx_event(ENQ_SKIP_MIGRATION_DISABLED, 1);
		return true;
	}
	return false;
}

/**
 * scx_enqueue - queue a runnable task that is not running
 * @rq: its rq, locked
 * @p: the task
 * @enq_flags: enum scx_enq_flags
 */
void scx_enqueue(struct rq *rq, struct task_struct *p, u64 enq_flags)
{
	lockdep_assert_rq_held(rq);

	/* who comes back has waited all the time */
	if (!(enq_flags & (SCX_ENQ_REENQ | ENQUEUE_RESTORE)) && !task_on_rq_migrating(p))
		scx_core_touch(rq, p);

	if (unlikely(scx_rq_bypassing(rq))) {
		p->scx.slice = SCX_BYPASS_SLICE;
		scx_enqueue_local(rq, p, enq_flags & SCX_ENQ_HEAD);
	} else if (unlikely(!cpu_active(cpu_of(rq)))) {
		/* only a task that runs can be pushed off a CPU that goes down */
		scx_task_refill_slice(p);
		scx_enqueue_local(rq, p, 0);
	} else if (scx_direct_pending(p)) {
		scx_direct_insert(rq, p, enq_flags);
	} else if (scx_enqueue_skips(p)) {
		scx_task_refill_slice(p);
		scx_enqueue_local(rq, p, enq_flags);
	} else if (scx_has_op(enqueue)) {
		scx_enqueue_bpf(rq, p, enq_flags);
	} else if (enq_flags & SCX_ENQ_LAST) {
		scx_task_refill_slice(p);
		scx_enqueue_local(rq, p, enq_flags);
	} else {
		scx_enqueue_global(rq, p, enq_flags);
	}
}

/**
 * scx_enqueue_undo - take a task back from whoever has it
 * @rq: its rq, locked
 * @p: the task
 * @deq_flags: enum scx_deq_flags
 *
 * On return the task is with nobody; a CPU that was about to move it will find it gone.
 */
void scx_enqueue_undo(struct rq *rq, struct task_struct *p, u64 deq_flags)
{
	long opss = atomic_long_read_acquire(&p->scx.ops_state);

	lockdep_assert_rq_held(rq);

	switch (opss & SCX_OPSS_STATE_MASK) {
	case SCX_OPSS_NONE:
		break;
	case SCX_OPSS_QUEUEING:
		/* between two steps under the lock that we hold */
		WARN_ON_ONCE(1);
		break;
	case SCX_OPSS_QUEUED:
		if (atomic_long_try_cmpxchg(&p->scx.ops_state, &opss,
					    opss & ~SCX_OPSS_STATE_MASK))
			break;
		fallthrough;
	case SCX_OPSS_DISPATCHING:
		atomic_long_cond_read_acquire(&p->scx.ops_state,
			(VAL & SCX_OPSS_STATE_MASK) != SCX_OPSS_DISPATCHING);
		break;
	}
	scx_direct_cancel(p);
	scx_dsq_remove(rq, p);
	scx_dsq_custody_end(rq, p, deq_flags);
}
