// SPDX-License-Identifier: GPL-2.0
/*
 * enqueue() is about one task: inserting another that was not given to it is an
 * error that names the task.
 */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(other_enqueue, struct task_struct *p, u64 enq_flags)
{
	struct task_struct *other = bpf_get_current_task_btf();

	/* the one that runs here is queued nowhere; p may be it after its slice */
	if (other == p)
		scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
	else
		scx_bpf_dsq_insert(other, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

SCX_TEST_OPS(other_task, .enqueue = (void *)other_enqueue);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "it was called for");
