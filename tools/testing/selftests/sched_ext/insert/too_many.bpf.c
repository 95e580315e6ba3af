// SPDX-License-Identifier: GPL-2.0
/* One dispatch() may insert dispatch_max_batch tasks; one more is an error. */
#include "../case.bpf.h"

#include "../kept.bpf.h"

SCX_TEST_MUST(slots);

void BPF_STRUCT_OPS(many_enqueue, struct task_struct *p, u64 enq_flags)
{
	if (!keep(p))
		scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, 0);
}

void BPF_STRUCT_OPS(many_dispatch, s32 cpu, struct task_struct *prev)
{
	struct task_struct *p = kept_first();
	int i;

	if (!p)
		return;
	if (scx_bpf_dispatch_nr_slots() == 4)
		must_slots = 1;
	/* inserting one again in the same batch is harmless */
	for (i = 0; i < 5; i++)
		scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, 0);
	bpf_task_release(p);
}

SCX_TEST_OPS(too_many,
	     .enqueue			= (void *)many_enqueue,
	     .dispatch			= (void *)many_dispatch,
	     .dispatch_max_batch	= 4);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "overflow: more than 4 tasks");
