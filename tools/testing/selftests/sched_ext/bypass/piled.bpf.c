// SPDX-License-Identifier: GPL-2.0
/* All tasks that can be there are on CPU 0, and the other CPUs have nothing.  See piled.c. */
#include "../case.bpf.h"

u64 nr_piled;

s32 BPF_STRUCT_OPS(piled_select_cpu, struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	return bpf_cpumask_test_cpu(0, p->cpus_ptr) ? 0 : prev_cpu;
}

void BPF_STRUCT_OPS(piled_enqueue, struct task_struct *p, u64 enq_flags)
{
	if (!bpf_cpumask_test_cpu(0, p->cpus_ptr)) {
		scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
		return;
	}
	__sync_fetch_and_add(&nr_piled, 1);
	scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL_ON | 0, SCX_SLICE_DFL, 0);
}

SCX_TEST_OPS(piled,
	     .select_cpu	= (void *)piled_select_cpu,
	     .enqueue		= (void *)piled_enqueue);
