// SPDX-License-Identifier: GPL-2.0
/*
 * dispatch() that always inserts, but never a task that waits: the kernel breaks
 * the loop, other classes get in, and the watchdog ends it.
 */
#include "../case.bpf.h"

SCX_TEST_MUST(looped);

void BPF_STRUCT_OPS(loop_enqueue, struct task_struct *p, u64 enq_flags)
{
}

void BPF_STRUCT_OPS(loop_dispatch, s32 cpu, struct task_struct *prev)
{
	struct task_struct *p = bpf_task_from_pid(2);

	if (!p)
		return;
	must_looped = 1;
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, 0);
	bpf_task_release(p);
}

SCX_TEST_OPS(loop,
	     .enqueue		= (void *)loop_enqueue,
	     .dispatch		= (void *)loop_dispatch,
	     .timeout_ms	= 2000);
SCX_TEST_EXITS(SCX_EXIT_ERROR_STALL, 0, "");
