// SPDX-License-Identifier: GPL-2.0
/* tick() comes while a task runs, and a slice of 0 ends its turn at once. */
#include "../case.bpf.h"

#include "../task_slot.bpf.h"

SCX_TEST_MUST(ticked);
SCX_TEST_MUST(ended);

void BPF_STRUCT_OPS(tick_tick, struct task_struct *p)
{
	struct task_slot *slot = task_slot_make(p);

	must_ticked = 1;
	if (!slot)
		return;
	/* the kernel may be busy for the task for a while, on a slow one for long */
	if (slot->val++ > 250)
		scx_bpf_error("%s[%d] runs on with slice 0", p->comm, p->pid);
	p->scx.slice = 0;
}

void BPF_STRUCT_OPS(tick_stopping, struct task_struct *p, bool runnable)
{
	struct task_slot *slot = task_slot_get(p);

	if (slot) {
		if (slot->val && runnable)
			must_ended = 1;
		slot->val = 0;
	}
}

/* Long enough to be ended by nothing but tick(). */
void BPF_STRUCT_OPS(tick_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_INF, enq_flags);
}

void BPF_STRUCT_OPS(tick_running, struct task_struct *p)
{
	struct task_slot *slot = task_slot_get(p);

	if (slot)
		slot->val = 0;
}

SCX_TEST_OPS(tick,
	     .tick	= (void *)tick_tick,
	     .running	= (void *)tick_running,
	     .stopping	= (void *)tick_stopping,
	     .enqueue	= (void *)tick_enqueue);
SCX_TEST_LOADS();
