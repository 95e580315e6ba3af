/* SPDX-License-Identifier: GPL-2.0 */
/* CPU masks: those of tasks, and those that a scheduler owns. */
#ifndef __SCX_CPUMASK_BPF_H
#define __SCX_CPUMASK_BPF_H

#include "kfuncs.bpf.h"

/* May @p run on @cpu?  Also while it is pinned by the kernel for a moment. */
static inline bool scx_may_use(const struct task_struct *p, s32 cpu)
{
	return bpf_cpumask_test_cpu(cpu, p->cpus_ptr);
}

/* A mask of our own, for functions that only read. */
static inline const struct cpumask *cast_mask(struct bpf_cpumask *mask)
{
	return (const struct cpumask *)mask;
}

#endif /* __SCX_CPUMASK_BPF_H */
