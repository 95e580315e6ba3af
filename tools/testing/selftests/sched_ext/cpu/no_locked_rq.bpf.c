// SPDX-License-Identifier: GPL-2.0
/* No rq is locked in select_cpu(). */
#include "../case.bpf.h"

s32 BPF_STRUCT_OPS(none_select_cpu, struct task_struct *p, s32 prev_cpu, u64 flags)
{
	return scx_bpf_locked_rq() ? -1 : prev_cpu;
}

SCX_TEST_OPS(no_locked_rq, .select_cpu = (void *)none_select_cpu);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "no rq is locked in select_cpu");
