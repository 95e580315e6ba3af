// SPDX-License-Identifier: GPL-2.0
/* A runnable task that is not run within timeout_ms ends the scheduler, and the message names it. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(stall_enqueue, struct task_struct *p, u64 enq_flags)
{
	/* dropped: all of one name, so that the message can be compared */
	if (p->comm[0] == 's' && p->comm[1] == 'c' && p->comm[2] == 'x' &&
	    p->nr_cpus_allowed == 1 && !(p->flags & PF_KTHREAD))
		return;
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

SCX_TEST_OPS(stall, .enqueue = (void *)stall_enqueue, .timeout_ms = 2000);
