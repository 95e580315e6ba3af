// SPDX-License-Identifier: GPL-2.0
/* So does the choice out of some. */
#include "../case.bpf.h"

SCX_TEST_MUST_NOT(found);

s32 BPF_STRUCT_OPS(and_bad_prev_select_cpu, struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	if (scx_bpf_select_cpu_and(p, -5, wake_flags, p->cpus_ptr, 0) >= 0)
		mustnot_found = 1;
	return prev_cpu;
}

SCX_TEST_OPS(and_bad_prev, .select_cpu = (void *)and_bad_prev_select_cpu);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "scx_bpf_select_cpu_and(): invalid CPU -5");
