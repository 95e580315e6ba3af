// SPDX-License-Identifier: GPL-2.0
/* Moving tasks is for dispatch(): elsewhere in callbacks it is an error. */
#include "../case.bpf.h"

#define DSQ	1

s32 BPF_STRUCT_OPS_SLEEPABLE(in_enqueue_init)
{
	return scx_bpf_create_dsq(DSQ, -1);
}

void BPF_STRUCT_OPS(in_enqueue_enqueue, struct task_struct *p, u64 enq_flags)
{
	struct task_struct *q;

	bpf_for_each(scx_dsq, q, DSQ, 0)
		scx_bpf_dsq_move(BPF_FOR_EACH_ITER, q, SCX_DSQ_GLOBAL, 0);
	scx_bpf_dsq_insert(p, DSQ, SCX_SLICE_DFL, enq_flags);
}

void BPF_STRUCT_OPS(in_enqueue_dispatch, s32 cpu, struct task_struct *prev)
{
	scx_bpf_dsq_move_to_local(DSQ);
}

SCX_TEST_OPS(iter_in_enqueue,
	     .init	= (void *)in_enqueue_init,
	     .enqueue	= (void *)in_enqueue_enqueue,
	     .dispatch	= (void *)in_enqueue_dispatch);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "scx_bpf_dsq_move() called from enqueue");
