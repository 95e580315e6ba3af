// SPDX-License-Identifier: GPL-2.0
/* With the check, dispatch() gets at the task that ran before, and both cases happen. */
#include "../case.bpf.h"

SCX_TEST_MUST(null);
SCX_TEST_MUST(task);

#define DSQ	1

/* The global queue goes before dispatch(), and under load is never empty. */
s32 BPF_STRUCT_OPS_SLEEPABLE(checked_init)
{
	return scx_bpf_create_dsq(DSQ, -1);
}

void BPF_STRUCT_OPS(checked_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_dsq_insert(p, DSQ, SCX_SLICE_DFL, enq_flags);
}

void BPF_STRUCT_OPS(checked_dispatch, s32 cpu, struct task_struct *prev)
{
	scx_bpf_dsq_move_to_local(DSQ);
	if (!prev) {
		must_null = 1;
		return;
	}
	must_task = 1;
	if (scx_bpf_task_cpu(prev) != cpu)
		scx_bpf_error("prev %s[%d] is on CPU %d, not %d", prev->comm,
			      prev->pid, scx_bpf_task_cpu(prev), cpu);
}

/* What another class interrupts would be the CPU's next task without dispatch(). */
void BPF_STRUCT_OPS(checked_cpu_release, s32 cpu, struct scx_cpu_release_args *args)
{
	scx_bpf_reenqueue_local();
}

SCX_TEST_OPS(null_prev_checked,
	     .init	= (void *)checked_init,
	     .enqueue	= (void *)checked_enqueue,
	     .dispatch	= (void *)checked_dispatch,
	     .cpu_release = (void *)checked_cpu_release);
SCX_TEST_LOADS();
