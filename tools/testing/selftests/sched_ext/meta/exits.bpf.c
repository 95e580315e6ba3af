// SPDX-License-Identifier: GPL-2.0
/*
 * A scheduler that was to stay and leaves with an error.
 *
 * Reported: not ok: the scheduler exited: scx_bpf_error (no more)
 */
#include "../case.bpf.h"

static u64 nr;

void BPF_STRUCT_OPS(meta_exits_enqueue, struct task_struct *p, u64 enq_flags)
{
	if (__sync_fetch_and_add(&nr, 1) == 20)
		scx_bpf_error("no more");
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

SCX_TEST_OPS(meta_exits, .enqueue = (void *)meta_exits_enqueue);
SCX_TEST_LOADS();
