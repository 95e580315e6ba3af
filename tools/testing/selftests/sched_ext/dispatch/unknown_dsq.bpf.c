// SPDX-License-Identifier: GPL-2.0
/* Taking from a queue that was not created is an error that names it. */
#include "../case.bpf.h"

#define DSQ	1

/* The global queue goes before dispatch(), and under load is never empty. */
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
	scx_bpf_dsq_move_to_local(DSQ);
	scx_bpf_dsq_move_to_local(0xbeef);
}

SCX_TEST_OPS(unknown_dsq,
	     .init	= (void *)unknown_init,
	     .enqueue	= (void *)unknown_enqueue,
	     .dispatch	= (void *)unknown_dispatch);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "beef");
