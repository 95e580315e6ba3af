// SPDX-License-Identifier: GPL-2.0
/*
 * scx_bpf_reenqueue_local___v2() may be called from any callback: what waits on this
 * CPU's own queue comes back to enqueue() a moment later.
 */
#include "../case.bpf.h"

SCX_TEST_MUST(from_tick);
SCX_TEST_MUST(from_enqueue);
SCX_TEST_MUST(reenq);

void BPF_STRUCT_OPS(anywhere_enqueue, struct task_struct *p, u64 enq_flags)
{
	if (enq_flags & SCX_ENQ_REENQ) {
		must_reenq++;
		scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
		return;
	}
	scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, 5000000, enq_flags);
	if (enq_flags & SCX_ENQ_WAKEUP) {
		must_from_enqueue = 1;
		scx_bpf_reenqueue_local___v2();
	}
}

void BPF_STRUCT_OPS(anywhere_tick, struct task_struct *p)
{
	must_from_tick = 1;
	scx_bpf_reenqueue_local___v2();
}

SCX_TEST_OPS(anywhere,
	     .enqueue	= (void *)anywhere_enqueue,
	     .tick	= (void *)anywhere_tick);
SCX_TEST_LOADS(.run_ms = 3000);
