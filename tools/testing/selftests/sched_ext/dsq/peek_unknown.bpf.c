// SPDX-License-Identifier: GPL-2.0
/* Looking into a queue that does not exist is an error that names it. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(peek_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_dsq_peek(0xbeef);
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, 0);
}

SCX_TEST_OPS(peek_unknown, .enqueue = (void *)peek_enqueue);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "beef does not exist");
