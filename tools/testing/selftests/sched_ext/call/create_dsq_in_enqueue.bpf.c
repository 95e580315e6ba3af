// SPDX-License-Identifier: GPL-2.0
/* Queues are created where sleeping is allowed: not in enqueue(). */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(wrong_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_create_dsq(1, -1);
}

SCX_TEST_OPS(create_dsq_in_enqueue, .enqueue = (void *)wrong_enqueue);
SCX_TEST_LOAD_FAILS("is sleepable but the program is not");
