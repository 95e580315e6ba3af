// SPDX-License-Identifier: GPL-2.0
/*
 * SCX_DSQ_LOCAL_ON sends a task to the CPU it names, from enqueue() directly: the
 * task runs there next, and nowhere else.
 */
#include "../case.bpf.h"

#include "../task_slot.bpf.h"

SCX_TEST_MUST(there);

static u32 nr;

void BPF_STRUCT_OPS(on_enqueue, struct task_struct *p, u64 enq_flags)
{
	struct task_slot *slot = task_slot_make(p);
	u32 cpu = __sync_fetch_and_add(&nr, 1) % scx_bpf_nr_cpu_ids();

	if (!slot || p->nr_cpus_allowed < scx_bpf_nr_cpu_ids()) {
		if (slot)
			slot->val = 0;
		scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
		return;
	}
	slot->val = cpu + 1;
	scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL_ON | cpu, SCX_SLICE_DFL, enq_flags);
}

void BPF_STRUCT_OPS(on_running, struct task_struct *p)
{
	struct task_slot *slot = task_slot_get(p);
	/* who changes a running task tells of it from another CPU */
	s32 cpu = scx_bpf_task_cpu(p);

	if (!slot || !slot->val)
		return;
	if (slot->val != cpu + 1 && p->nr_cpus_allowed == scx_bpf_nr_cpu_ids())
		scx_bpf_error("%s[%d] sent to CPU %lld runs on %d", p->comm,
			      p->pid, slot->val - 1, cpu);
	else
		must_there = 1;
	slot->val = 0;
}

/* it sleeps, or moves: what was decided is void */
void BPF_STRUCT_OPS(on_quiescent, struct task_struct *p, u64 deq_flags)
{
	struct task_slot *slot = task_slot_get(p);

	if (slot)
		slot->val = 0;
}

SCX_TEST_OPS(local_on,
	     .enqueue	= (void *)on_enqueue,
	     .running	= (void *)on_running,
	     .quiescent	= (void *)on_quiescent);
SCX_TEST_LOADS(.min_cpus = 2, .run_ms = 3000);
