// SPDX-License-Identifier: GPL-2.0
/* The first to end the scheduler gives the reason; what comes later changes nothing. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(first_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_exit(7, "first");
	scx_bpf_error("second");
	scx_bpf_exit(8, "third");
}

SCX_TEST_OPS(first_wins, .enqueue = (void *)first_enqueue);
SCX_TEST_EXITS(SCX_EXIT_UNREG_BPF, 7, "first");
