// SPDX-License-Identifier: GPL-2.0
/* A task can be inserted once: select_cpu() and again select_cpu() is an error. */
#include "../case.bpf.h"

s32 BPF_STRUCT_OPS(twice_select_cpu, struct task_struct *p, s32 prev_cpu,
		   u64 wake_flags)
{
	scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
	scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
	return prev_cpu;
}

SCX_TEST_OPS(select_twice, .select_cpu = (void *)twice_select_cpu);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "twice");
