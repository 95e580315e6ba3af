// SPDX-License-Identifier: GPL-2.0
/* Tasks for which init_task() sets disallow cannot get policy SCHED_EXT, and those that have it lose it. */
#include "../case.bpf.h"

u64 disallow_tgid;

s32 BPF_STRUCT_OPS_SLEEPABLE(disallow_init_task, struct task_struct *p,
			     struct scx_init_task_args *args)
{
	/* a child gets its parent's policy; to change that at fork is an error */
	if (!args->fork && disallow_tgid && p->tgid == disallow_tgid)
		p->scx.disallow = true;
	return 0;
}

SCX_TEST_OPS(disallow, .init_task = (void *)disallow_init_task,
	     .flags = SCX_OPS_SWITCH_PARTIAL);
