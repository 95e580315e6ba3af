// SPDX-License-Identifier: GPL-2.0
/*
 * The default selection gives a CPU that the task may use; one that it calls idle
 * has been claimed: nobody else can claim it before it has gone idle again.
 */
#include "../case.bpf.h"

SCX_TEST_MUST(idle);
SCX_TEST_MUST(busy);

s32 BPF_STRUCT_OPS(dfl_select_cpu, struct task_struct *p, s32 prev_cpu,
		   u64 wake_flags)
{
	bool is_idle = false;
	s32 cpu;

	cpu = scx_bpf_select_cpu_dfl(p, prev_cpu, wake_flags, &is_idle);
	if (cpu < 0 || cpu > 63 || !(p->cpus_ptr->bits[0] & (1UL << cpu)))
		scx_bpf_error("CPU %d for %s[%d] with mask 0x%lx", cpu, p->comm,
			      p->pid, p->cpus_ptr->bits[0]);
	if (is_idle)
		must_idle = 1;
	else
		must_busy = 1;
	return cpu;
}

SCX_TEST_OPS(select_dfl, .select_cpu = (void *)dfl_select_cpu);
