// SPDX-License-Identifier: GPL-2.0
/* The task is read-only but for slice and vtime: its priority is. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(write_task_running, struct task_struct *p)
{
	p->prio = 1;
}

SCX_TEST_OPS(write_task, .running = (void *)write_task_running);
SCX_TEST_LOAD_FAILS("only slice, dsq_vtime and disallow");
