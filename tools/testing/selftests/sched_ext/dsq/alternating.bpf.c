// SPDX-License-Identifier: GPL-2.0
/* An empty queue may change from FIFO to virtual time and back. */
#include "../case.bpf.h"

#define DSQ	1

SCX_TEST_MUST(vtime);
SCX_TEST_MUST(fifo);

/* Several CPUs could insert in an order that this does not see. */
static u64 turn;

s32 BPF_STRUCT_OPS_SLEEPABLE(alternating_init)
{
	s32 err = scx_bpf_create_dsq(DSQ, -1);

	return err ?: scx_bpf_create_dsq(DSQ + 1, -1);
}

/* CPU 0's tasks use the queue, all others keep out of its way. */
void BPF_STRUCT_OPS(alternating_enqueue, struct task_struct *p, u64 enq_flags)
{
	if (scx_bpf_task_cpu(p) != 0 || scx_bpf_dsq_nr_queued(DSQ) > 0) {
		scx_bpf_dsq_insert(p, DSQ + 1, SCX_SLICE_DFL, 0);
	} else if (turn++ & 1) {
		must_vtime = 1;
		scx_bpf_dsq_insert_vtime(p, DSQ, SCX_SLICE_DFL, turn, 0);
	} else {
		must_fifo = 1;
		scx_bpf_dsq_insert(p, DSQ, SCX_SLICE_DFL, 0);
	}
}

void BPF_STRUCT_OPS(alternating_dispatch, s32 cpu, struct task_struct *prev)
{
	if (!scx_bpf_dsq_move_to_local(DSQ))
		scx_bpf_dsq_move_to_local(DSQ + 1);
}

SCX_TEST_OPS(alternating,
	     .init	= (void *)alternating_init,
	     .enqueue	= (void *)alternating_enqueue,
	     .dispatch	= (void *)alternating_dispatch);
SCX_TEST_LOADS();
