// SPDX-License-Identifier: GPL-2.0
/* The task is read-only but for slice and vtime: its weight is. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(write_weight_running, struct task_struct *p)
{
	p->scx.weight = 1;
}

SCX_TEST_OPS(write_weight, .running = (void *)write_weight_running);
SCX_TEST_LOAD_FAILS("only slice, dsq_vtime and disallow");
