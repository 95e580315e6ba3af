// SPDX-License-Identifier: GPL-2.0
/*
 * In dispatch(), nr_slots goes down with each insert and up with each cancel, and
 * a cancelled task is not inserted: it waits until it is inserted again.
 */
#include "../case.bpf.h"

#include "../kept.bpf.h"

SCX_TEST_MUST(cancelled);

void BPF_STRUCT_OPS(cancel_enqueue, struct task_struct *p, u64 enq_flags)
{
	if (!keep(p))
		scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, 0);
}

void BPF_STRUCT_OPS(cancel_dispatch, s32 cpu, struct task_struct *prev)
{
	struct task_struct *p = kept_first();
	u32 before, inserted, after;

	if (!p)
		return;

	before = scx_bpf_dispatch_nr_slots();
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, 0);
	inserted = scx_bpf_dispatch_nr_slots();
	/* it has left in the meantime and was not inserted at all */
	if (inserted == before)
		goto out;
	scx_bpf_dispatch_cancel();
	after = scx_bpf_dispatch_nr_slots();
	if (inserted + 1 != before || after != before)
		scx_bpf_error("slots %u, %u, %u", before, inserted, after);

	must_cancelled = 1;
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, 0);
out:
	bpf_task_release(p);
}

SCX_TEST_OPS(cancel,
	     .enqueue	= (void *)cancel_enqueue,
	     .dispatch	= (void *)cancel_dispatch);
SCX_TEST_LOADS();
