/* SPDX-License-Identifier: GPL-2.0 */
/* Idle CPUs: a task goes to one, or one comes to look for tasks. */
#ifndef __SCX_IDLE_BPF_H
#define __SCX_IDLE_BPF_H

#include "kfuncs.bpf.h"

/*
 * All that select_cpu() of many schedulers is: the kernel chooses a CPU for @p, and if
 * it is idle @p goes straight to its local queue, with @slice, and there is no enqueue().
 * Then *@went is set to true, otherwise to false.  Returns the CPU.
 */
static __always_inline s32 scx_go_idle(struct task_struct *p, s32 prev_cpu, u64 wake_flags,
				       u64 slice, bool *went)
{
	bool is_idle = false;
	s32 cpu = scx_bpf_select_cpu_dfl(p, prev_cpu, wake_flags, &is_idle);

	if (is_idle)
		scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, slice, 0);
	*went = is_idle;
	return cpu;
}

/* Wakes an idle CPU that @p may use, if there is one, after @p has been queued. */
static inline void scx_wake_idle_for(struct task_struct *p)
{
	s32 cpu = scx_bpf_pick_idle_cpu(p->cpus_ptr, 0);

	if (cpu >= 0)
		scx_bpf_kick_cpu(cpu, SCX_KICK_IDLE);
}

/*
 * For enqueue(): has nobody looked for an idle CPU for this task?  When it wakes up select_cpu()
 * has, unless it is bound to a CPU: that one the kernel wakes up itself.  Otherwise, at the end
 * of a slice for example, nobody has.
 */
static inline bool scx_nobody_looked(u64 enq_flags)
{
	return !(enq_flags & (SCX_ENQ_CPU_SELECTED | SCX_ENQ_WAKEUP));
}

/*
 * Lets all idle CPUs look for tasks.  For a timer: nothing is between a wake-up that
 * looks for an idle CPU and a CPU that looks for a task, so they can miss each other.
 */
static inline void scx_wake_all_idle(void)
{
	const struct cpumask *idle = scx_bpf_get_idle_cpumask();
	s32 cpu;

	bpf_for(cpu, 0, scx_bpf_nr_cpu_ids())
		if (bpf_cpumask_test_cpu(cpu, idle))
			scx_bpf_kick_cpu(cpu, SCX_KICK_IDLE);
	scx_bpf_put_idle_cpumask(idle);
}

#endif /* __SCX_IDLE_BPF_H */
