// SPDX-License-Identifier: GPL-2.0
/*
 * The scheduling class: what the core calls, in terms of the rooms above.
 *
 * All methods run with the rq locked and interrupts off, but select_task_rq() and
 * set_cpus_allowed(), which have p->pi_lock, the latter with or without the rq lock.
 *
 * The core's order for a switch is balance, put_prev_task, pick_next_task. balance
 * decides about prev as well: SCX_RQ_KEEP_PREV tells put_prev_task to put it where
 * pick_next_task finds it first.
 */
#include "state.h"

static void enqueue_task_scx(struct rq *rq, struct task_struct *p, int flags)
{
	if (WARN_ON_ONCE(p->scx.flags & SCX_TASK_QUEUED))
		return;

	p->scx.flags |= SCX_TASK_QUEUED;
	scx_task_set_runnable(rq, p);
	if (!rq->scx.nr_running++)
		cpufreq_update_util(rq, 0);
	add_nr_running(rq, 1);

	/* a task that changes its rq has been runnable all the time */
	if (scx_has_op(runnable) && !task_on_rq_migrating(p))
		SCX_CALL_OP(SCX_CALL_OTHER, rq, NULL, runnable, p, flags);

	if ((flags & ENQUEUE_RESTORE) && task_current(rq, p)) {
		/*
		 * set_next_task() follows and takes it off the queue again; BPF need
		 * not know.
		 */
		scx_direct_clear(p);
		scx_dsq_insert(rq, &rq->scx.local_dsq, p, SCX_ENQ_HEAD);
	} else {
		u64 enq_flags = flags;

		if (!scx_direct_pending(p)) {
			enq_flags |= p->scx.ddsp_enq_flags & SCX_ENQ_CPU_SELECTED;
			p->scx.ddsp_enq_flags = 0;
		}
		scx_enqueue(rq, p, enq_flags);
	}
}

static void dequeue_task_scx(struct rq *rq, struct task_struct *p, int flags)
{
	bool running = task_current(rq, p);

	if (WARN_ON_ONCE(!(p->scx.flags & SCX_TASK_QUEUED)))
		return;

	scx_enqueue_undo(rq, p, flags & DEQUEUE_SLEEP ? (u64)flags : flags | SCX_DEQ_SCHED_CHANGE);

	if (running) {
		scx_task_update_curr(rq);
		if (scx_has_op(stopping))
			SCX_CALL_OP(SCX_CALL_OTHER, rq, NULL, stopping, p, false);
	}
	if (scx_has_op(quiescent) && !task_on_rq_migrating(p))
		SCX_CALL_OP(SCX_CALL_OTHER, rq, NULL, quiescent, p, flags);

	p->scx.flags &= ~SCX_TASK_QUEUED;
	scx_task_clear_runnable(p, flags & DEQUEUE_SLEEP);
	rq->scx.nr_running--;
	sub_nr_running(rq, 1);
}

static void yield_task_scx(struct rq *rq)
{
	struct task_struct *p = rq->curr;

	if (scx_has_op(yield))
		SCX_CALL_OP_RET(SCX_CALL_OTHER, rq, NULL, yield, p, NULL);
	else
		p->scx.slice = 0;
}

static bool yield_to_task_scx(struct rq *rq, struct task_struct *to)
{
	if (scx_has_op(yield))
		return SCX_CALL_OP_RET(SCX_CALL_OTHER, rq, NULL, yield, rq->curr, to);
	return false;
}

/* Wake-ups do not preempt; schedulers ask for it. */
static void check_preempt_curr_scx(struct rq *rq, struct task_struct *p, int flags)
{
}

static int balance_scx(struct rq *rq, struct task_struct *prev, struct rq_flags *rf)
{
	bool found;

	rq_unpin_lock(rq, rf);
	found = scx_dispatch_balance(rq, prev);
	rq_repin_lock(rq, rf);
	return found;
}

/* Nothing else on this CPU, neither ours nor of a higher class. */
static bool scx_class_is_last(struct rq *rq)
{
	return !rq->scx.local_dsq.nr && rq->nr_running == rq->scx.nr_running &&
	       scx_ops_flag(SCX_OPS_ENQ_LAST);
}

static void put_prev_task_scx(struct rq *rq, struct task_struct *p)
{
	bool keep = rq->scx.flags & SCX_RQ_KEEP_PREV;

	rq->scx.flags &= ~SCX_RQ_KEEP_PREV;
	scx_task_update_curr(rq);

	/* it sleeps, or is about to be changed: dequeued already */
	if (!(p->scx.flags & SCX_TASK_QUEUED))
		return;

	if (scx_has_op(stopping))
		SCX_CALL_OP(SCX_CALL_OTHER, rq, NULL, stopping, p, true);

	scx_task_set_runnable(rq, p);

	/* balance kept it, or a higher class is in its way: it goes on later */
	if (keep || (p->scx.slice && !scx_rq_bypassing(rq)))
		scx_dsq_insert(rq, &rq->scx.local_dsq, p, SCX_ENQ_HEAD);
	else
		scx_enqueue(rq, p, scx_class_is_last(rq) ? SCX_ENQ_LAST : 0);
}

static void set_next_task_scx(struct rq *rq, struct task_struct *p, bool first)
{
	p->se.exec_start = rq_clock_task(rq);

	if (!(p->scx.flags & SCX_TASK_QUEUED))
		return;

	/* it was of a higher class until now, so that balance was not asked */
	scx_preempt_acquire(rq);

	scx_enqueue_undo(rq, p, SCX_DEQ_CORE_SCHED_EXEC);
	if (sched_core_enabled(rq) && unlikely(!p->scx.slice))
		scx_task_refill_slice(p);
	scx_task_clear_runnable(p, true);

	if (scx_has_op(running))
		SCX_CALL_OP(SCX_CALL_OTHER, rq, NULL, running, p);
}

static struct task_struct *pick_task_scx(struct rq *rq)
{
	struct task_struct *first = scx_dsq_first(&rq->scx.local_dsq);
	struct task_struct *curr = rq->curr;

	/*
	 * On a core scheduling sibling the current task has not been put; then it
	 * is on no queue. If its slice has ended, its CPU is on its way to balance,
	 * which decides whether it gets another one.
	 */
	if (curr->sched_class == &ext_sched_class && (curr->scx.flags & SCX_TASK_QUEUED) &&
	    !curr->scx.dsq && list_empty(&curr->scx.runnable_node) &&
	    (!first || curr->scx.slice))
		return curr;
	return first;
}

static struct task_struct *pick_next_task_scx(struct rq *rq)
{
	struct task_struct *p = scx_dsq_first(&rq->scx.local_dsq);

	if (!p)
		return NULL;
	if (unlikely(!p->scx.slice))
		scx_task_refill_slice(p);
	set_next_task_scx(rq, p, true);
	return p;
}

static int select_task_rq_scx(struct task_struct *p, int prev_cpu, int wake_flags)
{
	s32 cpu;

	/* nothing was decided about the new program yet: it may stay */
	if (wake_flags & WF_EXEC)
		return prev_cpu;

	/* an earlier choice that no enqueue has used */
	scx_direct_clear(p);
	/* the core forgets it if another CPU finishes the wake-up */
	p->scx.ddsp_enq_flags = SCX_ENQ_CPU_SELECTED;

	if (scx_has_op(select_cpu) && likely(!scx_rq_bypassing(task_rq(p)))) {
		cpu = SCX_CALL_OP_RET(SCX_CALL_SELECT_CPU, NULL, p, select_cpu, p, prev_cpu,
				      wake_flags);
		if (unlikely(!scx_cpu_valid(cpu))) {
			scx_error("select_cpu() returned CPU %d for %s[%d], which does not exist",
				  cpu, p->comm, p->pid);
			cpu = prev_cpu;
		}
		/* the core will look for another one */
		if (unlikely(!is_cpu_allowed(p, cpu)))
			scx_event(SELECT_CPU_FALLBACK, 1);
		return cpu;
	}

	if (!scx_root->builtin_idle)
		return prev_cpu;
	cpu = scx_idle_select_cpu(p->cpus_ptr, prev_cpu, wake_flags, 0);
	if (cpu < 0)
		return prev_cpu;
	scx_task_refill_slice(p);
	scx_direct_mark(p, SCX_DSQ_LOCAL, 0);
	return cpu;
}

static void set_cpus_allowed_scx(struct task_struct *p, const struct cpumask *mask, u32 flags)
{
	set_cpus_allowed_common(p, mask, flags);
	/* a wake-up is on its way to a place that was chosen under the old mask */
	scx_direct_clear(p);
	if (scx_has_op(set_cpumask))
		SCX_CALL_OP(SCX_CALL_OTHER, NULL, NULL, set_cpumask, p, p->cpus_ptr);
}

static void update_curr_scx(struct rq *rq)
{
	if (rq->curr->sched_class == &ext_sched_class)
		scx_task_update_curr(rq);
}

/* Does what runs need the tick for its slice? Rq locked. */
static void scx_class_update_tick(struct rq *rq, struct task_struct *curr)
{
	bool need = curr->sched_class == &ext_sched_class &&
		    (curr->scx.slice != SCX_SLICE_INF || scx_rq_bypassing(rq));

	if (need == !!(rq->scx.flags & SCX_RQ_NEED_TICK))
		return;
	rq->scx.flags ^= SCX_RQ_NEED_TICK;
	sched_update_tick_dependency(rq);
}

static void task_tick_scx(struct rq *rq, struct task_struct *curr, int queued)
{
	/* an endless slice would keep the CPU from all that bypass lets run */
	if (unlikely(scx_rq_bypassing(rq)))
		curr->scx.slice = min_t(u64, curr->scx.slice, SCX_BYPASS_SLICE);

	scx_task_update_curr(rq);

	if (scx_has_op(tick) && !scx_rq_bypassing(rq))
		SCX_CALL_OP(SCX_CALL_OTHER, rq, NULL, tick, curr);
	if (!curr->scx.slice)
		resched_curr(rq);
	scx_class_update_tick(rq, curr);
	cpufreq_update_util(rq, 0);
}

static void switching_to_scx(struct rq *rq, struct task_struct *p)
{
	scx_task_enable(rq, p);
	/* changes while it was in another class have not been told */
	if (scx_has_op(set_cpumask))
		SCX_CALL_OP(SCX_CALL_OTHER, rq, NULL, set_cpumask, p, p->cpus_ptr);
}

static void switched_from_scx(struct rq *rq, struct task_struct *p)
{
	scx_task_disable(rq, p);
	/* if it runs, the CPU is not ours any more: the pick tells */
	if (task_current(rq, p))
		resched_curr(rq);
}

/* A running task may have come down from a class that let nobody else in. */
static void switched_to_scx(struct rq *rq, struct task_struct *p)
{
	if (task_on_rq_queued(p))
		resched_curr(rq);
}

static void reweight_task_scx(struct rq *rq, struct task_struct *p, const struct load_weight *lw)
{
	p->se.load = *lw;
	scx_task_set_weight(rq, p, lw);
}

/* Of no meaning to us: weights are. */
static void prio_changed_scx(struct rq *rq, struct task_struct *p, int oldprio)
{
}

/*
 * Who put a task on the global queue after this CPU had found that empty, and looked for an
 * idle CPU before this one had said that it is, has told nobody. See scx_enqueue_global().
 */
static void scx_class_look_again(struct rq *rq)
{
	/* with work at hand it is core scheduling that keeps the CPU idle: looking does not help */
	if (!scx_root->builtin_idle || rq->scx.local_dsq.nr)
		return;
	/* the bit in the mask before the queue */
	smp_mb();
	if (unlikely(scx_move_any(rq, &scx_global_dsq)))
		scx_kick_cpu(cpu_of(rq), 0);
}

/* Something came to the local DSQ after the pick. A higher class ends with a pick anyway. */
static void scx_class_pick_again(struct rq *rq, struct task_struct *next)
{
	if (likely(!(rq->scx.flags & SCX_RQ_PICK_AGAIN)) ||
	    sched_class_above(next->sched_class, &ext_sched_class))
		return;
	if (rq->scx.flags & SCX_RQ_PICK_PREEMPT)
		scx_kick_cpu(cpu_of(rq), SCX_KICK_PREEMPT);
	else if (is_idle_task(next) || (rq->scx.flags & SCX_RQ_IMMED))
		scx_kick_cpu(cpu_of(rq), 0);
}

/* __schedule() has picked, rq locked: whose the CPU is, and whether it is idle. */
void __scx_class_picked(struct rq *rq, struct task_struct *prev, struct task_struct *next)
{
	bool idle = is_idle_task(next);

	rq->scx.flags |= SCX_RQ_IN_PICKED;

	/* for SCX_KICK_WAIT */
	smp_store_release(&rq->scx.picks, rq->scx.picks + 1);

	scx_share_picked(rq, prev, next);
	scx_class_update_tick(rq, next);
	if (idle || is_idle_task(prev))
		scx_idle_update(rq, idle);
	if (scx_has_op(update_idle))
		scx_idle_tell(rq, idle);
	if (idle)
		scx_class_look_again(rq);
	if (sched_class_above(next->sched_class, &ext_sched_class))
		scx_preempt_release(rq, next);
	if (unlikely(rq->scx.flags & SCX_RQ_IMMED))
		scx_reenq_late(rq);

	scx_class_pick_again(rq, next);
	rq->scx.flags &= ~(SCX_RQ_IN_PICKED | SCX_RQ_PICK_AGAIN | SCX_RQ_PICK_PREEMPT);
}

/*
 * May the core let a wake-up of a task of ours be finished by the CPU that is to run
 * it? Interrupts off.
 */
bool scx_class_queued_wakeup(void)
{
	return scx_ops_flag(SCX_OPS_ALLOW_QUEUED_WAKEUP);
}

/* Slices need the tick, but for endless ones. */
bool scx_class_can_stop_tick(struct rq *rq)
{
	return !scx_enabled() || !(rq->scx.flags & SCX_RQ_NEED_TICK);
}

/* Move @p from fair to us or back; rq and task locked. */
void scx_class_change(struct rq *rq, struct task_struct *p, const struct sched_class *class)
{
	const struct sched_class *old = p->sched_class;
	struct scx_requeue r = scx_requeue_begin(rq, p);

	p->sched_class = class;
	check_class_changing(rq, p, old);
	scx_requeue_end(&r);
	check_class_changed(rq, p, old, p->prio);
}

DEFINE_SCHED_CLASS(ext) = {
	.enqueue_task		= enqueue_task_scx,
	.dequeue_task		= dequeue_task_scx,
	.yield_task		= yield_task_scx,
	.yield_to_task		= yield_to_task_scx,
	.check_preempt_curr	= check_preempt_curr_scx,
	.pick_next_task		= pick_next_task_scx,
	.put_prev_task		= put_prev_task_scx,
	.set_next_task		= set_next_task_scx,
	.balance		= balance_scx,
	.select_task_rq		= select_task_rq_scx,
	.pick_task		= pick_task_scx,
	.set_cpus_allowed	= set_cpus_allowed_scx,
	.task_tick		= task_tick_scx,
	.switching_to		= switching_to_scx,
	.switched_from		= switched_from_scx,
	.switched_to		= switched_to_scx,
	.reweight_task		= reweight_task_scx,
	.prio_changed		= prio_changed_scx,
	.update_curr		= update_curr_scx,
#ifdef CONFIG_UCLAMP_TASK
	.uclamp_enabled		= 1,
#endif
};
