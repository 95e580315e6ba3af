// SPDX-License-Identifier: GPL-2.0
/*
 * The scheduler sends every task to the CPU it dispatches on, whatever the task
 * may use: the kernel has to move only those that may, and lose none.
 */
#include "../case.bpf.h"

#include "../task_slot.bpf.h"

#define DSQ	1

u64 checked;

s32 BPF_STRUCT_OPS_SLEEPABLE(affinity_init)
{
	return scx_bpf_create_dsq(DSQ, -1);
}

void BPF_STRUCT_OPS(affinity_enqueue, struct task_struct *p, u64 enq_flags)
{
	s32 cpu;

	scx_bpf_dsq_insert(p, DSQ, 5000000, enq_flags);
	cpu = scx_bpf_pick_idle_cpu(p->cpus_ptr, 0);
	if (cpu >= 0)
		scx_bpf_kick_cpu(cpu, SCX_KICK_IDLE);
}

void BPF_STRUCT_OPS(affinity_dispatch, s32 cpu, struct task_struct *prev)
{
	scx_bpf_dsq_move_to_local(DSQ);
}

/*
 * slot->val: so often it may be where it must not be.  When its mask changes, a task
 * that runs is told to run once more before it is moved, and again if something else
 * of it changes meanwhile.
 */
void BPF_STRUCT_OPS(affinity_set_cpumask, struct task_struct *p,
		    const struct cpumask *cpumask)
{
	struct task_slot *slot = task_slot_make(p);

	if (slot)
		slot->val = 10;
}

void BPF_STRUCT_OPS(affinity_running, struct task_struct *p)
{
	struct task_slot *slot = task_slot_make(p);
	/* who changes a running task tells of it from another CPU */
	s32 cpu = scx_bpf_task_cpu(p);

	if (!slot)
		return;
	if (cpu < 64 && !(p->cpus_ptr->bits[0] & (1UL << cpu))) {
		if (!slot->val)
			scx_bpf_error("%s[%d] with mask 0x%lx runs on CPU %d", p->comm,
				      p->pid, p->cpus_ptr->bits[0], cpu);
		else
			slot->val--;
		return;
	}
	__sync_fetch_and_add(&checked, 1);
	slot->val = 0;
}

SCX_TEST_OPS(affinity,
	     .init		= (void *)affinity_init,
	     .enqueue		= (void *)affinity_enqueue,
	     .dispatch		= (void *)affinity_dispatch,
	     .set_cpumask	= (void *)affinity_set_cpumask,
	     .running		= (void *)affinity_running);
