// SPDX-License-Identifier: GPL-2.0
/*
 * Tasks come back: what waits on a DSQ is given to enqueue() once more, with
 * SCX_ENQ_REENQ, because the CPU has been taken, because it has picked another task
 * than the one that was to run at once (SCX_ENQ_IMMED), or because the scheduler has
 * other plans.
 *
 * A local DSQ is emptied under the lock of its rq: at once from cpu_release() and at the
 * end of a pick; in other contexts that lock may not be held, or another one is, so an
 * irq_work on its CPU does it. The same irq_work empties other DSQs, task by task: each is
 * held, as by a CPU that moves it (see move.c), until its rq is locked.
 */
#include "state.h"

#define SCX_REENQ_MAX_DSQS	64
#define SCX_REENQ_MAX_ROUNDS	32
#define SCX_REENQ_AT_ONCE	128	/* tasks of other DSQs, interrupts off meanwhile */

/**
 * struct scx_reenq - what a CPU has been asked to do
 * @work: does it
 * @local: its local DSQ; set by any CPU
 * @nr: how many other DSQs; they are its own business, with interrupts off
 * @dsqs: their ids, and their insertion counts when it was asked
 * @busy: the work runs; what is asked for on this CPU is asked for by enqueue()
 * @again: that has happened
 * @rounds: how many times in a row. An irq_work that is queued by itself lets nothing else
 *	run, so that has to have an end
 */
struct scx_reenq {
	struct irq_work		work;
	atomic_t		local;
	u32			nr;
	struct {
		u64	id;
		u32	seq;
	}			dsqs[SCX_REENQ_MAX_DSQS];
	bool			busy, again;
	u32			rounds;
};

static DEFINE_PER_CPU(struct scx_reenq, scx_reenq);

/*
 * Give back what waits on @rq's local DSQ, or of that only what was to run at once; rq
 * locked. How many there were.
 */
static u32 scx_reenq_local(struct rq *rq, bool immed)
{
	struct scx_dispatch_q *dsq = &rq->scx.local_dsq;
	struct task_struct *p, *next;
	LIST_HEAD(tasks);
	u32 nr = 0;

	lockdep_assert_rq_held(rq);

	/* all off the queue first: enqueue() may put them back there */
	list_for_each_entry_safe(p, next, &dsq->list, scx.dsq_list.node) {
		if (immed && !(p->scx.flags & SCX_TASK_IMMED))
			continue;
		scx_dsq_remove(rq, p);
		list_add_tail(&p->scx.dsq_list.node, &tasks);
		nr++;
	}
	while ((p = list_first_entry_or_null(&tasks, struct task_struct, scx.dsq_list.node))) {
		list_del_init(&p->scx.dsq_list.node);
		scx_enqueue(rq, p, SCX_ENQ_REENQ);
	}
	return nr;
}

/**
 * scx_reenq_late - a pick is over, and tasks that were to run at once may still wait
 * @rq: the CPU's rq, locked
 *
 * A task that is put back to where it was waits for the next pick.
 */
void scx_reenq_late(struct rq *rq)
{
	rq->scx.flags &= ~SCX_RQ_IMMED;
	if (!scx_rq_bypassing(rq))
		scx_reenq_local(rq, true);
}

/* The first task of @dsq that was there when @seq was its insertion count; it is ours now. */
static struct task_struct *scx_reenq_take(struct scx_dispatch_q *dsq, u32 seq)
{
	struct scx_dsq_list_node *node;
	struct task_struct *p;

	raw_spin_lock(&dsq->lock);
	list_for_each_entry(node, &dsq->list, node) {
		p = scx_dsq_node_task(node);
		if (!p || (s32)(p->scx.dsq_seq - seq) > 0)
			continue;
		scx_dsq_hold(dsq, p);
		raw_spin_unlock(&dsq->lock);
		return p;
	}
	raw_spin_unlock(&dsq->lock);
	return NULL;
}

/* Whether there was a task; interrupts off, which keeps its memory. */
static bool scx_reenq_one(struct scx_dispatch_q *dsq, u32 seq)
{
	struct task_struct *p = scx_reenq_take(dsq, seq);
	struct rq *rq;

	if (!p)
		return false;
	rq = task_rq(p);
	raw_spin_rq_lock(rq);
	if (scx_move_still_held(p, rq)) {
		update_rq_clock(rq);
		scx_enqueue(rq, p, SCX_ENQ_REENQ);
	}
	raw_spin_rq_unlock(rq);
	return true;
}

/*
 * Done with what was asked. enqueue(), which was called meanwhile, may have asked for the
 * same queue again: then its entry has another count and stays.
 */
static void scx_reenq_forget(struct scx_reenq *todo, u64 id, u32 seq)
{
	u32 i;

	for (i = 0; i < todo->nr; i++) {
		if (todo->dsqs[i].id == id && todo->dsqs[i].seq == seq) {
			todo->dsqs[i] = todo->dsqs[--todo->nr];
			return;
		}
	}
}

static void scx_reenq_dsqs(struct scx_reenq *todo)
{
	struct scx_dispatch_q *dsq;
	u32 left = SCX_REENQ_AT_ONCE;

	while (todo->nr) {
		u64 id = todo->dsqs[todo->nr - 1].id;
		u32 seq = todo->dsqs[todo->nr - 1].seq;

		/* it may have been destroyed since */
		dsq = scx_dsq_find(id);
		while (dsq && READ_ONCE(dsq->nr) && scx_reenq_one(dsq, seq)) {
			if (!--left) {
				/* what enqueue() asked for meanwhile stands behind it */
				irq_work_queue(&todo->work);
				return;
			}
		}
		scx_reenq_forget(todo, id, seq);
	}
}

/* Hard interrupt on the CPU that was asked. */
static void scx_reenq_workfn(struct irq_work *work)
{
	struct scx_reenq *todo = container_of(work, struct scx_reenq, work);
	struct rq *rq = this_rq();

	/* the scheduler may be on its way out, or gone, since it was asked for */
	if (!scx_enabled() || atomic_read(&scx_root->exit_kind) != SCX_EXIT_NONE) {
		todo->nr = 0;
		todo->rounds = 0;
		atomic_set(&todo->local, 0);
		return;
	}
	todo->busy = true;
	todo->again = false;
	if (atomic_xchg(&todo->local, 0)) {
		raw_spin_rq_lock(rq);
		if (!scx_rq_bypassing(rq)) {
			update_rq_clock(rq);
			scx_reenq_local(rq, false);
		}
		raw_spin_rq_unlock(rq);
	}
	scx_reenq_dsqs(todo);
	todo->busy = false;

	if (!todo->again)
		todo->rounds = 0;
	else if (++todo->rounds == SCX_REENQ_MAX_ROUNDS)
		scx_error("enqueue() has what it queues requeued without end");
}

/* Is it enqueue() that asks, called by the work of this CPU? Preemption off. */
static void scx_reenq_note(void)
{
	struct scx_reenq *todo = this_cpu_ptr(&scx_reenq);

	if (todo->busy)
		todo->again = true;
}

/* @cpu is valid; nothing waits on one that is not online. */
static void scx_reenq_ask_local(s32 cpu)
{
	struct scx_reenq *todo;

	preempt_disable();
	scx_reenq_note();
	todo = per_cpu_ptr(&scx_reenq, cpu);
	atomic_set(&todo->local, 1);
	if (cpu == smp_processor_id())
		irq_work_queue(&todo->work);
	else if (cpu_online(cpu))
		irq_work_queue_on(&todo->work, cpu);
	preempt_enable();
}

static void scx_reenq_ask(struct scx_dispatch_q *dsq, u64 id)
{
	struct scx_reenq *todo;
	unsigned long flags;
	u32 i;

	local_irq_save(flags);
	scx_reenq_note();
	todo = this_cpu_ptr(&scx_reenq);
	for (i = 0; i < todo->nr && todo->dsqs[i].id != id; i++)
		;
	if (i < SCX_REENQ_MAX_DSQS) {
		todo->dsqs[i].id = id;
		todo->dsqs[i].seq = READ_ONCE(dsq->seq);
		todo->nr = max(todo->nr, i + 1);
		irq_work_queue(&todo->work);
	}
	local_irq_restore(flags);

	if (i == SCX_REENQ_MAX_DSQS)
		scx_error("scx_bpf_dsq_reenq(): more than %d DSQs at a time", SCX_REENQ_MAX_DSQS);
}

/**
 * scx_bpf_reenqueue_local - queue anew what waits on the CPU's local DSQ
 *
 * The CPU is the one that cpu_release() is called for. enqueue() is called with
 * SCX_ENQ_REENQ for each task before this returns, also for the one that has just been
 * preempted.
 *
 * Context: cpu_release().
 * Return: the number of tasks.
 */
noinline __used u32 scx_bpf_reenqueue_local(void)
{
	if (!scx_call_allows(SCX_CALL_CPU_RELEASE, "scx_bpf_reenqueue_local"))
		return 0;
	return scx_reenq_local(this_cpu_read(scx_call.rq), false);
}

/**
 * scx_bpf_reenqueue_local___v2 - queue anew what waits on this CPU's local DSQ
 *
 * As scx_bpf_reenqueue_local(), for the CPU that the program runs on, and a moment
 * later: when that CPU turns its interrupts on.
 *
 * Context: any.
 */
noinline __used void scx_bpf_reenqueue_local___v2(void)
{
	preempt_disable();
	scx_reenq_ask_local(smp_processor_id());
	preempt_enable();
}

/**
 * scx_bpf_dsq_reenq - queue anew what waits on a DSQ
 * @dsq_id: the queue; SCX_DSQ_LOCAL is that of the CPU that the program runs on
 * @reenq_flags: 0, or 1, which means the same: all tasks
 *
 * Happens a moment later, on this CPU when it turns its interrupts on, or for the local
 * DSQ of another one there. enqueue() is called with SCX_ENQ_REENQ for each task that is
 * still there; those that come to the queue after this call are left alone.
 *
 * Context: any.
 */
noinline __used void scx_bpf_dsq_reenq(u64 dsq_id, u64 reenq_flags)
{
	struct scx_dispatch_q *dsq;
	s32 cpu;

	if (unlikely(reenq_flags & ~1ULL)) {
		scx_error("scx_bpf_dsq_reenq(): invalid flags 0x%llx", reenq_flags);
		return;
	}
	if (dsq_id == SCX_DSQ_LOCAL) {
		scx_bpf_reenqueue_local___v2();
		return;
	}
	if ((dsq_id & SCX_DSQ_LOCAL_ON) == SCX_DSQ_LOCAL_ON) {
		cpu = dsq_id & SCX_DSQ_LOCAL_CPU_MASK;
		if (scx_cpu_valid(cpu))
			scx_reenq_ask_local(cpu);
		else
			scx_error("scx_bpf_dsq_reenq(): invalid CPU %d in DSQ id 0x%llx", cpu, dsq_id);
		return;
	}
	rcu_read_lock();
	dsq = scx_dsq_find(dsq_id);
	if (dsq)
		scx_reenq_ask(dsq, dsq_id);
	else
		scx_error("scx_bpf_dsq_reenq(): DSQ 0x%llx does not exist", dsq_id);
	rcu_read_unlock();
}

BTF_SET8_START(scx_reenq_release_kfuncs)
BTF_ID_FLAGS(func, scx_bpf_reenqueue_local)
BTF_SET8_END(scx_reenq_release_kfuncs)

BTF_SET8_START(scx_reenq_kfuncs)
BTF_ID_FLAGS(func, scx_bpf_reenqueue_local___v2)
BTF_ID_FLAGS(func, scx_bpf_dsq_reenq)
BTF_SET8_END(scx_reenq_kfuncs)

static int scx_reenq_release_filter(const struct bpf_prog *prog, u32 kfunc_id)
{
	return scx_call_filter(prog, SCX_CALL_CPU_RELEASE);
}

static const struct btf_kfunc_id_set scx_reenq_release_kfunc_set = {
	.owner	= THIS_MODULE,
	.set	= &scx_reenq_release_kfuncs,
	.filter	= scx_reenq_release_filter,
};

static const struct btf_kfunc_id_set scx_reenq_kfunc_set = {
	.owner	= THIS_MODULE,
	.set	= &scx_reenq_kfuncs,
};

int __init scx_reenq_boot_init(void)
{
	int cpu, ret;

	for_each_possible_cpu(cpu)
		per_cpu(scx_reenq, cpu).work = IRQ_WORK_INIT_HARD(scx_reenq_workfn);

	ret = scx_call_register_kfuncs(&scx_reenq_release_kfunc_set);
	return ret ?: scx_call_register_any_kfuncs(&scx_reenq_kfunc_set);
}
