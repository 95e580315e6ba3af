// SPDX-License-Identifier: GPL-2.0
/* What a task is told of its weight and CPUs: the last of each, for the task with pid watch. */
#include "../case.bpf.h"

u64 watch;
u64 weight;
u64 nr_weight;
u64 mask;
u64 nr_mask;

void BPF_STRUCT_OPS(props_set_weight, struct task_struct *p, u32 new_weight)
{
	if (p->pid != watch)
		return;
	weight = new_weight;
	nr_weight++;
	if (p->scx.weight != new_weight)
		scx_bpf_error("p->scx.weight is %u, told %u", p->scx.weight,
			      new_weight);
}

void BPF_STRUCT_OPS(props_set_cpumask, struct task_struct *p,
		    const struct cpumask *cpumask)
{
	if (p->pid != watch)
		return;
	mask = cpumask->bits[0];
	nr_mask++;
}

SCX_TEST_OPS(props,
	     .set_weight	= (void *)props_set_weight,
	     .set_cpumask	= (void *)props_set_cpumask);
