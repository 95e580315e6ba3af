// SPDX-License-Identifier: GPL-2.0
/*
 * scx_example: its idea in a line.
 *
 * FILL IN: how it decides, and why.  As generated: a task that wakes up goes straight
 * to an idle CPU if there is one, all others wait in one queue, first come first
 * served.
 */
#include <scx/scx.bpf.h>
#include "scx_example.h"

char _license[] SEC("license") = "GPL";

#define SHARED_DSQ	0

/* Set by -s; a "const volatile" can be set by the loader, before the load. */
const volatile u64 slice_ns = SCX_SLICE_DFL;

UEI_DEFINE(uei);
SCX_STATS_DEFINE(EXAMPLE_STAT_NR);

/* What is to be remembered of a task, from its first to its last moment. */
struct task_ctx {
	u64	nr_queued;	/* FILL IN: something of use */
};
SCX_TASK_CTX_DEFINE(struct task_ctx);

/*
 * A task wakes up: the CPU to go to.  As generated the kernel chooses it.  If it is
 * idle the task is in its local queue when scx_go_idle() returns, and is not enqueued
 * any more.
 */
s32 BPF_STRUCT_OPS(example_select_cpu, struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	bool went;
	s32 cpu = scx_go_idle(p, prev_cpu, wake_flags, slice_ns, &went);

	if (went)
		scx_stat_inc(EXAMPLE_STAT_IDLE);
	return cpu;
}

/* A task wants to run: it has to get on a queue, now or in some dispatch(). */
void BPF_STRUCT_OPS(example_enqueue, struct task_struct *p, u64 enq_flags)
{
	struct task_ctx *tctx = task_ctx_of(p);

	if (tctx)
		tctx->nr_queued++;
	scx_stat_inc(EXAMPLE_STAT_QUEUED);
	scx_bpf_dsq_insert(p, SHARED_DSQ, slice_ns, enq_flags);
	/* its slice has ended, say, and another CPU is idle */
	if (scx_nobody_looked(enq_flags))
		scx_wake_idle_for(p);
}

/* A CPU has nothing left to run: get it something. */
void BPF_STRUCT_OPS(example_dispatch, s32 cpu, struct task_struct *prev)
{
	if (scx_bpf_dsq_move_to_local(SHARED_DSQ))
		return;
	/* nobody else: what it runs goes on, if it wants to */
	if (prev && (prev->scx.flags & SCX_TASK_QUEUED))
		prev->scx.slice = slice_ns;
}

/* A real-time task, say, has the CPU: enqueue() what waits for it, so that others take it. */
void BPF_STRUCT_OPS(example_cpu_release, s32 cpu, struct scx_cpu_release_args *args)
{
	scx_give_back_local();
}

s32 BPF_STRUCT_OPS(example_init_task, struct task_struct *p, struct scx_init_task_args *args)
{
	return task_ctx_new(p) ? 0 : -ENOMEM;
}

s32 BPF_STRUCT_OPS_SLEEPABLE(example_init)
{
	return scx_bpf_create_dsq(SHARED_DSQ, -1);
}

void BPF_STRUCT_OPS(example_exit, struct scx_exit_info *ei)
{
	UEI_RECORD(uei, ei);
}

SCX_OPS_DEFINE(example_ops,
	       .select_cpu	= (void *)example_select_cpu,
	       .enqueue		= (void *)example_enqueue,
	       .dispatch	= (void *)example_dispatch,
	       .cpu_release	= (void *)example_cpu_release,
	       .init_task	= (void *)example_init_task,
	       .init		= (void *)example_init,
	       .exit		= (void *)example_exit,
	       .name		= "example");
