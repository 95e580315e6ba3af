// SPDX-License-Identifier: GPL-2.0
/*
 * SCX_ENQ_IMMED: a task runs next on the CPU it was sent to, or comes back at once; none
 * is seen to run there after another one.
 */
#include "../case.bpf.h"
#include "../task_slot.bpf.h"

SCX_TEST_MUST(came_back);
SCX_TEST_MUST(ran);

void BPF_STRUCT_OPS(immed_enqueue, struct task_struct *p, u64 enq_flags)
{
	struct task_slot *slot = task_slot_make(p);

	if (enq_flags & SCX_ENQ_REENQ) {
		if (slot && !slot->val)
			scx_bpf_error("%s[%d] comes back and was not sent", p->comm, p->pid);
		must_came_back = 1;
	}
	if (!slot || slot->val) {
		if (slot)
			slot->val = 0;
		scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, 2000000, 0);
		return;
	}
	slot->val = 1;
	scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, 2000000, SCX_ENQ_IMMED);
}

void BPF_STRUCT_OPS(immed_running, struct task_struct *p)
{
	struct task_slot *slot = task_slot_make(p);

	if (slot && slot->val) {
		slot->val = 0;
		must_ran = 1;
	}
}

SCX_TEST_OPS(immed,
	     .enqueue	= (void *)immed_enqueue,
	     .running	= (void *)immed_running);
SCX_TEST_LOADS();
