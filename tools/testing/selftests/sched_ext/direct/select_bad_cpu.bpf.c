// SPDX-License-Identifier: GPL-2.0
/* select_cpu() answering with a CPU that does not exist is an error that names it. */
#include "../case.bpf.h"

s32 BPF_STRUCT_OPS(bad_select_cpu, struct task_struct *p, s32 prev_cpu,
		   u64 wake_flags)
{
	return 54321;
}

SCX_TEST_OPS(select_bad_cpu, .select_cpu = (void *)bad_select_cpu);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "54321");
