// SPDX-License-Identifier: GPL-2.0
/* A local queue is first come, first served: no virtual times. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(vtime_local_on_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_dsq_insert_vtime(p, SCX_DSQ_LOCAL_ON | scx_bpf_task_cpu(p), SCX_SLICE_DFL, 1, 0);
}

SCX_TEST_OPS(vtime_local_on, .enqueue = (void *)vtime_local_on_enqueue);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "by vtime into built-in DSQ");
