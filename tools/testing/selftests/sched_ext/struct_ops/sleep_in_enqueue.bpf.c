// SPDX-License-Identifier: GPL-2.0
/* A callback that runs under the rq lock cannot be a sleepable program. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS_SLEEPABLE(sleepy_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

SCX_TEST_OPS(sleep_in_enqueue, .enqueue = (void *)sleepy_enqueue);
SCX_TEST_LOAD_FAILS("unsupported member enqueue");
