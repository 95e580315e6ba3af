// SPDX-License-Identifier: GPL-2.0
/* Destroying a queue that tasks wait in is an error that names it. */
#include "../case.bpf.h"

#define DSQ	0xbeef

s32 BPF_STRUCT_OPS_SLEEPABLE(in_use_init)
{
	return scx_bpf_create_dsq(DSQ, -1);
}

void BPF_STRUCT_OPS(in_use_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_dsq_insert(p, DSQ, SCX_SLICE_DFL, enq_flags);
}

void BPF_STRUCT_OPS(in_use_dispatch, s32 cpu, struct task_struct *prev)
{
	if (scx_bpf_dsq_nr_queued(DSQ) > 0)
		scx_bpf_destroy_dsq(DSQ);
}

SCX_TEST_OPS(destroy_in_use,
	     .init	= (void *)in_use_init,
	     .enqueue	= (void *)in_use_enqueue,
	     .dispatch	= (void *)in_use_dispatch);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "beef");
