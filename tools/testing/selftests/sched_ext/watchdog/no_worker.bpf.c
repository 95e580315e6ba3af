// SPDX-License-Identifier: GPL-2.0
/* No worker runs, and so the watchdog's own work does not: the tick sees that. */
#include "../case.bpf.h"

#define PF_WQ_WORKER	0x00000020

SCX_TEST_MUST(worker);

void BPF_STRUCT_OPS(no_worker_enqueue, struct task_struct *p, u64 enq_flags)
{
	if ((p->flags & PF_WQ_WORKER) && p->nr_cpus_allowed > 1) {
		must_worker = 1;
		return;
	}
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

/* the built-in choice would not ask enqueue() */
s32 BPF_STRUCT_OPS(no_worker_select_cpu, struct task_struct *p, s32 prev_cpu, u64 flags)
{
	return prev_cpu;
}

SCX_TEST_OPS(no_worker,
	     .select_cpu	= (void *)no_worker_select_cpu,
	     .enqueue		= (void *)no_worker_enqueue,
	     .timeout_ms	= 2000);
SCX_TEST_EXITS(SCX_EXIT_ERROR_STALL, 0, "watchdog failed to check in for");
