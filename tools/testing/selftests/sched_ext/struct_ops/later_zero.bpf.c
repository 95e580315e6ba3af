// SPDX-License-Identifier: GPL-2.0
/*
 * Built for a later kernel, with a member that ours does not have: it is not used, and
 * the scheduler loads.
 */
#include "../case.bpf.h"

struct sched_ext_ops___later {
	void (*enqueue)(struct task_struct *p, u64 enq_flags);
	void (*callback_of_the_future)(struct task_struct *p);
	u64 number_of_the_future;
	void (*exit)(struct scx_exit_info *info);
	char name[128];
};

SCX_TEST_MUST(enqueue);

void BPF_STRUCT_OPS(later_enqueue, struct task_struct *p, u64 enq_flags)
{
	must_enqueue = 1;
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

void BPF_STRUCT_OPS(later_exit, struct scx_exit_info *ei)
{
	scx_test_record_exit(ei);
}

SEC(".struct_ops.link")
struct sched_ext_ops___later later_zero = {
	.enqueue		= (void *)later_enqueue,
	.exit			= (void *)later_exit,
	.name			= "later_zero",
};
SCX_TEST_LOADS();
