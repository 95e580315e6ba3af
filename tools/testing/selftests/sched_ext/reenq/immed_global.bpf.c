// SPDX-License-Identifier: GPL-2.0
/* On a queue that is not local nothing can run at once. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(immed_global_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, SCX_ENQ_IMMED);
}

SCX_TEST_OPS(immed_global,
	     .enqueue	= (void *)immed_global_enqueue);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "with SCX_ENQ_IMMED, which is for local ones");
