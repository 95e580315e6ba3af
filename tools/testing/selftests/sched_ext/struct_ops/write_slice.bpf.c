// SPDX-License-Identifier: GPL-2.0
/* slice and dsq_vtime can be written in any callback that has the task. */
#include "../case.bpf.h"

SCX_TEST_MUST(wrote);

void BPF_STRUCT_OPS(write_tick, struct task_struct *p)
{
	p->scx.slice = 0;
}

void BPF_STRUCT_OPS(write_stopping, struct task_struct *p, bool runnable)
{
	p->scx.dsq_vtime += 12345;
	if (p->scx.dsq_vtime >= 12345)
		must_wrote = 1;
}

SCX_TEST_OPS(write_slice,
	     .tick	= (void *)write_tick,
	     .stopping	= (void *)write_stopping);
SCX_TEST_LOADS();
