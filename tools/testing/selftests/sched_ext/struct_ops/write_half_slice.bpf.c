// SPDX-License-Identifier: GPL-2.0
/* A slice is written as a whole. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(write_half_slice_running, struct task_struct *p)
{
	*((u32 *)&p->scx.slice + 1) = 1;
}

SCX_TEST_OPS(write_half_slice, .running = (void *)write_half_slice_running);
SCX_TEST_LOAD_FAILS("only slice, dsq_vtime and disallow");
