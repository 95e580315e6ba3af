// SPDX-License-Identifier: GPL-2.0
/* Does some of what is counted; programs read the counters. */
#include "../case.bpf.h"

struct scx_event_stats stats = {};
u64 beyond = 1;

s32 BPF_STRUCT_OPS(counters_select_cpu, struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	s32 cpu;

	/* one that it may not use, if there is one */
	bpf_for(cpu, 0, scx_bpf_nr_cpu_ids()) {
		if (!bpf_cpumask_test_cpu(cpu, p->cpus_ptr))
			return cpu;
	}
	return prev_cpu;
}

void BPF_STRUCT_OPS(counters_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

SEC("syscall") int read_all(void *ctx)
{
	struct {
		struct scx_event_stats	stats;
		u64			beyond;
	} big = { .beyond = 7 };

	scx_bpf_events(&big.stats, sizeof(big));
	stats = big.stats;
	beyond = big.beyond;
	return 0;
}

/* As a program does that knows of less. */
SEC("syscall") int read_first(void *ctx)
{
	struct scx_event_stats *few;
	s64 first[2] = { -1, -1 };

	few = (void *)first;
	scx_bpf_events(few, sizeof(first[0]));
	return first[0] < 0 || first[1] != -1;
}

SCX_TEST_OPS(counters,
	     .select_cpu	= (void *)counters_select_cpu,
	     .enqueue		= (void *)counters_enqueue);
