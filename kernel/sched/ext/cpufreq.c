// SPDX-License-Identifier: GPL-2.0
/*
 * The speed of CPUs, for the governor schedutil.
 *
 * Fair's load averages, which schedutil goes by, know nothing of our tasks. As long as
 * the scheduler does not say what a CPU should do, it is run at full speed while
 * something of ours is runnable there; once it has, its word counts, until the
 * scheduler is gone. With a partial scheduler what fair's tasks need is added;
 * realtime, deadline and interrupt load are added by schedutil in any case.
 *
 * scx_rq::cpuperf is written without a lock; the governor looks at it when it is
 * called, which needs the rq lock: at wake-ups, each tick, and here if it is held or
 * can be had. So programs that trace code with locks held cannot ask for a speed.
 */
#include "state.h"

/* From the governor, with the rq locked or not */
unsigned long __scx_cpu_util(struct rq *rq, unsigned long fair)
{
	unsigned long scale = arch_scale_cpu_capacity(cpu_of(rq)), ours;
	u32 perf = READ_ONCE(rq->scx.cpuperf);

	if (perf)
		ours = (perf - 1) * scale / SCX_CPUPERF_ONE;
	else
		ours = rq->scx.nr_running ? scale : 0;

	/* what is left in fair's averages is of tasks that it has no more */
	return scx_switched_all() ? ours : min(fair + ours, scale);
}

/* A new scheduler has not asked for anything. On scx_helper. */
void scx_cpufreq_reset(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		WRITE_ONCE(cpu_rq(cpu)->scx.cpuperf, 0);
}

static bool scx_cpufreq_cpu_ok(s32 cpu, const char *kfunc)
{
	if (likely(scx_cpu_valid(cpu)))
		return true;
	scx_error("%s(): invalid CPU %d", kfunc, cpu);
	return false;
}

/**
 * scx_bpf_cpuperf_cap - what a CPU can do at most
 * @cpu: the CPU
 *
 * Context: any.
 * Return: compared with the best CPU of the machine, which has SCX_CPUPERF_ONE; that
 * also for a bad @cpu, which ends the scheduler.
 */
noinline __used u32 scx_bpf_cpuperf_cap(s32 cpu)
{
	if (!scx_cpufreq_cpu_ok(cpu, "scx_bpf_cpuperf_cap"))
		return SCX_CPUPERF_ONE;
	return arch_scale_cpu_capacity(cpu);
}

/**
 * scx_bpf_cpuperf_cur - what a CPU does at its present frequency
 * @cpu: the CPU
 *
 * Context: any.
 * Return: compared with what it can do at most, which is SCX_CPUPERF_ONE; that also for
 * a bad @cpu, which ends the scheduler, and where the machine does not tell.
 */
noinline __used u32 scx_bpf_cpuperf_cur(s32 cpu)
{
	if (!scx_cpufreq_cpu_ok(cpu, "scx_bpf_cpuperf_cur"))
		return SCX_CPUPERF_ONE;
	return arch_scale_freq_capacity(cpu);
}

/**
 * scx_bpf_cpuperf_set - ask for the speed of a CPU
 * @cpu: the CPU
 * @perf: 0 to SCX_CPUPERF_ONE, which is what it can do at most
 *
 * Counts until the next call. Needs the governor schedutil; CPUs that share a clock run
 * as the fastest of them is asked to. For a CPU whose rq is not the locked one it takes
 * effect at that CPU's next tick or wake-up.
 *
 * A bad @cpu or @perf ends the scheduler with an error.
 *
 * Context: any callback, and programs that user space runs.
 */
noinline __used void scx_bpf_cpuperf_set(s32 cpu, u32 perf)
{
	unsigned long flags;
	struct rq_flags rf;
	struct rq *rq;

	if (!scx_cpufreq_cpu_ok(cpu, "scx_bpf_cpuperf_set"))
		return;
	if (unlikely(perf > SCX_CPUPERF_ONE)) {
		scx_error("scx_bpf_cpuperf_set(): %u for CPU %d is more than %u", perf, cpu,
			  SCX_CPUPERF_ONE);
		return;
	}

	rq = cpu_rq(cpu);
	WRITE_ONCE(rq->scx.cpuperf, perf + 1);

	local_irq_save(flags);
	if (scx_call_unlocked()) {
		rq_lock(rq, &rf);
		update_rq_clock(rq);
		cpufreq_update_util(rq, 0);
		rq_unlock(rq, &rf);
	} else if (this_cpu_read(scx_call.rq) == rq) {
		if (!(rq->clock_update_flags & RQCF_UPDATED))
			update_rq_clock(rq);
		cpufreq_update_util(rq, 0);
	}
	/* else it has to wait for the tick: a lock is held that may not be dropped */
	local_irq_restore(flags);
}

BTF_SET8_START(scx_cpufreq_kfuncs)
BTF_ID_FLAGS(func, scx_bpf_cpuperf_cap)
BTF_ID_FLAGS(func, scx_bpf_cpuperf_cur)
BTF_SET8_END(scx_cpufreq_kfuncs)

BTF_SET8_START(scx_cpufreq_set_kfuncs)
BTF_ID_FLAGS(func, scx_bpf_cpuperf_set)
BTF_SET8_END(scx_cpufreq_set_kfuncs)

static const struct btf_kfunc_id_set scx_cpufreq_kfunc_set = {
	.owner	= THIS_MODULE,
	.set	= &scx_cpufreq_kfuncs,
};

static const struct btf_kfunc_id_set scx_cpufreq_set_kfunc_set = {
	.owner	= THIS_MODULE,
	.set	= &scx_cpufreq_set_kfuncs,
};

int __init scx_cpufreq_boot_init(void)
{
	int ret = scx_call_register_lockless_kfuncs(&scx_cpufreq_kfunc_set);

	return ret ?: scx_call_register_any_kfuncs(&scx_cpufreq_set_kfunc_set);
}
