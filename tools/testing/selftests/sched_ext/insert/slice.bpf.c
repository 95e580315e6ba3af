// SPDX-License-Identifier: GPL-2.0
/* A task starts to run with the slice that it was inserted with. */
#include "../case.bpf.h"

#include "../task_slot.bpf.h"

#define SLICE	3333333
#define BYPASS	5000000	/* given by the kernel, once the scheduler is being unloaded */

SCX_TEST_MUST(seen);

/* slot->val: was inserted, and has not run since */
void BPF_STRUCT_OPS(slice_enqueue, struct task_struct *p, u64 enq_flags)
{
	struct task_slot *slot = task_slot_make(p);

	if (slot)
		slot->val = 1;
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SLICE, enq_flags);
}

void BPF_STRUCT_OPS(slice_running, struct task_struct *p)
{
	struct task_slot *slot = task_slot_get(p);

	if (!slot || !slot->val)
		return;
	slot->val = 0;
	must_seen = 1;
	if (p->scx.slice != SLICE && p->scx.slice != BYPASS)
		scx_bpf_error("%s starts with slice %llu", p->comm, p->scx.slice);
}

/* It goes elsewhere before it has run; the kernel may queue it by itself. */
void BPF_STRUCT_OPS(slice_quiescent, struct task_struct *p, u64 deq_flags)
{
	struct task_slot *slot = task_slot_get(p);

	if (slot)
		slot->val = 0;
}

SCX_TEST_OPS(slice,
	     .enqueue	= (void *)slice_enqueue,
	     .running	= (void *)slice_running,
	     .quiescent	= (void *)slice_quiescent);
SCX_TEST_LOADS();
