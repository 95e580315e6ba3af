// SPDX-License-Identifier: GPL-2.0
/*
 * Kicks: make another CPU reschedule, on behalf of a BPF scheduler.
 *
 * A kick is asked for with rq locks held, so it is recorded per CPU and carried out
 * by an irq_work on the asking CPU, which takes the target's rq lock.
 *
 * SCX_KICK_WAIT makes the irq_work wait until the target has gone through a pick.
 * Two CPUs that wait for each other would wait for ever, since neither can schedule
 * while it waits: a CPU marks itself as waiting, and a target that waits itself is
 * not waited for. Of a cycle's members at least the last to mark itself sees another
 * member's mark, leaves, and schedules; and so do the others in turn.
 *
 * A target can also be kept from scheduling by what this CPU was interrupted in: it
 * spins, interrupts off, for a lock that a task here waits for or holds. So no wait
 * is longer than SCX_KICK_WAIT_MAX.
 */
#include "state.h"

struct scx_kicks {
	cpumask_var_t		kick;
	cpumask_var_t		idle;
	cpumask_var_t		preempt;
	cpumask_var_t		wait;
	struct irq_work		work;
	unsigned long		*picks;		/* of the CPUs in wait, when kicked */
	bool			waiting;
};

static DEFINE_PER_CPU(struct scx_kicks, scx_kicks);

#define SCX_KICK_WAIT_MAX	NSEC_PER_MSEC	/* interrupts are off meanwhile */

/* Runs on the asking CPU with interrupts off. */
static void scx_kick_one(struct scx_kicks *kicks, int cpu)
{
	struct rq *rq = cpu_rq(cpu);
	bool preempt = cpumask_test_and_clear_cpu(cpu, kicks->preempt);
	bool wait = cpumask_test_cpu(cpu, kicks->wait);
	bool ours;

	raw_spin_rq_lock(rq);
	ours = rq->curr->sched_class == &ext_sched_class;

	if (!cpu_online(cpu) && cpu != smp_processor_id()) {
		cpumask_clear_cpu(cpu, kicks->wait);
	} else if (ours || is_idle_task(rq->curr)) {
		if (preempt && ours)
			rq->curr->scx.slice = 0;
		if (wait && ours && cpu != smp_processor_id())
			kicks->picks[cpu] = rq->scx.picks;
		else
			cpumask_clear_cpu(cpu, kicks->wait);
		resched_curr(rq);
	} else {
		/* a higher class has it; when it is done, balance comes anyway */
		cpumask_clear_cpu(cpu, kicks->wait);
	}
	raw_spin_rq_unlock(rq);
}

static void scx_kick_wait(struct scx_kicks *kicks)
{
	u64 end = local_clock() + SCX_KICK_WAIT_MAX;
	int cpu;

	/* our mark before the look at others': pairs with the same on their side */
	smp_store_mb(kicks->waiting, true);

	for_each_cpu(cpu, kicks->wait) {
		/* pairs with the release at each pick in class.c */
		while (smp_load_acquire(&cpu_rq(cpu)->scx.picks) == kicks->picks[cpu] &&
		       !READ_ONCE(per_cpu(scx_kicks, cpu).waiting) && cpu_online(cpu) &&
		       local_clock() < end)
			cpu_relax();
		cpumask_clear_cpu(cpu, kicks->wait);
	}

	WRITE_ONCE(kicks->waiting, false);
}

static void scx_kick_workfn(struct irq_work *work)
{
	struct scx_kicks *kicks = container_of(work, struct scx_kicks, work);
	int cpu;

	for_each_cpu(cpu, kicks->kick) {
		cpumask_clear_cpu(cpu, kicks->kick);
		cpumask_clear_cpu(cpu, kicks->idle);
		scx_kick_one(kicks, cpu);
	}
	for_each_cpu(cpu, kicks->idle) {
		struct rq *rq = cpu_rq(cpu);

		cpumask_clear_cpu(cpu, kicks->idle);
		raw_spin_rq_lock(rq);
		if (is_idle_task(rq->curr) && cpu_online(cpu))
			resched_curr(rq);
		raw_spin_rq_unlock(rq);
	}
	if (!cpumask_empty(kicks->wait))
		scx_kick_wait(kicks);
}

/* @cpu is valid. Any context but NMI; with interrupts off or on. */
void scx_kick_cpu(s32 cpu, u64 flags)
{
	struct scx_kicks *kicks;
	unsigned long irq_flags;

	local_irq_save(irq_flags);
	kicks = this_cpu_ptr(&scx_kicks);

	/* a bypassing CPU does not look at what the kick is about */
	if (!scx_rq_bypassing(this_rq())) {
		if (flags & SCX_KICK_IDLE) {
			cpumask_set_cpu(cpu, kicks->idle);
		} else {
			cpumask_set_cpu(cpu, kicks->kick);
			if (flags & SCX_KICK_PREEMPT)
				cpumask_set_cpu(cpu, kicks->preempt);
			if (flags & SCX_KICK_WAIT)
				cpumask_set_cpu(cpu, kicks->wait);
		}
		irq_work_queue(&kicks->work);
	}
	local_irq_restore(irq_flags);
}

/* What @cpu has been asked to do to others and not done yet, for the dump; no lock. */
int scx_kick_show(int cpu, char *buf, size_t size)
{
	struct scx_kicks *kicks = per_cpu_ptr(&scx_kicks, cpu);
	const struct {
		const char		*name;
		const struct cpumask	*mask;
	} sets[] = {
		{ "kick", kicks->kick },
		{ "idle", kicks->idle },
		{ "preempt", kicks->preempt },
		{ "wait", kicks->wait },
	};
	int i, len = 0;

	buf[0] = '\0';
	for (i = 0; i < ARRAY_SIZE(sets); i++) {
		if (!cpumask_empty(sets[i].mask))
			len += scnprintf(buf + len, size - len, " %s=%*pbl", sets[i].name,
					 cpumask_pr_args(sets[i].mask));
	}
	return len;
}

/**
 * scx_bpf_kick_cpu - make a CPU reschedule
 * @cpu: the CPU
 * @flags: enum scx_kick_flags; SCX_KICK_IDLE excludes the others
 *
 * Happens a moment later, when the asking CPU turns its interrupts on. SCX_KICK_WAIT
 * keeps that CPU waiting, with interrupts off, until the other has picked a task, but
 * not for ever: a millisecond.
 *
 * Context: any.
 */
noinline __used void scx_bpf_kick_cpu(s32 cpu, u64 flags)
{
	if (!scx_cpu_valid(cpu))
		scx_error("scx_bpf_kick_cpu(): invalid CPU %d", cpu);
	else if ((flags & SCX_KICK_IDLE) && (flags & (SCX_KICK_PREEMPT | SCX_KICK_WAIT)))
		scx_error("scx_bpf_kick_cpu(): SCX_KICK_IDLE excludes PREEMPT and WAIT (flags 0x%llx)",
			  flags);
	else
		scx_kick_cpu(cpu, flags);
}

BTF_SET8_START(scx_kick_kfuncs)
BTF_ID_FLAGS(func, scx_bpf_kick_cpu)
BTF_SET8_END(scx_kick_kfuncs)

static const struct btf_kfunc_id_set scx_kick_kfunc_set = {
	.owner	= THIS_MODULE,
	.set	= &scx_kick_kfuncs,
};

int __init scx_kick_boot_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct scx_kicks *kicks = per_cpu_ptr(&scx_kicks, cpu);
		int node = cpu_to_node(cpu);

		BUG_ON(!zalloc_cpumask_var_node(&kicks->kick, GFP_KERNEL, node));
		BUG_ON(!zalloc_cpumask_var_node(&kicks->idle, GFP_KERNEL, node));
		BUG_ON(!zalloc_cpumask_var_node(&kicks->preempt, GFP_KERNEL, node));
		BUG_ON(!zalloc_cpumask_var_node(&kicks->wait, GFP_KERNEL, node));
		kicks->picks = kcalloc_node(nr_cpu_ids, sizeof(*kicks->picks), GFP_KERNEL, node);
		BUG_ON(!kicks->picks);
		kicks->work = IRQ_WORK_INIT_HARD(scx_kick_workfn);
	}
	return scx_call_register_lockless_kfuncs(&scx_kick_kfunc_set);
}
