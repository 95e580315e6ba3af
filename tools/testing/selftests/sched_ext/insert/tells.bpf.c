// SPDX-License-Identifier: GPL-2.0
/*
 * An insert says whether it took the task, and leaves a task alone that it does not:
 * one that runs has the slice that it had.
 */
#include "../case.bpf.h"

#define DSQ	1

SCX_TEST_MUST(taken);
SCX_TEST_MUST(taken_vtime);
SCX_TEST_MUST(refused);
SCX_TEST_MUST_NOT(refused_one);
SCX_TEST_MUST_NOT(changed);

s32 BPF_STRUCT_OPS_SLEEPABLE(tells_init)
{
	return scx_bpf_create_dsq(DSQ, -1);
}

void BPF_STRUCT_OPS(tells_enqueue, struct task_struct *p, u64 enq_flags)
{
	bool ok;

	if (p->pid & 1) {
		ok = scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
		must_taken = 1;
	} else {
		ok = scx_bpf_dsq_insert_vtime(p, DSQ, SCX_SLICE_DFL, 0, enq_flags);
		must_taken_vtime = 1;
	}
	if (!ok)
		mustnot_refused_one = 1;
}

void BPF_STRUCT_OPS(tells_dispatch, s32 cpu, struct task_struct *prev)
{
	/* the time it has run is taken off before we are asked */
	if (prev && prev->scx.slice && prev->scx.slice <= SCX_SLICE_DFL) {
		u64 slice = prev->scx.slice, vtime = prev->scx.dsq_vtime;

		if (!scx_bpf_dsq_insert_vtime(prev, DSQ, SCX_SLICE_INF, vtime + 1, 0))
			must_refused = 1;
		if (prev->scx.slice != slice || prev->scx.dsq_vtime != vtime)
			mustnot_changed = 1;
	}
	scx_bpf_dsq_move_to_local(DSQ);
}

SCX_TEST_OPS(tells,
	     .init	= (void *)tells_init,
	     .enqueue	= (void *)tells_enqueue,
	     .dispatch	= (void *)tells_dispatch);
SCX_TEST_LOADS();
