// SPDX-License-Identifier: GPL-2.0
/* A queue that does not exist has nothing to give back. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(dsq_unknown_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_dsq_reenq(77, 0);
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

SCX_TEST_OPS(dsq_unknown,
	     .enqueue	= (void *)dsq_unknown_enqueue);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "scx_bpf_dsq_reenq(): DSQ 0x4d does not exist");
