// SPDX-License-Identifier: GPL-2.0
/* Tasks that bypass begins with on one CPU, and a bypass that lasts.  See spread.c. */
#include "../case.bpf.h"

/* the tasks that are kept on CPU 0 */
u64 first_pid = ~0ULL, last_pid;
u64 nr_sent;
/* seen in disable(): all of them, and those that are elsewhere by then */
u64 nr_gone, nr_elsewhere;

static bool kept(struct task_struct *p)
{
	return p->pid >= first_pid && p->pid <= last_pid;
}

s32 BPF_STRUCT_OPS(spread_select_cpu, struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	return kept(p) ? 0 : prev_cpu;
}

void BPF_STRUCT_OPS(spread_enqueue, struct task_struct *p, u64 enq_flags)
{
	if (kept(p))
		__sync_fetch_and_add(&nr_sent, 1);
	scx_bpf_dsq_insert(p, kept(p) ? SCX_DSQ_LOCAL_ON | 0 : SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
}

/* A scheduler with a lot to do for each task that leaves: others wait in bypass meanwhile. */
void BPF_STRUCT_OPS(spread_disable, struct task_struct *p)
{
	u64 start = bpf_ktime_get_ns();
	int i;

	if (kept(p)) {
		__sync_fetch_and_add(&nr_gone, 1);
		if (scx_bpf_task_cpu(p))
			__sync_fetch_and_add(&nr_elsewhere, 1);
		return;
	}
	bpf_for(i, 0, 1 << 20)
		if (bpf_ktime_get_ns() - start > 2000000)
			break;
}

SCX_TEST_OPS(spread,
	     .select_cpu	= (void *)spread_select_cpu,
	     .enqueue		= (void *)spread_enqueue,
	     .disable		= (void *)spread_disable);
