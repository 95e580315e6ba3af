// SPDX-License-Identifier: GPL-2.0
/*
 * Between CPUs as asked: with kick set to 1, each tick on CPU 0 kicks CPU 1 with
 * the given flags.  See idle.c and preempt.c beside this.
 */
#include "../case.bpf.h"

const volatile u64 slice = SCX_SLICE_DFL;
const volatile u64 flags;
u64 kick;
u64 kicks;
u64 dispatches;		/* on CPU 1 */

void BPF_STRUCT_OPS(flags_enqueue, struct task_struct *p, u64 enq_flags)
{
	/* the case itself, and whatever else is not pinned, is not to be stuck */
	if (p->nr_cpus_allowed == 1 && !(p->flags & PF_KTHREAD))
		scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, slice, enq_flags);
	else
		scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

void BPF_STRUCT_OPS(flags_dispatch, s32 cpu, struct task_struct *prev)
{
	if (cpu == 1)
		__sync_fetch_and_add(&dispatches, 1);
}

void BPF_STRUCT_OPS(flags_tick, struct task_struct *p)
{
	if (kick && bpf_get_smp_processor_id() == 0) {
		__sync_fetch_and_add(&kicks, 1);
		scx_bpf_kick_cpu(1, flags);
	}
}

SCX_TEST_OPS(kick_flags,
	     .enqueue	= (void *)flags_enqueue,
	     .dispatch	= (void *)flags_dispatch,
	     .tick	= (void *)flags_tick);
