// SPDX-License-Identifier: GPL-2.0
/* A task can be inserted once a turn. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(twice_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

SCX_TEST_OPS(twice, .enqueue = (void *)twice_enqueue);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "twice");
