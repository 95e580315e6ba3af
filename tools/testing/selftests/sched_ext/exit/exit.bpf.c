// SPDX-License-Identifier: GPL-2.0
/* scx_bpf_exit() ends the scheduler in good order, with its code and message. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(exit_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_exit(0x1234567890LL, "the end of %s", "it");
}

SCX_TEST_OPS(orderly, .enqueue = (void *)exit_enqueue);
SCX_TEST_EXITS(SCX_EXIT_UNREG_BPF, 0x1234567890LL, "the end of it");
