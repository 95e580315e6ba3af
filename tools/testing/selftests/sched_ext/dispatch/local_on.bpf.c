// SPDX-License-Identifier: GPL-2.0
/* dispatch() sends tasks that wait in BPF to the local queues of other CPUs, and those wake up. */
#include "../case.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 4096);
	__type(value, s32);
} pids SEC(".maps");

SCX_TEST_MUST(remote);

void BPF_STRUCT_OPS(on_enqueue, struct task_struct *p, u64 enq_flags)
{
	s32 pid = p->pid;

	if (p->nr_cpus_allowed == scx_bpf_nr_cpu_ids() &&
	    !bpf_map_push_elem(&pids, &pid, 0))
		return;
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

void BPF_STRUCT_OPS(on_dispatch, s32 cpu, struct task_struct *prev)
{
	struct task_struct *p;
	u32 target = cpu;
	s32 pid;
	int i;

	for (i = 0; i < 4; i++) {
		if (bpf_map_pop_elem(&pids, &pid))
			return;
		p = bpf_task_from_pid(pid);
		if (!p)
			continue;
		target = (target + 1) % scx_bpf_nr_cpu_ids();
		if (target != cpu)
			must_remote = 1;
		/* its CPUs may have changed since */
		if (p->cpus_ptr->bits[0] & (1UL << (target & 63)))
			scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL_ON | target,
					   SCX_SLICE_DFL, 0);
		else
			scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, 0);
		bpf_task_release(p);
	}
}

SCX_TEST_OPS(local_on,
	     .enqueue	= (void *)on_enqueue,
	     .dispatch	= (void *)on_dispatch);
SCX_TEST_LOADS(.min_cpus = 2, .run_ms = 3000);
