// SPDX-License-Identifier: GPL-2.0
/* Flags that are the kernel's own are refused by a move to the local queue, too. */
#include "../case.bpf.h"

#define DSQ	1

s32 BPF_STRUCT_OPS_SLEEPABLE(bad_flags_init)
{
	return scx_bpf_create_dsq(DSQ, -1);
}

void BPF_STRUCT_OPS(bad_flags_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_dsq_insert(p, DSQ, SCX_SLICE_DFL, enq_flags);
}

void BPF_STRUCT_OPS(bad_flags_dispatch, s32 cpu, struct task_struct *prev)
{
	scx_bpf_dsq_move_to_local(DSQ, 1LLU << 56);
}

SCX_TEST_OPS(bad_flags,
	     .init	= (void *)bad_flags_init,
	     .enqueue	= (void *)bad_flags_enqueue,
	     .dispatch	= (void *)bad_flags_dispatch);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0,
	       "scx_bpf_dsq_move_to_local(): invalid enq_flags 0x100000000000000");
