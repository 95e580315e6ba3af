// SPDX-License-Identifier: GPL-2.0
/* An init() that fails ends the scheduler before it starts, with its error number in the message. */
#include "../case.bpf.h"

s32 BPF_STRUCT_OPS_SLEEPABLE(fails_init)
{
	return -71;	/* EPROTO */
}

SCX_TEST_MUST_NOT(init_task);

s32 BPF_STRUCT_OPS_SLEEPABLE(fails_init_task, struct task_struct *p,
			     struct scx_init_task_args *args)
{
	mustnot_init_task = 1;
	return 0;
}

SCX_TEST_OPS(init_fails,
	     .init	= (void *)fails_init,
	     .init_task	= (void *)fails_init_task);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "ops.init() failed (-71)");
