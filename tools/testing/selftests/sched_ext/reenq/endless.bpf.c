// SPDX-License-Identifier: GPL-2.0
/* enqueue() that always wants what it has queued back: an end is put to it. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(endless_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, enq_flags);
	scx_bpf_reenqueue_local___v2();
}

SCX_TEST_OPS(endless, .enqueue = (void *)endless_enqueue);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "without end");
