// SPDX-License-Identifier: GPL-2.0
/* First come, first served, kernel threads too; it does not mind hotplug.  See softirqs.c. */
#include "../case.bpf.h"

u64 nr_ksoftirqd;

static bool is_ksoftirqd(const struct task_struct *p)
{
	return (p->flags & PF_KTHREAD) && p->comm[0] == 'k' && p->comm[1] == 's' &&
	       p->comm[4] == 't' && p->comm[5] == 'i';
}

void BPF_STRUCT_OPS(softirqs_enqueue, struct task_struct *p, u64 enq_flags)
{
	if (is_ksoftirqd(p))
		__sync_fetch_and_add(&nr_ksoftirqd, 1);
	scx_bpf_dsq_insert(p, 0, SCX_SLICE_DFL, enq_flags);
}

void BPF_STRUCT_OPS(softirqs_dispatch, s32 cpu, struct task_struct *prev)
{
	scx_bpf_dsq_move_to_local(0);
}

void BPF_STRUCT_OPS(softirqs_cpu_online, s32 cpu)
{
}

void BPF_STRUCT_OPS(softirqs_cpu_offline, s32 cpu)
{
}

s32 BPF_STRUCT_OPS_SLEEPABLE(softirqs_init)
{
	return scx_bpf_create_dsq(0, -1);
}

SCX_TEST_OPS(softirqs,
	     .enqueue		= (void *)softirqs_enqueue,
	     .dispatch		= (void *)softirqs_dispatch,
	     .cpu_online	= (void *)softirqs_cpu_online,
	     .cpu_offline	= (void *)softirqs_cpu_offline,
	     .init		= (void *)softirqs_init);
