// SPDX-License-Identifier: GPL-2.0
/* The time does not go backwards on a CPU, goes on, and stands still while its rq is locked. */
#include "../case.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
} latest SEC(".maps");

SCX_TEST_MUST(locked);
SCX_TEST_MUST(second);

static u64 first;

static void look(const char *where)
{
	u64 now, *last;
	u32 zero = 0;

	last = bpf_map_lookup_elem(&latest, &zero);
	if (!last)
		return;
	now = scx_bpf_now();
	if (now < *last)
		scx_bpf_error("%s: %llu after %llu", where, now, *last);
	*last = now;
	if (!first)
		first = now;
	else if (now - first > 1000000000)
		must_second = 1;
}

s32 BPF_STRUCT_OPS(now_select_cpu, struct task_struct *p, s32 prev_cpu, u64 flags)
{
	look("select_cpu");
	return prev_cpu;
}

void BPF_STRUCT_OPS(now_enqueue, struct task_struct *p, u64 enq_flags)
{
	look("enqueue");
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

void BPF_STRUCT_OPS(now_dispatch, s32 cpu, struct task_struct *prev)
{
	look("dispatch");
}

void BPF_STRUCT_OPS(now_tick, struct task_struct *p)
{
	u64 now = scx_bpf_now();

	look("tick");
	if (now != scx_bpf_now())
		scx_bpf_error("time goes on in tick");
	must_locked = 1;
}

void BPF_STRUCT_OPS(now_running, struct task_struct *p)
{
	look("running");
}

void BPF_STRUCT_OPS(now_stopping, struct task_struct *p, bool runnable)
{
	look("stopping");
}

bool BPF_STRUCT_OPS(now_yield, struct task_struct *from, struct task_struct *to)
{
	look("yield");
	from->scx.slice = 0;
	return false;
}

void BPF_STRUCT_OPS(now_quiescent, struct task_struct *p, u64 deq_flags)
{
	look("quiescent");
}

SCX_TEST_OPS(now,
	     .select_cpu	= (void *)now_select_cpu,
	     .enqueue		= (void *)now_enqueue,
	     .dispatch		= (void *)now_dispatch,
	     .tick		= (void *)now_tick,
	     .running		= (void *)now_running,
	     .stopping		= (void *)now_stopping,
	     .yield		= (void *)now_yield,
	     .quiescent		= (void *)now_quiescent);
SCX_TEST_LOADS(.run_ms = 2000);
