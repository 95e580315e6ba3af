// SPDX-License-Identifier: GPL-2.0
/* Printing to a dump when there is none is an error that says where. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(outside_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_dump("hello\n");
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

SCX_TEST_OPS(outside, .enqueue = (void *)outside_enqueue);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "scx_bpf_dump_bstr() called from enqueue");
