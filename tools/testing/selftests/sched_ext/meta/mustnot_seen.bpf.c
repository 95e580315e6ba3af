// SPDX-License-Identifier: GPL-2.0
/*
 * What must not be seen was.
 *
 * Reported: not ok: mustnot_happen is
 */
#include "../case.bpf.h"

SCX_TEST_MUST_NOT(happen);

s32 BPF_STRUCT_OPS(meta_mustnot_seen_select_cpu, struct task_struct *p,
		   s32 prev_cpu, u64 wake_flags)
{
	mustnot_happen++;
	return prev_cpu;
}

SCX_TEST_OPS(meta_mustnot_seen,
	     .select_cpu = (void *)meta_mustnot_seen_select_cpu);
SCX_TEST_LOADS();
