// SPDX-License-Identifier: GPL-2.0
/*
 * Built for a later kernel, and in need of a member that ours does not have: refused, and
 * the message names it.
 */
#include "../case.bpf.h"

struct sched_ext_ops___later {
	void (*enqueue)(struct task_struct *p, u64 enq_flags);
	void (*callback_of_the_future)(struct task_struct *p);
	u64 number_of_the_future;
	void (*exit)(struct scx_exit_info *info);
	char name[128];
};

void BPF_STRUCT_OPS(later_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

void BPF_STRUCT_OPS(later_exit, struct scx_exit_info *ei)
{
	scx_test_record_exit(ei);
}

SEC(".struct_ops.link")
struct sched_ext_ops___later later_set = {
	.enqueue		= (void *)later_enqueue,
	.number_of_the_future	= 1,
	.exit			= (void *)later_exit,
	.name			= "later_set",
};
SCX_TEST_LOAD_FAILS("number_of_the_future");
