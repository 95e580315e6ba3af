// SPDX-License-Identifier: GPL-2.0
/* Only a CPU that looks for work takes it: enqueue() may not. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(wrong_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_dsq_move_to_local(1);
}

SCX_TEST_OPS(move_to_local_in_enqueue, .enqueue = (void *)wrong_enqueue);
SCX_TEST_LOAD_FAILS("is not allowed");
