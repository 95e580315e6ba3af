// SPDX-License-Identifier: GPL-2.0
/* Sending a task to a CPU that it may not use is an error that names both. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(forbidden_enqueue, struct task_struct *p, u64 enq_flags)
{
	u32 cpu;

	if (p->nr_cpus_allowed == 1 && !(p->flags & PF_KTHREAD)) {
		cpu = (scx_bpf_task_cpu(p) + 1) % scx_bpf_nr_cpu_ids();
		scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL_ON | cpu, SCX_SLICE_DFL, 0);
		return;
	}
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

SCX_TEST_OPS(local_on_forbidden, .enqueue = (void *)forbidden_enqueue);
