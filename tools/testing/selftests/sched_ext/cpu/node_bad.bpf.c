// SPDX-License-Identifier: GPL-2.0
/* A CPU that does not exist is on no node, and asking for it is an error. */
#include "../case.bpf.h"

SCX_TEST_MUST_NOT(node);

void BPF_STRUCT_OPS(node_bad_enqueue, struct task_struct *p, u64 enq_flags)
{
	if (scx_bpf_cpu_node(-2) != -1)
		mustnot_node = 1;
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

SCX_TEST_OPS(node_bad, .enqueue = (void *)node_bad_enqueue);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "scx_bpf_cpu_node(): invalid CPU -2");
