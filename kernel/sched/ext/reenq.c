// SPDX-License-Identifier: GPL-2.0
/*
 * Tasks come back: what waits on a CPU's local DSQ is given to enqueue() once more,
 * with SCX_ENQ_REENQ, because the CPU has been taken or because the scheduler has
 * other plans.
 *
 * All under the lock of the CPU's rq. From cpu_release() it happens at once; in other
 * contexts that lock may not be held, or another one is, so an irq_work does it.
 */
#include "state.h"

static DEFINE_PER_CPU(struct irq_work, scx_reenq_work);

/* Give back all that waits on @rq's local DSQ; rq locked. How many there were. */
static u32 scx_reenq_local(struct rq *rq)
{
	struct scx_dispatch_q *dsq = &rq->scx.local_dsq;
	struct task_struct *p;
	LIST_HEAD(tasks);
	u32 nr = 0;

	lockdep_assert_rq_held(rq);

	/* all off the queue first: enqueue() may put them back there */
	while ((p = scx_dsq_first(dsq))) {
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

/* Hard interrupt on the CPU whose queue it is. */
static void scx_reenq_workfn(struct irq_work *work)
{
	struct rq *rq = this_rq();

	raw_spin_rq_lock(rq);
	/* the scheduler may be on its way out, or gone, since it was asked for */
	if (scx_enabled() && !scx_rq_bypassing(rq)) {
		update_rq_clock(rq);
		scx_reenq_local(rq);
	}
	raw_spin_rq_unlock(rq);
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
	return scx_reenq_local(this_cpu_read(scx_call.rq));
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
	irq_work_queue(this_cpu_ptr(&scx_reenq_work));
	preempt_enable();
}

BTF_SET8_START(scx_reenq_release_kfuncs)
BTF_ID_FLAGS(func, scx_bpf_reenqueue_local)
BTF_SET8_END(scx_reenq_release_kfuncs)

BTF_SET8_START(scx_reenq_kfuncs)
BTF_ID_FLAGS(func, scx_bpf_reenqueue_local___v2)
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
		per_cpu(scx_reenq_work, cpu) = IRQ_WORK_INIT_HARD(scx_reenq_workfn);

	ret = scx_call_register_kfuncs(&scx_reenq_release_kfunc_set);
	return ret ?: scx_call_register_kfuncs(&scx_reenq_kfunc_set);
}
