// SPDX-License-Identifier: GPL-2.0
/* An idle CPU has nothing to preempt or to wait for: KICK_IDLE stands alone. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(flags_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_kick_cpu(0, SCX_KICK_IDLE | SCX_KICK_PREEMPT);
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

SCX_TEST_OPS(bad_flags, .enqueue = (void *)flags_enqueue);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "SCX_KICK_IDLE");
