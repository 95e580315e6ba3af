// SPDX-License-Identifier: GPL-2.0
/* A CPU that does not exist runs nothing, and asking for it is an error. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(bad_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_cpu_curr(-3);
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

SCX_TEST_OPS(curr_bad, .enqueue = (void *)bad_enqueue);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "scx_bpf_cpu_curr(): invalid CPU -3");
