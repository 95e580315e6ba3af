// SPDX-License-Identifier: GPL-2.0
/*
 * The right kind of exit with the wrong message.
 *
 * Reported: not ok: neither reason nor message of the exit has 'something else'
 */
#include "../case.bpf.h"

s32 BPF_STRUCT_OPS(meta_other_message_select_cpu, struct task_struct *p,
		   s32 prev_cpu, u64 wake_flags)
{
	scx_bpf_error("this");
	return prev_cpu;
}

SCX_TEST_OPS(meta_other_message,
	     .select_cpu = (void *)meta_other_message_select_cpu);
SCX_TEST_EXITS(SCX_EXIT_ERROR_BPF, 0, "something else");
