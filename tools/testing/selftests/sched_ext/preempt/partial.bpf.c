// SPDX-License-Identifier: GPL-2.0
/*
 * To a partial scheduler fair is a higher class, and takes CPUs for a reason that has
 * no name.  See partial.c.
 */
#include "../case.bpf.h"

static u32 taken[256];

u64 unknown;
u64 other;

void BPF_STRUCT_OPS(partial_cpu_release, s32 cpu, struct scx_cpu_release_args *args)
{
	u32 *is_taken = MEMBER_VPTR(taken, [cpu]);

	if (!is_taken)
		return;
	if (*is_taken)
		scx_bpf_error("CPU %d is released twice", cpu);
	*is_taken = 1;
	if (args->reason == SCX_CPU_PREEMPT_UNKNOWN)
		__sync_fetch_and_add(&unknown, 1);
	else
		__sync_fetch_and_add(&other, 1);
}

void BPF_STRUCT_OPS(partial_running, struct task_struct *p)
{
	s32 cpu = scx_bpf_task_cpu(p);
	u32 *is_taken = MEMBER_VPTR(taken, [cpu]);

	if (is_taken && *is_taken)
		scx_bpf_error("%s[%d] runs on CPU %d, which was released", p->comm,
			      p->pid, cpu);
}

void BPF_STRUCT_OPS(partial_cpu_acquire, s32 cpu, struct scx_cpu_acquire_args *args)
{
	u32 *is_taken = MEMBER_VPTR(taken, [cpu]);

	if (is_taken)
		*is_taken = 0;
}

SCX_TEST_OPS(partial,
	     .cpu_release	= (void *)partial_cpu_release,
	     .cpu_acquire	= (void *)partial_cpu_acquire,
	     .running		= (void *)partial_running,
	     .flags		= SCX_OPS_SWITCH_PARTIAL);
