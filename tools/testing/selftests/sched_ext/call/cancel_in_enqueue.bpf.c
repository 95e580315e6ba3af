// SPDX-License-Identifier: GPL-2.0
/* The dispatch buffer is dispatch()'s. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(wrong_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_dispatch_cancel();
}

SCX_TEST_OPS(cancel_in_enqueue, .enqueue = (void *)wrong_enqueue);
SCX_TEST_LOAD_FAILS("is not allowed");
