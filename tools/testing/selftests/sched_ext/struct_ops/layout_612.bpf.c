// SPDX-License-Identifier: GPL-2.0
/*
 * A scheduler that has the callbacks in the order and number of 6.12, not in ours: they
 * are found by their names, whatever the program's own type looks like.
 */
#include "../case.bpf.h"

struct sched_ext_ops___v612 {
	s32 (*select_cpu)(struct task_struct *p, s32 prev_cpu, u64 wake_flags);
	void (*enqueue)(struct task_struct *p, u64 enq_flags);
	void (*dequeue)(struct task_struct *p, u64 deq_flags);
	void (*dispatch)(s32 cpu, struct task_struct *prev);
	void (*tick)(struct task_struct *p);
	void (*runnable)(struct task_struct *p, u64 enq_flags);
	void (*running)(struct task_struct *p);
	void (*stopping)(struct task_struct *p, bool runnable);
	void (*quiescent)(struct task_struct *p, u64 deq_flags);
	bool (*yield)(struct task_struct *from, struct task_struct *to);
	bool (*core_sched_before)(struct task_struct *a, struct task_struct *b);
	void (*set_weight)(struct task_struct *p, u32 weight);
	void (*set_cpumask)(struct task_struct *p, const struct cpumask *cpumask);
	void (*update_idle)(s32 cpu, bool idle);
	void (*cpu_acquire)(s32 cpu, struct scx_cpu_acquire_args *args);
	void (*cpu_release)(s32 cpu, struct scx_cpu_release_args *args);
	s32 (*init_task)(struct task_struct *p, struct scx_init_task_args *args);
	void (*exit_task)(struct task_struct *p, struct scx_exit_task_args *args);
	void (*enable)(struct task_struct *p);
	void (*disable)(struct task_struct *p);
	void (*dump)(struct scx_dump_ctx *ctx);
	void (*dump_cpu)(struct scx_dump_ctx *ctx, s32 cpu, bool idle);
	void (*dump_task)(struct scx_dump_ctx *ctx, struct task_struct *p);
	s32 (*cgroup_init)(struct cgroup *cgrp, struct scx_cgroup_init_args *args);
	void (*cgroup_exit)(struct cgroup *cgrp);
	s32 (*cgroup_prep_move)(struct task_struct *p, struct cgroup *from, struct cgroup *to);
	void (*cgroup_move)(struct task_struct *p, struct cgroup *from, struct cgroup *to);
	void (*cgroup_cancel_move)(struct task_struct *p, struct cgroup *from,
				   struct cgroup *to);
	void (*cgroup_set_weight)(struct cgroup *cgrp, u32 weight);
	void (*cpu_online)(s32 cpu);
	void (*cpu_offline)(s32 cpu);
	s32 (*init)(void);
	void (*exit)(struct scx_exit_info *info);
	u32 dispatch_max_batch;
	u64 flags;
	u32 timeout_ms;
	u32 exit_dump_len;
	u64 hotplug_seq;
	char name[128];
};

SCX_TEST_MUST(init);
SCX_TEST_MUST(init_task);
SCX_TEST_MUST(enqueue);
SCX_TEST_MUST(running);
SCX_TEST_MUST(quiescent);

s32 BPF_STRUCT_OPS_SLEEPABLE(layout_init)
{
	must_init = 1;
	return scx_bpf_create_dsq(7, -1);
}

s32 BPF_STRUCT_OPS_SLEEPABLE(layout_init_task, struct task_struct *p,
			     struct scx_init_task_args *args)
{
	must_init_task = 1;
	return 0;
}

void BPF_STRUCT_OPS(layout_enqueue, struct task_struct *p, u64 enq_flags)
{
	must_enqueue = 1;
	scx_bpf_dsq_insert(p, 7, SCX_SLICE_DFL, enq_flags);
}

void BPF_STRUCT_OPS(layout_dispatch, s32 cpu, struct task_struct *prev)
{
	scx_bpf_dsq_move_to_local(7);
}

void BPF_STRUCT_OPS(layout_running, struct task_struct *p)
{
	must_running = 1;
}

void BPF_STRUCT_OPS(layout_quiescent, struct task_struct *p, u64 deq_flags)
{
	must_quiescent = 1;
}

void BPF_STRUCT_OPS(layout_exit, struct scx_exit_info *ei)
{
	scx_test_record_exit(ei);
}

SEC(".struct_ops.link")
struct sched_ext_ops___v612 layout_612 = {
	.init		= (void *)layout_init,
	.init_task	= (void *)layout_init_task,
	.enqueue	= (void *)layout_enqueue,
	.dispatch	= (void *)layout_dispatch,
	.running	= (void *)layout_running,
	.quiescent	= (void *)layout_quiescent,
	.exit		= (void *)layout_exit,
	.timeout_ms	= 20000,
	.name		= "layout_612",
};
SCX_TEST_LOADS();
