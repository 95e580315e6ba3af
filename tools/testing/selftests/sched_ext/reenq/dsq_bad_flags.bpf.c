// SPDX-License-Identifier: GPL-2.0
/* Flags that this kernel does not know. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(dsq_bad_flags_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_dsq_reenq(SCX_DSQ_LOCAL, 256);
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

SCX_TEST_OPS(dsq_bad_flags,
	     .enqueue	= (void *)dsq_bad_flags_enqueue);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "scx_bpf_dsq_reenq(): invalid flags 0x100");
