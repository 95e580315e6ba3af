// SPDX-License-Identifier: GPL-2.0
/* In fork of a task of another policy disallow is what it is elsewhere. */
#include "../case.bpf.h"

SCX_TEST_MUST(fork);

s32 BPF_STRUCT_OPS_SLEEPABLE(in_fork_other_init_task, struct task_struct *p,
			     struct scx_init_task_args *args)
{
	if (args->fork)
		must_fork = 1;
	p->scx.disallow = true;
	return 0;
}

SCX_TEST_OPS(disallow_in_fork_other, .init_task = (void *)in_fork_other_init_task);
SCX_TEST_LOADS();
