// SPDX-License-Identifier: GPL-2.0
/* A queue is FIFO or by virtual time at a time: a vtime insert behind a FIFO one is an error that names the queue. */
#include "../case.bpf.h"

#define DSQ	0xbeef

static u32 nr;

s32 BPF_STRUCT_OPS_SLEEPABLE(mixed_init)
{
	return scx_bpf_create_dsq(DSQ, -1);
}

/* Nobody takes from the queue, so what is in it stays. */
void BPF_STRUCT_OPS(mixed_enqueue, struct task_struct *p, u64 enq_flags)
{
	if (__sync_fetch_and_add(&nr, 1) < 3)
		scx_bpf_dsq_insert(p, DSQ, SCX_SLICE_DFL, 0);
	else
		scx_bpf_dsq_insert_vtime(p, DSQ, SCX_SLICE_DFL, 1, 0);
}

SCX_TEST_OPS(vtime_into_fifo,
	     .init	= (void *)mixed_init,
	     .enqueue	= (void *)mixed_enqueue);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "beef");
