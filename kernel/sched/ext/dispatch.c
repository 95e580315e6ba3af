// SPDX-License-Identifier: GPL-2.0
/*
 * A CPU looks for work: its local DSQ, the global one, dispatch(), and if there is
 * nothing, the task that ran until now.
 *
 * Called from the class's balance method with the CPU's rq locked and not pinned: the
 * lock may be dropped to move tasks between rqs. Whatever others did meanwhile -
 * queued a task and saw us not idle, kicked us - is found by looking again:
 * __schedule() clears the request to reschedule when it has picked.
 */
#include "state.h"

/* Is @prev, which the CPU still runs, ours and willing to go on? */
static bool scx_dispatch_prev_queued(struct task_struct *prev)
{
	return prev->sched_class == &ext_sched_class && (prev->scx.flags & SCX_TASK_QUEUED);
}

/* Something that needs neither BPF nor @prev: the local DSQ or the global one. */
static bool scx_dispatch_builtin(struct rq *rq)
{
	return rq->scx.local_dsq.nr || scx_move_to_local(rq, &scx_global_dsq, 0);
}

/* Ask BPF, up to SCX_DSP_MAX_LOOPS times as long as it inserts tasks elsewhere. */
static bool scx_dispatch_bpf(struct rq *rq, struct task_struct *prev)
{
	bool prev_ours = prev->sched_class == &ext_sched_class;
	int loops = 0;
	u32 nr;

	do {
		SCX_CALL_OP(SCX_CALL_DISPATCH, rq, NULL, dispatch, cpu_of(rq),
			    prev_ours ? prev : NULL);
		scx_insert_flush(rq);
		/* also those that were flushed when dispatch() moved a task to the local DSQ */
		nr = scx_insert_flushed();

		/* dispatch() may have given prev another slice */
		if (scx_dispatch_prev_queued(prev) && prev->scx.slice) {
			scx_core_touch(rq, prev);
			rq->scx.flags |= SCX_RQ_KEEP_PREV;
			return true;
		}
		if (scx_dispatch_builtin(rq))
			return true;

		/*
		 * dispatch() may insert for other CPUs for ever; let a higher class
		 * in between.
		 */
		if (++loops >= SCX_DSP_MAX_LOOPS) {
			scx_kick_cpu(cpu_of(rq), 0);
			/* that is another look, too */
			rq->scx.flags &= ~SCX_RQ_LOCK_DROPPED;
			return false;
		}
	} while (nr);

	return false;
}

/* At a slice's end, or for want of anything to run; not whenever a task sleeps. */
static void scx_dispatch_bypass(struct rq *rq, struct task_struct *prev)
{
	bool goes_on = scx_dispatch_prev_queued(prev);
	u32 nr = rq->scx.local_dsq.nr;

	if (goes_on ? !prev->scx.slice : !nr)
		scx_bypass_balance(rq, nr + goes_on);
}

static bool scx_dispatch_look(struct rq *rq, struct task_struct *prev)
{
	if (unlikely(scx_rq_bypassing(rq)))
		scx_dispatch_bypass(rq, prev);
	if (scx_dispatch_prev_queued(prev) && prev->scx.slice) {
		rq->scx.flags |= SCX_RQ_KEEP_PREV;
		return true;
	}
	if (scx_dispatch_builtin(rq))
		return true;
	if (!scx_has_op(dispatch) || scx_rq_bypassing(rq) || !cpu_active(cpu_of(rq)))
		return false;
	return scx_dispatch_bpf(rq, prev);
}

/**
 * scx_dispatch_balance - find something to run
 * @rq: this CPU's rq, locked
 * @prev: what it runs
 *
 * Return: whether there is: on the local DSQ, or @prev (SCX_RQ_KEEP_PREV).
 */
bool scx_dispatch_balance(struct rq *rq, struct task_struct *prev)
{
	int tries = SCX_DSP_MAX_LOOPS;
	bool found;

	rq->scx.flags &= ~SCX_RQ_KEEP_PREV;
	rq->scx.flags |= SCX_RQ_IN_BALANCE;

	if (scx_dispatch_prev_queued(prev))
		scx_task_update_curr(rq);
	scx_preempt_acquire(rq);

	do {
		rq->scx.flags &= ~SCX_RQ_LOCK_DROPPED;
		found = scx_dispatch_look(rq, prev);
	} while (!found && (rq->scx.flags & SCX_RQ_LOCK_DROPPED) && --tries);

	if (!found && (rq->scx.flags & SCX_RQ_LOCK_DROPPED))
		scx_kick_cpu(cpu_of(rq), 0);

	/* prev goes on if it wants to, unless the scheduler asked to decide that */
	if (!found && scx_dispatch_prev_queued(prev) &&
	    (!scx_ops_flag(SCX_OPS_ENQ_LAST) || scx_rq_bypassing(rq))) {
		scx_task_refill_slice(prev);
		scx_core_touch(rq, prev);
		scx_event(DISPATCH_KEEP_LAST, 1);
		rq->scx.flags |= SCX_RQ_KEEP_PREV;
		found = true;
	}

	/* realtime tasks that leave us a share need not do so for nothing */
	if (!found)
		scx_share_unused(rq);

	if (found && unlikely(scx_rq_bypassing(rq)))
		scx_event(BYPASS_DISPATCH, 1);

	rq->scx.flags &= ~SCX_RQ_IN_BALANCE;
	return found;
}

static bool scx_dispatch_move_to_local(u64 dsq_id, u64 enq_flags)
{
	struct scx_dispatch_q *dsq;
	struct rq *rq;

	if (!scx_call_allows(SCX_CALL_DISPATCH, "scx_bpf_dsq_move_to_local"))
		return false;
	if (unlikely(enq_flags & __SCX_ENQ_INTERNAL_MASK)) {
		scx_error("scx_bpf_dsq_move_to_local(): invalid enq_flags 0x%llx", enq_flags);
		return false;
	}

	rq = this_cpu_read(scx_call.rq);
	scx_insert_flush(rq);

	dsq = scx_dsq_find(dsq_id);
	if (unlikely(!dsq)) {
		scx_error("scx_bpf_dsq_move_to_local(): DSQ 0x%llx does not exist", dsq_id);
		return false;
	}
	return scx_move_to_local(rq, dsq, scx_enq_flags(SCX_DSQ_LOCAL, enq_flags));
}

/**
 * scx_bpf_dsq_move_to_local - move a task from a queue to the CPU's local DSQ
 * @dsq_id: the queue; not a local one
 *
 * Takes the first task that may run on this CPU. What was inserted before in this
 * dispatch() goes to its queues first.
 *
 * Context: dispatch().
 * Return: whether the local DSQ has got a task.
 */
noinline __used bool scx_bpf_dsq_move_to_local(u64 dsq_id)
{
	return scx_dispatch_move_to_local(dsq_id, 0);
}

/**
 * scx_bpf_dsq_move_to_local___v2 - the same with flags
 * @dsq_id: the queue; not a local one
 * @enq_flags: enum scx_enq_flags, SCX_ENQ_HEAD for example
 *
 * Context: dispatch().
 * Return: whether the local DSQ has got a task.
 */
noinline __used bool scx_bpf_dsq_move_to_local___v2(u64 dsq_id, u64 enq_flags)
{
	return scx_dispatch_move_to_local(dsq_id, enq_flags);
}

/**
 * scx_bpf_consume - older name of scx_bpf_dsq_move_to_local()
 * @dsq_id: the queue
 */
noinline __used bool scx_bpf_consume(u64 dsq_id)
{
	return scx_bpf_dsq_move_to_local(dsq_id);
}

BTF_SET8_START(scx_dispatch_kfuncs)
BTF_ID_FLAGS(func, scx_bpf_dsq_move_to_local)
BTF_ID_FLAGS(func, scx_bpf_dsq_move_to_local___v2)
BTF_ID_FLAGS(func, scx_bpf_consume)
BTF_SET8_END(scx_dispatch_kfuncs)

static int scx_dispatch_filter(const struct bpf_prog *prog, u32 kfunc_id)
{
	return scx_call_filter(prog, SCX_CALL_DISPATCH);
}

static const struct btf_kfunc_id_set scx_dispatch_kfunc_set = {
	.owner	= THIS_MODULE,
	.set	= &scx_dispatch_kfuncs,
	.filter	= scx_dispatch_filter,
};

int __init scx_dispatch_boot_init(void)
{
	return scx_call_register_kfuncs(&scx_dispatch_kfunc_set);
}
