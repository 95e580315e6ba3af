// SPDX-License-Identifier: GPL-2.0
/*
 * A task that select_cpu() inserts is not given to enqueue(): into the local queue
 * of the chosen CPU, the global queue, and one of its own.
 */
#include "../case.bpf.h"
#include "../task_slot.bpf.h"

#define DSQ	1

SCX_TEST_MUST(local);
SCX_TEST_MUST(global);
SCX_TEST_MUST(own);
SCX_TEST_MUST(enqueued);

static u32 nr;

s32 BPF_STRUCT_OPS_SLEEPABLE(direct_init)
{
	return scx_bpf_create_dsq(DSQ, -1);
}

s32 BPF_STRUCT_OPS(direct_select_cpu, struct task_struct *p, s32 prev_cpu,
		   u64 wake_flags)
{
	struct task_slot *slot = task_slot_make(p);

	if (slot)
		slot->val = 1;
	switch (__sync_fetch_and_add(&nr, 1) % 3) {
	case 0:
		scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
		must_local = 1;
		break;
	case 1:
		scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, 0);
		must_global = 1;
		break;
	case 2:
		scx_bpf_dsq_insert_vtime(p, DSQ, SCX_SLICE_DFL, 5, 0);
		must_own = 1;
		break;
	}
	return prev_cpu;
}

void BPF_STRUCT_OPS(direct_enqueue, struct task_struct *p, u64 enq_flags)
{
	struct task_slot *slot = task_slot_get(p);

	/*
	 * A wake-up that select_cpu() was asked about has been inserted there; while the
	 * scheduler was being enabled the kernel chose.
	 */
	if ((enq_flags & SCX_ENQ_CPU_SELECTED) && slot && slot->val)
		scx_bpf_error("%s[%d] was inserted and comes to enqueue(0x%llx)",
			      p->comm, p->pid, enq_flags);
	must_enqueued = 1;
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

void BPF_STRUCT_OPS(direct_running, struct task_struct *p)
{
	struct task_slot *slot = task_slot_get(p);

	if (slot)
		slot->val = 0;
}

void BPF_STRUCT_OPS(direct_dispatch, s32 cpu, struct task_struct *prev)
{
	scx_bpf_dsq_move_to_local(DSQ);
}

SCX_TEST_OPS(select_cpu,
	     .init		= (void *)direct_init,
	     .select_cpu	= (void *)direct_select_cpu,
	     .enqueue		= (void *)direct_enqueue,
	     .dispatch		= (void *)direct_dispatch,
	     .running		= (void *)direct_running);
SCX_TEST_LOADS();
