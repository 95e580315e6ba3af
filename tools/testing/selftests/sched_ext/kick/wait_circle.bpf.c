// SPDX-License-Identifier: GPL-2.0
/*
 * Every CPU kicks the next and waits for it, all around, from every callback that
 * comes along: nobody may wait for ever.
 */
#include "../case.bpf.h"

SCX_TEST_MUST(kicked);

static void kick_next(void)
{
	u32 cpu = bpf_get_smp_processor_id() + 1;

	must_kicked = 1;
	scx_bpf_kick_cpu(cpu % scx_bpf_nr_cpu_ids(), SCX_KICK_WAIT);
}

void BPF_STRUCT_OPS(circle_enqueue, struct task_struct *p, u64 enq_flags)
{
	kick_next();
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

void BPF_STRUCT_OPS(circle_dispatch, s32 cpu, struct task_struct *prev)
{
	kick_next();
}

void BPF_STRUCT_OPS(circle_tick, struct task_struct *p)
{
	u32 cpu = bpf_get_smp_processor_id() + 1;

	scx_bpf_kick_cpu(cpu % scx_bpf_nr_cpu_ids(),
			 SCX_KICK_PREEMPT | SCX_KICK_WAIT);
}

SCX_TEST_OPS(wait_circle,
	     .enqueue	= (void *)circle_enqueue,
	     .dispatch	= (void *)circle_dispatch,
	     .tick	= (void *)circle_tick);
SCX_TEST_LOADS(.run_ms = 3000);
