// SPDX-License-Identifier: GPL-2.0
/* Every task through the global queue: the least that a scheduler can do. */
#include "../case.bpf.h"

SCX_TEST_MUST(enqueued);

void BPF_STRUCT_OPS(global_enqueue, struct task_struct *p, u64 enq_flags)
{
	must_enqueued = 1;
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

SCX_TEST_OPS(global, .enqueue = (void *)global_enqueue);
SCX_TEST_LOADS();
