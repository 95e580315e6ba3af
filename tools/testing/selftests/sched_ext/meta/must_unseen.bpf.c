// SPDX-License-Identifier: GPL-2.0
/*
 * What had to be seen was not.
 *
 * Reported: not ok: must_happen is still 0 after
 */
#include "../case.bpf.h"

SCX_TEST_MUST(happen);

s32 BPF_STRUCT_OPS(meta_must_unseen_select_cpu, struct task_struct *p,
		   s32 prev_cpu, u64 wake_flags)
{
	/* never true, but the variable is used and so has type information */
	if (prev_cpu == -1)
		must_happen = 1;
	return prev_cpu;
}

SCX_TEST_OPS(meta_must_unseen,
	     .select_cpu = (void *)meta_must_unseen_select_cpu);
SCX_TEST_LOADS(.wait_ms = 3000);
