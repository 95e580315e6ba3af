// SPDX-License-Identifier: GPL-2.0
/*
 * Two queues that no CPU looks at: what waits there gets on only because
 * scx_bpf_dsq_reenq() gives it back, and what came later waits for the next call.
 */
#include "../case.bpf.h"

#define FIFO	1
#define VTIME	2

SCX_TEST_MUST(from_fifo);
SCX_TEST_MUST(from_vtime);

s32 BPF_STRUCT_OPS_SLEEPABLE(dsq_init)
{
	return scx_bpf_create_dsq(FIFO, -1) ?: scx_bpf_create_dsq(VTIME, -1);
}

void BPF_STRUCT_OPS(dsq_enqueue, struct task_struct *p, u64 enq_flags)
{
	if (enq_flags & SCX_ENQ_REENQ) {
		if (p->pid & 1)
			must_from_fifo = 1;
		else
			must_from_vtime = 1;
		/* now and then another round */
		if (bpf_get_prandom_u32() & 7) {
			scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, 1000000, enq_flags);
			return;
		}
	}
	if (p->pid & 1)
		scx_bpf_dsq_insert(p, FIFO, 1000000, enq_flags);
	else
		scx_bpf_dsq_insert_vtime(p, VTIME, 1000000, bpf_get_prandom_u32(), enq_flags);
	/* an idle CPU has no tick: it looks for work, and lets what waits come back */
	scx_bpf_kick_cpu(scx_bpf_task_cpu(p), 0);
}

void BPF_STRUCT_OPS(dsq_dispatch, s32 cpu, struct task_struct *prev)
{
	if (scx_bpf_dsq_nr_queued(FIFO))
		scx_bpf_dsq_reenq(FIFO, 0);
	if (scx_bpf_dsq_nr_queued(VTIME))
		scx_bpf_dsq_reenq(VTIME, 1);
}

void BPF_STRUCT_OPS(dsq_tick, struct task_struct *p)
{
	scx_bpf_dsq_reenq(FIFO, 0);
	scx_bpf_dsq_reenq(VTIME, 0);
}

SCX_TEST_OPS(dsq,
	     .init	= (void *)dsq_init,
	     .enqueue	= (void *)dsq_enqueue,
	     .dispatch	= (void *)dsq_dispatch,
	     .tick	= (void *)dsq_tick);
SCX_TEST_LOADS(.run_ms = 3000);
