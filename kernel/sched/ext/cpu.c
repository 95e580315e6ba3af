// SPDX-License-Identifier: GPL-2.0
/*
 * CPU numbers and masks, and what of a task concerns its CPU, for BPF programs.
 * Reads only; no locks.
 */
#include "state.h"

/**
 * scx_bpf_nr_cpu_ids - an upper limit of CPU numbers
 *
 * Context: any.
 * Return: all CPU numbers are below it.
 */
noinline __used u32 scx_bpf_nr_cpu_ids(void)
{
	return nr_cpu_ids;
}

/**
 * scx_bpf_nr_node_ids - an upper limit of NUMA node numbers
 *
 * Context: any.
 * Return: all node numbers are below it.
 */
noinline __used u32 scx_bpf_nr_node_ids(void)
{
	return nr_node_ids;
}

/**
 * scx_bpf_cpu_node - the NUMA node of a CPU
 * @cpu: the CPU
 *
 * Context: any.
 * Return: the node, NUMA_NO_NODE (-1) for a bad @cpu, which ends the scheduler.
 */
noinline __used int scx_bpf_cpu_node(s32 cpu)
{
	if (!scx_cpu_valid(cpu)) {
		scx_error("scx_bpf_cpu_node(): invalid CPU %d", cpu);
		return NUMA_NO_NODE;
	}
	return cpu_to_node(cpu);
}

/**
 * scx_bpf_get_possible_cpumask - CPUs that this machine may ever have
 *
 * Context: any.
 * Return: the mask, to be given back with scx_bpf_put_cpumask().
 */
noinline __used const struct cpumask *scx_bpf_get_possible_cpumask(void)
{
	return cpu_possible_mask;
}

/**
 * scx_bpf_get_online_cpumask - CPUs that are up
 *
 * Context: any.
 * Return: the mask, to be given back with scx_bpf_put_cpumask().
 */
noinline __used const struct cpumask *scx_bpf_get_online_cpumask(void)
{
	return cpu_online_mask;
}

/**
 * scx_bpf_put_cpumask - give a mask back
 * @cpumask: from one of the functions above
 *
 * Context: any.
 */
noinline __used void scx_bpf_put_cpumask(const struct cpumask *cpumask)
{
	/* The masks live for ever; the pair lets the verifier see the use. */
	barrier();
}

/**
 * scx_bpf_task_running - is a task on a CPU at this moment?
 * @p: the task
 *
 * Context: any.
 */
noinline __used bool scx_bpf_task_running(const struct task_struct *p)
{
	return READ_ONCE(task_rq(p)->curr) == p;
}

/**
 * scx_bpf_task_cpu - the CPU that a task is on or was on last
 * @p: the task
 *
 * Context: any.
 */
noinline __used s32 scx_bpf_task_cpu(const struct task_struct *p)
{
	return task_cpu(p);
}

/**
 * scx_bpf_cpu_rq - a CPU's rq
 * @cpu: the CPU
 *
 * Context: any; the rq is not locked, what is read may be old.
 * Return: the rq; for a bad @cpu, which ends the scheduler, that of some other CPU, since
 * programs need not test for NULL and may write to the task that it runs.
 */
noinline __used struct rq *scx_bpf_cpu_rq(s32 cpu)
{
	if (!scx_cpu_valid(cpu)) {
		scx_error("scx_bpf_cpu_rq(): invalid CPU %d", cpu);
		return cpu_rq(raw_smp_processor_id());
	}
	return cpu_rq(cpu);
}

/**
 * scx_bpf_cpu_curr - the task that a CPU runs
 * @cpu: the CPU
 *
 * Context: any callback; other programs in an RCU section.
 * Return: the task, which may be the idle one and may have stopped to run; NULL for a
 * bad @cpu, which ends the scheduler.
 */
noinline __used struct task_struct *scx_bpf_cpu_curr(s32 cpu)
{
	if (!scx_cpu_valid(cpu)) {
		scx_error("scx_bpf_cpu_curr(): invalid CPU %d", cpu);
		return NULL;
	}
	return rcu_dereference_sched_check(cpu_rq(cpu)->curr, rcu_read_lock_held());
}

/**
 * scx_bpf_locked_rq - the rq that is locked during this callback
 *
 * What is read from it does not change under the program's eyes.
 *
 * Context: callbacks that a task's or a CPU's rq is locked for, that is all but
 * select_cpu(), set_cpumask(), dump() and the sleepable ones.
 * Return: the rq; NULL elsewhere, which ends the scheduler.
 */
noinline __used struct rq *scx_bpf_locked_rq(void)
{
	struct rq *rq = NULL;

	preempt_disable();
	if (!scx_call_unlocked())
		rq = this_cpu_read(scx_call.rq);
	preempt_enable();
	if (!rq)
		scx_error("scx_bpf_locked_rq(): no rq is locked in %s",
			  this_cpu_read(scx_call.op) ?: "a program that is no callback");
	return rq;
}

/**
 * scx_bpf_now - what time is it on this CPU?
 *
 * Cheaper than bpf_ktime_get_ns() in callbacks where the CPU's own rq is locked: it is
 * the rq's clock, which stands still meanwhile. The clocks of two CPUs may differ a
 * little; that of one does not go backwards.
 *
 * Context: any.
 * Return: ns, from an arbitrary point.
 */
noinline __used u64 scx_bpf_now(void)
{
	static DEFINE_PER_CPU(u64, latest);
	struct rq *rq;
	u64 now, last;

	preempt_disable();
	rq = this_rq();
	if (this_cpu_read(scx_call.rq) == rq)
		now = rq->clock;
	else
		now = sched_clock_cpu(cpu_of(rq));

	/* a lock holder may have had no reason to bring the rq's clock up to date */
	last = this_cpu_read(latest);
	if ((s64)(now - last) > 0)
		this_cpu_write(latest, now);
	else
		now = last;
	preempt_enable();
	return now;
}

BTF_SET8_START(scx_cpu_kfuncs)
BTF_ID_FLAGS(func, scx_bpf_nr_cpu_ids)
BTF_ID_FLAGS(func, scx_bpf_nr_node_ids)
BTF_ID_FLAGS(func, scx_bpf_cpu_node)
BTF_ID_FLAGS(func, scx_bpf_get_possible_cpumask, KF_ACQUIRE)
BTF_ID_FLAGS(func, scx_bpf_get_online_cpumask, KF_ACQUIRE)
BTF_ID_FLAGS(func, scx_bpf_put_cpumask, KF_RELEASE)
BTF_ID_FLAGS(func, scx_bpf_task_running, KF_RCU)
BTF_ID_FLAGS(func, scx_bpf_task_cpu, KF_RCU)
BTF_ID_FLAGS(func, scx_bpf_cpu_rq, KF_RET_TRUSTED)
BTF_ID_FLAGS(func, scx_bpf_cpu_curr, KF_RET_NULL | KF_RET_RCU)
BTF_ID_FLAGS(func, scx_bpf_locked_rq, KF_RET_NULL | KF_RET_TRUSTED)
BTF_ID_FLAGS(func, scx_bpf_now)
BTF_SET8_END(scx_cpu_kfuncs)

static const struct btf_kfunc_id_set scx_cpu_kfunc_set = {
	.owner	= THIS_MODULE,
	.set	= &scx_cpu_kfuncs,
};

int __init scx_cpu_boot_init(void)
{
	return scx_call_register_lockless_kfuncs(&scx_cpu_kfunc_set);
}
