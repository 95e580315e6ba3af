// SPDX-License-Identifier: GPL-2.0
/* Tasks of the case that are pinned to a CPU are never run. */
#include "dump.bpf.h"

void BPF_STRUCT_OPS(stall_enqueue, struct task_struct *p, u64 enq_flags)
{
	if (p->comm[0] == 's' && p->comm[1] == 'c' && p->comm[2] == 'x' &&
	    p->nr_cpus_allowed == 1 && !(p->flags & PF_KTHREAD))
		return;
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

void BPF_STRUCT_OPS(stall_exit, struct scx_exit_info *ei)
{
	dump_record(ei);
}

SCX_OPS_DEFINE(stall_ops,
	       .enqueue		= (void *)stall_enqueue,
	       .exit		= (void *)stall_exit,
	       .timeout_ms	= 2000,
	       .name		= "dump_stall");
