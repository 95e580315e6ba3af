// SPDX-License-Identifier: GPL-2.0
/*
 * Whoever ends the scheduler first, under whatever lock: here every callback does,
 * on all CPUs at the same time, after some time of good order.
 */
#include "../case.bpf.h"

static u64 start;

static void end(const char *where)
{
	u64 now = bpf_ktime_get_ns();

	if (!start)
		start = now;
	else if (now - start > 300000000)
		scx_bpf_exit(99, "ended from %s", where);
}

s32 BPF_STRUCT_OPS(ev_select_cpu, struct task_struct *p, s32 prev_cpu, u64 flags)
{
	end("select_cpu");
	return prev_cpu;
}

void BPF_STRUCT_OPS(ev_enqueue, struct task_struct *p, u64 enq_flags)
{
	end("enqueue");
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

void BPF_STRUCT_OPS(ev_dispatch, s32 cpu, struct task_struct *prev)
{
	end("dispatch");
}

void BPF_STRUCT_OPS(ev_tick, struct task_struct *p)
{
	end("tick");
}

void BPF_STRUCT_OPS(ev_runnable, struct task_struct *p, u64 flags)
{
	end("runnable");
}

void BPF_STRUCT_OPS(ev_running, struct task_struct *p)
{
	end("running");
}

void BPF_STRUCT_OPS(ev_stopping, struct task_struct *p, bool runnable)
{
	end("stopping");
}

void BPF_STRUCT_OPS(ev_quiescent, struct task_struct *p, u64 flags)
{
	end("quiescent");
}

s32 BPF_STRUCT_OPS_SLEEPABLE(ev_init_task, struct task_struct *p,
			     struct scx_init_task_args *args)
{
	if (args->fork)
		end("init_task");
	return 0;
}

SCX_TEST_OPS(from_everywhere,
	     .select_cpu	= (void *)ev_select_cpu,
	     .enqueue		= (void *)ev_enqueue,
	     .dispatch		= (void *)ev_dispatch,
	     .tick		= (void *)ev_tick,
	     .runnable		= (void *)ev_runnable,
	     .running		= (void *)ev_running,
	     .stopping		= (void *)ev_stopping,
	     .quiescent		= (void *)ev_quiescent,
	     .init_task		= (void *)ev_init_task);
SCX_TEST_EXITS(SCX_EXIT_UNREG_BPF, 99, "ended from");
