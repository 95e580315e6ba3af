// SPDX-License-Identifier: GPL-2.0
/* dispatch() sends tasks that wait in BPF to the local queues of other CPUs, and those wake up. */
#include "../case.bpf.h"

#include "../kept.bpf.h"

SCX_TEST_MUST(remote);

void BPF_STRUCT_OPS(on_enqueue, struct task_struct *p, u64 enq_flags)
{
	if (p->nr_cpus_allowed == scx_bpf_nr_cpu_ids() && keep(p))
		return;
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

void BPF_STRUCT_OPS(on_dispatch, s32 cpu, struct task_struct *prev)
{
	struct task_struct *p;
	u32 target = cpu;
	int i;

	for (i = 0; i < 4; i++) {
		p = kept_first();
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
