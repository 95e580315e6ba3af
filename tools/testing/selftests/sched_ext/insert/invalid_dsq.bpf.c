// SPDX-License-Identifier: GPL-2.0
/* SCX_DSQ_INVALID is no queue. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(invalid_dsq_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_dsq_insert(p, SCX_DSQ_INVALID, SCX_SLICE_DFL, enq_flags);
}

SCX_TEST_OPS(invalid_dsq, .enqueue = (void *)invalid_dsq_enqueue);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "8000000000000000");
