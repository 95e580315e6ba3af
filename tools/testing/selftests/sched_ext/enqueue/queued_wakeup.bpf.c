// SPDX-License-Identifier: GPL-2.0
/*
 * With SCX_OPS_ALLOW_QUEUED_WAKEUP a wake-up may be finished on another CPU: enqueue()
 * still knows whether select_cpu() was called, and a choice made there still holds.
 */
#include "../case.bpf.h"
#include "../task_slot.bpf.h"

SCX_TEST_MUST(selected);
SCX_TEST_MUST(direct);

/*
 * slot->val: what select_cpu() did; a task that we were not asked about yet may have been
 * given a CPU by the kernel, while this scheduler was being enabled.
 */
enum { NEW, NOTHING, LEFT, INSERTED };

s32 BPF_STRUCT_OPS(queued_select_cpu, struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	struct task_slot *slot = task_slot_make(p);
	s32 cpu = scx_bpf_pick_any_cpu(p->cpus_ptr, 0);

	if (!slot)
		return prev_cpu;
	slot->val = LEFT;
	if (bpf_get_prandom_u32() & 1) {
		slot->val = INSERTED;
		must_direct = 1;
		scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
	}
	return cpu < 0 ? prev_cpu : cpu;
}

void BPF_STRUCT_OPS(queued_enqueue, struct task_struct *p, u64 enq_flags)
{
	struct task_slot *slot = task_slot_make(p);

	if (slot && (enq_flags & SCX_ENQ_WAKEUP)) {
		if (slot->val == INSERTED)
			scx_bpf_error("%s[%d] had a place already", p->comm, p->pid);
		if (slot->val != NEW &&
		    !(enq_flags & SCX_ENQ_CPU_SELECTED) != (slot->val == NOTHING))
			scx_bpf_error("%s[%d]: flags 0x%llx after %llu", p->comm, p->pid,
				      enq_flags, slot->val);
		if (slot->val == LEFT)
			must_selected = 1;
	}
	if (slot && slot->val != NEW)
		slot->val = NOTHING;
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

void BPF_STRUCT_OPS(queued_running, struct task_struct *p)
{
	struct task_slot *slot = task_slot_make(p);

	if (slot && slot->val != NEW)
		slot->val = NOTHING;
}

SCX_TEST_OPS(queued_wakeup,
	     .select_cpu	= (void *)queued_select_cpu,
	     .enqueue		= (void *)queued_enqueue,
	     .running		= (void *)queued_running,
	     .flags		= SCX_OPS_ALLOW_QUEUED_WAKEUP);
SCX_TEST_LOADS();
