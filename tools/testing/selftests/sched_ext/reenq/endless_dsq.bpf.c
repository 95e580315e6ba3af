// SPDX-License-Identifier: GPL-2.0
/* As endless.bpf.c, with a queue of the scheduler's own. */
#include "../case.bpf.h"

#define SHARED	1

s32 BPF_STRUCT_OPS_SLEEPABLE(endless_dsq_init)
{
	return scx_bpf_create_dsq(SHARED, -1);
}

void BPF_STRUCT_OPS(endless_dsq_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_dsq_insert(p, SHARED, SCX_SLICE_DFL, enq_flags);
	scx_bpf_dsq_reenq(SHARED, 0);
}

void BPF_STRUCT_OPS(endless_dsq_dispatch, s32 cpu, struct task_struct *prev)
{
	scx_bpf_dsq_move_to_local(SHARED);
}

SCX_TEST_OPS(endless_dsq,
	     .init	= (void *)endless_dsq_init,
	     .enqueue	= (void *)endless_dsq_enqueue,
	     .dispatch	= (void *)endless_dsq_dispatch);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "without end");
