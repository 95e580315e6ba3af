// SPDX-License-Identifier: GPL-2.0
/* scx_bpf_error() ends the scheduler with its message, formatted. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(error_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_error("number %d, text %s, hex 0x%llx", -17, "hello", 0xabcdefULL << 16);
}

SCX_TEST_OPS(error, .enqueue = (void *)error_enqueue);
SCX_TEST_EXITS(SCX_EXIT_ERROR_BPF, 0, "number -17, text hello, hex 0xabcdef0000");
