// SPDX-License-Identifier: GPL-2.0
/*
 * What pick_idle_cpu() gives is in the mask, and not idle any more for whoever asks
 * next; pick_any_cpu() gives a CPU of the mask also if none is idle.
 */
#include "../case.bpf.h"

SCX_TEST_MUST(picked);
SCX_TEST_MUST(none);
SCX_TEST_MUST(any);

static bool in_mask(const struct cpumask *mask, s32 cpu)
{
	return cpu >= 0 && cpu < 64 && (mask->bits[0] & (1UL << cpu));
}

void BPF_STRUCT_OPS(pick_enqueue, struct task_struct *p, u64 enq_flags)
{
	s32 cpu = scx_bpf_pick_idle_cpu(p->cpus_ptr, 0);

	if (cpu >= 0) {
		must_picked = 1;
		if (!in_mask(p->cpus_ptr, cpu))
			scx_bpf_error("CPU %d for a task with mask 0x%lx", cpu,
				      p->cpus_ptr->bits[0]);
		/* this claims it again only if it has become idle once more */
		scx_bpf_test_and_clear_cpu_idle(cpu);
		scx_bpf_kick_cpu(cpu, 0);
	} else if (cpu == -16) {
		must_none = 1;
	} else {
		scx_bpf_error("pick_idle_cpu() gives %d", cpu);
	}

	cpu = scx_bpf_pick_any_cpu(p->cpus_ptr, 0);
	if (!in_mask(p->cpus_ptr, cpu))
		scx_bpf_error("any CPU %d for a task with mask 0x%lx", cpu,
			      p->cpus_ptr->bits[0]);
	must_any = 1;
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

SCX_TEST_OPS(pick, .enqueue = (void *)pick_enqueue);
