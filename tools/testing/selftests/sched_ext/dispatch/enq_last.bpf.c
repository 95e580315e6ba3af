// SPDX-License-Identifier: GPL-2.0
/*
 * With ENQ_LAST, the last runnable task of a CPU comes to enqueue() with
 * SCX_ENQ_LAST instead of simply going on.
 */
#include "../case.bpf.h"

SCX_TEST_MUST(last);

void BPF_STRUCT_OPS(last_enqueue, struct task_struct *p, u64 enq_flags)
{
	if (enq_flags & SCX_ENQ_LAST) {
		must_last = 1;
		scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, enq_flags);
		return;
	}
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

SCX_TEST_OPS(enq_last, .enqueue = (void *)last_enqueue, .flags = SCX_OPS_ENQ_LAST);
