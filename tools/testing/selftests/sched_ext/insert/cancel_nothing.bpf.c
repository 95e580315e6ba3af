// SPDX-License-Identifier: GPL-2.0
/* Cancelling an insert that was not made is an error. */
#include "../case.bpf.h"

#define DSQ	1

/* The global queue goes before dispatch(), and under load is never empty. */
s32 BPF_STRUCT_OPS_SLEEPABLE(nothing_init)
{
	return scx_bpf_create_dsq(DSQ, -1);
}

void BPF_STRUCT_OPS(nothing_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_dsq_insert(p, DSQ, SCX_SLICE_DFL, enq_flags);
}

void BPF_STRUCT_OPS(nothing_dispatch, s32 cpu, struct task_struct *prev)
{
	scx_bpf_dsq_move_to_local(DSQ);
	scx_bpf_dispatch_cancel();
}

SCX_TEST_OPS(cancel_nothing,
	     .init	= (void *)nothing_init,
	     .enqueue	= (void *)nothing_enqueue,
	     .dispatch	= (void *)nothing_dispatch);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "buffer is empty");
