// SPDX-License-Identifier: GPL-2.0
/*
 * All CPUs at one queue, ordered by virtual time, with slices that are much too short.
 * See many_cpus.c.
 */
#include "../case.bpf.h"

#define DSQ	1

u64 moves;

s32 BPF_STRUCT_OPS_SLEEPABLE(many_init)
{
	return scx_bpf_create_dsq(DSQ, -1);
}

s32 BPF_STRUCT_OPS(many_select_cpu, struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	return prev_cpu;
}

void BPF_STRUCT_OPS(many_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_dsq_insert_vtime(p, DSQ, 50000, bpf_get_prandom_u32(), enq_flags);
}

void BPF_STRUCT_OPS(many_dispatch, s32 cpu, struct task_struct *prev)
{
	if (scx_bpf_dsq_move_to_local(DSQ) && !(bpf_get_prandom_u32() & 63))
		__sync_fetch_and_add(&moves, 64);
}

SCX_TEST_OPS(many_cpus,
	     .init		= (void *)many_init,
	     .select_cpu	= (void *)many_select_cpu,
	     .enqueue		= (void *)many_enqueue,
	     .dispatch		= (void *)many_dispatch);
