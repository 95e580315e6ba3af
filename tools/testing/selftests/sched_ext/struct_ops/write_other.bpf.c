// SPDX-License-Identifier: GPL-2.0
/* Only a task that was handed over can be written, not one behind a pointer of it. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(write_other_running, struct task_struct *p)
{
	p->real_parent->scx.slice = 1;
}

SCX_TEST_OPS(write_other, .running = (void *)write_other_running);
SCX_TEST_LOAD_FAILS("cannot be trusted, writing through it is not allowed");
