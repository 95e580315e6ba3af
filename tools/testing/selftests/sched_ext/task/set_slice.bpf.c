// SPDX-License-Identifier: GPL-2.0
/* Slice and virtual time are set for tasks of ours, and not for others. */
#include "../case.bpf.h"

SCX_TEST_MUST(ended);
SCX_TEST_MUST(others);
SCX_TEST_MUST_NOT(refused);
SCX_TEST_MUST_NOT(not_set);
SCX_TEST_MUST_NOT(foreign);

void BPF_STRUCT_OPS(set_enqueue, struct task_struct *p, u64 enq_flags)
{
	struct task_struct *kthreadd;

	if (!scx_bpf_task_set_dsq_vtime(p, 4711))
		mustnot_refused = 1;
	if (p->scx.dsq_vtime != 4711)
		mustnot_not_set = 1;
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_INF, enq_flags);

	/* it is in fair: only tasks with SCHED_EXT are ours */
	kthreadd = bpf_task_from_pid(2);
	if (kthreadd) {
		if (scx_bpf_task_set_slice(kthreadd, 1) ||
		    scx_bpf_task_set_dsq_vtime(kthreadd, 1))
			mustnot_foreign = 1;
		must_others = 1;
		bpf_task_release(kthreadd);
	}
}

/* Without it nobody's turn would end. */
void BPF_STRUCT_OPS(set_tick, struct task_struct *p)
{
	if (!scx_bpf_task_set_slice(p, 0))
		mustnot_refused = 1;
	if (p->scx.slice)
		mustnot_not_set = 1;
	must_ended = 1;
}

SCX_TEST_OPS(set_slice,
	     .enqueue	= (void *)set_enqueue,
	     .tick	= (void *)set_tick,
	     .flags	= SCX_OPS_SWITCH_PARTIAL);
SCX_TEST_LOADS(.partial_load = 1);
