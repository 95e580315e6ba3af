// SPDX-License-Identifier: GPL-2.0
/* A scheduler that keeps RCU's own thread from running, and everything else going. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(rcu_stall_enqueue, struct task_struct *p, u64 enq_flags)
{
	char comm[16] = "";

	bpf_probe_read_kernel_str(comm, sizeof(comm), p->comm);
	if (bpf_strncmp(comm, 11, "rcu_preempt"))
		scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

SCX_TEST_OPS(rcu_stall,
	     .enqueue	= (void *)rcu_stall_enqueue);
