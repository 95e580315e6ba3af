// SPDX-License-Identifier: GPL-2.0
/* SCX_OPS_ALWAYS_ENQ_IMMED: the same without being said each time, from dispatch(), too. */
#include "../case.bpf.h"

#define DSQ	1

SCX_TEST_MUST(came_back);

s32 BPF_STRUCT_OPS_SLEEPABLE(always_init)
{
	return scx_bpf_create_dsq(DSQ, -1);
}

void BPF_STRUCT_OPS(always_enqueue, struct task_struct *p, u64 enq_flags)
{
	if (enq_flags & SCX_ENQ_REENQ)
		must_came_back = 1;
	else if (bpf_get_prandom_u32() & 1) {
		scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, 2000000, 0);
		return;
	}
	scx_bpf_dsq_insert(p, DSQ, 2000000, 0);
	scx_bpf_kick_cpu(scx_bpf_task_cpu(p), 0);
}

/* two, of which one can run */
void BPF_STRUCT_OPS(always_dispatch, s32 cpu, struct task_struct *prev)
{
	if (scx_bpf_dsq_move_to_local(DSQ))
		scx_bpf_dsq_move_to_local(DSQ);
}

SCX_TEST_OPS(always_immed,
	     .init	= (void *)always_init,
	     .enqueue	= (void *)always_enqueue,
	     .dispatch	= (void *)always_dispatch,
	     .flags	= SCX_OPS_ALWAYS_ENQ_IMMED);
SCX_TEST_LOADS();
