// SPDX-License-Identifier: GPL-2.0
/*
 * A scheduler as it was written for Linux 6.12: its header names, its function
 * names, its macros.  Nothing here may be brought up to date.  See old_names.c.
 */
#include <scx/common.bpf.h>

char _license[] SEC("license") = "GPL";

#define SHARED_DSQ	0

UEI_DEFINE(uei);

const volatile u32 nr_cpu_ids = 1;	/* the loader sets it */

/* one element a CPU: the loader makes it longer */
u64 RESIZABLE_ARRAY(data, nr_running_calls);

u64 level_hits[4][8];
u64 shared, direct;
u64 stop;

/* most had one of their own */
static inline bool vtime_before(u64 a, u64 b)
{
	return (s64)(a - b) < 0;
}

s32 BPF_STRUCT_OPS(old_select_cpu, struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	bool is_idle = false;
	s32 cpu;

	cpu = scx_bpf_select_cpu_dfl(p, prev_cpu, wake_flags, &is_idle);
	if (is_idle) {
		__sync_fetch_and_add(&direct, 1);
		scx_bpf_dispatch(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
	}
	return cpu;
}

void BPF_STRUCT_OPS(old_enqueue, struct task_struct *p, u64 enq_flags)
{
	u64 vtime = p->scx.dsq_vtime;

	if (vtime_before(vtime, 1000))
		vtime = 1000;
	__sync_fetch_and_add(&shared, 1);
	scx_bpf_dispatch_vtime(p, SHARED_DSQ, SCX_SLICE_DFL, vtime, enq_flags);
}

void BPF_STRUCT_OPS(old_dispatch, s32 cpu, struct task_struct *prev)
{
	scx_bpf_consume(SHARED_DSQ);
}

void BPF_STRUCT_OPS(old_running, struct task_struct *p)
{
	u64 *nr, *hit;
	s32 cpu = scx_bpf_task_cpu(p);
	u32 level = log2_u64(p->scx.weight) & 7;

	nr = ARRAY_ELEM_PTR(nr_running_calls, cpu, nr_cpu_ids);
	if (!nr) {
		scx_bpf_error("no counter for CPU %d of %u", cpu, nr_cpu_ids);
		return;
	}
	(*nr)++;

	hit = MEMBER_VPTR(level_hits, [cpu & 3][level]);
	if (hit)
		(*hit)++;

	/* just out of bounds */
	if (ARRAY_ELEM_PTR(nr_running_calls, nr_cpu_ids, nr_cpu_ids))
		scx_bpf_error("an element behind the last one");

	if (READ_ONCE(stop))
		scx_bpf_exit(SCX_ECODE_ACT_RESTART | 42, "asked to %s", "stop");
}

s32 BPF_STRUCT_OPS_SLEEPABLE(old_init)
{
	return scx_bpf_create_dsq(SHARED_DSQ, -1);
}

void BPF_STRUCT_OPS(old_exit, struct scx_exit_info *ei)
{
	UEI_RECORD(uei, ei);
}

SCX_OPS_DEFINE(old_ops,
	       .select_cpu	= (void *)old_select_cpu,
	       .enqueue		= (void *)old_enqueue,
	       .dispatch	= (void *)old_dispatch,
	       .running		= (void *)old_running,
	       .init		= (void *)old_init,
	       .exit		= (void *)old_exit,
	       .timeout_ms	= 5000,
	       .name		= "old_names");
