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
 * Return: the rq, or NULL for a bad @cpu, which ends the scheduler.
 */
noinline __used struct rq *scx_bpf_cpu_rq(s32 cpu)
{
	if (!scx_cpu_valid(cpu)) {
		scx_error("scx_bpf_cpu_rq(): invalid CPU %d", cpu);
		return NULL;
	}
	return cpu_rq(cpu);
}

BTF_SET8_START(scx_cpu_kfuncs)
BTF_ID_FLAGS(func, scx_bpf_nr_cpu_ids)
BTF_ID_FLAGS(func, scx_bpf_get_possible_cpumask, KF_ACQUIRE)
BTF_ID_FLAGS(func, scx_bpf_get_online_cpumask, KF_ACQUIRE)
BTF_ID_FLAGS(func, scx_bpf_put_cpumask, KF_RELEASE)
BTF_ID_FLAGS(func, scx_bpf_task_running, KF_RCU)
BTF_ID_FLAGS(func, scx_bpf_task_cpu, KF_RCU)
BTF_ID_FLAGS(func, scx_bpf_cpu_rq, KF_RET_TRUSTED)
BTF_SET8_END(scx_cpu_kfuncs)

static const struct btf_kfunc_id_set scx_cpu_kfunc_set = {
	.owner	= THIS_MODULE,
	.set	= &scx_cpu_kfuncs,
};

int __init scx_cpu_boot_init(void)
{
	return scx_call_register_kfuncs(&scx_cpu_kfunc_set);
}
