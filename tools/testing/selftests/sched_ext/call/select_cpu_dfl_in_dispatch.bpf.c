// SPDX-License-Identifier: GPL-2.0
/* Nobody wakes up in dispatch(): no CPU is chosen there. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(wrong_dispatch, s32 cpu, struct task_struct *p)
{
	bool idle;

	scx_bpf_select_cpu_dfl(p, 0, 0, &idle);
}

SCX_TEST_OPS(select_cpu_dfl_in_dispatch, .dispatch = (void *)wrong_dispatch);
SCX_TEST_LOAD_FAILS("is not allowed");
