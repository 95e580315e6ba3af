// SPDX-License-Identifier: GPL-2.0
/*
 * For each CPU cpu_release() and cpu_acquire() take turns, beginning with the former,
 * and in between nothing of ours runs there.  See the .c files that load it for who
 * takes CPUs.
 */
#include "../case.bpf.h"

#define MAX_CPUS	256

static u32 taken[MAX_CPUS];

u64 flags;
u64 released[4];		/* by enum scx_cpu_preempt_reason */
u64 acquired;
u64 wrong_task;
u64 watch_pid;			/* its turns as the one who takes a CPU */
u64 watched;

void BPF_STRUCT_OPS(turns_cpu_release, s32 cpu, struct scx_cpu_release_args *args)
{
	u32 reason = args->reason, *is_taken = MEMBER_VPTR(taken, [cpu]);
	struct task_struct *p = args->task;

	if (!is_taken || reason > 3)
		return;
	if (*is_taken)
		scx_bpf_error("CPU %d is released twice", cpu);
	*is_taken = 1;
	__sync_fetch_and_add(&released[reason], 1);

	if (p->pid == watch_pid)
		__sync_fetch_and_add(&watched, 1);
	if (reason == SCX_CPU_PREEMPT_RT && (p->prio < 0 || p->prio > 99))
		scx_bpf_error("released for RT, to %s[%d] of priority %d", p->comm,
			      p->pid, p->prio);
	if (reason == SCX_CPU_PREEMPT_UNKNOWN && p->prio < 100)
		scx_bpf_error("released for an unknown class, to %s[%d] of priority %d",
			      p->comm, p->pid, p->prio);
	if (reason == SCX_CPU_PREEMPT_DL && p->prio != -1)
		scx_bpf_error("released for DL, to %s[%d] of priority %d", p->comm,
			      p->pid, p->prio);
}

void BPF_STRUCT_OPS(turns_cpu_acquire, s32 cpu, struct scx_cpu_acquire_args *args)
{
	u32 *is_taken = MEMBER_VPTR(taken, [cpu]);

	if (!is_taken)
		return;
	if (!*is_taken)
		scx_bpf_error("CPU %d is acquired and was not released", cpu);
	*is_taken = 0;
	__sync_fetch_and_add(&acquired, 1);
}

void BPF_STRUCT_OPS(turns_dispatch, s32 cpu, struct task_struct *prev)
{
	u32 *is_taken = MEMBER_VPTR(taken, [cpu]);

	if (is_taken && *is_taken)
		scx_bpf_error("dispatch() on CPU %d, which was released", cpu);
}

void BPF_STRUCT_OPS(turns_tick, struct task_struct *p)
{
	s32 cpu = bpf_get_smp_processor_id();
	u32 *is_taken = MEMBER_VPTR(taken, [cpu]);

	if (is_taken && *is_taken)
		scx_bpf_error("%s[%d] runs on CPU %d, which was released", p->comm,
			      p->pid, cpu);
}

SCX_TEST_OPS(turns,
	     .cpu_release	= (void *)turns_cpu_release,
	     .cpu_acquire	= (void *)turns_cpu_acquire,
	     .dispatch		= (void *)turns_dispatch,
	     .tick		= (void *)turns_tick);
