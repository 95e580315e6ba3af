// SPDX-License-Identifier: GPL-2.0
/*
 * scx_bpf_dsq_move_to_local() with SCX_ENQ_HEAD: of two tasks the second runs first.
 * One CPU and one queue, which nobody else takes from.
 */
#include "../case.bpf.h"

#define DSQ	1

const volatile u32 the_cpu;

u64 checked, wrong;

static u64 expected;

s32 BPF_STRUCT_OPS_SLEEPABLE(head_init)
{
	return scx_bpf_create_dsq(DSQ, -1);
}

static bool counts(const struct task_struct *p)
{
	return p->nr_cpus_allowed == 1 && !(p->flags & PF_KTHREAD) &&
	       p->cpus_ptr->bits[0] == 1UL << (the_cpu & 63);
}

void BPF_STRUCT_OPS(head_enqueue, struct task_struct *p, u64 enq_flags)
{
	if (counts(p))
		scx_bpf_dsq_insert(p, DSQ, 2000000, 0);
	else
		scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, 0);
}

void BPF_STRUCT_OPS(head_dispatch, s32 cpu, struct task_struct *prev)
{
	struct task_struct *p;

	expected = 0;
	if (cpu != the_cpu || !scx_bpf_dsq_move_to_local(DSQ, SCX_ENQ_HEAD))
		return;
	p = scx_bpf_dsq_peek(DSQ);
	if (!p)
		return;
	expected = (u64)p;
	scx_bpf_dsq_move_to_local(DSQ, SCX_ENQ_HEAD);
}

void BPF_STRUCT_OPS(head_running, struct task_struct *p)
{
	if (!counts(p) || !expected)
		return;
	if ((u64)p == expected)
		checked++;
	else
		wrong++;
	expected = 0;
}

SCX_TEST_OPS(to_local_head,
	     .init	= (void *)head_init,
	     .enqueue	= (void *)head_enqueue,
	     .dispatch	= (void *)head_dispatch,
	     .running	= (void *)head_running);
