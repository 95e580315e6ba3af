// SPDX-License-Identifier: GPL-2.0
/*
 * A task that waits in BPF and leaves - its CPUs, weight or policy change, or it is
 * killed, or it is put on a queue of the kernel's - is told to dequeue(); each enqueue()
 * is followed by one dequeue() before the next, and before the task runs.  The storm
 * comes from dequeue.c.
 */
#include "../case.bpf.h"

#include "../kept.bpf.h"
#include "../task_slot.bpf.h"

u64 dequeued;

/* slot->val: it waits in BPF; dispatch() has asked for it, and may or may not get it */
enum { WAITS = 1, ASKED };

void BPF_STRUCT_OPS(dequeue_enqueue, struct task_struct *p, u64 enq_flags)
{
	struct task_slot *slot = task_slot_make(p);

	if (slot && slot->val == WAITS)
		scx_bpf_error("%s[%d] comes twice (0x%llx)", p->comm, p->pid,
			      enq_flags);
	/* before others can see it in the queue */
	if (slot)
		slot->val = WAITS;
	if (slot && keep(p))
		return;
	if (slot)
		slot->val = 0;
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, 0);
}

void BPF_STRUCT_OPS(dequeue_dequeue, struct task_struct *p, u64 deq_flags)
{
	struct task_slot *slot = task_slot_get(p);

	if (!slot)
		return;
	if (!slot->val)
		scx_bpf_error("%s[%d] leaves and was not here", p->comm, p->pid);
	slot->val = 0;
	if (deq_flags & SCX_DEQ_SCHED_CHANGE)
		__sync_fetch_and_add(&dequeued, 1);
}

void BPF_STRUCT_OPS(dequeue_dispatch, s32 cpu, struct task_struct *prev)
{
	struct task_struct *p = kept_first();
	struct task_slot *slot;

	if (!p)
		return;
	slot = task_slot_get(p);
	if (slot)
		__sync_val_compare_and_swap(&slot->val, WAITS, ASKED);
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, 5000000, 0);
	bpf_task_release(p);
}

void BPF_STRUCT_OPS(dequeue_running, struct task_struct *p)
{
	struct task_slot *slot = task_slot_get(p);

	if (slot && slot->val)
		scx_bpf_error("%s[%d] runs and has not left", p->comm, p->pid);
}

SCX_TEST_OPS(dequeue,
	     .enqueue	= (void *)dequeue_enqueue,
	     .dequeue	= (void *)dequeue_dequeue,
	     .dispatch	= (void *)dequeue_dispatch,
	     .running	= (void *)dequeue_running);
