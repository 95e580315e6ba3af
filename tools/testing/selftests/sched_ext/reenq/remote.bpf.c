// SPDX-License-Identifier: GPL-2.0
/* scx_bpf_dsq_reenq() of another CPU's local queue, by its number, from timers' ticks. */
#include "../case.bpf.h"

SCX_TEST_MUST(reenq);

void BPF_STRUCT_OPS(remote_enqueue, struct task_struct *p, u64 enq_flags)
{
	if (enq_flags & SCX_ENQ_REENQ) {
		must_reenq = 1;
		scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, 1000000, enq_flags);
		return;
	}
	scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, 1000000, enq_flags);
}

void BPF_STRUCT_OPS(remote_tick, struct task_struct *p)
{
	u32 cpu = (scx_bpf_task_cpu(p) + 1) % scx_bpf_nr_cpu_ids();

	scx_bpf_dsq_reenq(SCX_DSQ_LOCAL_ON | cpu, 0);
}

SCX_TEST_OPS(remote_cpu,
	     .enqueue	= (void *)remote_enqueue,
	     .tick	= (void *)remote_tick);
SCX_TEST_LOADS();
