// SPDX-License-Identifier: GPL-2.0
/* What init_task() returns for a new task is what fork() fails with, and others go on. */
#include "../case.bpf.h"

u64 refuse_parent;	/* the children of this process are refused */
u64 refused;
u64 exits;		/* of refused tasks: has to stay 0 */

s32 BPF_STRUCT_OPS_SLEEPABLE(refuse_init_task, struct task_struct *p,
			     struct scx_init_task_args *args)
{
	struct task_struct *parent = bpf_get_current_task_btf();

	if (!args->fork || !refuse_parent || parent->tgid != refuse_parent)
		return 0;
	__sync_fetch_and_add(&refused, 1);
	return -71;
}

SCX_TEST_OPS(fork_fails, .init_task = (void *)refuse_init_task);
