// SPDX-License-Identifier: GPL-2.0
/*
 * A CPU that does not exist has no rq, and asking for it is an error. Programs need not
 * look at what they get, and may write to the task that it runs.
 */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(rq_bad_enqueue, struct task_struct *p, u64 enq_flags)
{
	struct task_struct *curr = scx_bpf_cpu_rq(-16)->curr;

	curr->scx.slice = 0;
	if (scx_bpf_task_cpu(curr) >= 0)
		scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

SCX_TEST_OPS(rq_bad, .enqueue = (void *)rq_bad_enqueue);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "scx_bpf_cpu_rq(): invalid CPU -16");
