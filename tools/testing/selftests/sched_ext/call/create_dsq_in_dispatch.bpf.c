// SPDX-License-Identifier: GPL-2.0
/* Queues are created where sleeping is allowed: not in dispatch(). */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(wrong_dispatch, s32 cpu, struct task_struct *prev)
{
	scx_bpf_create_dsq(1, -1);
}

SCX_TEST_OPS(create_dsq_in_dispatch, .dispatch = (void *)wrong_dispatch);
SCX_TEST_LOAD_FAILS("is sleepable but the program is not");
