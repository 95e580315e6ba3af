// SPDX-License-Identifier: GPL-2.0
/* The default choice of a CPU wants to know a CPU that exists. */
#include "../case.bpf.h"

SCX_TEST_MUST_NOT(idle);

s32 BPF_STRUCT_OPS(bad_prev_select_cpu, struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	bool is_idle = true;
	s32 cpu = scx_bpf_select_cpu_dfl(p, 31000, wake_flags, &is_idle);

	if (is_idle)
		mustnot_idle = 1;
	return cpu;
}

SCX_TEST_OPS(dfl_bad_prev, .select_cpu = (void *)bad_prev_select_cpu);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "scx_bpf_select_cpu_dfl(): invalid CPU 31000");
