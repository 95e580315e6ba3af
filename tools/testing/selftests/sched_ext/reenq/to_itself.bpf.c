// SPDX-License-Identifier: GPL-2.0
/* A task that comes back may be put where it was: that ends, and the task runs. */
#include "../case.bpf.h"

SCX_TEST_MUST(reenq);

void BPF_STRUCT_OPS(itself_enqueue, struct task_struct *p, u64 enq_flags)
{
	if (enq_flags & SCX_ENQ_REENQ)
		must_reenq = 1;
	scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, 5000000, enq_flags);
}

void BPF_STRUCT_OPS(itself_cpu_release, s32 cpu, struct scx_cpu_release_args *args)
{
	scx_bpf_reenqueue_local();
}

void BPF_STRUCT_OPS(itself_stopping, struct task_struct *p, bool runnable)
{
	scx_bpf_reenqueue_local___v2();
}

SCX_TEST_OPS(to_itself,
	     .enqueue		= (void *)itself_enqueue,
	     .stopping		= (void *)itself_stopping,
	     .cpu_release	= (void *)itself_cpu_release);
SCX_TEST_LOADS(.run_ms = 2000);
