// SPDX-License-Identifier: GPL-2.0
/* A new task has its policy from its parent: disallow in fork of a SCHED_EXT one is an error. */
#include "../case.bpf.h"

#define SCHED_EXT	7

s32 BPF_STRUCT_OPS_SLEEPABLE(in_fork_init_task, struct task_struct *p,
			     struct scx_init_task_args *args)
{
	if (args->fork && p->policy == SCHED_EXT)
		p->scx.disallow = true;
	return 0;
}

SCX_TEST_OPS(disallow_in_fork, .init_task = (void *)in_fork_init_task);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "disallow", .partial_load = 1);
