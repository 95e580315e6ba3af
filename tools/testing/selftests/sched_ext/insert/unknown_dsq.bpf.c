// SPDX-License-Identifier: GPL-2.0
/* Inserting into a queue that was not created is an error that names it. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(unknown_dsq_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_dsq_insert(p, 0xbeef, SCX_SLICE_DFL, enq_flags);
}

SCX_TEST_OPS(unknown_dsq, .enqueue = (void *)unknown_dsq_enqueue);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "beef");
