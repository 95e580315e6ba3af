// SPDX-License-Identifier: GPL-2.0
/*
 * An init_task() that fails for a task that is there already ends the scheduler
 * before it starts, and the tasks before it are taken back: no more, no less.
 */
#include "../case.bpf.h"

static s32 inits;
static s32 exits;

SCX_TEST_MUST(all_back);
SCX_TEST_MUST_NOT(enable);

s32 BPF_STRUCT_OPS_SLEEPABLE(fails_init_task, struct task_struct *p,
			     struct scx_init_task_args *args)
{
	return __sync_fetch_and_add(&inits, 1) == 20 ? -71 : 0;
}

void BPF_STRUCT_OPS(fails_exit_task, struct task_struct *p,
		    struct scx_exit_task_args *args)
{
	__sync_fetch_and_add(&exits, 1);
}

void BPF_STRUCT_OPS(fails_enable, struct task_struct *p)
{
	mustnot_enable = 1;
}

void BPF_STRUCT_OPS_SLEEPABLE(fails_exit, struct scx_exit_info *ei)
{
	/* 20 succeeded, the 21st did not */
	must_all_back = exits == 20;
	scx_test_record_exit(ei);
}

SCX_OPS_DEFINE(init_task_fails,
	       .init_task	= (void *)fails_init_task,
	       .exit_task	= (void *)fails_exit_task,
	       .enable		= (void *)fails_enable,
	       .exit		= (void *)fails_exit,
	       .name		= "init_task_fails");
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "ops.init_task() failed (-71)");
