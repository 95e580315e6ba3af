// SPDX-License-Identifier: GPL-2.0
/* Nor has the queue of a CPU that does not exist. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(dsq_bad_cpu_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_dsq_reenq(SCX_DSQ_LOCAL_ON | 9999, 0);
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

SCX_TEST_OPS(dsq_bad_cpu,
	     .enqueue	= (void *)dsq_bad_cpu_enqueue);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "scx_bpf_dsq_reenq(): invalid CPU 9999");
