// SPDX-License-Identifier: GPL-2.0
/* Flags that are the kernel's own are refused, with their value. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(bad_flags_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, 1LLU << 56);
}

SCX_TEST_OPS(bad_flags, .enqueue = (void *)bad_flags_enqueue);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "100000000000000");
