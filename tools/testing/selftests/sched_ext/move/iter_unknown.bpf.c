// SPDX-License-Identifier: GPL-2.0
/* Moving a task to a queue that does not exist is an error that names it. */
#include "../case.bpf.h"

#define DSQ	1

s32 BPF_STRUCT_OPS_SLEEPABLE(unknown_init)
{
	return scx_bpf_create_dsq(DSQ, -1);
}

void BPF_STRUCT_OPS(unknown_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_dsq_insert(p, DSQ, SCX_SLICE_DFL, enq_flags);
}

void BPF_STRUCT_OPS(unknown_dispatch, s32 cpu, struct task_struct *prev)
{
	struct task_struct *p;

	bpf_for_each(scx_dsq, p, DSQ, 0)
		scx_bpf_dsq_move(BPF_FOR_EACH_ITER, p, 0xdead0, 0);
	scx_bpf_dsq_move_to_local(DSQ);
}

SCX_TEST_OPS(iter_unknown,
	     .init	= (void *)unknown_init,
	     .enqueue	= (void *)unknown_enqueue,
	     .dispatch	= (void *)unknown_dispatch);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "dead0, which does not exist");
