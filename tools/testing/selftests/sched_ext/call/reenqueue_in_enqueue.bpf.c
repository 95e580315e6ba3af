// SPDX-License-Identifier: GPL-2.0
/* At once tasks come back from cpu_release() only. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(wrong_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_reenqueue_local();
}

SCX_TEST_OPS(reenqueue_in_enqueue, .enqueue = (void *)wrong_enqueue);
SCX_TEST_LOAD_FAILS("is not allowed");
