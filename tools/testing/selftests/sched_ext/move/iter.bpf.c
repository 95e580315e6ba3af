// SPDX-License-Identifier: GPL-2.0
/*
 * dispatch() picks by hand: the first or the last task of the queue that may run here,
 * from a FIFO or from a queue by virtual time.
 */
#include "../case.bpf.h"

#define DSQ	1

SCX_TEST_MUST(moved);
SCX_TEST_MUST(moved_rev);

const volatile u32 vtime;

static u64 turn;

s32 BPF_STRUCT_OPS_SLEEPABLE(pick_init)
{
	return scx_bpf_create_dsq(DSQ, -1) ?: scx_bpf_create_dsq(DSQ + 1, -1);
}

void BPF_STRUCT_OPS(pick_enqueue, struct task_struct *p, u64 enq_flags)
{
	u64 dsq_id = DSQ + (turn & 1);

	if (dsq_id == DSQ)
		scx_bpf_dsq_insert(p, dsq_id, SCX_SLICE_DFL, enq_flags);
	else
		scx_bpf_dsq_insert_vtime(p, dsq_id, SCX_SLICE_DFL, p->scx.dsq_vtime, enq_flags);
}

void BPF_STRUCT_OPS(pick_dispatch, s32 cpu, struct task_struct *prev)
{
	u64 first = turn++, rev;
	struct task_struct *p;
	int i;

	bpf_for(i, 0, 2) {
		rev = first & 2 ? SCX_DSQ_ITER_REV : 0;
		bpf_for_each(scx_dsq, p, DSQ + ((first + i) & 1), rev) {
			if (!bpf_cpumask_test_cpu(cpu, p->cpus_ptr))
				continue;
			scx_bpf_dsq_move_set_slice(BPF_FOR_EACH_ITER, 5000000);
			if (!scx_bpf_dsq_move(BPF_FOR_EACH_ITER, p, SCX_DSQ_LOCAL, 0))
				continue;
			if (rev)
				must_moved_rev = 1;
			else
				must_moved = 1;
			return;
		}
	}
}

SCX_TEST_OPS(pick,
	     .init	= (void *)pick_init,
	     .enqueue	= (void *)pick_enqueue,
	     .dispatch	= (void *)pick_dispatch);
SCX_TEST_LOADS(.run_ms = 3000);
