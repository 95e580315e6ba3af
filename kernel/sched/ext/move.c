// SPDX-License-Identifier: GPL-2.0
/*
 * A waiting task goes to the local DSQ of a CPU, which may not be the one whose rq
 * it is on: the lock dance. Or from one queue to another, at a BPF program's wish.
 *
 * Changing a task's rq takes both rqs' locks. The callers hold that of the CPU they
 * work for, so it is dropped and taken again; interrupts stay off, which keeps the
 * task's memory, but everything else may change meanwhile. What holds the task in
 * between is p->scx.holding_cpu: the mover writes its CPU there while it owns the
 * task; who dequeues the task under its rq lock erases it; the mover looks again
 * once it has that lock. A CPU moves one task at a time, so its number says enough.
 */
#include "state.h"

#define SCX_MOVE_PULL_LOOKS	32

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

/* @p, on no queue or on @src's local DSQ, changes its rq; both locked */
static void scx_move_rq(struct task_struct *p, struct rq *src, struct rq *dst, u64 enq_flags)
{
	scx_dsq_custody_end(src, p, 0);
	deactivate_task(src, p, 0);
	set_task_cpu(p, cpu_of(dst));
	scx_direct_mark(p, SCX_DSQ_LOCAL, enq_flags);
	activate_task(dst, p, 0);
}

/* @src, and where the task is to go, are locked; is @p still the task that was left with us? */
bool scx_move_still_held(struct task_struct *p, struct rq *src)
{
	if (p->scx.holding_cpu != raw_smp_processor_id())
		return false;
	p->scx.holding_cpu = -1;
	return !WARN_ON_ONCE(task_rq(p) != src);
}

/**
 * struct scx_move - where a held task is to go, and how
 * @locked: the rq that is locked now and on return, NULL if none is
 * @src: the task's rq
 * @dst: the rq whose local DSQ it goes to; @src if @dsq is set
 * @dsq: the queue it goes to, if not a local one
 * @slice: its slice, or NULL
 * @vtime: its vtime, or NULL
 * @enq_flags: enum scx_enq_flags
 */
struct scx_move {
	struct rq		*locked, *src, *dst;
	struct scx_dispatch_q	*dsq;
	const u64		*slice, *vtime;
	u64			enq_flags;
};

/* @p is ours, both rqs are locked. */
static void scx_move_put(struct task_struct *p, const struct scx_move *m)
{
	struct rq *src = m->src, *dst = m->dst;

	if (m->slice)
		p->scx.slice = *m->slice;
	if (m->vtime)
		p->scx.dsq_vtime = *m->vtime;

	if (m->dsq) {
		scx_dsq_insert(src, m->dsq, p, m->enq_flags);
	} else if (src == dst) {
		scx_dsq_insert(src, &src->scx.local_dsq, p, m->enq_flags);
	} else if (scx_move_allowed(p, dst)) {
		scx_move_rq(p, src, dst, m->enq_flags);
	} else {
		if (is_migration_disabled(p))
			scx_error("cannot move %s[%d] from CPU %d to CPU %d: it has disabled migration",
				  p->comm, p->pid, cpu_of(src), cpu_of(dst));
		else if (!cpumask_test_cpu(cpu_of(dst), p->cpus_ptr))
			scx_error("cannot move %s[%d] from CPU %d to CPU %d: not in its affinity mask",
				  p->comm, p->pid, cpu_of(src), cpu_of(dst));
		else
			scx_event(DISPATCH_LOCAL_DSQ_OFFLINE, 1);
		scx_dsq_insert(src, &src->scx.local_dsq, p, m->enq_flags & ~SCX_ENQ_PREEMPT);
	}
}

/* Whether @p was still there. */
static bool scx_move_do(struct task_struct *p, const struct scx_move *m)
{
	bool dance = m->locked != m->src || m->locked != m->dst;
	bool held;

	lockdep_assert_irqs_disabled();

	if (dance) {
		if (m->locked)
			raw_spin_rq_unlock(m->locked);
		double_rq_lock(m->src, m->dst);
	}

	held = scx_move_still_held(p, m->src);
	if (held)
		scx_move_put(p, m);

	if (dance) {
		double_rq_unlock(m->src, m->dst);
		if (m->locked) {
			raw_spin_rq_lock(m->locked);
			scx_move_relocked(m->locked);
		}
	}
	return held;
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
 *
 * Return: whether the task was still there to be put anywhere.
 */
bool scx_move_held(struct rq *locked, struct task_struct *p, struct rq *src, struct rq *dst,
		   u64 enq_flags)
{
	return scx_move_do(p, &(struct scx_move){
		.locked = locked, .src = src, .dst = dst, .enq_flags = enq_flags,
	});
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

/* The first task of @dsq, which is locked, that may run on @rq's CPU */
static struct task_struct *scx_move_first(struct rq *rq, struct scx_dispatch_q *dsq)
{
	struct scx_dsq_list_node *node;
	struct task_struct *p;

	list_for_each_entry(node, &dsq->list, node) {
		p = scx_dsq_node_task(node);
		/* the queue's lock keeps the task, and with it its rq, in place */
		if (!p)
			continue;
		if (task_rq(p) == rq || scx_move_allowed(p, rq))
			return p;
		/*
		 * One that still leaves its CPU may only seem to have disabled
		 * migration: the callbacks that its CPU is in count as if they were its
		 * own. So look again.
		 */
		if (READ_ONCE(p->on_cpu) && scx_task_can_run_on(p, rq))
			rq->scx.flags |= SCX_RQ_LOCK_DROPPED;
	}
	return NULL;
}

/* The same, off the queue; it is ours now. */
static struct task_struct *scx_move_take(struct rq *rq, struct scx_dispatch_q *dsq)
{
	struct task_struct *p;

	raw_spin_lock(&dsq->lock);
	p = scx_move_first(rq, dsq);
	if (p)
		scx_dsq_hold(dsq, p);
	raw_spin_unlock(&dsq->lock);
	return p;
}

/* Is there a task on @dsq that @rq's CPU may run? */
bool scx_move_any(struct rq *rq, struct scx_dispatch_q *dsq)
{
	bool any;

	if (likely(!READ_ONCE(dsq->nr)))
		return false;
	raw_spin_lock(&dsq->lock);
	any = scx_move_first(rq, dsq);
	raw_spin_unlock(&dsq->lock);
	return any;
}

/**
 * scx_move_to_local - get a task from a queue to the own local DSQ
 * @rq: this CPU's rq, locked; may be dropped and taken again
 * @dsq: the queue, not a local one; the caller is in an RCU section
 * @enq_flags: enum scx_enq_flags
 *
 * Return: whether the local DSQ has a task.
 */
bool scx_move_to_local(struct rq *rq, struct scx_dispatch_q *dsq, u64 enq_flags)
{
	struct task_struct *p;

	while (READ_ONCE(dsq->nr)) {
		p = scx_move_take(rq, dsq);
		if (!p)
			return false;
		scx_move_held(rq, p, task_rq(p), rq, enq_flags);
		/* if somebody was faster we have nothing: try again */
		if (rq->scx.local_dsq.nr)
			return true;
	}
	return false;
}

/**
 * scx_move_pull - get a task that waits on another CPU's local DSQ
 * @rq: this CPU's rq, locked; may be dropped and taken again
 * @src: the other one's
 *
 * The first one that may run here. Nothing happens but while both CPUs bypass the scheduler,
 * which neither has a say in it nor is told.
 */
void scx_move_pull(struct rq *rq, struct rq *src)
{
	struct scx_dsq_list_node *node;
	struct task_struct *p;
	int looked = 0;

	if (double_lock_balance(rq, src))
		scx_move_relocked(rq);
	else
		update_rq_clock(rq);

	/* bypass goes CPU by CPU; where it is over the task is where its scheduler wants it */
	if (!scx_rq_bypassing(rq) || !scx_rq_bypassing(src))
		goto out;

	list_for_each_entry(node, &src->scx.local_dsq.list, node) {
		p = scx_dsq_node_task(node);
		if (p && scx_move_allowed(p, rq)) {
			scx_move_rq(p, src, rq, 0);
			break;
		}
		/* they may all be bound to that CPU */
		if (++looked >= SCX_MOVE_PULL_LOOKS)
			break;
	}
out:
	double_unlock_balance(rq, src);
}

/* Where dsq_move() is to put @p, whose rq is m->src. False for a place that is none. */
static bool scx_move_target(struct scx_move *m, struct task_struct *p, u64 dsq_id)
{
	s32 cpu;

	m->dst = m->src;
	if (dsq_id == SCX_DSQ_LOCAL) {
		if (m->locked)
			m->dst = m->locked;
		return true;
	}
	if ((dsq_id & SCX_DSQ_LOCAL_ON) == SCX_DSQ_LOCAL_ON) {
		cpu = dsq_id & SCX_DSQ_LOCAL_CPU_MASK;
		if (scx_cpu_valid(cpu)) {
			m->dst = cpu_rq(cpu);
			return true;
		}
		scx_error("invalid CPU %d in DSQ id 0x%llx for %s[%d]", cpu, dsq_id,
			  p->comm, p->pid);
		return false;
	}
	m->dsq = scx_dsq_find(dsq_id);
	if (!m->dsq)
		scx_error("%s[%d] was moved to DSQ 0x%llx, which does not exist", p->comm,
			  p->pid, dsq_id);
	return m->dsq;
}

static bool scx_move_iter(struct bpf_iter_scx_dsq *it, struct task_struct *p, u64 dsq_id,
			  u64 enq_flags, const char *kfunc)
{
	struct scx_dsq_iter *kit = (void *)it;
	u32 has = kit->cursor.flags & (__SCX_DSQ_ITER_HAS_SLICE | __SCX_DSQ_ITER_HAS_VTIME);
	struct scx_move m = {
		.slice		= has & __SCX_DSQ_ITER_HAS_SLICE ? &kit->slice : NULL,
		.vtime		= has & __SCX_DSQ_ITER_HAS_VTIME ? &kit->vtime : NULL,
		.enq_flags	= enq_flags,
	};
	unsigned long flags;
	bool moved = false;

	/* a timer or a program that user space runs, or dispatch() */
	if (!scx_call_unlocked()) {
		if (!scx_call_allows(SCX_CALL_DISPATCH, kfunc))
			return false;
		m.locked = this_cpu_read(scx_call.rq);
	}

	local_irq_save(flags);
	kit->cursor.flags &= ~has;
	m.src = task_rq(p);
	if (scx_move_target(&m, p, dsq_id) && scx_dsq_take(kit, p)) {
		/*
		 * Nobody but the two of us changes its rq now; it may have another
		 * than a moment ago.
		 */
		m.src = task_rq(p);
		m.enq_flags = scx_enq_flags(dsq_id, enq_flags);
		if (m.dsq || (dsq_id == SCX_DSQ_LOCAL && !m.locked))
			m.dst = m.src;
		moved = scx_move_do(p, &m);
	}
	local_irq_restore(flags);
	return moved;
}

static bool scx_move_flags_ok(struct task_struct *p, u64 enq_flags)
{
	if (likely(!(enq_flags & __SCX_ENQ_INTERNAL_MASK)))
		return true;
	scx_error("invalid enq_flags 0x%llx for %s[%d]", enq_flags, p->comm, p->pid);
	return false;
}

/**
 * scx_bpf_dsq_move - move a task from the queue that is being walked to another one
 * @it__iter: the iterator
 * @p: a task that it has shown
 * @dsq_id: where to, a FIFO queue; SCX_DSQ_LOCAL is that of the dispatching CPU, or
 *	outside dispatch() that of the CPU that the task is on
 * @enq_flags: enum scx_enq_flags
 *
 * A task that has left the queue, or left it and come back, is not moved. A CPU that
 * the task may not use, and a queue or CPU that does not exist, end the scheduler with
 * an error.
 *
 * Context: dispatch(); programs that hold no lock: timers, sleepable callbacks, those
 * that user space runs.
 * Return: whether @p was moved.
 */
noinline __used bool scx_bpf_dsq_move(struct bpf_iter_scx_dsq *it__iter, struct task_struct *p,
				      u64 dsq_id, u64 enq_flags)
{
	return scx_move_flags_ok(p, enq_flags) &&
	       scx_move_iter(it__iter, p, dsq_id, enq_flags, "scx_bpf_dsq_move");
}

/**
 * scx_bpf_dsq_move_vtime - move a task to a queue ordered by virtual time
 * @it__iter: the iterator
 * @p: a task that it has shown
 * @dsq_id: where to, not a built-in queue; its place there is p->scx.dsq_vtime, or what
 *	scx_bpf_dsq_move_set_vtime() has said
 * @enq_flags: enum scx_enq_flags
 *
 * Context: as scx_bpf_dsq_move().
 * Return: whether @p was moved.
 */
noinline __used bool scx_bpf_dsq_move_vtime(struct bpf_iter_scx_dsq *it__iter,
					    struct task_struct *p, u64 dsq_id, u64 enq_flags)
{
	return scx_move_flags_ok(p, enq_flags) &&
	       scx_move_iter(it__iter, p, dsq_id, enq_flags | SCX_ENQ_DSQ_PRIQ,
			     "scx_bpf_dsq_move_vtime");
}

/**
 * scx_bpf_dsq_move_set_slice - give the next task that is moved another slice
 * @it__iter: the iterator
 * @slice: in ns
 *
 * Holds for one call of scx_bpf_dsq_move() or scx_bpf_dsq_move_vtime(), whatever
 * becomes of it. Otherwise the slice stays as it is.
 *
 * Context: any.
 */
noinline __used void scx_bpf_dsq_move_set_slice(struct bpf_iter_scx_dsq *it__iter, u64 slice)
{
	struct scx_dsq_iter *kit = (void *)it__iter;

	kit->slice = slice;
	kit->cursor.flags |= __SCX_DSQ_ITER_HAS_SLICE;
}

/**
 * scx_bpf_dsq_move_set_vtime - give the next task that is moved another virtual time
 * @it__iter: the iterator
 * @vtime: its place in the queue it goes to
 *
 * As scx_bpf_dsq_move_set_slice().
 *
 * Context: any.
 */
noinline __used void scx_bpf_dsq_move_set_vtime(struct bpf_iter_scx_dsq *it__iter, u64 vtime)
{
	struct scx_dsq_iter *kit = (void *)it__iter;

	kit->vtime = vtime;
	kit->cursor.flags |= __SCX_DSQ_ITER_HAS_VTIME;
}

/**
 * scx_bpf_dispatch_from_dsq - older name of scx_bpf_dsq_move()
 * @it__iter: the iterator
 * @p: a task that it has shown
 * @dsq_id: where to
 * @enq_flags: enum scx_enq_flags
 */
noinline __used bool scx_bpf_dispatch_from_dsq(struct bpf_iter_scx_dsq *it__iter,
					       struct task_struct *p, u64 dsq_id, u64 enq_flags)
{
	return scx_bpf_dsq_move(it__iter, p, dsq_id, enq_flags);
}

/**
 * scx_bpf_dispatch_vtime_from_dsq - older name of scx_bpf_dsq_move_vtime()
 * @it__iter: the iterator
 * @p: a task that it has shown
 * @dsq_id: where to
 * @enq_flags: enum scx_enq_flags
 */
noinline __used bool scx_bpf_dispatch_vtime_from_dsq(struct bpf_iter_scx_dsq *it__iter,
						     struct task_struct *p, u64 dsq_id,
						     u64 enq_flags)
{
	return scx_bpf_dsq_move_vtime(it__iter, p, dsq_id, enq_flags);
}

/**
 * scx_bpf_dispatch_from_dsq_set_slice - older name of scx_bpf_dsq_move_set_slice()
 * @it__iter: the iterator
 * @slice: in ns
 */
noinline __used void scx_bpf_dispatch_from_dsq_set_slice(struct bpf_iter_scx_dsq *it__iter,
							 u64 slice)
{
	scx_bpf_dsq_move_set_slice(it__iter, slice);
}

/**
 * scx_bpf_dispatch_from_dsq_set_vtime - older name of scx_bpf_dsq_move_set_vtime()
 * @it__iter: the iterator
 * @vtime: its place in the queue it goes to
 */
noinline __used void scx_bpf_dispatch_from_dsq_set_vtime(struct bpf_iter_scx_dsq *it__iter,
							 u64 vtime)
{
	scx_bpf_dsq_move_set_vtime(it__iter, vtime);
}

BTF_SET8_START(scx_move_kfuncs)
BTF_ID_FLAGS(func, scx_bpf_dsq_move, KF_RCU)
BTF_ID_FLAGS(func, scx_bpf_dsq_move_vtime, KF_RCU)
BTF_ID_FLAGS(func, scx_bpf_dsq_move_set_slice)
BTF_ID_FLAGS(func, scx_bpf_dsq_move_set_vtime)
BTF_ID_FLAGS(func, scx_bpf_dispatch_from_dsq, KF_RCU)
BTF_ID_FLAGS(func, scx_bpf_dispatch_vtime_from_dsq, KF_RCU)
BTF_ID_FLAGS(func, scx_bpf_dispatch_from_dsq_set_slice)
BTF_ID_FLAGS(func, scx_bpf_dispatch_from_dsq_set_vtime)
BTF_SET8_END(scx_move_kfuncs)

/* A timer's callback is part of the program that has set it, of any callback. */
static const struct btf_kfunc_id_set scx_move_kfunc_set = {
	.owner	= THIS_MODULE,
	.set	= &scx_move_kfuncs,
};

int __init scx_move_boot_init(void)
{
	return scx_call_register_any_kfuncs(&scx_move_kfunc_set);
}
